"""My messages; for the station also what was told to whom, and whether it arrived."""

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import MessageKind
from tenants.models import Message
from tenants.queries import messages as queries
from tenants.services import messages as services
from weibao import hx
from weibao.access import may, me
from weibao.db import db, paged
from weibao.message_words import words_of

blueprint = Blueprint("inbox", __name__)
PAGE = 30
# Where a message leads: the first page of these that the reader may open.
PAGES: dict[MessageKind, tuple[str, ...]] = {
    MessageKind.ROSTER_PUBLISHED: ("mine.duties",),
    MessageKind.DUTY_DECLINED: ("exchange.index",),
    MessageKind.SWAP_ASKED: ("places.index",),
    MessageKind.SWAP_TAKEN: ("exchange.index", "mine.duties"),
    MessageKind.SWAP_NOBODY: ("exchange.index", "mine.duties"),
    MessageKind.SIGN_UP_REQUESTED: ("exchange.index",),
    MessageKind.SIGN_UP_ACCEPTED: ("mine.duties",),
    MessageKind.SIGN_UP_REFUSED: ("places.index",),
    MessageKind.SIGN_UP_CAME_UP: ("places.index",),
    MessageKind.CONCERN_RAISED: ("concerns.index",),
    MessageKind.HOURS_APPROVED: ("hours.own",),
    MessageKind.CERTIFICATE_ASKED: ("hours.index",),
    MessageKind.CERTIFICATE_ISSUED: ("hours.own",),
    MessageKind.POSTING: ("desk.start",),
    MessageKind.PLACES_OPEN: ("vetting.index",),
    MessageKind.CHECK_ENDED: ("mine.duties",),
    MessageKind.DUTIES_FREED: ("mine.duties",),
    MessageKind.DUTIES_RETURNED: ("mine.duties",),
    MessageKind.ROSTER_WITHDRAWN: ("mine.duties",),
    MessageKind.AVAILABILITY_ASKED: ("availability.own",),
    MessageKind.APPLICATION_SENT: ("applications.index",),
    MessageKind.LENDING_ASKED: ("lendings.index",),
    MessageKind.LENDING_CONSENT: ("lendings.index", "lendings.own"),
    MessageKind.LENDING_AGREED: ("lendings.index", "lendings.own"),
    MessageKind.LENDING_CLOSED: ("lendings.index", "lendings.own"),
    MessageKind.LENT_DUTIES: ("mine.duties",),
    MessageKind.DIVERSION_TRIED: ("staffing.diversions",),
    MessageKind.ACTIVITY_MOVED: ("mine.duties",),
    MessageKind.DUTY_CALLED_OFF: ("mine.duties",),
    MessageKind.PROPOSAL_WAITS: ("staffing.index",),
    MessageKind.PROPOSAL_DECIDED: ("staffing.index",),
    MessageKind.POSTING_STOPPED: ("bars.index", "desk.start"),
}


@blueprint.get("/inbox")
def index() -> str:
    """My messages, the newest first."""
    pager = paged(queries.inbox(me().id), PAGE)
    fresh = queries.unread(db.session(), me().id)
    return render_template("inbox/index.html", pager=pager, words_of=words_of, fresh=fresh)


@blueprint.post("/inbox/<message_id>")
def show(message_id: str) -> BaseResponse:
    """Open a message: it is read, and leads to its page."""
    message = queries.one(db.session(), me().id, message_id)
    services.opened(message)
    return hx.redirect(_page_of(message))


def _page_of(message: Message) -> str:
    page = next((page for page in PAGES[message.kind] if may(page)), "inbox.index")
    return url_for(page)


@blueprint.post("/inbox/read")
def read_all() -> BaseResponse:
    """Take all of them as read."""
    if services.open_all(db.session(), me().id):
        flash(_("All messages are marked as read."), "success")
    return hx.redirect(url_for("inbox.index"))


@blueprint.get("/outbox")
def sent() -> str:
    """What the station's people have been told, and where it stands."""
    pager = paged(queries.told(me().township_id or ""), PAGE)
    lines = queries.with_accounts(db.session(), me().actor, list(pager.items))
    return render_template("inbox/sent.html", pager=pager, lines=lines, words_of=words_of)
