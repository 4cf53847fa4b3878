"""What the planner's views share: the blueprint, a draft with its names, the answer to a stale form."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import Blueprint, abort, request, url_for
from flask_wtf import FlaskForm

from tenants.errors import ConflictError
from tenants.models import Duty, Roster, RosterEdit
from tenants.queries import rosters as queries
from tenants.services import edits, rosters
from weibao import hx
from weibao.db import db
from weibao.explaining.edits import edit_in_words
from weibao.explaining.names import Names
from weibao.planning import Clock, Draft, clock_of, open_draft
from weibao.typed import number_of
from weibao.views.refusals import said

blueprint = Blueprint("planner", __name__, url_prefix="/planner")
Told = tuple[str | None, datetime, str]


def opened(roster_id: str) -> Draft:
    """A draft as it stands."""
    session = db.session()
    return open_draft(session, rosters.draft(session, roster_id))


def locked(roster_id: str, form: FlaskForm) -> Roster:
    """The draft to be changed, if it is still the one that the form was filled in for.

    Raises:
        ConflictError: it has been changed meanwhile; ``common`` answers with what changed.

    """
    if form.revision.data is None:
        abort(400)
    return rosters.draft(db.session(), roster_id, revision=form.revision.data)


def names_of(draft: Draft, *, duties: tuple[Duty, ...] = ()) -> Names:
    """Names of everybody, of the draft's tasks, and of those in some duties."""
    roster = draft.roster
    tasks = {row.task_id for row in roster.assignments} | {task.id for task in draft.problem.tasks}
    tasks |= {duty.task_id for duty in duties}
    return names_for(tasks, draft.clock)


def names_for(task_ids: set[str], clock: Clock) -> Names:
    """Names of everybody and of some tasks."""
    session = db.session()
    return Names(people=queries.people(session), tasks=queries.facts_of(session, task_ids), clock=clock)


def tasks_in(later: Iterable[RosterEdit]) -> set[str]:
    """The tasks that edits speak of."""
    return {str(edit.details[key]) for edit in later for key in ("task", "other") if edit.details.get(key)}


def told(later: Iterable[RosterEdit], names: Names, accounts: Mapping[str, str]) -> list[Told]:
    """Edits in words: who, when, what."""
    return [(accounts.get(edit.account_id or ""), edit.created_at, edit_in_words(edit, names)) for edit in later]


@blueprint.errorhandler(ConflictError)
def _conflict(error: ConflictError) -> tuple[str, int]:
    """What stands against a step on a draft; where it was changed meanwhile, what changed, and the step once more."""
    session = db.session
    session.rollback()
    roster_id = str((request.view_args or {})["roster_id"])
    roster = rosters.draft(session(), roster_id)
    seen = request.form.get("revision", type=number_of)
    stale = error.field == "revision" and seen is not None
    later = edits.since(session(), roster_id, seen or 0) if stale else ()
    names = names_for(tasks_in(later), clock_of(session(), roster))
    accounts = queries.account_names(session(), [edit.account_id for edit in later])
    page = hx.render(
        "planner/conflict.html",
        "planner/_conflict.html",
        message=said(error),
        roster=roster,
        stale=stale,
        later=told(later, names, accounts),
        typed=[(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_TYPED],
        again=_again(roster_id),
    )
    return page, 422 if hx.wants_fragment() else 409  # of all refusals, htmx shows a 422 in its place


_NOT_TYPED = {"csrf_token", "revision"}


def _again(roster_id: str) -> str:
    """Where the step is sent once more: a change by hand is weighed anew first."""
    if request.endpoint == "planner.change":
        return url_for("planner.consider", **(request.view_args or {"roster_id": roster_id}))
    return request.path
