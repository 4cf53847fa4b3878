"""Duties as the publish service leaves them, for tests of what people see of them."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import ChildCategory, DutyState, Familiarity, PersonKind, Priority, RiskLevel, Service, VisitState
from tenants.models import Duty, Visit
from tests import drafts
from tests.world import VISIT_ROLES, Place

HOUR = timedelta(hours=1)


def soon(*, days: int = 2, hour: int = 1) -> datetime:
    """A full hour some days ahead of the Chinese day; hour 1 in UTC is 09:00 in Shanghai."""
    start = datetime.combine(drafts.today(), time(hour), tzinfo=UTC)
    return start + timedelta(days=days)


def add_visit(session: Session, place: Place, child: int = 0, *, due_in: int = 3, done_ago: int | None = None) -> str:
    """A visit of the township's child by number, due in some days (negative: overdue), or done some days ago."""
    today = drafts.today()
    visit = Visit(
        township_id=place.township, child_id=place.children[child], category=ChildCategory.SCATTERED_ORPHAN,
        risk=RiskLevel.HIGH, due_on=today + timedelta(days=due_in), minutes=40, priority=Priority.HIGH,
        service=Service.CHILD_PROTECTION, known_by=Familiarity.VILLAGE_DIRECTOR, roles=VISIT_ROLES,
        state=VisitState.DUE if done_ago is None else VisitState.DONE,
        done_on=None if done_ago is None else today - timedelta(days=done_ago),
    )  # fmt: skip
    session.add(visit)
    session.flush()
    return visit.id


def _free(session: Session, person: str) -> datetime:
    """Nobody is in two places at once: the first hour from ``soon`` on at which the person holds nothing."""
    held = select(Duty.starts_at).where(Duty.person_id == person, Duty.state == DutyState.CONFIRMED)
    taken = set(session.scalars(held))
    return next(start for n in range(12) if (start := soon() + n * HOUR) not in taken)


def give(
    session: Session,
    place: Place,
    kind: PersonKind,
    *,
    visit: str | None = None,
    activity: str | None = None,
    role: str = "lead",
    starts_at: datetime | None = None,
    state: DutyState = DutyState.CONFIRMED,
    version: int = 1,
    sequence: int = 0,
    changed_at: datetime | None = None,
) -> str:
    """Give a person of the township's cast one duty of an hour; without a time, at the first one that is free."""
    start = starts_at or _free(session, place.people[kind])
    changed = changed_at or datetime.now(UTC) - timedelta(days=1)
    duty = Duty(
        township_id=place.township, person_id=place.people[kind], visit_id=visit, activity_id=activity, role=role,
        starts_at=start, ends_at=start + HOUR, state=state, version=version, sequence=sequence, changed_at=changed,
        created_at=min(changed, datetime.now(UTC) - timedelta(days=1)),
    )  # fmt: skip
    session.add(duty)
    session.flush()
    return duty.id
