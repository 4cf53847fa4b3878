"""Places that fell open after they were published, since somebody may not do them any more."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from tenants.enums import ActivityState, DutyState, VisitState
from tenants.models import Activity, Child, Duty, Home, Village, Visit


@dataclass(frozen=True, kw_only=True)
class FreedPlace:
    """A published task that lacks people; either ``case_code`` or ``title`` is given. ``missing`` people are wanted."""

    task_id: str
    starts_at: datetime
    name: str
    name_en: str
    case_code: str | None
    title: str | None
    title_en: str | None
    missing: int


def freed(session: Session, now: datetime) -> list[FreedPlace]:
    """Coming tasks that lost somebody since they were published, and lack people now; ``name`` is the village's."""
    gone = session.scalars(select(Duty).where(Duty.state == DutyState.CANCELLED, Duty.starts_at > now)).all()
    visits = {duty.visit_id for duty in gone if duty.visit_id}
    activities = {duty.activity_id for duty in gone if duty.activity_id}
    starts = {duty.task_id: duty.starts_at for duty in gone}
    held = _held(session, visits, activities)
    found = [*_visits(session, visits, held, starts), *_activities(session, activities, held, starts)]
    return sorted((place for place in found if place.missing), key=lambda place: (place.starts_at, place.task_id))


def _held(session: Session, visits: set[str], activities: set[str]) -> dict[str, Counter[str]]:
    """How many people hold each role of each task."""
    held: dict[str, Counter[str]] = defaultdict(Counter)
    query = select(Duty).where(Duty.state == DutyState.CONFIRMED)
    for duty in session.scalars(query.where(or_(Duty.visit_id.in_(visits), Duty.activity_id.in_(activities)))):
        held[duty.task_id][duty.role] += 1
    return held


def _visits(
    session: Session, ids: set[str], held: dict[str, Counter[str]], starts: dict[str, datetime]
) -> list[FreedPlace]:
    query = (
        select(Visit, Child.case_code, Village.name, Village.name_en)
        .join(Child, and_(Child.township_id == Visit.township_id, Child.id == Visit.child_id))
        .join(Village, and_(Village.township_id == Child.township_id, Village.id == Child.village_id))
        .where(Visit.id.in_(ids), Visit.state == VisitState.DUE)
    )
    return [
        FreedPlace(
            task_id=visit.id,
            starts_at=starts[visit.id],
            name=name,
            name_en=name_en,
            case_code=case_code,
            title=None,
            title_en=None,
            missing=_missing([(role["id"], role["min"]) for role in visit.roles], held[visit.id]),
        )
        for visit, case_code, name, name_en in session.execute(query)
    ]


def _activities(
    session: Session, ids: set[str], held: dict[str, Counter[str]], starts: dict[str, datetime]
) -> list[FreedPlace]:
    query = (
        select(Activity)
        .where(Activity.id.in_(ids), Activity.state == ActivityState.PLANNED)
        .options(selectinload(Activity.roles), selectinload(Activity.home).selectinload(Home.village))
    )
    return [
        FreedPlace(
            task_id=row.id,
            starts_at=starts[row.id],
            name=row.home.village.name,
            name_en=row.home.village.name_en,
            case_code=None,
            title=row.title,
            title_en=row.title_en,
            missing=_missing([(role.role, role.minimum) for role in row.roles], held[row.id]),
        )
        for row in session.scalars(query)
    ]


def _missing(roles: list[tuple[str, int]], held: Counter[str]) -> int:
    return sum(max(0, least - held[role]) for role, least in roles)
