"""When people are free, from rows: the weeks of those who are named, and their dated exceptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ExceptionKind
from tenants.errors import InvalidError
from tenants.models import Person
from tenants.services import availability
from tenants.services.availability import FreeTime
from tenants.services.imports.people import Register
from tenants.services.imports.run import Outcome, Problem, Tally, Verdict, tried


@dataclass(frozen=True, kw_only=True)
class Named:
    """Whom a row means."""

    mark: str | None
    name: str
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class FreeRow:
    """One free time of a person's week."""

    who: Named
    free: FreeTime


@dataclass(frozen=True, kw_only=True)
class ExceptionRow:
    """Days on which a person is away, or free beyond the week; minutes of the day."""

    who: Named
    kind: ExceptionKind
    from_day: date
    to_day: date
    from_minute: int
    to_minute: int
    note: str


AvailabilityRow = FreeRow | ExceptionRow


def take_availability(session: Session, actor: Actor, rows: Sequence[AvailabilityRow], *, trial: bool) -> Outcome:
    """Replace the week of each person who has a row of it, and add exceptions that are not there yet."""
    tally, register = Tally(verdicts=[Verdict.SAME] * len(rows)), Register(session)
    with tried(session, tally, trial=trial):
        people = _people(register, rows, tally)
        for person, places in _weeks(rows, people):
            _set_week(session, actor, person, [(place, rows[place]) for place in places], tally)
        for place, row in enumerate(rows):
            if isinstance(row, ExceptionRow) and place in people:
                _add_exception(session, actor, people[place], place, row, tally)
    return tally.outcome()


def _people(register: Register, rows: Sequence[AvailabilityRow], tally: Tally) -> dict[int, Person]:
    """The person of each row that names one."""
    found: dict[int, Person] = {}
    for place, row in enumerate(rows):
        try:
            person = register.find(mark=row.who.mark, name=row.who.name, phone=row.who.phone, kind=None)
            if person is None:
                raise InvalidError("Nobody of the township has this name. Import the people first.", field="name")
            found[place] = person
        except InvalidError as error:
            tally.problems.append(Problem(place=place, field=error.field, message=error.message))
    return found


def _weeks(rows: Sequence[AvailabilityRow], people: dict[int, Person]) -> list[tuple[Person, list[int]]]:
    """Each person with the places of the rows of their week."""
    places: dict[str, list[int]] = {}
    by_id = {person.id: person for person in people.values()}
    for place, person in people.items():
        if isinstance(rows[place], FreeRow):
            places.setdefault(person.id, []).append(place)
    return [(by_id[person_id], held) for person_id, held in places.items()]


def _set_week(
    session: Session, actor: Actor, person: Person, held: list[tuple[int, AvailabilityRow]], tally: Tally
) -> None:
    week = [row.free for _place, row in held if isinstance(row, FreeRow)]
    present = {FreeTime(weekday=r.weekday, from_minute=r.from_minute, to_minute=r.to_minute) for r in person.weekly}
    if set(week) == present and len(week) == len(present):
        return
    try:
        availability.set_week(session, actor, person, week)
    except InvalidError as error:
        row, name = _at(error.field)
        tally.problems.append(Problem(place=held[row][0], field=name, message=error.message))
    for place, _row in held:
        tally.verdicts[place] = Verdict.CHANGED if present else Verdict.ADDED


def _at(field: str | None) -> tuple[int, str | None]:
    """Row and fact of ``rows-N-FACT``."""
    parts = (field or "").split("-", 2)
    return (int(parts[1]), parts[2]) if len(parts) == 3 else (0, field)


def _add_exception(session: Session, actor: Actor, person: Person, place: int, row: ExceptionRow, tally: Tally) -> None:
    facts = ("kind", "from_day", "to_day", "from_minute", "to_minute")
    if any(all(getattr(held, fact) == getattr(row, fact) for fact in facts) for held in person.exceptions):
        return
    try:
        availability.add_exception(
            session, actor, person, note=row.note, **{fact: getattr(row, fact) for fact in facts}
        )
        tally.verdicts[place] = Verdict.ADDED
    except InvalidError as error:
        tally.problems.append(Problem(place=place, field=error.field, message=error.message))
