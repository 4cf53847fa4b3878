"""Answer for a holiday in one tap: dated exceptions that can be taken back, the shorter holiday first."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.calendar import Span, SpanKind
from tenants.enums import DayPart, ExceptionKind
from tenants.models import AuditEntry, AvailabilityException, AvailabilityInvitation, AvailabilityRequest, Person
from tenants.queries.people import free_on
from tenants.services import availability, availability_requests
from tenants.services import holiday_answers as holidays
from tests.drafts import VOLUNTEER, today
from tests.world import World

WINTER = Span(kind=SpanKind.WINTER, first=date(2027, 1, 16), last=date(2027, 2, 21), name="寒假")
SPRING = Span(kind=SpanKind.HOLIDAY, first=date(2027, 2, 5), last=date(2027, 2, 11), name="春节")
MAY = Span(kind=SpanKind.HOLIDAY, first=date(2027, 5, 1), last=date(2027, 5, 5), name="劳动节")
ALL = [WINTER, SPRING, MAY]
USUAL = [(480, 1200)]
"""The world's people are free from 8 to 20 on every day of the week."""


@pytest.fixture
def person(station: Session, world: World) -> Person:
    return station.get_one(Person, (world.first.township, world.first.people[VOLUNTEER]))


def say(station: Session, world: World, person: Person, holiday: Span, *parts: DayPart, back: bool = False) -> None:
    holidays.answer(station, world.head, person, holiday, None if back else parts, holidays=ALL)


def test_not_free_takes_the_holidays_days_out_and_no_other(station: Session, world: World, person: Person) -> None:
    say(station, world, person, MAY)
    day = timedelta(days=1)
    free = [free_on(person, MAY.first - day), free_on(person, MAY.first), free_on(person, MAY.last)]
    assert [*free, free_on(person, MAY.last + day)] == [USUAL, [], [], USUAL]
    (row,) = person.exceptions
    assert (row.kind, row.from_day, row.to_day, row.note) == (ExceptionKind.AWAY, MAY.first, MAY.last, "劳动节")
    assert holidays.answers(person, ALL) == {"holiday/2027-05-01": frozenset()}


def test_free_all_day_and_some_half_days_are_told_apart(station: Session, world: World, person: Person) -> None:
    say(station, world, person, MAY, *DayPart)
    assert free_on(person, MAY.first) == [(480, 1260)]
    assert holidays.answers(person, ALL) == {"holiday/2027-05-01": holidays.ALL_DAY}
    say(station, world, person, MAY, DayPart.MORNING, DayPart.EVENING)
    assert free_on(person, MAY.first) == [(480, 720), (1080, 1260)]
    assert holidays.answers(person, ALL)["holiday/2027-05-01"] == {DayPart.MORNING, DayPart.EVENING}


def test_taken_back_leaves_the_usual_week_and_other_exceptions(station: Session, world: World, person: Person) -> None:
    trip = availability.add_exception(
        station, world.head, person, kind=ExceptionKind.AWAY, from_day=MAY.last, to_day=MAY.last, from_minute=1080
    )
    say(station, world, person, MAY)
    say(station, world, person, MAY, back=True)
    assert station.scalars(select(AvailabilityException)).all() == [trip]
    assert free_on(person, MAY.first) == USUAL
    assert holidays.answers(person, ALL) == {}
    details = [row.details for row in station.scalars(select(AuditEntry).order_by(AuditEntry.number))][1:]
    assert [entry["free"] for entry in details] == [[], None]


@pytest.mark.parametrize("order", [(WINTER, SPRING), (SPRING, WINTER)])
def test_shorter_holiday_holds_on_its_days_in_whatever_order_it_is_said(
    station: Session, world: World, person: Person, order: tuple[Span, Span]
) -> None:
    for holiday in order:
        say(station, world, person, holiday, *(DayPart if holiday is SPRING else ()))
    assert [free_on(person, day) for day in (WINTER.first, SPRING.first, WINTER.last)] == [[], [(480, 1260)], []]
    say(station, world, person, SPRING, back=True)
    assert free_on(person, SPRING.first) == []
    say(station, world, person, WINTER, back=True)
    assert person.exceptions == []


def test_later_answer_to_the_stations_question_holds_on_its_days(
    station: Session, world: World, person: Person
) -> None:
    say(station, world, person, MAY)
    request = AvailabilityRequest(
        township_id=person.township_id, from_day=date(2027, 5, 3), to_day=date(2027, 5, 4), answer_by=today(),
        invitations=[AvailabilityInvitation(township_id=person.township_id, person_id=person.id)],
    )  # fmt: skip
    station.add(request)
    station.flush()
    free = {(date(2027, 5, 3), DayPart.MORNING)}
    availability_requests.answer(station, world.head, request.invitations[0], free, today())
    found = [free_on(person, MAY.first + timedelta(days=n)) for n in range(5)]
    assert found == [[], [], [(480, 720)], [], []]
    assert holidays.answers(person, ALL) == {"holiday/2027-05-01": frozenset()}
    say(station, world, person, MAY, back=True)
    assert free_on(person, MAY.first) == USUAL
    assert free_on(person, date(2027, 5, 3)) == [(480, 720)]


def test_holidays_of_a_year_are_offered_from_today_on(station: Session, world: World) -> None:
    found = holidays.coming(station, world.county, today())
    assert len(found) >= 6
    assert all(holiday.last >= today() for holiday in found)
    assert {holiday.kind for holiday in found} <= {SpanKind.HOLIDAY, SpanKind.WINTER, SpanKind.SUMMER}
    assert len({holidays.key_of(holiday) for holiday in found}) == len(found)
