"""Starts cut into ranges of one window, one day and one cost."""

from dataclasses import replace

from scheduling.cpsat.eligibility import Eligibility
from scheduling.cpsat.slots import Slot, make_slots
from scheduling.problem import DAY, Pin, Problem, Task, Weights
from tests.scheduling.build import person, problem, served, task

WEIGHTS = Weights(late=60, move=30)


def slots_of(given: Problem) -> list[tuple[int, int, int]]:
    """(first, last, cost) of every slot."""
    return [(slot.first, slot.last, slot.cost) for slot in make_slots(given, Eligibility(given))]


def one(wish: Task, **facts: object) -> Problem:
    return problem([person("p")], [wish], weights=WEIGHTS, **facts)


def test_window_over_midnight_is_cut_into_days_that_are_late_or_not() -> None:
    given = one(task("t", due=0, windows=((DAY - 60, DAY + 90),)))
    assert slots_of(given) == [(DAY - 60, DAY - 1, 0), (DAY, DAY + 30, 60)]


def test_published_start_is_a_slot_of_its_own_without_the_cost_of_moving() -> None:
    given = one(task("t"), published=(served("t", 600, "p"),))
    assert slots_of(given) == [(540, 599, 30), (600, 600, 0), (601, 660, 30)]


def test_pinned_start_is_the_only_slot() -> None:
    assert slots_of(one(task("t"), pins=(Pin(task="t", start=610),))) == [(610, 610, 0)]


def test_slots_meet_where_some_starts_keep_the_gap() -> None:
    early = Slot(task=0, day=0, first=540, last=600, cost=0)
    late = replace(early, first=700, last=720)
    assert early.meets(late, 180, None)
    assert not early.meets(late, 181, None)
    assert early.meets(late, 0, 100)
    assert not early.meets(late, 0, 99)
