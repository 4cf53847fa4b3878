"""What somebody's absence would free, and the absences that stand."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from tenants.enums import DutyState
from tenants.models import Absence, ActivityRole, Duty, FamiliarPerson, Visit
from tenants.queries import duties
from tenants.queries.duties import HeldDuty


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A duty that would be freed.

    ``familiar``: the family knows this person. ``missing``: how many people the task would then lack of its fewest.
    """

    duty: HeldDuty
    familiar: bool
    missing: int


def losses(session: Session, person_id: str, duty_ids: Sequence[str]) -> list[Loss]:
    """What freeing these duties of a person comes to, by time."""
    held = duties.of_ids(session, duty_ids)
    known, least = _familiar(session, person_id, held), _least(session, held)
    others = _others(session, person_id, held)
    return [
        Loss(
            duty=duty,
            familiar=duty.visit_id in known,
            missing=sum(max(0, low - others[duty.task_id][role]) for role, low in least[duty.task_id]),
        )
        for duty in held
    ]


def _familiar(session: Session, person_id: str, held: Sequence[HeldDuty]) -> set[str]:
    """The visits whose family has this person among those known to it."""
    same = and_(FamiliarPerson.township_id == Visit.township_id, FamiliarPerson.child_id == Visit.child_id)
    query = select(Visit.id).join(FamiliarPerson, same).where(FamiliarPerson.person_id == person_id)
    return set(session.scalars(query.where(Visit.id.in_([duty.visit_id for duty in held if duty.visit_id]))))


def _least(session: Session, held: Sequence[HeldDuty]) -> dict[str, list[tuple[str, int]]]:
    """The roles of each task with their fewest people."""
    least: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for visit in session.scalars(select(Visit).where(Visit.id.in_([duty.visit_id for duty in held if duty.visit_id]))):
        least[visit.id] = [(role["id"], role["min"]) for role in visit.roles]
    activities = [duty.activity_id for duty in held if duty.activity_id]
    for role in session.scalars(select(ActivityRole).where(ActivityRole.activity_id.in_(activities))):
        least[role.activity_id].append((role.role, role.minimum))
    return least


def _others(session: Session, person_id: str, held: Sequence[HeldDuty]) -> dict[str, Counter[str]]:
    """How many others hold each role of each task."""
    visits = [duty.visit_id for duty in held if duty.visit_id]
    activities = [duty.activity_id for duty in held if duty.activity_id]
    query = select(Duty).where(Duty.state == DutyState.CONFIRMED, Duty.person_id != person_id)
    others: dict[str, Counter[str]] = defaultdict(Counter)
    for duty in session.scalars(query.where(or_(Duty.visit_id.in_(visits), Duty.activity_id.in_(activities)))):
        others[duty.task_id][duty.role] += 1
    return others


def of_person(session: Session, person_id: str, today: date) -> Sequence[Absence]:
    """A person's absences that stand and are not over, by day."""
    query = select(Absence).where(Absence.person_id == person_id, Absence.taken_back_at.is_(None))
    return session.scalars(query.where(Absence.to_day >= today).order_by(Absence.from_day, Absence.id)).all()


def freed_since(session: Session, moment: datetime, begin: datetime, end: datetime) -> int:
    """How many duties from ``begin`` on and before ``end`` were freed after a moment and have not been given back."""
    query = select(Absence.freed).where(Absence.created_at > moment, Absence.taken_back_at.is_(None))
    freed = [duty for ids in session.scalars(query) for duty in ids]
    fallen = Duty.state == DutyState.CANCELLED, Duty.starts_at >= begin, Duty.starts_at < end
    return session.scalar(select(func.count(Duty.id)).where(Duty.id.in_(freed), *fallen)) or 0
