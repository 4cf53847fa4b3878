"""Holidays in one tap: somebody says for a holiday of the county's calendar when they are free on its days.

The answer stands in dated exceptions that name the holiday, so that it can be taken back. Where holidays lie in one
another (Spring Festival in the winter holiday), the answer for the shorter one holds on its days; what somebody answers
later to a question of the station holds on the days that were asked for.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.calendar import Span
from tenants.enums import DayPart, ExceptionKind
from tenants.models import AvailabilityException, Person
from tenants.queries.calendar import calendar_of
from tenants.services import audit_log
from tenants.services.halves import HOURS, DatedTime, days_of, exceptions_of

AHEAD = timedelta(days=366)
Parts = frozenset[DayPart]
"""The half-days of each day on which somebody is free; none of them: they are not free."""
ALL_DAY: Parts = frozenset(DayPart)


def key_of(holiday: Span) -> str:
    """A holiday as text: ``winter/2027-01-16``."""
    return f"{holiday.kind.value}/{holiday.first.isoformat()}"


def coming(session: Session, county_id: str, today: date) -> list[Span]:
    """Statutory and school holidays of a year from today on, those that have begun among them, in order."""
    return calendar_of(session, county_id).holidays_between(today, today + AHEAD)


def answers(person: Person, holidays: Sequence[Span]) -> dict[str, Parts]:
    """What a person has said for these holidays, by the holiday's key; who has said nothing keeps to the week."""
    known = {key_of(holiday) for holiday in holidays}
    found: dict[str, Parts] = {}
    for row in person.exceptions:
        if row.holiday in known and row.holiday is not None:
            found[row.holiday] = found.get(row.holiday, frozenset()) | _parts(row)
    return found


def _parts(row: AvailabilityException) -> Parts:
    if row.kind is ExceptionKind.AWAY:
        return frozenset()
    return frozenset(part for part, (a, b) in HOURS.items() if row.from_minute <= a and b <= row.to_minute)


def answer(
    session: Session,
    actor: Actor,
    person: Person,
    holiday: Span,
    free: Collection[DayPart] | None,
    *,
    holidays: Sequence[Span],
) -> None:
    """Keep on which half-days of a holiday's days a person is free; None takes the answer back.

    ``holidays`` are those of ``coming``: answers for what lies in the holiday, or around it, are fitted to it.
    """
    held = answers(person, holidays)
    held.pop(key_of(holiday), None)
    if free is not None:
        held[key_of(holiday)] = frozenset(free)
    touched = {key_of(one) for one in holidays if one.first <= holiday.last and holiday.first <= one.last}
    person.exceptions[:] = [row for row in person.exceptions if row.holiday not in touched]
    session.flush()
    person.exceptions += [
        row for one in holidays if key_of(one) in touched & held.keys() for row in _rows(person, one, held, holidays)
    ]
    session.flush()
    details = {"holiday": key_of(holiday), "free": None if free is None else sorted(free)}
    audit_log.record(session, actor, "availability.holiday", "person", person.id, details=details)


def _rows(
    person: Person, holiday: Span, held: Mapping[str, Parts], holidays: Sequence[Span]
) -> list[AvailabilityException]:
    inner = [one for one in holidays if key_of(one) in held and one.days < holiday.days]
    days = [day for day in days_of(holiday.first, holiday.last) if not any(day in one for one in inner)]
    halves = {(day, part) for day in days for part in held[key_of(holiday)]}
    return [_row(person, holiday.name, key_of(holiday), row) for row in exceptions_of(days, halves)]


def _row(person: Person, name: str, key: str, time: DatedTime) -> AvailabilityException:
    return AvailabilityException(
        township_id=person.township_id, person_id=person.id, note=name, holiday=key, **vars(time)
    )


def give_way(person: Person, first: date, last: date) -> None:
    """Let what was said for holidays hold no longer on the days from ``first`` to ``last``; the caller flushes."""
    met = [row for row in person.exceptions if row.holiday and row.from_day <= last and first <= row.to_day]
    day = timedelta(days=1)
    for row in met:
        person.exceptions.remove(row)
        for begin, end in ((row.from_day, first - day), (last + day, row.to_day)):
            if begin <= end:
                minutes = {"from_minute": row.from_minute, "to_minute": row.to_minute}
                time = DatedTime(from_day=begin, to_day=end, kind=row.kind, **minutes)
                person.exceptions.append(_row(person, row.note, row.holiday or "", time))
