"""A guest: somebody lent, as the borrower's township knows them, and the days that this takes from their own station.

The guest has the id of the person at home, so that the database keeps their duties apart across the border. Of what
the home township knows, name, kind, skills, telephone and the last day of the check are copied, and nothing else.
"""

from collections import Counter
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import DutyState, ExceptionKind, LendingState, VettingResult
from tenants.models import AvailabilityException, Duty, Lending, Person, PersonSkill, Vetting
from tenants.queries import lendings as queries
from tenants.queries.due import county_zone
from tenants.queries.lendings import Piece
from tenants.queries.people import vetted_through
from tenants.services import absences, leaving
from tenants.services.leaving import Span

NOTE = "借调"
_COPIED = (
    "name",
    "name_en",
    "kind",
    "gender",
    "phone",
    "dedicated",
    "max_minutes_per_day",
    "max_tasks_per_day",
)
WEEK = timedelta(days=7)


def enter(session: Session, lending: Lending, home: Person, pieces: tuple[Piece, ...]) -> Person:
    """The person in the borrower's township for the pieces, and away from home in them."""
    guest = session.get(Person, (lending.borrower_id, home.id))
    if guest is None:
        guest = Person(township_id=lending.borrower_id, id=home.id, guest=True)
        session.add(guest)
    copy_facts(session, guest, home, lending)
    put_pieces(session, lending, home, guest, pieces)
    return guest


def copy_facts(session: Session, guest: Person, home: Person, lending: Lending) -> None:
    """What the rota needs of the person, as it stands at home now."""
    for fact in _COPIED:
        setattr(guest, fact, getattr(home, fact))
    guest.max_minutes_per_week = _week_left(session, home, lending)
    guest.active = True
    session.flush()
    wanted = {row.skill for row in home.skills}
    guest.skills[:] = [row for row in guest.skills if row.skill in wanted]
    known = {row.skill for row in guest.skills}
    guest.skills += [PersonSkill(township_id=guest.township_id, skill=skill) for skill in sorted(wanted - known)]
    _copy_check(guest, home, lending)
    session.flush()


def _week_left(session: Session, home: Person, lending: Lending) -> int | None:
    """What the person's weekly limit leaves beside the duties that they hold elsewhere; None without a limit.

    Of all weeks that touch the loan, on whichever day a plan begins them, the fullest: the borrower's scheduler knows
    one number and no duty of another township.
    """
    if home.max_minutes_per_week is None:
        return None
    zone = county_zone(session, lending.county_id)
    first, last = lending.from_day - WEEK + timedelta(days=1), lending.to_day + WEEK
    query = select(Duty.starts_at, Duty.ends_at).where(
        Duty.person_id == home.id,
        Duty.township_id != lending.borrower_id,
        Duty.state == DutyState.CONFIRMED,
        Duty.starts_at >= datetime.combine(first, time(), tzinfo=zone),
        Duty.starts_at < datetime.combine(last, time(), tzinfo=zone),
    )
    minutes = Counter[int]()
    for begin, end in session.execute(query):
        minutes[(begin.astimezone(zone).date() - first).days] += int((end - begin).total_seconds()) // 60
    weeks = range((last - first).days - WEEK.days + 1)
    fullest = max(sum(minutes[day] for day in range(week, week + WEEK.days)) for week in weeks)
    return max(1, home.max_minutes_per_week - fullest)


def _copy_check(guest: Person, home: Person, lending: Lending) -> None:
    """The last day of the valid check, without its reference."""
    through = vetted_through(home, lending.to_day)
    last = next(
        (row for row in home.vettings if row.result is VettingResult.CLEAR and row.valid_through == through), None
    )
    known = {(row.checked_on, row.valid_through) for row in guest.vettings}
    if last is not None and (last.checked_on, last.valid_through) not in known:
        guest.vettings.append(
            Vetting(
                township_id=guest.township_id,
                person_id=guest.id,
                checked_on=last.checked_on,
                valid_through=last.valid_through,
                result=VettingResult.CLEAR,
            )
        )


def put_pieces(session: Session, lending: Lending, home: Person, guest: Person, pieces: tuple[Piece, ...]) -> None:
    """Away at home and free in the borrower's township in the pieces, in place of what the loan had entered."""
    for person, kind in ((home, ExceptionKind.AWAY), (guest, ExceptionKind.EXTRA)):
        person.exceptions[:] = [row for row in person.exceptions if row.lending_id != lending.id]
        person.exceptions += [_row(person, lending, kind, piece) for piece in pieces]
    session.flush()


def _row(person: Person, lending: Lending, kind: ExceptionKind, piece: Piece) -> AvailabilityException:
    return AvailabilityException(
        township_id=person.township_id,
        person_id=person.id,
        kind=kind,
        from_day=piece.day,
        to_day=piece.day,
        from_minute=piece.from_minute,
        to_minute=piece.to_minute,
        note=NOTE,
        lending_id=lending.id,
    )


def span_of(session: Session, lending: Lending) -> Span:
    """The days of a loan."""
    return absences.span_of(session, lending.county_id, lending.from_day, lending.to_day)


def leave_drafts_at_home(session: Session, lending: Lending, home: Person, pieces: tuple[Piece, ...]) -> int:
    """Take the person out of the lender's drafts in the lent time; returns out of how many tasks."""
    actor = Actor(county_id=lending.county_id, township_id=lending.lender_id)
    spans = [_span(session, lending, piece) for piece in pieces]
    return sum(leaving.leave_drafts(session, actor, home, span) for span in spans)


def _span(session: Session, lending: Lending, piece: Piece) -> Span:
    day = absences.span_of(session, lending.county_id, piece.day, piece.day)
    return Span(
        begin=day.begin + timedelta(minutes=piece.from_minute), end=day.begin + timedelta(minutes=piece.to_minute)
    )


def leave(session: Session, lending: Lending, home: Person | None) -> list[Duty]:
    """End the guest's part: coming duties fall open, which are returned; drafts do without them."""
    guest = session.get(Person, (lending.borrower_id, lending.person_id))
    if home is not None:
        home.exceptions[:] = [row for row in home.exceptions if row.lending_id != lending.id]
    if guest is None:
        return []
    span = span_of(session, lending)
    dropped = leaving.leave_duties(session, guest, span)
    leaving.leave_drafts(session, Actor(county_id=lending.county_id, township_id=lending.borrower_id), guest, span)
    guest.exceptions[:] = [row for row in guest.exceptions if row.lending_id != lending.id]
    if not _lent_otherwise(session, lending):
        leaving.leave_exchange(session, guest)
        guest.active = False
    session.flush()
    return dropped


def _lent_otherwise(session: Session, lending: Lending) -> bool:
    query = select(Lending.id).where(
        Lending.borrower_id == lending.borrower_id,
        Lending.person_id == lending.person_id,
        Lending.state == LendingState.AGREED,
        Lending.id != lending.id,
    )
    return session.scalar(query.limit(1)) is not None


def refit(session: Session, lending: Lending, home: Person) -> int:
    """Follow what has changed at home (facts, free time, duties there); returns how many duties fell open by it."""
    guest = session.get_one(Person, (lending.borrower_id, home.id))
    copy_facts(session, guest, home, lending)
    zone = county_zone(session, lending.county_id)
    pieces = queries.free_pieces(session, home, lending, zone)
    held = queries.taken(home.exceptions, lending.id)
    if pieces == held == queries.taken(guest.exceptions, lending.id):
        return 0
    put_pieces(session, lending, home, guest, pieces)
    spans = [_span(session, lending, piece) for piece in pieces]
    mine = leaving.held_in(session, guest, span_of(session, lending))
    lost = [duty for duty in mine if not any(_inside(duty, span) for span in spans)]
    if lost:
        leaving.give_up(session, guest, lost)
        leaving.tell_station(session, guest, lost)
    return len(lost)


def _inside(duty: Duty, span: Span) -> bool:
    return span.begin <= duty.starts_at and (span.end is None or duty.ends_at <= span.end)
