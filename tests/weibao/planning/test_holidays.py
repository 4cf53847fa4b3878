"""Dates proposed for a holiday, and who is there for them."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from tenants.calendar import Span, SpanKind
from tenants.enums import ActivityKind, Priority, Service
from tenants.models import Activity, ActivityTemplate, Person
from tenants.queries.homes import open_homes
from tests.drafts import DIRECTOR, VOLUNTEER, WORKER, today
from tests.world import World, next_saturday
from weibao.planning.holidays import HolidayDesk, Slot, holiday_desk, open_days, propose

DAYS = 10


def template(world: World, title: str, **facts: object) -> ActivityTemplate:
    """By a child director or a social worker, with one volunteer."""
    values: dict[str, object] = {
        "title": title,
        "kind": ActivityKind.ARTS,
        "service": Service.CHILD_PROTECTION,
        "priority": Priority.NORMAL,
        "start": time(9, 30),
        "minutes": 90,
        "with_children": True,
        "roles": [
            {"id": "lead", "min": 1, "max": 1, "kinds": ["child_director", "social_worker"], "skills": []},
            {"id": "helper", "min": 1, "max": 2, "kinds": ["volunteer"], "skills": []},
        ],
    }
    return ActivityTemplate(township_id=world.first.township, **{**values, **facts})


def span(kind: SpanKind = SpanKind.WINTER) -> Span:
    first = today() + timedelta(days=30)
    return Span(kind=kind, first=first, last=first + timedelta(days=DAYS - 1), name="寒假")


@pytest.fixture
def rows(station: Session, world: World) -> list[ActivityTemplate]:
    found = [template(world, "甲"), template(world, "乙", start=time(14, 30))]
    station.add_all(found)
    station.flush()
    return found


@pytest.fixture
def desk(station: Session, world: World, rows: list[ActivityTemplate]) -> HolidayDesk:
    return holiday_desk(station, world.first.township, span(), rows, open_homes(station))


def test_templates_take_turns_and_no_home_has_two_on_one_day(
    desk: HolidayDesk, world: World, rows: list[ActivityTemplate]
) -> None:
    """Three homes, three activities each: a home's are of both kinds in turn, on three days."""
    numbers = dict.fromkeys(world.first.homes, 3)
    slots = propose(desk, list(span()), [row.id for row in rows], numbers)
    assert len(slots) == 9
    for index, home in enumerate(world.first.homes):
        mine = [slot for slot in slots if slot.home_id == home]
        assert len({slot.day for slot in mine}) == 3
        kinds = [rows[(index + turn) % 2].id for turn in range(3)]
        assert sorted(slot.template_id for slot in mine) == sorted(kinds)


def test_a_day_on_which_nobody_is_there_is_passed_over(
    station: Session, desk: HolidayDesk, world: World, rows: list[ActivityTemplate]
) -> None:
    """The only volunteer's free days are cut to one weekday: all three activities could be on it alone."""
    volunteer = station.get_one(Person, (world.first.township, world.first.people[VOLUNTEER]))
    weekday = span().first.weekday()
    volunteer.weekly = [row for row in volunteer.weekly if row.weekday == weekday]
    station.flush()
    desk = holiday_desk(station, world.first.township, span(), rows, open_homes(station))
    (slot,) = propose(desk, list(span()), [rows[0].id], {world.first.homes[0]: 1})
    assert slot.day.weekday() == weekday
    assert [role.is_short for role in desk.balance([slot])[0].roles] == [False, False]


def test_fewer_are_proposed_than_there_are_days(desk: HolidayDesk, world: World, rows: list[ActivityTemplate]) -> None:
    days = list(span())[:2]
    assert len(propose(desk, days, [rows[0].id], {world.first.homes[0]: 5})) == 2


def slot(
    world: World, row: ActivityTemplate, *, home: int = 0, day: date | None = None, start: time | None = None
) -> Slot:
    return Slot(template_id=row.id, home_id=world.first.homes[home], day=day or span().first, start=start or row.start)


def test_activities_at_the_same_time_need_different_people(
    desk: HolidayDesk, world: World, rows: list[ActivityTemplate]
) -> None:
    """One volunteer, two who can lead: two at once have leads and lack a helper; at other times all is well."""
    together = desk.balance([slot(world, rows[0]), slot(world, rows[0], home=1)])
    assert [[(role.needed, role.able) for role in one.roles] for one in together] == [[(2, 2), (2, 1)]] * 2
    assert [one.short for one in together] == [("helper",)] * 2
    apart = desk.balance([slot(world, rows[0]), slot(world, rows[1], home=1)])
    assert [one.short for one in apart] == [(), ()]


def test_whoever_lacks_a_check_is_not_able_and_is_counted_apart(
    station: Session, world: World, rows: list[ActivityTemplate]
) -> None:
    director = station.get_one(Person, (world.first.township, world.first.people[DIRECTOR]))
    director.vettings = []
    station.flush()
    desk = holiday_desk(station, world.first.township, span(), rows, open_homes(station))
    lead = desk.balance([slot(world, rows[0])])[0].roles[0]
    assert (lead.able, lead.unvetted) == (1, 1)


def test_purchased_staff_are_not_counted_for_other_work(
    station: Session, world: World, rows: list[ActivityTemplate]
) -> None:
    """The social worker is dedicated (notice 3.2): the director alone could lead."""
    rows[0].service = Service.OTHER
    station.flush()
    desk = holiday_desk(station, world.first.township, span(), rows, open_homes(station))
    (role, _helper) = desk.roles(rows[0].id)
    assert desk.able(slot(world, rows[0]), role) == {world.first.people[DIRECTOR]}
    assert desk.able(slot(world, rows[1]), role) == {world.first.people[kind] for kind in (DIRECTOR, WORKER)}


def test_a_home_that_has_something_else_clashes(desk: HolidayDesk, world: World, rows: list[ActivityTemplate]) -> None:
    found = desk.balance([slot(world, rows[0]), slot(world, rows[1], start=time(10, 0)), slot(world, rows[1])])
    assert [one.clash for one in found] == [True, True, False]


def test_festivals_are_left_out_of_a_long_holiday_unless_wanted(desk: HolidayDesk) -> None:
    """The library alone: of 10 days the weekend days are free; New Year's Day is a holiday."""
    first = date(2026, 12, 31)
    winter = Span(kind=SpanKind.WINTER, first=first, last=date(2027, 1, 4), name="寒假")
    every = frozenset(range(7))
    facts = {"earliest": first, "weekdays": every}
    assert open_days(desk, winter, festivals=False, **facts) == []  # type: ignore[arg-type]
    wanted = [date(2027, 1, day) for day in (1, 2, 3)]
    assert open_days(desk, winter, festivals=True, **facts) == wanted  # type: ignore[arg-type]
    short = Span(kind=SpanKind.HOLIDAY, first=date(2027, 1, 1), last=date(2027, 1, 3), name="元旦")
    assert open_days(desk, short, festivals=False, **facts) == wanted  # type: ignore[arg-type]
    sundays = open_days(desk, short, festivals=False, earliest=first, weekdays=frozenset({6}))
    assert sundays == [date(2027, 1, 3)]


def test_an_activity_that_is_there_already_takes_people(
    station: Session, world: World, rows: list[ActivityTemplate]
) -> None:
    """The world's activity is on Saturday at 9:00 in the first home; its helper may be staff too."""
    activity = station.get_one(Activity, (world.first.township, world.first.activity))
    activity.roles[1].kinds = ["volunteer"]
    station.flush()
    day = next_saturday()
    near = Span(kind=SpanKind.WINTER, first=day, last=day, name="寒假")
    desk = holiday_desk(station, world.first.township, near, rows, open_homes(station))
    found = desk.balance([slot(world, rows[0], day=day, home=0), slot(world, rows[1], day=day, home=0)])
    assert [(one.clash, one.short) for one in found] == [(True, ("helper",)), (False, ())]
