"""Each hard rule by its id: what breaks it, and what just does not."""

from dataclasses import replace
from typing import Any

import pytest

from scheduling.audit import RuleId, Violation, audit, hard_violations
from scheduling.problem import DAY, After, Assignment, PersonKind, Pin, Problem, Seat, Service
from scheduling.roster import Reason, ReasonCode, Roster, Score, Status, Unserved
from tests.scheduling.build import WORKER, person, problem, role, served, task


def broken(problem: Problem, *rows: Assignment) -> list[Violation]:
    """What the rows break."""
    return list(hard_violations(problem, rows))


def one(**facts: Any) -> Problem:
    """``ann`` and one task ``a``; the facts are the task's."""
    return problem([person("ann")], [task("a", **facts)])


def of(**facts: Any) -> Problem:
    """``ann`` and one task ``a``; the facts are ann's."""
    return problem([person("ann", **facts)], [task("a")])


@pytest.mark.parametrize("start", [540, 660])
def test_r1_window_holds_at_both_ends(start: int) -> None:
    assert broken(one(), served("a", start, "ann")) == []


@pytest.mark.parametrize("start", [539, 661])
def test_r1_window_breaks_a_minute_outside(start: int) -> None:
    assert broken(one(), served("a", start, "ann")) == [Violation(rule=RuleId.WINDOW, task="a", minute=start)]


def test_r1_window_must_hold_start_and_end_in_the_same_window() -> None:
    two = one(windows=((540, 610), (610, 700)))
    assert broken(two, served("a", 600, "ann")) == [Violation(rule=RuleId.WINDOW, task="a", minute=600)]


def test_r2_role_count_breaks_below_min_and_above_max() -> None:
    wanted = problem([person("ann"), person("bob")], [task("a", roles=(role(), role("helper", 1, 2)))])
    assert broken(wanted, served("a", 540, "ann", "bob")) == [
        Violation(rule=RuleId.ROLE_COUNT, task="a", role="lead", limit=1, actual=2),
        Violation(rule=RuleId.ROLE_COUNT, task="a", role="helper", limit=1, actual=0),
    ]


def test_r2_twice_breaks_when_a_person_has_two_seats_of_a_task() -> None:
    wanted = one(roles=(role(), role("helper", 0, 1)))
    assert broken(wanted, served("a", 540, "ann", ("ann", "helper"))) == [
        Violation(rule=RuleId.TWICE, task="a", person="ann", role="helper")
    ]


def test_r2_kind_breaks_for_another_kind() -> None:
    assert broken(one(roles=(role(kinds=frozenset({WORKER})),)), served("a", 540, "ann")) == [
        Violation(rule=RuleId.KIND, task="a", person="ann", role="lead")
    ]


def test_r2_skill_breaks_if_one_of_several_is_missing() -> None:
    wanted = problem(
        [person("ann", skills=frozenset({"law"}))], [task("a", roles=(role(skills=frozenset({"law", "arts"})),))]
    )
    assert broken(wanted, served("a", 540, "ann")) == [
        Violation(rule=RuleId.SKILL, task="a", person="ann", role="lead")
    ]


def test_r3_vetting_holds_through_its_last_day_and_counts_the_day_of_the_start() -> None:
    night = task("a", windows=((DAY - 30, DAY + 60),))
    wanted = problem([person("ann", vetted_through=0, availability=((0, 2 * DAY),))], [night])
    assert broken(wanted, served("a", DAY - 1, "ann")) == []
    assert broken(wanted, served("a", DAY, "ann")) == [
        Violation(rule=RuleId.VETTING, task="a", person="ann", role="lead", limit=0, actual=1)
    ]


def test_r3_vetting_breaks_for_the_never_vetted_only_with_children() -> None:
    assert [v.rule for v in broken(of(vetted_through=None), served("a", 540, "ann"))] == [RuleId.VETTING]
    alone = problem([person("ann", vetted_through=None)], [task("a", with_children=False)])
    assert broken(alone, served("a", 540, "ann")) == []


def test_r4_availability_breaks_outside_every_window() -> None:
    wanted = of(availability=((480, 590), (600, 700)))
    assert broken(wanted, served("a", 550, "ann")) == [
        Violation(rule=RuleId.AVAILABILITY, task="a", person="ann", minute=550)
    ]


def test_r4_travel_counts_the_way_from_base() -> None:
    wanted = problem([person("ann", availability=((540, 1000),))], [task("a", place="far")])
    assert broken(wanted, served("a", 570, "ann")) == []
    assert broken(wanted, served("a", 569, "ann")) == [
        Violation(rule=RuleId.TRAVEL, task="a", person="ann", limit=569, actual=570)
    ]


def test_r4_travel_counts_the_way_between_two_tasks() -> None:
    wanted = problem([person("ann")], [task("a"), task("b", place="far")])
    assert broken(wanted, served("a", 540, "ann"), served("b", 630, "ann")) == []
    assert broken(wanted, served("b", 629, "ann"), served("a", 540, "ann")) == [
        Violation(rule=RuleId.TRAVEL, task="b", person="ann", other="a", limit=629, actual=630)
    ]


def test_r4_travel_starts_again_from_base_in_another_window() -> None:
    """In one window the way from far to far would take no time; two windows mean home and out again."""
    windows = ((480, 640), (640, 800))
    wanted = problem(
        [person("ann", availability=windows)], [task("a", place="far"), task("b", place="far", windows=((640, 800),))]
    )
    assert broken(wanted, served("a", 540, "ann"), served("b", 670, "ann")) == []
    assert [v.rule for v in broken(wanted, served("a", 540, "ann"), served("b", 669, "ann"))] == [RuleId.TRAVEL]


def test_r4_return_counts_the_way_back() -> None:
    wanted = problem([person("ann", availability=((480, 690),))], [task("a", place="far")])
    assert broken(wanted, served("a", 600, "ann")) == []
    assert broken(wanted, served("a", 601, "ann")) == [
        Violation(rule=RuleId.RETURN, task="a", person="ann", limit=690, actual=691)
    ]


def test_r5_day_minutes_count_by_the_day_of_the_start() -> None:
    tasks = [task("a"), task("b", windows=((DAY - 30, DAY + 60),))]
    people = [person("ann", availability=((480, 3 * DAY),), max_minutes_per_day=119)]
    wanted = problem(people, tasks)
    assert broken(wanted, served("a", 540, "ann"), served("b", DAY, "ann")) == []
    assert broken(wanted, served("a", 540, "ann"), served("b", DAY - 1, "ann")) == [
        Violation(rule=RuleId.DAY_MINUTES, person="ann", day=0, limit=119, actual=120)
    ]


def test_r5_week_minutes_count_from_day_0() -> None:
    long = (7 * DAY, 14 * DAY)
    tasks = [task("a"), task("b", windows=((6 * DAY, 7 * DAY + 60),))]
    people = [person("ann", availability=((480, 7 * DAY), long), max_minutes_per_week=119, vetted_through=13)]
    wanted = problem(people, tasks, horizon=replace(one().horizon, days=14))
    assert broken(wanted, served("a", 540, "ann"), served("b", 7 * DAY, "ann")) == []
    assert broken(wanted, served("a", 540, "ann"), served("b", 6 * DAY, "ann")) == [
        Violation(rule=RuleId.WEEK_MINUTES, person="ann", day=0, limit=119, actual=120)
    ]


def test_r5_day_tasks_break_at_one_too_many() -> None:
    tasks = [task("a", minutes=10), task("b", minutes=10)]
    rows = served("a", 540, "ann"), served("b", 550, "ann")
    assert broken(problem([person("ann", max_tasks_per_day=2)], tasks), *rows) == []
    assert broken(problem([person("ann", max_tasks_per_day=1)], tasks), *rows) == [
        Violation(rule=RuleId.DAY_TASKS, person="ann", day=0, limit=1, actual=2)
    ]


def test_r6_barred_breaks_for_a_barred_task() -> None:
    assert broken(of(barred_tasks=frozenset({"a"})), served("a", 540, "ann")) == [
        Violation(rule=RuleId.BARRED, task="a", person="ann", role="lead")
    ]


@pytest.mark.parametrize("service", list(Service))
def test_r7_dedicated_breaks_for_other_services_alone(service: Service) -> None:
    wanted = problem([person("ann", dedicated=True)], [task("a", service=service)])
    rules = [violation.rule for violation in broken(wanted, served("a", 540, "ann"))]
    assert rules == ([RuleId.DEDICATED] if service is Service.OTHER else [])


def test_r8_gender_needs_one_of_the_team() -> None:
    tasks = [task("a", needs_gender="female", roles=(role(max=2),))]
    wanted = problem([person("ann", gender="female"), person("bob", gender="male"), person("cy")], tasks)
    assert broken(wanted, served("a", 540, "bob", "ann")) == []
    assert broken(wanted, served("a", 540, "bob", "cy")) == [Violation(rule=RuleId.GENDER, task="a")]


def test_r9_after_needs_the_predecessor_and_the_gap() -> None:
    tasks = [task("a"), task("b", windows=((500, 1000),), after=After(task="a", min_gap=60, max_gap=90))]
    wanted = problem([person("ann"), person("bob")], tasks)

    def gap(start: int) -> list[Violation]:
        return broken(wanted, served("a", 540, "ann"), served("b", start, "bob"))

    assert gap(600) == gap(630) == []
    assert gap(599) == [Violation(rule=RuleId.AFTER, task="b", other="a", limit=60, actual=59)]
    assert gap(631) == [Violation(rule=RuleId.AFTER, task="b", other="a", limit=90, actual=91)]
    assert broken(wanted, served("b", 600, "bob")) == [Violation(rule=RuleId.AFTER, task="b", other="a")]


def test_r9_after_may_be_open_ended_or_negative() -> None:
    tasks = [task("a", windows=((540, 900),)), task("b", windows=((500, 1000),), after=After(task="a", min_gap=-60))]
    wanted = problem([person("ann"), person("bob")], tasks)
    assert broken(wanted, served("a", 600, "ann"), served("b", 540, "bob")) == []
    assert broken(wanted, served("a", 600, "ann"), served("b", 900, "bob")) == []


def test_r10_pin_needs_the_task_its_start_and_its_people() -> None:
    pin = Pin(task="a", start=600, people=(Seat(person="ann", role="lead"),))
    wanted = problem([person("ann"), person("bob")], [task("a", roles=(role(max=2),))], pins=(pin,))
    assert broken(wanted, served("a", 600, "bob", "ann")) == []
    assert broken(wanted) == [Violation(rule=RuleId.PIN, task="a")]
    assert broken(wanted, served("a", 601, "bob")) == [
        Violation(rule=RuleId.PIN, task="a", limit=600, actual=601),
        Violation(rule=RuleId.PIN, task="a", person="ann", role="lead"),
    ]


def test_r10_pin_without_a_start_leaves_the_time_free() -> None:
    wanted = problem([person("ann")], [task("a")], pins=(Pin(task="a"),))
    assert broken(wanted, served("a", 633, "ann")) == []


def test_rows_and_seats_about_nothing_known_are_named() -> None:
    assert broken(one(), served("a", 540, "ann", "eve", ("ann", "cook")), served("z", 0)) == [
        Violation(rule=RuleId.UNKNOWN, task="z"),
        Violation(rule=RuleId.UNKNOWN, task="a", person="eve", role="lead"),
        Violation(rule=RuleId.UNKNOWN, task="a", person="ann", role="cook"),
    ]


def test_second_row_of_a_task_is_named_and_left_out() -> None:
    assert broken(one(), served("a", 540, "ann"), served("a", 0)) == [Violation(rule=RuleId.DUPLICATE, task="a")]


def claim(*reasons: Reason, **facts: Any) -> list[Violation]:
    """What is wrong with a roster that leaves ``b``, which needs a worker, and ``c``, which comes after ``b``."""
    tasks = [
        task("a"),
        task("b", roles=(role(kinds=frozenset({WORKER})),)),
        task("c", needs_gender="male", after=After(task="b", min_gap=0)),
    ]
    wanted = problem([person("ann")], tasks)
    roster = Roster(
        problem="test",
        assignments=(served("a", 540, "ann"),),
        unserved=(
            Unserved(task="b", reasons=(Reason(code=ReasonCode.NO_ELIGIBLE_PERSON, role="lead"),)),
            Unserved(task="c", reasons=reasons or (Reason(code=ReasonCode.PREDECESSOR_UNSERVED),)),
        ),
        score=Score(medium=20, soft=2),
        bound=None,
        status=Status.FEASIBLE,
        seconds=1.0,
    )
    return list(audit(wanted, replace(roster, **facts)))


UNTRUE = [Violation(rule=RuleId.REASON, task="c")]


def test_true_claims_pass() -> None:
    assert claim() == []
    assert claim(Reason(code=ReasonCode.NO_POSSIBLE_TEAM)) == []
    assert claim(Reason(code=ReasonCode.COMPETING, instead=("a",))) == []


@pytest.mark.parametrize(
    "reason",
    [
        Reason(code=ReasonCode.NO_ELIGIBLE_PERSON),
        Reason(code=ReasonCode.COMPETING),
        Reason(code=ReasonCode.COMPETING, instead=("a", "b")),
    ],
)
def test_untrue_reason_is_named(reason: Reason) -> None:
    assert claim(reason) == UNTRUE


def test_untrue_role_of_a_reason_is_named() -> None:
    assert claim(Reason(code=ReasonCode.NO_ELIGIBLE_PERSON, role="lead")) == [
        Violation(rule=RuleId.REASON, task="c", role="lead")
    ]


def test_possible_team_and_served_predecessor_are_no_reasons() -> None:
    possible = problem([person("ann")], [task("a"), task("b", after=After(task="a", min_gap=0))])
    for code in (ReasonCode.NO_POSSIBLE_TEAM, ReasonCode.PREDECESSOR_UNSERVED):
        roster = Roster(
            problem="test",
            assignments=(served("a", 540, "ann"),),
            unserved=(Unserved(task="b", reasons=(Reason(code=code),)),),
            score=Score(medium=10, soft=2),
            bound=None,
            status=Status.FEASIBLE,
            seconds=0.0,
        )
        assert audit(possible, roster) == (Violation(rule=RuleId.REASON, task="b"),)


def test_unlisted_task_and_missing_reasons_are_named() -> None:
    assert claim(unserved=(Unserved(task="b", reasons=()), Unserved(task="a", reasons=()))) == [
        Violation(rule=RuleId.LISTED, task="a"),
        Violation(rule=RuleId.REASON, task="b"),
        Violation(rule=RuleId.LISTED, task="c"),
    ]


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        ({"score": Score(medium=20, soft=3)}, [RuleId.SCORE]),
        ({"bound": Score(medium=20, soft=3)}, [RuleId.BOUND]),
        ({"bound": Score(medium=20, soft=1), "status": Status.OPTIMAL}, [RuleId.STATUS]),
        ({"bound": Score(medium=20, soft=2), "status": Status.OPTIMAL}, []),
        ({"problem": "other"}, [RuleId.PROBLEM]),
    ],
)
def test_untrue_score_bound_status_and_name_are_named(facts: dict[str, Any], rules: list[RuleId]) -> None:
    assert [violation.rule for violation in claim(**facts)] == rules


def test_violation_tells_in_json_only_what_it_knows() -> None:
    assert Violation(rule=RuleId.DAY_TASKS, person="ann", day=0, limit=1, actual=2).to_json() == {
        "rule": "R5_day_tasks",
        "person": "ann",
        "day": 0,
        "limit": 1,
        "actual": 2,
    }


def test_every_kind_of_person_can_be_asked_for() -> None:
    for kind in PersonKind:
        wanted = problem([person("ann", kind=kind)], [task("a", roles=(role(kinds=frozenset({kind})),))])
        assert broken(wanted, served("a", 540, "ann")) == []
