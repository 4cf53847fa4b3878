"""Move an activity to another time or home: who of its holders comes along, and what that breaks and costs in the draft
in which it stands, before it is kept.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.audit import Violation
from scheduling.problem import Assignment as Row
from tenants.actor import Actor
from tenants.enums import RosterState
from tenants.models import Activity, Assignment, Duty, Roster
from tenants.queries.due import county_zone
from tenants.services import activities, rosters
from tenants.services.activities import ActivityFacts, facts_of
from tenants.services.carrying import Carried
from weibao.planning.drafts import Draft, open_draft
from weibao.planning.holders import Weighed, weigh_holders
from weibao.planning.plan import planned, standing_of


@dataclass(frozen=True, kw_only=True)
class Moved:
    """An activity that was moved, in the session; ``draft`` is the one in which it stands, as it is after the move.

    ``medium`` and ``soft`` are what the draft's score changes by. ``rows`` are the draft's after the move: the team
    comes along; outside the draft's period the activity falls out of it (``leaves``). ``weighed`` are those who held
    it, None where nobody did; ``carried`` tells who of them does so still.
    """

    carried: Carried
    weighed: Weighed | None = None
    draft: Draft | None = None
    rows: tuple[Row, ...] = ()
    broken: tuple[Violation, ...] = ()
    mended: tuple[Violation, ...] = ()
    medium: int = 0
    soft: int = 0
    leaves: bool = False


class _Judge:
    """Weighs the holders when they are asked about, and remembers it; who has agreed to come is not kept away."""

    def __init__(self, session: Session, activity: Activity, agreed: Collection[str]) -> None:
        self._session, self._activity, self._agreed = session, activity, agreed
        self.weighed: Weighed | None = None

    def __call__(self, held: Sequence[Duty]) -> Collection[str]:
        if not held:
            return ()
        self.weighed = weigh_holders(self._session, self._activity, held)
        against = (holder for holder in self.weighed.holders if holder.broken)
        return {one.person_id for one in against if not (one.may_stay and one.person_id in self._agreed)}


def at_another_time(session: Session, actor: Actor, activity: Activity, day: date, start: time) -> ActivityFacts:
    """An activity's facts with another day and beginning; it keeps its length."""
    zone = county_zone(session, actor.county_id)
    ends = datetime.combine(day, start, tzinfo=zone) + (activity.ends_at - activity.starts_at)
    return replace(facts_of(activity, zone), day=day, start=start, end=ends.time())


def change(
    session: Session, actor: Actor, activity: Activity, facts: ActivityFacts, *, agreed: Collection[str] = ()
) -> Moved:
    """Give an activity other facts; the caller keeps it (``keep``) or rolls back.

    ``agreed`` are ids of holders who come to another time or place though a rule speaks against it that a planner may
    set aside.

    Raises:
        InvalidError: a fact breaks a rule; a day that is over, an end in the next day, a room that is taken.
        ConflictError: the activity is called off.
        DiversionError: it becomes other work, and purchased-service staff hold it.

    """
    judge = _Judge(session, activity, agreed)
    if not activities.moves(session, actor, activity, facts):
        return Moved(carried=activities.edit(session, actor, activity, facts, judge=judge))
    roster = _draft_of(session, activity)
    before = open_draft(session, roster) if roster is not None else None
    standing = (before.violations, before.cost[0]) if before is not None else None
    carried = activities.edit(session, actor, activity, facts, judge=judge)
    if before is None or standing is None or roster is None:
        return Moved(carried=carried, weighed=judge.weighed)
    after = open_draft(session, roster)
    rows, leaves = _rows_after(before, after, activity)
    after = replace(after, rows=rows)
    return Moved(
        carried=carried,
        weighed=judge.weighed,
        draft=after,
        rows=rows,
        broken=_new(after.violations, standing[0]),
        mended=_new(standing[0], after.violations),
        medium=after.cost[0].medium - standing[1].medium,
        soft=after.cost[0].soft - standing[1].soft,
        leaves=leaves,
    )


def at_once(session: Session, actor: Actor, activity: Activity, facts: ActivityFacts) -> Carried:
    """Give an activity other facts and keep it, whatever it breaks in a draft, which shows it until it is mended.

    Raises: as ``change`` and ``keep``.

    """
    moved = change(session, actor, activity, facts)
    keep(session, actor, activity, moved)
    return moved.carried


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
    """The draft's rows with the activity at its new time; without it where the draft does not reach it any more.

    The team is the one after the move: who cannot come has left it.
    """
    row = after.row_of.get(activity.id)
    others = tuple(one for one in after.rows if one.task != activity.id)
    if row is None:
        return others, activity.id in before.row_of and activity.id not in after.problem.task_of
    moved = replace(row, start=after.clock.minute(activity.starts_at))
    return tuple(moved if one.task == activity.id else one for one in after.rows), False


def _new(one: tuple[Violation, ...], other: tuple[Violation, ...]) -> tuple[Violation, ...]:
    """Violations of the first list that are not in the second."""
    return tuple((Counter(one) - Counter(other)).elements())
