"""Duties that change between two publications, because what they are for has changed.

A publication decides who does what and when. That a task no longer takes place, or is called something else, must
reach people's calendars before the next one.
"""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tenants.enums import ActivityState, DutyState, VisitState
from tenants.models import Activity, Duty, Visit, utc_now


def call_off(session: Session) -> int:
    """Cancel the coming duties whose visit or activity is called off, and count them."""
    query = (
        select(Duty)
        .outerjoin(Visit, and_(Visit.township_id == Duty.township_id, Visit.id == Duty.visit_id))
        .outerjoin(Activity, and_(Activity.township_id == Duty.township_id, Activity.id == Duty.activity_id))
        .where(Duty.state == DutyState.CONFIRMED, Duty.starts_at > utc_now())
        .where(or_(Visit.state == VisitState.CANCELLED, Activity.state == ActivityState.CANCELLED))
    )
    duties = session.scalars(query).all()
    for duty in duties:
        cancel(duty)
    return len(duties)


def cancel(duty: Duty) -> None:
    """Take a duty away from its holder; their calendar hears of it."""
    duty.state = DutyState.CANCELLED
    touch(duty)


def renamed(session: Session, activity_id: str) -> None:
    """Tell the calendars of those who hold a coming activity that its title or place reads differently now."""
    query = select(Duty).where(Duty.activity_id == activity_id, Duty.state == DutyState.CONFIRMED)
    for duty in session.scalars(query.where(Duty.starts_at > utc_now())):
        touch(duty)


def touch(duty: Duty) -> None:
    """Note that its holder would notice a difference (RFC 5545, 3.8.7.4)."""
    duty.sequence += 1
    duty.changed_at = utc_now()
