"""Published rosters: the list of versions, one version, and what of it may hang on the notice board."""

from itertools import groupby

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from tenants.models import Roster
from tenants.queries import rosters as queries
from tenants.queries.seats import holdings
from tenants.services import withdrawals
from weibao import board, hx
from weibao.access import me
from weibao.db import db
from weibao.explaining.names import Names
from weibao.forms.planner import WithdrawForm
from weibao.grid import Board, BoardMaker
from weibao.planning import clock_of
from weibao.sheets import roster as roster_sheets
from weibao.views.downloads import download
from weibao.views.refusals import shown_in

blueprint = Blueprint("roster", __name__, url_prefix="/rosters")
VIEWS = ("people", "villages", "day", "person", "village")


@blueprint.get("/")
def index() -> str:
    """All versions, newest first."""
    session = db.session()
    versions = queries.versions(session)
    accounts = queries.account_names(session, [version.published_by for version in versions])
    return render_template("roster/index.html", versions=versions, accounts=accounts)


@blueprint.get("/<int(max=2147483647):number>")
def version(number: int) -> str:
    """One version as a board or as lists; children by their case codes alone."""
    session = db.session()
    found = queries.version(session, number)
    names = _names(found)
    cards = board.cards_of(found, names)
    view = request.args.get("view", VIEWS[0])
    return render_template(
        "roster/version.html",
        roster=found,
        view=view if view in VIEWS else VIEWS[0],
        boards_by_view=_boards(found, cards, names),
        days=board.by_day(cards),
        loads=board.by_person(cards, names),
        villages=board.by_village(cards),
        newest=queries.versions(session)[0].version,
    )


@blueprint.route("/<int(max=2147483647):number>/withdraw", methods=["GET", "POST"])
def withdraw(number: int) -> str | tuple[str, int] | BaseResponse:
    """What withdrawing a version would take from whom; sent with a reason, it is done."""
    session, actor, form = db.session(), me().actor, WithdrawForm()
    found = queries.version(session, number)
    if form.validate_on_submit():
        with shown_in(form):
            lost = withdrawals.withdraw(session, actor, found, form.reason.data or "")
            flash(ngettext("The version is withdrawn: %(num)d duty is cancelled, and its holder is told.",
                           "The version is withdrawn: %(num)d duties are cancelled, and their holders are told.",
                           lost), "success")  # fmt: skip
            return hx.redirect(url_for("roster.version", number=number))
        found = queries.version(db.session(), number)
    falling = withdrawals.falling(db.session(), actor, found)
    page = render_template(
        "roster/withdraw.html", roster=found, form=form, falling=falling,
        people=len({duty.person_id for duty in falling}),
        earlier=[one for one in queries.versions(db.session()) if _replaced(one, found)],
    )  # fmt: skip
    return (page, 422) if form.errors else page


def _replaced(earlier: Roster, later: Roster) -> bool:
    """Whether an earlier version, not withdrawn itself, shares a day with a later one."""
    older = (earlier.version or 0) < (later.version or 0) and earlier.withdrawn_at is None
    return older and earlier.starts_on <= later.ends_on and later.starts_on <= earlier.ends_on


@blueprint.get("/<int(max=2147483647):number>/notice")
def notice(number: int) -> str:
    """The page to print for the notice board: days, villages, people; nothing of any child."""
    found = queries.version(db.session(), number)
    notices = board.notices_of(board.cards_of(found, _names(found)))
    days = [(day, list(held)) for day, held in groupby(notices, key=lambda line: line.day)]
    return render_template("roster/notice.html", roster=found, days=days)


@blueprint.get("/<int(max=2147483647):number>/roster.xlsx")
def workbook(number: int) -> Response:
    """The same as a workbook, by day, by person and by village."""
    found = queries.version(db.session(), number)
    notices = board.notices_of(board.cards_of(found, _names(found)))
    return download(roster_sheets.workbook(notices), _("Roster %(number)d", number=number) + ".xlsx")


def _boards(roster: Roster, cards: list[board.Card], names: Names) -> dict[str, Board]:
    held = holdings(db.session(), [card.task.id for card in cards])
    maker = BoardMaker(roster, cards, held, names.clock.calendar)
    left = [names.tasks[row.task_id] for row in roster.unserved if row.task_id in names.tasks]
    return {"people": maker.people(names), "villages": maker.villages(left)}


def _names(roster: Roster) -> Names:
    session = db.session()
    return Names(
        people=queries.people(session), tasks=queries.tasks_of(session, roster), clock=clock_of(session, roster)
    )
