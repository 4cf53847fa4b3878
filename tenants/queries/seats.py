"""What has become of the seats of a roster, by what people hold, have answered and have done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tenants.enums import ActivityState, DutyAnswer, DutyState, VisitState
from tenants.models import Activity, Attendance, Duty, Visit

Place = tuple[str, str]
"""A task, and who sits on it."""


class SeatState(StrEnum):
    """Where a seat stands. Proposed: in a draft, told to nobody yet. Dropped: held once, and no longer."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"
    MISSED = "missed"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What has become of a duty, and when it is."""

    state: SeatState
    starts_at: datetime


def holdings(session: Session, task_ids: Collection[str]) -> dict[Place, Holding]:
    """What has become of every duty of some tasks, by task and person, in one query."""
    query = (
        select(Duty, Attendance, Visit.state, Activity.state)
        .outerjoin(Attendance, and_(Attendance.township_id == Duty.township_id, Attendance.duty_id == Duty.id))
        .outerjoin(Visit, and_(Visit.township_id == Duty.township_id, Visit.id == Duty.visit_id))
        .outerjoin(Activity, and_(Activity.township_id == Duty.township_id, Activity.id == Duty.activity_id))
        .where(or_(Duty.visit_id.in_(task_ids), Duty.activity_id.in_(task_ids)))
    )
    return {
        (duty.task_id, duty.person_id): Holding(
            state=_state(duty, came, done=visit is VisitState.DONE or activity is ActivityState.HELD),
            starts_at=duty.starts_at,
        )
        for duty, came, visit, activity in session.execute(query)
    }


def _state(duty: Duty, came: Attendance | None, *, done: bool) -> SeatState:
    if duty.state is DutyState.CANCELLED:
        return SeatState.DECLINED if duty.answer is DutyAnswer.DECLINED else SeatState.DROPPED
    if came is not None and came.no_show:
        return SeatState.MISSED
    if done or (came is not None and came.minutes is not None):
        return SeatState.DONE
    return SeatState.ACCEPTED if duty.answer is DutyAnswer.ACCEPTED else SeatState.PUBLISHED
