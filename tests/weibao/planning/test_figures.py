"""Hours there are and hours needed by week, and minutes on the road, worked out by hand."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import ActivityState, PersonKind, VisitState
from tenants.models import Activity, County, Person, Visit
from tenants.queries.figures import HeldDuty, Weeks
from tests.duties import add_visit
from tests.world import World
from weibao.planning.figures import balance_by_week, travel_by_week

CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)
WEEKS = Weeks(first=MONDAY, number=2)
OPEN_HOURS = {"school_day": [["16:00", "18:00"]], "free_day": [["10:00", "12:00"]]}


@pytest.fixture
def weeks(session: Session, world: World) -> Weeks:
    """Two weeks to come, in a county whose every day has two visiting hours; nothing else is planned in them."""
    session.get_one(County, world.county).visit_hours = OPEN_HOURS
    session.get_one(Activity, (world.first.township, world.first.activity)).state = ActivityState.CANCELLED
    session.commit()
    today = datetime.now(CHINA).date()
    return Weeks(first=today + timedelta(days=14 - today.weekday()), number=2)


def visit(session: Session, world: World, child: int, day: date, **changes: object) -> None:
    row = session.get_one(Visit, (world.first.township, add_visit(session, world.first, child)))
    row.due_on = day
    for name, value in changes.items():
        setattr(row, name, value)
    session.flush()


def test_a_week_balances_free_hours_of_who_fits_against_its_visits(
    weeks: Weeks, station: Session, world: World
) -> None:
    """Two people fit a lead's role (the worker and the director), free from 8 to 20: 2 people x 7 days x 2 hours."""
    visit(station, world, 0, weeks.first)  # 40 minutes of one person
    visit(station, world, 1, weeks.first + timedelta(days=6), state=VisitState.DONE)  # was needed, too
    visit(station, world, 2, weeks.first + timedelta(days=5), state=VisitState.CANCELLED)
    visit(station, world, 3, weeks.first + timedelta(days=7), minutes=60)
    found = balance_by_week(station, world.first.township, weeks)
    assert [(row.free, row.visits, row.activities, row.is_short) for row in found] == [
        (2 * 7 * 120, 80, 0, False),
        (2 * 7 * 120, 60, 0, False),
    ]


def test_an_activity_adds_its_hours_its_people_and_its_need(weeks: Weeks, station: Session, world: World) -> None:
    """Saturday 13:00 to 14:30 at the home: one lead and one helper at least, so four kinds of people count.

    Each has the two hours of every day and the 90 minutes of Saturday.
    """
    activity = station.get_one(Activity, (world.first.township, world.first.activity))
    activity.state = ActivityState.PLANNED
    saturday = datetime.combine(weeks.first + timedelta(days=5), time(13), tzinfo=CHINA)
    activity.starts_at, activity.ends_at = saturday, saturday + timedelta(minutes=90)
    station.flush()
    first, second = balance_by_week(station, world.first.township, weeks)
    assert (first.free, first.needed, first.activities) == (4 * (7 * 120 + 90), 180, 180)
    assert (second.free, second.needed) == (4 * 7 * 120, 0)


def test_limits_for_a_day_and_a_week_cut_what_is_free(weeks: Weeks, station: Session, world: World) -> None:
    visit(station, world, 0, weeks.first)
    worker, director = (
        station.get_one(Person, (world.first.township, world.first.people[kind]))
        for kind in (PersonKind.SOCIAL_WORKER, PersonKind.CHILD_DIRECTOR)
    )
    worker.max_minutes_per_day, director.max_minutes_per_week = 30, 100
    station.flush()
    first, _second = balance_by_week(station, world.first.township, weeks)
    assert first.free == 7 * 30 + 100


def held(person: str, day: int, hour: int, village: str, base: str | None) -> HeldDuty:
    start = datetime.combine(MONDAY + timedelta(days=day), time(hour), tzinfo=CHINA)
    return HeldDuty(person_id=person, starts_at=start, minutes=60, village_id=village, base_village_id=base)


def test_a_persons_day_is_one_trip_out_from_place_to_place_and_back(station: Session, world: World) -> None:
    """Villages lie 0.02 degrees (2.224 km) apart from south to north, the seat at the first.

    By roads 1.4 times as long at 30 km/h: 6.2 minutes, told as 10, between neighbours; 12.5, told as 15, between the
    outer two.
    """
    zero, one, two = world.first.villages
    duties = [
        held("a", 0, 14, two, zero),  # Monday: 0 -> 1 -> 2 -> 0 in the order of time
        held("a", 0, 9, one, zero),
        held("a", 1, 9, zero, zero),  # Tuesday: at home
        held("b", 6, 23, two, None),  # Sunday night, from the seat and back
        held("a", 7, 9, one, zero),  # the second week
    ]
    found = travel_by_week(station, world.first.township, WEEKS, duties)
    assert found == {MONDAY: (10 + 10 + 15) + (15 + 15), MONDAY + timedelta(days=7): 10 + 10}


def test_nothing_held_is_nothing_travelled(station: Session, world: World) -> None:
    assert travel_by_week(station, world.first.township, WEEKS, []) == dict.fromkeys(WEEKS, 0)
    assert station.scalars(select(Visit)).all() == []
