"""People's own limits by month and by notice, as a run keeps them."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from scheduling.audit import hard_violations
from scheduling.problem import DAY, Assignment, Pin, Priority, Problem, Seat
from scheduling.solve import solve
from tests.drafts import CHINA
from tests.scheduling.build import person, problem, served, task
from weibao.planning.clock import Clock
from weibao.planning.months import Limits, Months, Over

START = date(2027, 1, 29)
"""Friday; with days 0 to 2 in January."""
CLOCK = Clock(start=START, days=7, zone=CHINA)
JANUARY, FEBRUARY = date(2027, 1, 1), date(2027, 2, 1)
HOURS = tuple((day * DAY + 540, day * DAY + 1020) for day in range(7))


def months(*, outside: dict[tuple[str, date], int] | None = None, **limits: Limits) -> Months:
    return Months(clock=CLOCK, limits=limits, outside=Counter(outside or {}))


def most(number: int, wish: int | None = None) -> Limits:
    return Limits(notice=0, wish=wish, most=number)


def on_days(*days: int, **facts: object) -> Problem:
    """A visit at nine on each day, for ``a`` or ``b``."""
    tasks = [task(f"t{day}", windows=((day * DAY + 540, day * DAY + 720),)) for day in days]
    return problem([person("a"), person("b")], tasks, **facts)


def rows_of(*days: int, who: str = "a") -> tuple[Assignment, ...]:
    return tuple(served(f"t{day}", day * DAY + 540, who) for day in days)


def test_duties_are_counted_by_month_with_those_outside_of_the_plan() -> None:
    found = months(a=most(2, wish=1), outside={("a", JANUARY): 1})
    rows = rows_of(0, 1, 3)
    assert found.counts(rows) == {("a", JANUARY): 3, ("a", FEBRUARY): 1}
    assert found.over_most(rows) == [Over(month=JANUARY, person="a", number=3, limit=2)]
    assert found.over_wish(rows_of(0)) == [Over(month=JANUARY, person="a", number=2, limit=1)]


def test_nothing_is_changed_where_nobody_has_too_many() -> None:
    assert months(a=most(2)).capped(on_days(0, 1, 3), rows_of(0, 1, 3)) is None
    whole = on_days(0)
    assert months().with_notice(whole, START) is whole
    assert months().closed(whole, ()) is whole


def test_who_has_too_many_keeps_what_is_pinned_then_what_presses() -> None:
    whole = on_days(0, 1, 2, 3)
    urgent = tuple(replace(t, priority=Priority.CRITICAL) if t.id == "t2" else t for t in whole.tasks)
    whole = replace(whole, tasks=urgent, pins=(Pin(task="t1", people=(Seat(person="a", role="lead"),)),))
    capped = months(a=most(2)).capped(whole, rows_of(0, 1, 2, 3))
    assert capped is not None
    assert capped.person_of["a"].barred_tasks == {"t0"}
    assert capped.person_of["b"] == whole.person_of["b"]
    assert {span[0] // DAY for span in capped.person_of["a"].availability} == {1, 2, 3, 4, 5, 6}  # February is free


def test_what_is_kept_in_the_last_round_stays_in_its_month() -> None:
    """Visits that can be made on any day: with their times held, nobody comes over the number by a move."""
    tasks = [task(f"t{number}", windows=HOURS) for number in range(6)]
    whole = problem([person("a"), person("b")], tasks)
    rows = tuple(served(f"t{number}", number * DAY + 540, "a") for number in range(6))
    limits = months(a=most(1), b=most(1))
    capped = limits.capped(whole, rows, strict=True)
    assert capped is not None
    assert {pin.task: pin.start for pin in capped.pins} == {"t0": 540, "t3": 3 * DAY + 540}
    found = solve(capped, seconds=1, seed=1)
    assert limits.over_most(found.assignments) == []
    assert hard_violations(whole, found.assignments) == ()


@pytest.mark.parametrize(("number", "asked"), [(0, {"t0", "t1", "t2"}), (1, {"t1", "t2"}), (4, set())])
def test_full_month_is_closed_for_what_is_still_open(number: int, asked: set[str]) -> None:
    whole = on_days(0, 1, 2, 3)
    rows = rows_of(0) if number else ()
    closed = months(a=most(number)).closed(whole, rows)
    assert closed.person_of["a"].barred_tasks - {"t3"} == asked
    assert ("t3" in closed.person_of["a"].barred_tasks) is (number == 0)


def test_notice_closes_the_days_before_it() -> None:
    found = months(a=Limits(notice=2, wish=None, most=None)).with_notice(on_days(0, 1, 2), START)
    assert {span[0] // DAY for span in found.person_of["a"].availability} == {2, 3, 4, 5, 6}
    assert {span[0] // DAY for span in found.person_of["b"].availability} == set(range(7))


def test_notice_is_asked_of_what_is_new_alone() -> None:
    limits = months(a=Limits(notice=3, wish=None, most=None))
    seats = limits.too_soon(rows_of(1), rows_of(0, 1, 3), START)
    assert seats == [Seat(person="a", role="lead")]
    assert limits.too_soon((), rows_of(0), START - timedelta(days=3)) == []
