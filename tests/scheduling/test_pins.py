"""A pin that cannot hold is named with the rule that it breaks."""

from typing import Any

import pytest
from hypothesis import given, settings

from scheduling.check import check_problem
from scheduling.errors import ProblemError
from scheduling.problem import DAY, After, Person, Pin, Problem, Seat, Service, Task
from scheduling.rules import RuleId
from tests.scheduling.build import VOLUNTEER, WORKER, person, problem, role, task
from tests.scheduling.strategies import problems


def pin(task: str, start: int | None, *seats: tuple[str, str] | str) -> Pin:
    """A pin; a seat given as a bare person is a lead."""
    pairs = [(seat, "lead") if isinstance(seat, str) else seat for seat in seats]
    return Pin(task=task, start=start, people=tuple(Seat(person=p, role=r) for p, r in pairs))


def rules(people: list[Person], tasks: list[Task], *pins: Pin) -> list[tuple[str, RuleId | None]]:
    """Where the pins break which rule."""
    try:
        check_problem(problem(people, tasks, pins=pins))
    except ProblemError as error:
        return [(fault.path, fault.rule) for fault in error.faults]
    return []


def test_pin_that_holds_is_no_fault() -> None:
    assert rules([person("ann")], [task("a")], pin("a", 540, "ann")) == []
    assert rules([person("ann")], [task("a")], pin("a", None, "ann")) == []
    assert rules([person("ann")], [task("a")], pin("a", 540)) == []


def test_r1_window_is_broken_by_a_pinned_start() -> None:
    assert rules([person("ann")], [task("a")], pin("a", 661, "ann")) == [("pins[0].start", RuleId.WINDOW)]


def test_r1_window_is_broken_by_a_pin_of_a_task_without_windows() -> None:
    assert rules([person("ann")], [task("a", windows=())], pin("a", None)) == [("pins[0].task", RuleId.WINDOW)]


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"kind": WORKER}, RuleId.KIND),
        ({"skills": frozenset()}, RuleId.SKILL),
        ({"barred_tasks": frozenset({"a"})}, RuleId.BARRED),
        ({"dedicated": True}, RuleId.DEDICATED),
        ({"vetted_through": None}, RuleId.VETTING),
        ({"vetted_through": -1}, RuleId.VETTING),
        ({"max_tasks_per_day": 0}, RuleId.DAY_TASKS),
        ({"max_minutes_per_day": 59}, RuleId.DAY_MINUTES),
        ({"max_minutes_per_week": 59}, RuleId.WEEK_MINUTES),
        ({"availability": ((541, 1000),)}, RuleId.AVAILABILITY),
        ({"availability": ((480, 599),)}, RuleId.AVAILABILITY),
        ({"availability": ()}, RuleId.AVAILABILITY),
    ],
)
@pytest.mark.parametrize("start", [540, None])
def test_rule_of_a_seat_is_named(facts: dict[str, Any], rule: RuleId, start: int | None) -> None:
    wanted = task(
        "a",
        windows=((540, 600),),
        service=Service.OTHER,
        roles=(role(kinds=frozenset({VOLUNTEER}), skills=frozenset({"law"})),),
    )
    ann = person("ann", **({"skills": frozenset({"law"})} | facts))
    assert rules([ann, person("bob", skills=frozenset({"law"}))], [wanted], pin("a", start, "ann")) == [
        ("pins[0].people[0]", rule)
    ]


def test_r3_vetting_is_not_asked_without_children() -> None:
    wanted = task("a", with_children=False)
    assert rules([person("ann", vetted_through=None)], [wanted], pin("a", 540, "ann")) == []


def test_r2_twice_is_broken_by_a_person_in_two_roles() -> None:
    wanted = task("a", roles=(role(), role("helper")))
    found = rules([person("ann"), person("bob")], [wanted], pin("a", 540, "ann", ("ann", "helper")))
    assert found == [("pins[0].people[1]", RuleId.TWICE)]


def test_r2_role_count_is_broken_by_more_people_than_the_role_has_room_for() -> None:
    people = [person("ann"), person("bob")]
    assert rules(people, [task("a")], pin("a", 540, "ann", "bob")) == [("pins[0].people", RuleId.ROLE_COUNT)]


def test_r2_role_count_is_broken_when_nobody_can_fill_the_rest_of_the_team() -> None:
    wanted = task("a", roles=(role(), role("helper")))
    assert rules([person("ann")], [wanted], pin("a", None, "ann")) == [("pins[0]", RuleId.ROLE_COUNT)]


def test_r4_availability_is_broken_when_pinned_people_never_come_together() -> None:
    people = [person("ann", availability=((540, 620),)), person("bob", availability=((600, 700),))]
    wanted = task("a", roles=(role(max=2),))
    assert rules(people, [wanted], pin("a", None, "ann", "bob")) == [("pins[0].people", RuleId.AVAILABILITY)]


def test_r4_travel_is_broken_by_two_pins_too_close() -> None:
    tasks = [task("a"), task("b", place="far")]
    assert rules([person("ann")], tasks, pin("a", 540, "ann"), pin("b", 630, "ann")) == []
    assert rules([person("ann")], tasks, pin("a", 540, "ann"), pin("b", 629, "ann")) == [("pins[1]", RuleId.TRAVEL)]


def test_r4_travel_is_broken_by_two_pinned_activities_at_one_time() -> None:
    """The windows leave each just one start."""
    tasks = [task("a", windows=((540, 600),)), task("b", windows=((570, 630),))]
    assert rules([person("ann")], tasks, pin("a", None, "ann"), pin("b", None, "ann")) == [("pins[1]", RuleId.TRAVEL)]


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        ({"max_tasks_per_day": 1}, RuleId.DAY_TASKS),
        ({"max_minutes_per_day": 119}, RuleId.DAY_MINUTES),
        ({"max_minutes_per_week": 119}, RuleId.WEEK_MINUTES),
    ],
)
def test_r5_limits_are_broken_by_pins_together(limits: dict[str, int], rule: RuleId) -> None:
    pins = pin("a", 540, "ann"), pin("b", 600, "ann")
    assert rules([person("ann", **limits)], [task("a"), task("b")], *pins) == [("pins[1]", rule)]


def test_r5_limits_count_pins_of_different_days_apart() -> None:
    tasks = [task("a"), task("b", windows=((DAY + 540, DAY + 600),))]
    pins = pin("a", 540, "ann"), pin("b", None, "ann")
    assert rules([person("ann", max_tasks_per_day=1)], tasks, *pins) == []


def test_r8_gender_is_broken_when_nobody_with_it_can_join() -> None:
    people = [person("ann", gender="female"), person("bob", gender="male")]
    assert rules(people, [task("a", needs_gender="male")], pin("a", 540, "ann")) == [("pins[0]", RuleId.GENDER)]
    assert rules(people, [task("a", needs_gender="male", roles=(role(max=2),))], pin("a", 540, "ann")) == []
    assert rules(people, [task("a", needs_gender="female")], pin("a", 540, "ann")) == []


def test_r9_after_is_broken_when_the_predecessor_cannot_start_in_time() -> None:
    after = After(task="a", min_gap=60, max_gap=100)
    tasks = [task("a", windows=((600, 660),)), task("b", windows=((540, 1000),), after=after)]
    people = [person("ann"), person("bob")]
    assert rules(people, tasks, pin("b", 659, "bob")) == [("pins[0].start", RuleId.AFTER)]
    assert rules(people, tasks, pin("b", 701, "bob")) == [("pins[0].start", RuleId.AFTER)]
    assert rules(people, tasks, pin("b", 700, "bob")) == []


def test_r9_after_is_broken_by_two_pinned_starts() -> None:
    tasks = [task("a"), task("b", windows=((540, 1000),), after=After(task="a", min_gap=60))]
    people = [person("ann"), person("bob")]
    pins = pin("a", 600, "ann"), pin("b", 650, "bob")
    assert rules(people, tasks, *pins) == [("pins[1].start", RuleId.AFTER)]


def test_r9_after_may_be_open_ended() -> None:
    tasks = [task("a"), task("b", windows=((540, 1000),), after=After(task="a", min_gap=60))]
    assert rules([person("ann"), person("bob")], tasks, pin("b", 800, "bob")) == []


@given(problem=problems(pins=True))
@settings(max_examples=60, deadline=None)
def test_pins_that_hold_are_never_refused(problem: Problem) -> None:
    check_problem(problem)
