"""Visits and activities on their way to the scheduler: when they can be, how much they weigh, who is known."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from scheduling.problem import DAY, Priority, Task
from tenants.actor import Actor
from tenants.calendar import DayKind, Span, SpanKind, Subject
from tenants.enums import Familiarity, PersonKind
from tenants.models import Activity, County, Person, Roster, Visit
from tenants.services import calendar as county_calendar
from tenants.services.calendar import TableFacts
from tests.drafts import DIRECTOR, VOLUNTEER, begin, due_visit
from tests.duties import give
from tests.world import World, next_saturday
from weibao.planning import Clock, build_problem, clock_of, coming_activities, due_visits
from weibao.planning.capacity import balance_by_day
from weibao.planning.tasks import visit_windows

COUNTY = County(
    name="县",
    name_en="County",
    visit_hours={"school_day": [["16:15", "19:00"]], "free_day": [["09:00", "12:00"], ["14:00", "18:00"]]},
)
SCHOOL, FREE = [(975, 1140)], [(540, 720), (840, 1080)]


def windows(day: date, *, floor: int = 0) -> list[tuple[int, int]]:
    return visit_windows(COUNTY, Clock(start=day, days=1, zone=ZoneInfo("Asia/Shanghai")), floor)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 12, 8), SCHOOL),  # a Tuesday
        (date(2026, 12, 12), FREE),  # a Saturday
        (date(2026, 10, 10), SCHOOL),  # a Saturday that makes up for the National Day holiday
        (date(2026, 10, 5), FREE),  # a Monday of the National Day holiday
    ],
)
def test_families_are_visited_after_school_or_on_free_days(day: date, expected: list[tuple[int, int]]) -> None:
    assert windows(day) == expected


def test_a_make_up_saturday_of_the_countys_own_table_is_a_school_day_for_visits_and_capacity(
    station: Session, session: Session, world: World
) -> None:
    roster = begin(station, world)
    saturday = next_saturday(roster.starts_on - timedelta(days=1))
    clock = clock_of(station, roster)
    assert clock.calendar.kind(saturday) is DayKind.FREE
    station.commit()
    span = Span(kind=SpanKind.MAKE_UP, first=saturday, last=saturday, name="调休上班日")
    facts = TableFacts(since=saturday, provisional=False, source="通知", spans=(span,))
    county_calendar.decide(session, Actor(county_id=world.county), Subject.HOLIDAYS, saturday.year, facts)
    session.commit()
    index = (saturday - roster.starts_on).days
    clock = clock_of(station, roster)
    county = station.get_one(County, world.county)
    hours = [(a % DAY, b % DAY) for a, b in visit_windows(county, clock, 0) if a // DAY == index]
    balance = balance_by_day(build_problem(station, roster), clock)[index]
    assert (hours, balance.kind) == (SCHOOL, DayKind.SCHOOL)


def test_nothing_begins_before_the_floor() -> None:
    assert windows(date(2026, 12, 12), floor=660) == [(660, 720), (840, 1080)]
    assert windows(date(2026, 12, 12), floor=800) == [(840, 1080)]


def task_of(session: Session, roster: Roster, task: str) -> Task:
    return build_problem(session, roster).task_of[task]


def visit_row(session: Session, world: World, visit: str) -> Visit:
    return session.get_one(Visit, (world.first.township, visit))


@pytest.mark.parametrize(
    ("own", "overdue", "weight"),
    [
        ("normal", False, Priority.NORMAL),
        ("normal", True, Priority.HIGH),
        ("high", True, Priority.CRITICAL),
        ("critical", True, Priority.CRITICAL),
        ("low", True, Priority.NORMAL),
    ],
)
def test_an_overdue_visit_weighs_more(
    station: Session, world: World, own: str, overdue: bool, weight: Priority
) -> None:
    roster = begin(station, world)
    visit = visit_row(station, world, due_visit(station, world))
    visit.priority, visit.due_on = own, roster.starts_on - timedelta(days=1 if overdue else -2)  # type: ignore[assignment]
    station.flush()
    station.expire_all()
    task = task_of(station, roster, visit.id)
    assert (task.priority, task.due) == (weight, 0 if overdue else 2)


def test_known_are_the_named_and_the_villages_director_by_the_rule(station: Session, world: World) -> None:
    """Child 0 has the director named and lives in the village where everybody has their base."""
    roster = begin(station, world)
    visit = visit_row(station, world, due_visit(station, world))
    other = Person(
        township_id=world.first.township,
        name="乙",
        kind=PersonKind.CHILD_DIRECTOR,
        base_village_id=visit.child.village_id,
    )
    station.add(other)
    found = {}
    for rule in Familiarity:
        visit.known_by = rule
        station.flush()
        found[rule] = task_of(station, roster, visit.id).known_by
    director = world.first.people[DIRECTOR]
    assert found == {
        Familiarity.NOBODY: frozenset(),
        Familiarity.NAMED: {director},
        Familiarity.VILLAGE_DIRECTOR: {director, other.id},
    }


def is_due(session: Session, roster: Roster, visit: str) -> bool:
    return visit in {row.id for row in due_visits(session, clock_of(session, roster))}


@pytest.mark.parametrize(
    ("hours", "planned"),
    [
        (-24 * 9, True),  # promised nine days ago, and no report came
        (-24, False),  # over since yesterday: its report may still come
        (0.5, False),  # begins in half an hour
        (24 * 3, True),  # in the period: may be planned anew
        (24 * 40, False),  # promised for a later period
    ],
)
def test_a_promised_visit_is_planned_only_where_it_can_be_changed(
    station: Session, world: World, hours: float, planned: bool
) -> None:
    roster = begin(station, world, starts_in=0)
    visit = due_visit(station, world)
    give(station, world.first, DIRECTOR, visit=visit, starts_at=datetime.now(UTC) + timedelta(hours=hours))
    assert is_due(station, roster, visit) is planned


def test_a_visit_due_after_the_period_waits(station: Session, world: World) -> None:
    roster = begin(station, world)
    visit = visit_row(station, world, due_visit(station, world))
    for due_on, planned in ((roster.ends_on, True), (roster.ends_on + timedelta(days=1), False)):
        visit.due_on = due_on
        station.flush()
        assert is_due(station, roster, visit.id) is planned


def test_another_townships_tasks_stay_out_of_the_problem(station: Session, world: World) -> None:
    problem = build_problem(station, begin(station, world))
    assert world.first.activity in problem.task_of
    assert world.second.activity not in problem.task_of
    assert set(problem.person_of) == set(world.first.people.values())


def test_an_activity_has_one_window_at_its_time(station: Session, world: World) -> None:
    roster = begin(station, world)
    activity = station.get_one(Activity, (world.first.township, world.first.activity))
    task, clock = task_of(station, roster, activity.id), clock_of(station, roster)
    start = clock.minute(activity.starts_at)
    assert (task.windows, task.minutes, start % DAY) == (((start, start + 90),), 90, 540)
    assert {role.id: (role.min, role.max) for role in task.roles} == {"lead": (1, 1), "helper": (1, 2)}


def test_a_cancelled_activity_is_not_planned(station: Session, world: World) -> None:
    roster = begin(station, world)
    station.get_one(Activity, (world.first.township, world.first.activity)).state = "cancelled"  # type: ignore[assignment]
    station.flush()
    assert coming_activities(station, clock_of(station, roster)) == []


def test_no_name_or_case_code_goes_to_the_scheduler(station: Session, world: World) -> None:
    """Every text of the problem is an id or a word of a closed list; the canary is in every name of the township."""
    problem = build_problem(station, begin(station, world))
    assert problem.tasks
    assert problem.person_of[world.first.people[VOLUNTEER]].name == world.first.people[VOLUNTEER]
    for canary in (world.first.canary, "PSEUDONYM", "C-00"):
        assert canary not in repr(problem)
