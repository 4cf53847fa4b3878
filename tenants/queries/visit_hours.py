"""The hours in which households can be visited, and the time that the staff has within them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.calendar import DayKind
from tenants.enums import PersonKind
from tenants.models import County, Person
from tenants.queries.due import rules_of
from tenants.queries.people import free_on, vetted_through

Spans = list[tuple[int, int]]


def hours_on(county: County, kind: DayKind) -> Spans:
    """A county's visiting hours on a school day or a free one, in minutes of the day."""
    return [(_minute(opens), _minute(closes)) for opens, closes in county.visit_hours[kind.value]]


def length(spans: Iterable[tuple[int, int]]) -> int:
    """Minutes in all."""
    return sum(end - begin for begin, end in spans)


def free_staff(
    session: Session, county: County, days: Mapping[date, tuple[DayKind, DayKind]], today: date
) -> dict[str, tuple[int, int]]:
    """Minutes that each township's staff is free within the visiting hours of some days, by two kinds of each day.

    Those count whom a visit rule in force may send and whose check is valid on the day, up to their most of a day.
    """
    kinds = {
        PersonKind(k) for rule in rules_of(session, county.id).values() for role in rule.roles for k in role["kinds"]
    }
    loads = (selectinload(part) for part in (Person.weekly, Person.exceptions, Person.vettings))
    people = session.scalars(select(Person).where(Person.active, Person.kind.in_(kinds)).options(*loads))
    hours = {kind: hours_on(county, kind) for kind in DayKind}
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for person in people:
        through = vetted_through(person, today)
        for day, pair in days.items():
            if through is not None and day <= through:
                spans = free_on(person, day)
                for place, kind in enumerate(pair):
                    found[person.township_id][place] += _within(person, spans, hours[kind])
    return {township: (before, after) for township, (before, after) in found.items()}


def _within(person: Person, free: Spans, hours: Spans) -> int:
    shared = sum(max(0, min(end, closes) - max(begin, opens)) for begin, end in free for opens, closes in hours)
    return shared if person.max_minutes_per_day is None else min(shared, person.max_minutes_per_day)


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
