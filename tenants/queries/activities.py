"""Reads about activities at Children's Homes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session, selectinload

from tenants.enums import DutyState, SignUpState
from tenants.errors import NotFoundError
from tenants.models import Activity, ActivityPhoto, ActivityRecord, Duty, Enrolment, SignUp, utc_now


def between(session: Session, begin: datetime, end: datetime, home_id: str | None = None) -> list[Activity]:
    """The activities that start from ``begin`` on and before ``end``, in order; called-off ones are among them."""
    query = select(Activity).where(Activity.starts_at >= begin, Activity.starts_at < end)
    if home_id:
        query = query.where(Activity.home_id == home_id)
    query = query.options(selectinload(Activity.home), selectinload(Activity.roles))
    return list(session.scalars(query.order_by(Activity.starts_at, Activity.title, Activity.id)))


def one(session: Session, activity_id: str) -> Activity:
    """An activity by id.

    Raises:
        NotFoundError: none such in the session's scope.

    """
    activity = session.scalar(select(Activity).where(Activity.id == activity_id))
    if activity is None:
        raise NotFoundError("no such activity")
    return activity


def photos(session: Session, activity: Activity) -> int:
    """How many photos of an activity are kept."""
    query = select(func.count(ActivityPhoto.id)).where(ActivityPhoto.activity_id == activity.id)
    return session.scalar(query) or 0


def people_told(session: Session, activity: Activity) -> int:
    """How many people hold a published duty of the activity."""
    query = select(func.count(Duty.id)).where(Duty.activity_id == activity.id, Duty.state == DutyState.CONFIRMED)
    return session.scalar(query) or 0


def concerned(session: Session, activity: Activity) -> int:
    """How many people hold a coming duty of the activity or wait for a place of it."""
    held = select(Duty.person_id).where(
        Duty.activity_id == activity.id, Duty.state == DutyState.CONFIRMED, Duty.starts_at > utc_now()
    )
    wanted = select(SignUp.person_id).where(
        SignUp.activity_id == activity.id, SignUp.state.in_((SignUpState.REQUESTED, SignUpState.WAITING))
    )
    return session.scalar(select(func.count()).select_from(union(held, wanted).subquery())) or 0


def records_of(session: Session, activity_ids: Sequence[str]) -> dict[str, ActivityRecord]:
    """What is recorded of some activities, by activity."""
    rows = session.scalars(select(ActivityRecord).where(ActivityRecord.activity_id.in_(activity_ids)))
    return {row.activity_id: row for row in rows}


def enrolled(session: Session, activity: Activity) -> int:
    """How many are enrolled."""
    return session.scalar(select(func.count(Enrolment.id)).where(Enrolment.activity_id == activity.id)) or 0
