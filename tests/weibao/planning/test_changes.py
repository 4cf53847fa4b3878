"""A change by hand is weighed before it is kept; the planner's own pins give way to it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from scheduling.explain.change import Change, ChangeKind
from scheduling.problem import DAY, Assignment, Pin, Problem, Seat
from scheduling.rules import RuleId
from tenants.errors import InvalidError, NotFoundError
from tests.scheduling.build import WORKER, person, problem, role, served, task
from weibao.planning import Clock
from weibao.planning.changes import need_day, places_to_swap, weigh, weigh_swap

FACTS = {"far": person("far", base="far"), "near": person("near"), "unvetted": person("unvetted", vetted_through=None)}
ASSIGN, MOVE, REPLACE, REMOVE = ChangeKind.ASSIGN, ChangeKind.MOVE, ChangeKind.REPLACE, ChangeKind.REMOVE
UNASSIGN = ChangeKind.UNASSIGN


def weighed(change: Change, **facts: object):
    """The change, weighed in a draft where ``near`` does task t at 9:00 and task u is open."""
    whole = problem(list(FACTS.values()), [task("t"), task("u")], **facts)
    return weigh(whole, (served("t", 540, "near"),), [change])


def test_the_cost_is_told_by_term() -> None:
    """Whoever lives far away travels half an hour each way."""
    found = weighed(Change(kind=REPLACE, task="t", person="near", by="far"))
    assert (found.effect.terms["travel"], found.effect.broken) == (60, ())
    assert found.row_of("t") == served("t", 540, "far")


def test_a_person_without_a_check_is_forbidden_by_law() -> None:
    found = weighed(Change(kind=REPLACE, task="t", person="near", by="unvetted"))
    assert [violation.rule for violation in found.forbidden] == [RuleId.VETTING]


def test_a_time_out_of_hours_is_broken_but_not_forbidden() -> None:
    found = weighed(Change(kind=MOVE, task="t", start=700))
    assert ([violation.rule for violation in found.effect.broken], found.forbidden) == ([RuleId.WINDOW], ())


def test_the_tasks_own_pins_give_way() -> None:
    pin = Pin(task="t", start=540, people=(Seat(person="near", role="lead"),))
    found = weighed(Change(kind=REPLACE, task="t", person="near", by="far"), pins=(pin,))
    assert found.effect.broken == ()


def test_an_open_task_is_put_in_seat_by_seat() -> None:
    found = weighed(Change(kind=ASSIGN, task="u", person="far", role="lead", start=600))
    assert found.effect.medium == -10
    assert found.row_of("u") == served("u", 600, "far")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (Change(kind=ASSIGN, task="t", person="near", role="lead"), "person"),
        (Change(kind=REPLACE, task="t", person="near", by="near"), "person"),
        (Change(kind=MOVE, task="t", start=540), "time"),
        (Change(kind=MOVE, task="t"), "time"),
        (Change(kind=ASSIGN, task="u", person="far", role="lead"), "time"),
        (Change(kind=REMOVE, task="t", person="far"), "person"),
        (Change(kind=REPLACE, task="t", person="far", by="near"), "person"),
        (Change(kind=MOVE, task="u", start=600), None),
        (Change(kind=UNASSIGN, task="u"), None),
    ],
)
def test_a_change_without_sense_is_refused_at_its_field(change: Change, field: str | None) -> None:
    with pytest.raises(InvalidError) as caught:
        weighed(change)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "change",
    [
        Change(kind=MOVE, task="x", start=600),
        Change(kind=ASSIGN, task="t", person="nobody", role="lead"),
        Change(kind=ASSIGN, task="t", person="far", role="cook"),
    ],
)
def test_a_change_of_what_is_not_there_is_not_found(change: Change) -> None:
    with pytest.raises(NotFoundError):
        weighed(change)


@pytest.mark.parametrize(
    ("start", "field"),
    [
        (2 * DAY + 599, "time"),
        (2 * DAY + 600, None),
        (7 * DAY - 1, None),
        (7 * DAY, "day"),
        (2 * DAY - 1, "day"),
        (-1, "day"),
    ],
    ids=["an hour ago", "now", "last minute", "after the period", "yesterday", "before the period"],
)
def test_a_task_begins_on_a_day_of_the_draft_that_is_not_over(start: int, field: str | None) -> None:
    """A week from Monday on; it is Wednesday, ten in the morning."""
    clock = Clock(start=date(2026, 12, 7), days=7, zone=ZoneInfo("Asia/Shanghai"))
    now = datetime(2026, 12, 9, 2, tzinfo=UTC)
    if field is None:
        need_day(clock, start, now)
        return
    with pytest.raises(InvalidError) as caught:
        need_day(clock, start, now)
    assert caught.value.field == field


def both() -> tuple[Problem, tuple[Assignment, ...]]:
    """``near`` does t, ``far`` does u."""
    whole = problem(list(FACTS.values()), [task("t"), task("u")])
    return whole, (served("t", 540, "near"), served("u", 600, "far"))


def test_two_people_change_places() -> None:
    whole, rows = both()
    found = weigh_swap(whole, rows, ("t", "near"), ("u", "far"))
    assert found.changed == {"t": served("t", 540, "far"), "u": served("u", 600, "near")}
    assert (found.effect.broken, found.effect.medium) == ((), 0)


def test_a_swap_with_somebody_without_a_check_is_forbidden_by_law() -> None:
    whole, rows = both()
    rows = (rows[0], served("u", 600, "unvetted"))
    found = weigh_swap(whole, rows, ("t", "near"), ("u", "unvetted"))
    assert [violation.rule for violation in found.forbidden] == [RuleId.VETTING]


def test_a_swap_of_one_persons_places_or_onto_ones_own_team_makes_no_sense() -> None:
    whole, rows = both()
    with pytest.raises(InvalidError):
        weigh_swap(whole, (rows[0], served("u", 600, "near")), ("t", "near"), ("u", "near"))
    with pytest.raises(InvalidError):
        weigh_swap(whole, (served("t", 540, "near", "far"), rows[1]), ("t", "near"), ("u", "far"))
    with pytest.raises(InvalidError):
        weigh_swap(whole, rows, ("t", "near"), ("u", "unvetted"))
    with pytest.raises(NotFoundError):
        weigh_swap(whole, rows, ("t", "near"), ("u", "nobody"))


def test_places_to_swap_are_those_that_both_fit_the_nearest_first() -> None:
    for_workers = task("w", roles=(role(kinds=frozenset({WORKER})),))
    whole = problem([*FACTS.values(), person("worker", kind=WORKER)], [task("t"), task("u"), task("v"), for_workers])
    here = served("t", 540, "near")
    rows = (here, served("v", 800, "unvetted"), served("u", 600, "far"), served("w", 545, "worker"))
    assert [row.task for row, _seat in places_to_swap(whole, rows, here, "near")] == ["u", "v"]
