"""A concern about a child: raised by anybody on duty, opened by the village's child director and the station."""

from datetime import UTC, datetime

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from tenants.crypto import Shown
from tenants.enums import AccountRole
from tenants.errors import NotFoundError
from tenants.models import Concern
from tenants.queries import concerns as queries
from tenants.queries import duties
from tenants.queries.arrangements import arrangements_of
from tenants.queries.attendance import OPENS
from tenants.queries.duties import HeldDuty
from tenants.queries.people import villages
from tenants.services import concerns as services
from weibao import abroad, duty_words, hx
from weibao.abroad import Desk
from weibao.access import me
from weibao.db import db, paged
from weibao.forms.day import ConcernForm, OutcomeForm
from weibao.login import keyring
from weibao.message_words import since
from weibao.permissions import STATION
from weibao.views import openings
from weibao.views.refusals import shown_in
from weibao.words import named

blueprint = Blueprint("concerns", __name__, url_prefix="/concerns")
Answer = str | tuple[str, int] | BaseResponse
PAGE = 20
LATEST = 5
"""So many duties abroad are offered beside the form."""


@blueprint.get("")
def index() -> str:
    """The concerns that I may open."""
    session, now = db.session(), datetime.now(UTC)
    pager = paged(queries.listed(me().actor), PAGE)
    names = queries.names(session, list(pager.items))
    return render_template("concerns/index.html", pager=pager, names=names, mine=me().id, now=now, since=since)


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Raise a concern; with ``duty`` it belongs to a duty of mine, here or where I am lent."""
    with abroad.desk_of(request.values.get("duty", "")) as desk:
        duty = _duty(desk)
        form = ConcernForm(village_id=duty.village_id if duty else None)
        form.village_id.choices = _villages(desk, duty)
        if form.validate_on_submit():
            with shown_in(form, desk.session):
                concern = services.raise_concern(
                    desk.session, desk.actor, keyring(), village_id=form.village_id.data, text=form.text.data,
                    duty_id=duty.id if duty else None,
                )  # fmt: skip
                there = url_for("concerns.told", concern_id=concern.id, duty=duty.id if duty else None)
                return hx.redirect(there)
        page = render_template(
            "concerns/new.html", form=form, duty=duty, phones=arrangements_of(desk.session, desk.township_id).phones,
            elsewhere=[] if duty else _elsewhere(), words=duty_words,
        )  # fmt: skip
        return page, 422 if form.is_submitted() else 200


def _duty(desk: Desk) -> HeldDuty | None:
    """The duty of mine that the address names; None, not a refusal, where it is none: whoever worries can say so."""
    duty_id, person_id = request.values.get("duty", ""), me().person_id
    if not duty_id or person_id is None:
        return None
    try:
        return desk.shown(duties.of_person(desk.session, person_id, duty_id))
    except NotFoundError:
        return None


def _villages(desk: Desk, duty: HeldDuty | None) -> list[tuple[str, str]]:
    """The township's villages; whoever is lent is shown the one of their duty alone."""
    rows = villages(desk.session)
    if desk.lending is not None and duty is not None:
        rows = [row for row in rows if row.id == duty.village_id]
    return [(row.id, named(row)) for row in rows]


def _elsewhere() -> list[HeldDuty]:
    """My latest duties where I am lent, to choose the one that it is about."""
    user, now = me(), datetime.now(UTC)
    if user.person_id is None:
        return []
    person_id = user.person_id
    held = abroad.gathered(db.session(), user.township_id, person_id, lambda work: _begun(work, person_id, now))
    return [duty for duty in held if duty.township and not duty.is_cancelled][: -LATEST - 1 : -1]


def _begun(session: Session, person_id: str, now: datetime) -> list[HeldDuty]:
    """A person's duties that are over, are on or begin within the hour."""
    coming = [duty for duty in duties.coming(session, person_id, now) if duty.starts_at <= now + OPENS]
    return [*duties.past(session, person_id, now), *coming]


@blueprint.get("/<concern_id>/told")
def told(concern_id: str) -> str:
    """Who has been told of a concern of mine; the director to be called, where the program reaches none."""
    with abroad.desk_of(request.args.get("duty", "")) as desk:
        duty, concern = _duty(desk), queries.raised_by(desk.session, desk.actor, concern_id)
        reached = {account.role for account in queries.told(desk.session, concern)}
        return render_template(
            "concerns/told.html",
            concern=concern,
            duty=duty,
            director=AccountRole.CHILD_DIRECTOR in reached,
            station=bool(reached & STATION),
            directors=queries.directors(desk.session, concern.village_id),
            phones=arrangements_of(desk.session, desk.township_id).phones,
        )


@blueprint.post("/<concern_id>")
def show(concern_id: str) -> str:
    """Open a concern: the text is shown, and the opening is written down."""
    concern = queries.one(db.session(), me().actor, concern_id)
    return _page(concern, services.read(db.session(), me().actor, keyring(), concern))


def _page(concern: Concern, text: Shown) -> str:
    names = queries.names(db.session(), [concern])
    now, form = datetime.now(UTC), OutcomeForm(formdata=None)
    return render_template(
        "concerns/show.html", concern=concern, text=text, names=names, form=form, now=now, since=since
    )


@blueprint.post("/<concern_id>/take")
def take(concern_id: str) -> str:
    """I take it in hand."""
    concern = queries.one(db.session(), me().actor, concern_id)
    services.take(db.session(), me().actor, concern)
    return _page(concern, services.read(db.session(), me().actor, keyring(), concern))


@blueprint.post("/<concern_id>/close")
def close(concern_id: str) -> Answer:
    """Say what came of it."""
    concern, form = queries.one(db.session(), me().actor, concern_id), OutcomeForm()
    if not form.validate():
        text = openings.concern_text(concern_id)
        return _page(queries.one(db.session(), me().actor, concern_id), text), 422
    services.close(db.session(), me().actor, concern, form.outcome.data)
    flash(_("The concern is closed."), "success")
    return hx.redirect(url_for("concerns.index"))
