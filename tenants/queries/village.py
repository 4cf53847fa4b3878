"""A child director's own village: whom the director may know by pseudonym, and which visits are due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from tenants.actor import Actor
from tenants.enums import DutyState, PersonKind, VisitState
from tenants.errors import NotFoundError
from tenants.models import Child, Duty, Person, Village, Visit

AHEAD = timedelta(days=14)
"""How far ahead due visits are shown, on the page and in the list that a phone keeps."""


@dataclass(frozen=True, kw_only=True)
class DueVisit:
    """A visit to be made; ``planned_at`` is its time in the published rosters, None where it has none."""

    id: str
    case_code: str
    pseudonym: str
    due_on: date
    minutes: int
    planned_at: datetime | None


def directed_by(session: Session, actor: Actor) -> Village | None:
    """The village whose child director the actor is, with its home; None: they direct none."""
    query = (
        select(Village)
        .join(Person, and_(Person.township_id == Village.township_id, Person.base_village_id == Village.id))
        .where(Person.id == actor.person_id, Person.kind == PersonKind.CHILD_DIRECTOR, Person.active)
        .options(joinedload(Village.home))
    )
    return session.scalar(query)


def due_visits(session: Session, village_id: str, today: date) -> list[DueVisit]:
    """Visits in a village that are overdue or due within ``AHEAD`` of today, the longest waiting first."""
    planned = (
        select(func.max(Duty.starts_at))
        .where(Duty.township_id == Visit.township_id, Duty.visit_id == Visit.id, Duty.state == DutyState.CONFIRMED)
        .correlate(Visit)
        .scalar_subquery()
    )
    query = (
        select(Visit.id, Child.case_code, Child.pseudonym, Visit.due_on, Visit.minutes, planned.label("planned_at"))
        .join(Child, and_(Child.township_id == Visit.township_id, Child.id == Visit.child_id))
        .where(Child.village_id == village_id, Visit.state == VisitState.DUE, Visit.due_on < today + AHEAD)
        .order_by(Visit.due_on, Child.case_code)
    )
    return [DueVisit(**row._mapping) for row in session.execute(query)]


def due_visit(session: Session, village_id: str, visit_id: str) -> Visit:
    """A visit of a child of the village, whatever its state.

    Raises:
        NotFoundError: none such in this village.

    """
    query = select(Visit).join(Child, and_(Child.township_id == Visit.township_id, Child.id == Visit.child_id))
    visit = session.scalar(query.where(Visit.id == visit_id, Child.village_id == village_id))
    if visit is None:
        raise NotFoundError("no such visit")
    return visit


def pseudonyms(session: Session, village_id: str, visit_ids: Iterable[str | None]) -> dict[str, str]:
    """Pseudonym of the child of each visit, of children of this village alone."""
    query = select(Visit.id, Child.pseudonym).join(
        Child, and_(Child.township_id == Visit.township_id, Child.id == Visit.child_id)
    )
    wanted = [visit_id for visit_id in visit_ids if visit_id]
    rows = session.execute(query.where(Visit.id.in_(wanted), Child.village_id == village_id))
    return dict(rows.all())
