"""Who is there against what is needed."""

from datetime import date
from zoneinfo import ZoneInfo

from scheduling.problem import DAY, PersonKind, TaskKind
from tenants.calendar import DayKind
from tests.scheduling.build import person, problem, role, task
from weibao.planning import Clock
from weibao.planning.capacity import Balance, Unchecked, balance_by_day, roles_of, unchecked

SATURDAY = Clock(start=date(2026, 12, 5), days=7, zone=ZoneInfo("Asia/Shanghai"))
HELPER = role("helper", 1, 3, kinds=frozenset({PersonKind.VOLUNTEER}))


def test_free_is_what_availability_shares_with_the_hours_of_work() -> None:
    """Work is from 9:00 to 12:00; one is free all day, one from 11:00, one has at most an hour a day."""
    people = [
        person("all"),
        person("late", availability=((660, 1000),)),
        person("little", max_minutes_per_day=60),
    ]
    today = balance_by_day(problem(people, [task("t")]), SATURDAY)[0]
    assert (today.kind, today.total) == (DayKind.FREE, Balance(free=180 + 60 + 60, needed=60))


def test_whoever_has_no_check_on_the_day_is_not_counted() -> None:
    people = [person("none", vetted_through=None), person("first", vetted_through=0)]
    windows = ((540, 720), (DAY + 540, DAY + 720))
    found = balance_by_day(problem(people, [task("t", windows=windows)]), SATURDAY)
    assert [day.total.free for day in found[:2]] == [180, 0]


def test_somebody_who_can_take_two_roles_counts_in_both_and_once_in_all() -> None:
    tasks = [task("t", roles=(role(), HELPER), kind=TaskKind.ACTIVITY)]
    today = balance_by_day(problem([person("v"), person("w", kind=PersonKind.SOCIAL_WORKER)], tasks), SATURDAY)[0]
    assert {name: balance.free for name, balance in today.roles.items()} == {"lead": 360, "helper": 180}
    assert (today.total.free, today.total.needed) == (360, 120)


def test_a_visit_is_spread_over_the_days_on_which_it_can_be_in_time() -> None:
    """Possible on three days, due on the second: half of its hour on each of the first two."""
    windows = tuple((day * DAY + 540, day * DAY + 720) for day in range(3))
    found = balance_by_day(problem([person("v")], [task("t", windows=windows, due=1)]), SATURDAY)
    assert [day.total.needed for day in found[:4]] == [30, 30, 0, 0]


def test_more_needed_than_free_is_short() -> None:
    found = balance_by_day(problem([person("v", max_minutes_per_day=60)], [task("t"), task("u")]), SATURDAY)
    assert found[0].roles["lead"].is_short is True


def test_the_customary_roles_come_first() -> None:
    tasks = [task("t", roles=(role("zebra"), role("helper"), role()))]
    assert roles_of(problem([person("v")], tasks)) == ["lead", "helper", "zebra"]


def test_people_held_back_by_their_check_alone_are_named() -> None:
    """One has none, one's ends on the third day; one is vetted, one never free, one fits no role."""
    people = [
        person("none", vetted_through=None),
        person("ends", vetted_through=2),
        person("fine"),
        person("away", vetted_through=None, availability=()),
        person("staff", vetted_through=None, kind=PersonKind.STATION_STAFF),
    ]
    assert unchecked(problem(people, [task("t")]), SATURDAY) == [
        Unchecked(person="none", through=None),
        Unchecked(person="ends", through=date(2026, 12, 7)),
    ]
