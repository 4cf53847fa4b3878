"""What waits at a station: overdue visits, the roster in force, checks that end soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tenants.enums import RosterState, VisitState
from tenants.models import Child, Person, Roster, Village, Visit
from tenants.queries import people
from tenants.queries.people import PeopleFilter, VettingState

SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class OverdueVisit:
    """A visit whose day has passed, with the child's case code."""

    child_id: str
    case_code: str
    name: str
    name_en: str
    due_on: date


def overdue_visits(session: Session, today: date, limit: int = SHOWN) -> list[OverdueVisit]:
    """The visits that wait longest; ``name`` is the village's."""
    query = (
        select(Child.id.label("child_id"), Child.case_code, Village.name, Village.name_en, Visit.due_on)
        .select_from(Visit)
        .join(Child, and_(Child.township_id == Visit.township_id, Child.id == Visit.child_id))
        .join(Village, and_(Village.township_id == Child.township_id, Village.id == Child.village_id))
        .where(Visit.state == VisitState.DUE, Visit.due_on < today)
        .order_by(Visit.due_on, Child.case_code)
        .limit(limit)
    )
    return [OverdueVisit(**row._mapping) for row in session.execute(query)]


def rosters_ahead(session: Session, today: date) -> tuple[Roster | None, Sequence[Roster]]:
    """The newest published version, and the drafts that are not over, by their first day."""
    published = select(Roster).where(Roster.state == RosterState.PUBLISHED, Roster.withdrawn_at.is_(None))
    drafts = session.scalars(select(Roster).where(Roster.state == RosterState.DRAFT).order_by(Roster.starts_on))
    return session.scalar(published.order_by(Roster.version.desc()).limit(1)), [
        draft for draft in drafts if draft.ends_on >= today
    ]


def checks_ending(session: Session, today: date, limit: int = SHOWN) -> list[tuple[Person, date]]:
    """Active people whose criminal-record check ends soon, with its last day, the nearest first."""
    ending = session.scalars(people.listed(PeopleFilter(active=True, vetting=VettingState.ENDING), today))
    last = [(person, people.vetted_through(person, today)) for person in ending]
    return sorted(((p, day) for p, day in last if day is not None), key=lambda held: held[1])[:limit]
