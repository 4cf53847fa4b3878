"""Move an activity to another time: what that breaks and costs in the draft in which it stands, before it is kept."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.audit import Violation
from scheduling.problem import Assignment as Row
from tenants.actor import Actor
from tenants.enums import RosterState
from tenants.models import Activity, Assignment, Roster
from tenants.queries.due import county_zone
from tenants.services import activities, rosters
from tenants.services.activities import facts_of
from weibao.planning.drafts import Draft, open_draft
from weibao.planning.plan import planned, standing_of


@dataclass(frozen=True, kw_only=True)
class Moved:
    """An activity that was moved, in the session; ``draft`` is the one in which it stands, as it is after the move.

    ``medium`` and ``soft`` are what the draft's score changes by. ``rows`` are the draft's after the move: the team
    comes along; outside the draft's period the activity falls out of it (``leaves``).
    """

    draft: Draft | None = None
    rows: tuple[Row, ...] = ()
    broken: tuple[Violation, ...] = ()
    mended: tuple[Violation, ...] = ()
    medium: int = 0
    soft: int = 0
    leaves: bool = False


def move(session: Session, actor: Actor, activity: Activity, day: date, start: time) -> Moved:
    """Move an activity with its length and facts; the caller keeps it (``keep``) or rolls back.

    Raises:
        InvalidError: the day is over, the end would lie in the next day, or a room or a thing is taken.
        ConflictError: the activity is called off.

    """
    zone = county_zone(session, actor.county_id)
    roster = _draft_of(session, activity)
    before = open_draft(session, roster) if roster is not None else None
    standing = (before.violations, before.cost[0]) if before is not None else None
    length = activity.ends_at - activity.starts_at
    ends = datetime.combine(day, start, tzinfo=zone) + length
    facts = facts_of(activity, zone)
    activities.edit(session, actor, activity, replace(facts, day=day, start=start, end=ends.time()))
    if before is None or standing is None or roster is None:
        return Moved()
    after = open_draft(session, roster)
    rows, leaves = _rows_after(before, after, activity)
    after = replace(after, rows=rows)
    return Moved(
        draft=after,
        rows=rows,
        broken=_new(after.violations, standing[0]),
        mended=_new(standing[0], after.violations),
        medium=after.cost[0].medium - standing[1].medium,
        soft=after.cost[0].soft - standing[1].soft,
        leaves=leaves,
    )


def keep(session: Session, actor: Actor, activity: Activity, moved: Moved) -> None:
    """Let the draft follow an activity that was moved.

    Raises:
        ConflictError: the draft is being planned.

    """
    draft = moved.draft
    if draft is None:
        return
    row = next((row for row in moved.rows if row.task == activity.id), None)
    rosters.change_task(
        session,
        actor,
        draft.roster,
        activity.id,
        planned(draft.problem, row, draft.clock) if row else None,
        standing_of(draft.problem, moved.rows),
        action="roster.move" if row else "roster.unassign",
        details={"start": row.start} if row else {},
    )


def _draft_of(session: Session, activity: Activity) -> Roster | None:
    query = (
        select(Roster)
        .join(Assignment, (Assignment.roster_id == Roster.id) & (Assignment.township_id == Roster.township_id))
        .where(Roster.state == RosterState.DRAFT, Assignment.activity_id == activity.id)
    )
    return session.scalar(query)


def _rows_after(before: Draft, after: Draft, activity: Activity) -> tuple[tuple[Row, ...], bool]:
    """The draft's rows with the activity at its new time; without it where the draft does not reach it any more."""
    row = before.row_of.get(activity.id)
    others = tuple(one for one in after.rows if one.task != activity.id)
    if row is None or activity.id not in after.problem.task_of:
        return others, row is not None
    moved = replace(row, start=after.clock.minute(activity.starts_at))
    return tuple(moved if one.task == activity.id else one for one in after.rows), False


def _new(one: tuple[Violation, ...], other: tuple[Violation, ...]) -> tuple[Violation, ...]:
    """Violations of the first list that are not in the second."""
    return tuple((Counter(one) - Counter(other)).elements())
