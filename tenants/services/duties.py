"""Duties that change between two publications, because what they are for has changed.

A publication decides who does what and when. That a task no longer takes place, or that it or its team is called
something else, must reach people's calendars before the next one.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from tenants.enums import ActivityState, DutyState, VisitState
from tenants.models import Activity, Duty, Visit, utc_now


def of_what_is_off(session: Session) -> Sequence[Duty]:
    """The coming duties that people hold though their visit or activity is called off."""
    query = (
        select(Duty)
        .outerjoin(Visit, and_(Visit.township_id == Duty.township_id, Visit.id == Duty.visit_id))
        .outerjoin(Activity, and_(Activity.township_id == Duty.township_id, Activity.id == Duty.activity_id))
        .where(Duty.state == DutyState.CONFIRMED, Duty.starts_at > utc_now())
        .where(or_(Visit.state == VisitState.CANCELLED, Activity.state == ActivityState.CANCELLED))
    )
    return session.scalars(query).all()


def cancel(duty: Duty) -> None:
    """Take a duty away from its holder; their calendar hears of it."""
    duty.state = DutyState.CANCELLED
    touch(duty)


def activity_renamed(session: Session, activity_id: str) -> None:
    """Tell the calendars of those who hold a coming activity that its title or place reads differently now."""
    _tell(session, Duty.activity_id == activity_id)


def child_renamed(session: Session, child_id: str) -> None:
    """Tell the calendars of those who visit a child that the case code or the village reads differently now."""
    _tell(session, Duty.visit_id.in_(select(Visit.id).where(Visit.child_id == child_id)))


def person_renamed(session: Session, person_id: str) -> None:
    """Tell the calendars of somebody's coming teams that a name on them reads differently now."""
    held = and_(Duty.person_id == person_id, Duty.state == DutyState.CONFIRMED, Duty.starts_at > utc_now())
    visits, activities = (select(task).where(held, task.is_not(None)) for task in (Duty.visit_id, Duty.activity_id))
    _tell(session, or_(Duty.visit_id.in_(visits), Duty.activity_id.in_(activities)))


def _tell(session: Session, concerned: ColumnElement[bool]) -> None:
    query = select(Duty).where(concerned, Duty.state == DutyState.CONFIRMED, Duty.starts_at > utc_now())
    for duty in session.scalars(query).all():
        touch(duty)


def touch(duty: Duty) -> None:
    """Note that its holder would notice a difference (RFC 5545, 3.8.7.4)."""
    duty.sequence += 1
    duty.changed_at = utc_now()
