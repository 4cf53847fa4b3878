"""Who of those that hold an activity can come to it at another time or place; by the scheduler's own rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from scheduling.audit import Violation
from scheduling.problem import Assignment, Seat
from scheduling.rules import RuleId
from tenants.models import Activity, Duty
from weibao.planning.changes import against_law, weighed_rows
from weibao.planning.standing import Standing, standing_of_weeks

OF_TIME_AND_PLACE = frozenset(
    {
        RuleId.AVAILABILITY,
        RuleId.TRAVEL,
        RuleId.RETURN,
        RuleId.DAY_MINUTES,
        RuleId.DAY_TASKS,
        RuleId.WEEK_MINUTES,
        RuleId.VETTING,
        RuleId.UNKNOWN,
    }
)
"""What a change can break for a holder: post and skills were weighed when they got the duty. Unknown is a role that the
activity has no longer."""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Somebody who holds an activity, and what speaks against their coming.

    ``may_stay``: nothing but what the planner may set aside, once they have agreed to come all the same.
    """

    person_id: str
    role: str
    broken: tuple[Violation, ...]
    may_stay: bool


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """The holders of an activity as it is now, in the weeks around it."""

    standing: Standing
    holders: tuple[Holder, ...]


def weigh_holders(session: Session, activity: Activity, held: Sequence[Duty]) -> Weighed:
    """What speaks against each of those who hold an activity, at the time and place that it has now."""
    standing = standing_of_weeks(session, activity.township_id, activity.starts_at, activity.starts_at)
    others = tuple(row for row in standing.rows if row.task != activity.id)
    known = [duty for duty in held if duty.person_id in standing.problem.person_of]
    broken: tuple[Violation, ...] = ()
    if activity.id in standing.problem.task_of and known:
        team = tuple(sorted(Seat(person=duty.person_id, role=duty.role) for duty in known))
        row = Assignment(task=activity.id, start=standing.clock.minute(activity.starts_at), people=team)
        broken = weighed_rows(standing.problem, others, (*others, row)).effect.broken
    return Weighed(standing=standing, holders=tuple(_holder(standing, activity, others, broken, duty) for duty in held))


def _holder(
    standing: Standing, activity: Activity, others: Sequence[Assignment], broken: Sequence[Violation], duty: Duty
) -> Holder:
    mine = tuple(v for v in broken if v.person == duty.person_id and v.rule in OF_TIME_AND_PLACE)
    forbidden = any(against_law(violation, standing.problem) for violation in mine)
    elsewhere = any(_at_once(standing, activity, row) for row in others if _is_on(row, duty.person_id))
    return Holder(
        person_id=duty.person_id, role=duty.role, broken=mine, may_stay=bool(mine) and not forbidden and not elsewhere
    )


def _is_on(row: Assignment, person_id: str) -> bool:
    return any(seat.person == person_id for seat in row.people)


def _at_once(standing: Standing, activity: Activity, row: Assignment) -> bool:
    begin, end = (standing.clock.minute(moment) for moment in (activity.starts_at, activity.ends_at))
    return row.start < end and begin < row.start + standing.problem.task_of[row.task].minutes
