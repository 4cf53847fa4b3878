"""Criminal-record checks that end or have ended, what falls open by it, and what was asked of the authorities."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from tenants.enums import DutyState, RosterState
from tenants.errors import NotFoundError
from tenants.models import Activity, Assignment, Duty, Person, Roster, Seat, VettingRequest
from tenants.queries.people import PeopleFilter, VettingState, listed, vetted_through, vetting_state

LAPSING = (VettingState.EXPIRED, VettingState.MISSING, VettingState.ENDING)
"""States that call for a request, the most pressing first."""


@dataclass(frozen=True, kw_only=True)
class FallingTask:
    """A task with children that somebody holds after the last day of their check; ``draft_id`` None: published."""

    task_id: str
    is_visit: bool
    starts_at: datetime
    draft_id: str | None


@dataclass(frozen=True, kw_only=True)
class Month:
    """What falls open in a month; ``first`` is its first day."""

    first: date
    visits: int
    activities: int


@dataclass(frozen=True, kw_only=True)
class Lapsing:
    """Somebody whose check ends within 60 days, has ended or is missing, and what they hold after its last day."""

    person: Person
    state: VettingState
    through: date | None
    requested_on: date | None
    tasks: tuple[FallingTask, ...]
    months: tuple[Month, ...]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """People who were asked about in one letter."""

    id: str
    requested_on: date
    people: int
    answered: int


def lapsing(session: Session, today: date, now: datetime, zone: ZoneInfo) -> list[Lapsing]:
    """Active people whose check calls for a request: those with most to fall open first, then by last day."""
    people = [
        p for p in session.scalars(listed(PeopleFilter(active=True), today)) if vetting_state(p, today) in LAPSING
    ]
    held, asked = _held(session, people, now), _asked(session)
    rows = [_lapsing(person, today, zone, held[person.id], asked.get(person.id)) for person in people]
    return sorted(rows, key=lambda row: (-len(row.tasks), LAPSING.index(row.state), row.through or date.min))


def _lapsing(
    person: Person, today: date, zone: ZoneInfo, held: Sequence[FallingTask], requested_on: date | None
) -> Lapsing:
    through = vetted_through(person, today)
    tasks = [task for task in held if through is None or task.starts_at.astimezone(zone).date() > through]
    return Lapsing(
        person=person,
        state=vetting_state(person, today),
        through=through,
        requested_on=requested_on,
        tasks=tuple(tasks),
        months=_months(tasks, zone),
    )


def _months(tasks: Iterable[FallingTask], zone: ZoneInfo) -> tuple[Month, ...]:
    counts = Counter((task.starts_at.astimezone(zone).date().replace(day=1), task.is_visit) for task in tasks)
    months = sorted({month for month, _is_visit in counts})
    return tuple(Month(first=m, visits=counts[m, True], activities=counts[m, False]) for m in months)


def _held(session: Session, people: Sequence[Person], now: datetime) -> dict[str, list[FallingTask]]:
    """What each person holds from now on: published duties, and seats in drafts for tasks that are not among them."""
    ids = [person.id for person in people]
    found: dict[str, dict[str, FallingTask]] = defaultdict(dict)
    for person_id, visit, activity, starts_at, draft in (*_duties(session, ids, now), *_seats(session, ids, now)):
        task = FallingTask(
            task_id=visit or activity or "", is_visit=visit is not None, starts_at=starts_at, draft_id=draft
        )
        found[person_id].setdefault(task.task_id, task)
    ordered = {who: sorted(tasks.values(), key=lambda task: task.starts_at) for who, tasks in found.items()}
    return defaultdict(list, ordered)


_Row = tuple[str, str | None, str | None, datetime, str | None]  # person, visit, activity, start, draft
_CHILDREN = or_(Activity.id.is_(None), Activity.with_children)


def _duties(session: Session, people: Sequence[str], now: datetime) -> list[_Row]:
    query = (
        select(Duty.person_id, Duty.visit_id, Duty.activity_id, Duty.starts_at)
        .outerjoin(Activity, and_(Activity.township_id == Duty.township_id, Activity.id == Duty.activity_id))
        .where(Duty.person_id.in_(people), Duty.state == DutyState.CONFIRMED, Duty.starts_at >= now, _CHILDREN)
    )
    rows = session.execute(query)
    return [(person, visit, activity, starts_at, None) for person, visit, activity, starts_at in rows]


def _seats(session: Session, people: Sequence[str], now: datetime) -> list[_Row]:
    query = (
        select(Seat.person_id, Assignment.visit_id, Assignment.activity_id, Assignment.starts_at, Assignment.roster_id)
        .join(Assignment, and_(Assignment.township_id == Seat.township_id, Assignment.id == Seat.assignment_id))
        .join(Roster, and_(Roster.township_id == Assignment.township_id, Roster.id == Assignment.roster_id))
        .outerjoin(
            Activity, and_(Activity.township_id == Assignment.township_id, Activity.id == Assignment.activity_id)
        )
        .where(Seat.person_id.in_(people), Roster.state == RosterState.DRAFT, Assignment.starts_at >= now, _CHILDREN)
    )
    rows = session.execute(query)
    return [(person, visit, activity, starts_at, draft) for person, visit, activity, starts_at, draft in rows]


def _asked(session: Session) -> dict[str, date]:
    """The day of each person's newest request that has no reply yet."""
    query = select(VettingRequest.person_id, func.max(VettingRequest.requested_on))
    rows = session.execute(query.where(VettingRequest.answered_on.is_(None)).group_by(VettingRequest.person_id))
    return dict(rows.all())


def batches(session: Session, limit: int = 20) -> list[Batch]:
    """The letters, the newest first."""
    batch, asked, answered = VettingRequest.batch, VettingRequest.requested_on, VettingRequest.answered_on
    query = select(batch, func.max(asked), func.count(), func.count(answered)).group_by(batch)
    rows = session.execute(query.order_by(func.max(asked).desc(), batch).limit(limit))
    return [Batch(id=row, requested_on=day, people=many, answered=done) for row, day, many, done in rows]


def batch(session: Session, batch_id: str) -> list[VettingRequest]:
    """The people of one letter, by post and name.

    Raises:
        NotFoundError: none such in the session's scope.

    """
    rows = _with_person(session, VettingRequest.batch == batch_id)
    if not rows:
        raise NotFoundError("no such request")
    return rows


def waiting(session: Session) -> list[VettingRequest]:
    """The requests without a reply, by post and name."""
    return _with_person(session, VettingRequest.answered_on.is_(None))


def _with_person(session: Session, condition: object) -> list[VettingRequest]:
    query = select(VettingRequest).where(condition).options(selectinload(VettingRequest.person))  # type: ignore[arg-type]
    return sorted(session.scalars(query), key=lambda row: (row.person.kind, row.person.name, row.id))
