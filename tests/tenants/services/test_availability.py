"""The week and its exceptions: an overlap is refused at its row."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import ExceptionKind, PersonKind
from tenants.errors import InvalidError, NotFoundError
from tenants.models import AuditEntry, Person
from tenants.services.availability import FreeTime, add_exception, remove_exception, set_week
from tests.world import World

DAY = date(2026, 3, 2)


@pytest.fixture
def person(session: Session, world: World) -> Person:
    return session.get_one(Person, (world.first.township, world.first.people[PersonKind.VOLUNTEER]))


def free(weekday: int, start: int, end: int) -> FreeTime:
    return FreeTime(weekday=weekday, from_minute=start, to_minute=end)


def week_of(person: Person) -> list[tuple[int, int, int]]:
    return sorted((row.weekday, row.from_minute, row.to_minute) for row in person.weekly)


def test_a_week_is_replaced_and_touching_times_are_allowed(session: Session, world: World, person: Person) -> None:
    set_week(session, world.head, person, [free(0, 480, 720), free(0, 720, 1440), free(6, 0, 60)])
    session.expire_all()
    assert week_of(person) == [(0, 480, 720), (0, 720, 1440), (6, 0, 60)]


def test_a_row_that_stays_keeps_its_id(session: Session, world: World, person: Person) -> None:
    kept = next(row.id for row in person.weekly if row.weekday == 2)
    set_week(session, world.head, person, [free(2, 480, 1200)])
    assert [row.id for row in person.weekly] == [kept]


def test_an_empty_week_is_allowed(session: Session, world: World, person: Person) -> None:
    set_week(session, world.head, person, [])
    session.expire_all()
    assert week_of(person) == []


@pytest.mark.parametrize(
    ("week", "field"),
    [
        ([free(0, 480, 720), free(1, 480, 720), free(0, 719, 800)], "rows-2-from_time"),
        ([free(0, 480, 720), free(0, 480, 720)], "rows-1-from_time"),
        ([free(0, 720, 480)], "rows-0-to_time"),
        ([free(0, 720, 720)], "rows-0-to_time"),
        ([free(7, 480, 720)], "rows-0-weekday"),
    ],
)
def test_a_wrong_row_is_refused_at_its_field(
    session: Session, world: World, person: Person, week: list[FreeTime], field: str
) -> None:
    before = week_of(person)
    with pytest.raises(InvalidError) as caught:
        set_week(session, world.head, person, week)
    assert caught.value.field == field
    assert week_of(person) == before


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"to_day": date(2026, 3, 1)}, "to_day"),
        ({"from_minute": 600, "to_minute": 600}, "to_time"),
        ({"note": "字" * 121}, "note"),
    ],
)
def test_a_wrong_exception_is_refused_at_its_field(
    session: Session, world: World, person: Person, facts: dict[str, object], field: str
) -> None:
    given = {"kind": ExceptionKind.AWAY, "from_day": DAY, "to_day": DAY, **facts}
    with pytest.raises(InvalidError) as caught:
        add_exception(session, world.head, person, **given)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_an_exception_is_entered_and_taken_back_and_written_down(
    session: Session, world: World, person: Person
) -> None:
    row = add_exception(session, world.head, person, kind=ExceptionKind.EXTRA, from_day=DAY, to_day=DAY)
    assert (row.from_minute, row.to_minute) == (0, 1440)
    remove_exception(session, world.head, person, row.id)
    with pytest.raises(NotFoundError):
        remove_exception(session, world.head, person, row.id)
    written = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert written == ["availability.exception", "availability.exception_removed"]
