"""What has been done to a draft by hand: take the last change back, make it again, and hear what others did."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.errors import NotFoundError
from tenants.models import Roster, RosterEdit
from tenants.queries import rosters as queries
from tenants.services import edits, rosters
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.explaining.edits import change_in_words, edit_in_words
from weibao.explaining.names import Names
from weibao.forms.planner import StepForm
from weibao.planning import Draft, clock_of, open_draft
from weibao.typed import number_of
from weibao.views.planner.common import Told, blueprint, locked, names_for, names_of, tasks_in, told

LATEST = 20
STOP_ASKING = 286  # htmx takes the answer, and no longer asks


@dataclass(frozen=True, kw_only=True)
class Step:
    """A change that can be taken back or made again: its revision, what it does, and whose it is if not one's own."""

    edit: int
    what: str
    other: str


@dataclass(frozen=True, kw_only=True)
class History:
    """What can be taken back and made again, and the latest edits as who, when, what."""

    undo: Step | None
    redo: Step | None
    latest: list[Told]


def history_of(draft: Draft, names: Names) -> History:
    """The history of a draft, for its page."""
    roster, session = draft.roster, db.session()
    back, again = edits.last_undoable(roster), edits.last_redoable(roster)
    latest = roster.edits[-LATEST:][::-1]
    accounts = queries.account_names(session, {edit.account_id for edit in latest if edit.account_id})
    redone = change_in_words(again.details["undone"], again.details, names) if again else ""
    return History(
        undo=_step(back, edit_in_words(back, names), accounts) if back else None,
        redo=_step(again, redone, accounts) if again else None,
        latest=told(latest, names, accounts),
    )


def _step(edit: RosterEdit, what: str, accounts: dict[str, str]) -> Step:
    others = edit.account_id not in {None, me().actor.account_id}
    return Step(edit=edit.revision, what=what, other=accounts.get(edit.account_id or "", "") if others else "")


@blueprint.post("/<roster_id>/undo")
def undo(roster_id: str) -> BaseResponse:
    """Take back the last change by hand."""
    return _take(roster_id, edits.undo, _("Taken back: %(what)s"))


@blueprint.post("/<roster_id>/redo")
def redo(roster_id: str) -> BaseResponse:
    """Make again the change that was taken back last."""
    return _take(roster_id, edits.redo, _("Made again: %(what)s"))


def _take(roster_id: str, step: Callable[..., RosterEdit], said: str) -> BaseResponse:
    form = StepForm()
    roster = locked(roster_id, form)
    edit = step(db.session(), me().actor, roster, revision=form.edit.data)
    flash(said % {"what": edit_in_words(edit, names_of(open_draft(db.session(), roster)))}, "success")
    return hx.redirect(_back(roster, form))


def _back(roster: Roster, form: StepForm) -> str:
    if form.task.data:
        return url_for("planner.task", roster_id=roster.id, task_id=form.task.data)
    return url_for("planner.draft", roster_id=roster.id, tab=form.tab.data or None)


@blueprint.get("/<roster_id>/news")
def news(roster_id: str) -> str | BaseResponse | tuple[str, int]:
    """What others have changed since ``?since=`` (a revision); asked for now and then by an open page of the draft."""
    session = db.session()
    try:
        roster = rosters.draft(session, roster_id)
    except NotFoundError:
        if not hx.wants_fragment():
            raise
        return render_template("planner/_news.html", gone=True), STOP_ASKING
    if not hx.wants_fragment():
        return hx.redirect(url_for("planner.draft", roster_id=roster_id))
    since = request.args.get("since", roster.revision, type=number_of)
    later = edits.since(session, roster_id, since)
    names = names_for(tasks_in(later), clock_of(session, roster))
    accounts = queries.account_names(session, [edit.account_id for edit in later])
    return render_template("planner/_news.html", roster=roster, later=told(later, names, accounts))
