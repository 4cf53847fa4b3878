"""Reads of planned holidays."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from tenants.enums import RosterState
from tenants.errors import NotFoundError
from tenants.models import Activity, Assignment, Duty, HolidayPlan, HolidayPlanActivity, Roster


@dataclass(frozen=True, kw_only=True)
class PlanStanding:
    """How far a planned holiday is: its activities in order, how many have a team in a draft, what is published."""

    activities: Sequence[Activity]
    filled: int
    published: int
    drafts: Sequence[Roster]


def plans(session: Session) -> Sequence[HolidayPlan]:
    """The township's planned holidays, the last made first."""
    query = select(HolidayPlan).options(selectinload(HolidayPlan.members))
    return session.scalars(query.order_by(HolidayPlan.created_at.desc())).all()


def one(session: Session, plan_id: str) -> HolidayPlan:
    """A planned holiday by id.

    Raises:
        NotFoundError: none such in the session's scope.

    """
    plan = session.scalar(select(HolidayPlan).where(HolidayPlan.id == plan_id))
    if plan is None:
        raise NotFoundError("no such plan")
    return plan


def standing(session: Session, plan: HolidayPlan) -> PlanStanding:
    """How far it is."""
    activities = session.scalars(
        select(Activity)
        .join(HolidayPlanActivity, HolidayPlanActivity.activity_id == Activity.id)
        .where(HolidayPlanActivity.plan_id == plan.id)
        .options(selectinload(Activity.home), selectinload(Activity.roles))
        .order_by(Activity.starts_at, Activity.id)
    ).all()
    ids = [activity.id for activity in activities]
    in_drafts = (
        select(func.count(func.distinct(Assignment.activity_id)))
        .join(Roster, Roster.id == Assignment.roster_id)
        .where(Assignment.activity_id.in_(ids), Roster.state == RosterState.DRAFT)
    )
    overlapping = select(Roster).where(Roster.state == RosterState.DRAFT, Roster.starts_on <= plan.last)
    drafts = [draft for draft in session.scalars(overlapping.order_by(Roster.starts_on)) if draft.ends_on >= plan.first]
    return PlanStanding(
        activities=activities,
        filled=session.scalar(in_drafts) or 0,
        published=len(published(session, ids)),
        drafts=drafts,
    )


def published(session: Session, activity_ids: Sequence[str]) -> set[str]:
    """Which of some activities stand in a published roster, or are or were somebody's duty."""
    rosters = (
        select(Assignment.activity_id)
        .join(Roster, Roster.id == Assignment.roster_id)
        .where(Roster.state == RosterState.PUBLISHED, Assignment.activity_id.in_(activity_ids))
    )
    duties = select(Duty.activity_id).where(Duty.activity_id.in_(activity_ids))
    return {found for query in (rosters, duties) for found in session.scalars(query) if found is not None}
