"""Loans between townships: the lists, one, and who of the lender's people fits and is free."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, selectinload

from tenants.enums import ActivityState, DutyState, LendingState, PersonKind
from tenants.errors import NotFoundError
from tenants.models import Account, Activity, AvailabilityException, Duty, Lending, Person, Township
from tenants.queries.people import by_keys, free_on, vetted_through
from tenants.spans import merged, without

DAY = 24 * 60
WAY = 60
"""Minutes that are kept free for the way across the border, before and after a duty."""
SHORTEST = 30
OPEN = (LendingState.ASKED, LendingState.OFFERED, LendingState.WAITING)
LIVE = (LendingState.WAITING, LendingState.AGREED)
"""In these a person is promised: no second loan of the same days."""
AHEAD = timedelta(days=92)


@dataclass(frozen=True, kw_only=True, order=True)
class Piece:
    """A stretch of one day, in local minutes."""

    day: date
    from_minute: int
    to_minute: int


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody of the lender who could be lent, when they are free, and whether they can answer for themselves."""

    person: Person
    free: tuple[Piece, ...]
    has_account: bool

    @property
    def minutes(self) -> int:
        """Free minutes in all."""
        return sum(piece.to_minute - piece.from_minute for piece in self.free)

    @property
    def days(self) -> int:
        """On how many days."""
        return len({piece.day for piece in self.free})


def listed(session: Session) -> list[Lending]:
    """The loans in scope, the newest days first."""
    query = select(Lending).order_by(Lending.from_day.desc(), Lending.asked_at.desc(), Lending.id)
    return list(session.scalars(query))


def one(session: Session, lending_id: str, *, locked: bool = False) -> Lending:
    """A loan by id.

    Raises:
        NotFoundError: none such in the session's scope.

    """
    query = select(Lending).where(Lending.id == lending_id)
    found = session.scalar(query.with_for_update() if locked else query)
    if found is None:
        raise NotFoundError("no such loan")
    return found


def of_person(session: Session, township_id: str, person_id: str) -> list[Lending]:
    """The loans of one of the lender's people that they know of: both stations have agreed. The newest first."""
    return list(session.scalars(_OF_PERSON, {"lender": township_id, "person": person_id}))


_OF_PERSON = (
    select(Lending)
    .where(Lending.lender_id == bindparam("lender"), Lending.person_id == bindparam("person"))
    .where(Lending.lender_at.is_not(None), Lending.borrower_at.is_not(None))
    .order_by(Lending.from_day.desc(), Lending.id)
)
"""Made once: every calendar that asks anew has it asked."""


def unanswered(session: Session, township_id: str, person_id: str) -> int:
    """How many loans wait for a volunteer's own word."""
    rows = of_person(session, township_id, person_id)
    return sum(row.state is LendingState.WAITING and needs_person(row) for row in rows)


def needs_person(lending: Lending) -> bool:
    """Whether the person's own word is missing: a volunteer is asked, staff are told."""
    return lending.kind is PersonKind.VOLUNTEER and lending.person_at is None


def needs_county(lending: Lending) -> bool:
    """Whether the county's word is missing."""
    return lending.purchased and lending.county_at is None


def places_of(session: Session, township_id: str, person_id: str) -> list[Lending]:
    """One loan for each township to which somebody was ever lent: where duties of theirs may lie."""
    begun = [one for one in of_person(session, township_id, person_id) if one.begun_at is not None]
    return list({lending.borrower_id: lending for lending in begun}.values())


def person_of(session: Session, lending: Lending) -> Person | None:
    """Who is lent, as far as the session's side may know: the lender's own row, or the borrower's guest once agreed."""
    return people_of(session, [lending]).get(lending.id)


def people_of(session: Session, lendings: Iterable[Lending]) -> Mapping[str, Person]:
    """The same for several loans, by the loan's id; without those of whom nothing may be known."""
    known = {one.id: _sides(one) for one in lendings if one.person_id is not None}
    keys = [key for sides in known.values() for key in sides]
    rows = by_keys(session, keys)
    told = {lending: next((rows[key] for key in sides if key in rows), None) for lending, sides in known.items()}
    return {lending: person for lending, person in told.items() if person is not None}


def _sides(lending: Lending) -> list[tuple[str, str | None]]:
    sides = [lending.lender_id] if lending.begun_at is None else [lending.lender_id, lending.borrower_id]
    return [(side, lending.person_id) for side in sides]


def neighbours(session: Session, county_id: str, township_id: str) -> list[Township]:
    """The other townships of the county, by name; takes a system session, for a township reads its own row alone."""
    query = select(Township).where(Township.county_id == county_id, Township.id != township_id)
    return list(session.scalars(query.order_by(Township.name)))


def coming_activities(session: Session, now: datetime) -> list[Activity]:
    """Planned activities of the next three months, for which somebody may be asked."""
    query = select(Activity).where(Activity.state == ActivityState.PLANNED, Activity.starts_at > now)
    query = query.where(Activity.starts_at < now + AHEAD)
    return list(session.scalars(query.order_by(Activity.starts_at, Activity.id)))


def candidates(session: Session, lending: Lending, zone: ZoneInfo) -> list[Candidate]:
    """The lender's people of the kind and skill who hold a valid check to the last day and have free time then.

    For an activity only who is free all through it. Those with most time come first.
    """
    query = select(Person).where(Person.township_id == lending.lender_id, Person.active, Person.guest.is_(False))
    loads = (Person.skills, Person.vettings, Person.weekly, Person.exceptions)
    query = query.where(Person.kind == lending.kind).options(*(selectinload(part) for part in loads))
    fitting = [row for row in session.scalars(query) if fits(row, lending)]
    promised = _promised(session, lending, [row.id for row in fitting])
    people = [row for row in fitting if row.id not in promised]
    ids = [row.id for row in people]
    reached, held = with_account(session, ids), _duties_at_home(session, lending, ids, zone)
    found = [
        Candidate(person=row, free=pieces, has_account=row.id in reached)
        for row in people
        if (pieces := _free(row, lending, held.get(row.id, ()), zone))
    ]
    return sorted(found, key=lambda one: (-one.minutes, one.person.name, one.person.id))


def fits(person: Person, lending: Lending) -> bool:
    """Kind, skill, and a check that is valid through the last day."""
    through = vetted_through(person, lending.to_day)
    skilled = not lending.skill or any(row.skill == lending.skill for row in person.skills)
    return person.kind is lending.kind and skilled and through is not None and through >= lending.to_day


def is_promised(session: Session, person: Person, lending: Lending) -> bool:
    """Whether another loan of the person touches the days."""
    return person.id in _promised(session, lending, [person.id])


def _promised(session: Session, lending: Lending, ids: Sequence[str]) -> set[str | None]:
    """Those of the lender's people whom another loan of these days holds."""
    query = select(Lending.person_id).where(
        Lending.lender_id == lending.lender_id,
        Lending.person_id.in_(ids),
        Lending.id != (lending.id or ""),
        Lending.state.in_(LIVE),
        Lending.from_day <= lending.to_day,
        Lending.to_day >= lending.from_day,
    )
    return set(session.scalars(query))


def free_pieces(session: Session, person: Person, lending: Lending, zone: ZoneInfo) -> tuple[Piece, ...]:
    """What of the time asked for the person can give: free at home, and no duty there within the way.

    For an activity: all of it or nothing; who says yes to it says yes to the way too.
    """
    held = _duties_at_home(session, lending, [person.id], zone)
    return _free(person, lending, held.get(person.id, ()), zone)


def _free(person: Person, lending: Lending, held: Sequence[Duty], zone: ZoneInfo) -> tuple[Piece, ...]:
    days = [lending.from_day + timedelta(days=n) for n in range((lending.to_day - lending.from_day).days + 1)]
    wanted = lending.from_minute, lending.to_minute
    if lending.activity_id is not None:
        free = free_on(person, lending.from_day, but=lending.id)
        if not any(a <= wanted[0] + WAY and b >= wanted[1] - WAY for a, b in free):
            return ()
        return tuple(p for p in _cut([wanted], held, lending.from_day, zone) if _holds_activity(p, wanted))
    return tuple(
        piece
        for day in days
        for piece in _cut([_both(span, wanted) for span in free_on(person, day, but=lending.id)], held, day, zone)
    )


def _cut(free: Iterable[tuple[int, int]], held: Sequence[Duty], day: date, zone: ZoneInfo) -> list[Piece]:
    """What is left of a day's free time beside some duties; less than half an hour is no help to anybody."""
    spans = [(a, b) for a, b in free if a < b]
    for duty in held:
        spans = [part for span in spans for part in without(span, _minutes(duty, day, zone))]
    return [Piece(day=day, from_minute=a, to_minute=b) for a, b in merged(spans) if b - a >= SHORTEST]


def _holds_activity(piece: Piece, wanted: tuple[int, int]) -> bool:
    """Whether a piece holds the whole activity, if not all of the way."""
    return piece.from_minute <= wanted[0] + WAY and piece.to_minute >= wanted[1] - WAY


def taken(rows: Iterable[AvailabilityException], lending_id: str) -> tuple[Piece, ...]:
    """The pieces that a loan has entered among somebody's exceptions."""
    mine = (row for row in rows if row.lending_id == lending_id)
    return tuple(sorted(Piece(day=row.from_day, from_minute=row.from_minute, to_minute=row.to_minute) for row in mine))


def _duties_at_home(session: Session, lending: Lending, ids: Sequence[str], zone: ZoneInfo) -> Mapping[str, list[Duty]]:
    """What each of the lender's people holds there within the way of the days."""
    begin = datetime.combine(lending.from_day, time(), tzinfo=zone)
    end = datetime.combine(lending.to_day + timedelta(days=1), time(), tzinfo=zone)
    query = select(Duty).where(
        Duty.township_id == lending.lender_id,
        Duty.person_id.in_(ids),
        Duty.state == DutyState.CONFIRMED,
        Duty.ends_at > begin - timedelta(minutes=WAY),
        Duty.starts_at < end + timedelta(minutes=WAY),
    )
    found: dict[str, list[Duty]] = defaultdict(list)
    for duty in session.scalars(query):
        found[duty.person_id].append(duty)
    return found


def _minutes(duty: Duty, day: date, zone: ZoneInfo) -> tuple[int, int]:
    """A duty with the way around it, in minutes of a day; outside of it the two lie beyond its ends."""
    midnight = datetime.combine(day, time(), tzinfo=zone)
    begin, end = (int((moment - midnight).total_seconds()) // 60 for moment in (duty.starts_at, duty.ends_at))
    return begin - WAY, end + WAY


def with_account(session: Session, person_ids: Sequence[str]) -> set[str]:
    """Who of some people has an open account."""
    query = select(Account.person_id).where(Account.person_id.in_(person_ids), Account.disabled.is_(False))
    return {person for person in session.scalars(query) if person}


def _both(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return max(one[0], other[0]), min(one[1], other[1])


def waits_for(lending: Lending, township_id: str | None) -> bool:
    """Whether a loan waits for this township's station; None: for the county."""
    if township_id is None:
        return lending.state is LendingState.WAITING and needs_county(lending)
    asked = lending.state is LendingState.ASKED and lending.lender_id == township_id
    return asked or (lending.state is LendingState.OFFERED and lending.borrower_id == township_id)


def waiting(session: Session, township_id: str | None) -> int:
    """How many loans wait for this side."""
    query = select(Lending).where(or_(*(Lending.state == state for state in OPEN)))
    return sum(waits_for(lending, township_id) for lending in session.scalars(query))
