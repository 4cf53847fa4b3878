"""Why tasks are unserved: the reasons are those that hold, and every task has one."""

from dataclasses import replace
from unittest.mock import patch

from hypothesis import given, settings

from scheduling.audit import audit, hard_violations, score_of
from scheduling.audit.alone import team_exists
from scheduling.eligibility import Eligibility
from scheduling.problem import DAY, After, Assignment, Pin, Problem, Role, Seat
from scheduling.reasons import serve_free, team_is_possible, unserved_reasons
from scheduling.roster import Reason, ReasonCode, Roster, Status
from tests.scheduling.build import VOLUNTEER, WORKER, person, problem, role, served, task
from tests.scheduling.strategies import problems


def reasons(problem: Problem, *rows: Assignment) -> dict[str, tuple[Reason, ...]]:
    """The reasons by task."""
    return {row.task: row.reasons for row in unserved_reasons(problem, rows)}


def nobody(role: str = "lead") -> Reason:
    """The reason that too few could fill a role."""
    return Reason(code=ReasonCode.NO_ELIGIBLE_PERSON, role=role)


def competing(*instead: str) -> tuple[Reason, ...]:
    """The reason that other tasks come first."""
    return (Reason(code=ReasonCode.COMPETING, instead=instead),)


NO_TEAM = Reason(code=ReasonCode.NO_POSSIBLE_TEAM)
NO_PREDECESSOR = Reason(code=ReasonCode.PREDECESSOR_UNSERVED)


def pair(**facts: object) -> tuple[Role, Role]:
    """Two roles, for a worker and a volunteer."""
    return role("lead", kinds=frozenset({WORKER})), role("helper", kinds=frozenset({VOLUNTEER}), **facts)


def test_served_tasks_have_no_reason() -> None:
    assert reasons(problem([person("ann")], [task("a")]), served("a", 540, "ann")) == {}


def test_no_eligible_person_names_each_role_that_lacks_people() -> None:
    roles = (*pair(), role("second", min=2, max=2, kinds=frozenset({VOLUNTEER})))
    assert reasons(problem([person("ann")], [task("a", roles=roles)])) == {"a": (nobody("lead"), nobody("second"))}


def test_no_possible_team_when_people_come_at_different_times() -> None:
    people = [
        person("ann", availability=((540, 600),)),
        person("wu", kind=WORKER, availability=((660, 720),)),
    ]
    assert reasons(problem(people, [task("a", roles=pair())])) == {"a": (NO_TEAM,)}


def test_no_possible_team_when_two_roles_want_the_same_person() -> None:
    roles = (role("lead", skills=frozenset({"law"})), role("helper", kinds=frozenset({VOLUNTEER})))
    assert reasons(problem([person("ann", skills=frozenset({"law"}))], [task("a", roles=roles)])) == {"a": (NO_TEAM,)}


def test_no_possible_team_when_nobody_has_the_gender() -> None:
    people = [person("ann", gender="female")]
    assert reasons(problem(people, [task("a", needs_gender="male")])) == {"a": (NO_TEAM,)}


def test_gender_may_come_from_a_place_above_the_minimum() -> None:
    people = [person("wu", kind=WORKER, gender="female"), person("bob", gender="male")]
    roles = (role("lead", kinds=frozenset({WORKER})), role("helper", min=0, kinds=frozenset({VOLUNTEER})))
    wanted = problem(people, [task("a", roles=roles, needs_gender="male")])
    assert serve_free(wanted, ()) == (served("a", 540, "wu", ("bob", "helper")),)


def test_predecessor_unserved_is_given_beside_other_reasons() -> None:
    tasks = [
        task("a", roles=(role(kinds=frozenset({WORKER})),)),
        task("b", after=After(task="a", min_gap=0)),
        task("c", after=After(task="a", min_gap=0), needs_gender="male"),
    ]
    assert reasons(problem([person("ann")], tasks)) == {
        "a": (nobody(),),
        "b": (NO_PREDECESSOR,),
        "c": (NO_TEAM, NO_PREDECESSOR),
    }


def test_competing_names_the_task_at_the_same_time() -> None:
    tasks = [task("a", windows=((540, 600),)), task("b", windows=((540, 600),)), task("c", windows=((900, 960),))]
    rows = served("a", 540, "ann"), served("c", 900, "ann")
    assert reasons(problem([person("ann")], tasks), *rows) == {"b": competing("a")}


def test_competing_names_the_task_too_far_away() -> None:
    tasks = [task("a", windows=((540, 600),), place="far"), task("b", windows=((620, 680),))]
    assert reasons(problem([person("ann")], tasks), served("a", 540, "ann")) == {"b": competing("a")}


def test_competing_names_the_longest_task_of_a_full_day() -> None:
    """The limit is 150 minutes: dropping the 90 minutes of ``b`` is enough, dropping the 30 of ``a`` is not."""
    tasks = [task("a", minutes=30), task("b", minutes=90, windows=((840, 960),)), task("c", windows=((970, 1030),))]
    limited = problem([person("ann", max_minutes_per_day=150)], tasks)
    assert reasons(limited, served("a", 540, "ann"), served("b", 840, "ann")) == {"c": competing("b")}


def test_competing_counts_the_limits_of_the_week_and_of_tasks() -> None:
    tasks = [task("a"), task("b", windows=((DAY + 540, DAY + 600),))]
    for limits in ({"max_minutes_per_week": 90}, {"max_minutes_per_week": 119, "max_tasks_per_day": 5}):
        assert reasons(problem([person("ann", **limits)], tasks), served("a", 540, "ann")) == {"b": competing("a")}
    same_day = problem([person("ann", max_tasks_per_day=1)], [task("a"), task("b", windows=((900, 960),))])
    assert reasons(same_day, served("a", 540, "ann")) == {"b": competing("a")}


def test_competing_names_the_predecessor_served_too_late() -> None:
    tasks = [task("a"), task("b", windows=((700, 800),), after=After(task="a", min_gap=120))]
    people = [person("ann"), person("bob")]
    assert reasons(problem(people, tasks), served("a", 650, "ann")) == {"b": competing("a")}


def test_competing_takes_the_team_that_gives_up_least() -> None:
    """``bob`` would drop two tasks, ``ann`` one."""
    tasks = [
        task("a", minutes=20, windows=((540, 560),)),
        task("b", minutes=20, windows=((560, 580),)),
        task("c", minutes=60, windows=((540, 600),)),
        task("d", minutes=60, windows=((540, 600),)),
    ]
    rows = served("a", 540, "bob"), served("b", 560, "bob"), served("c", 540, "ann")
    assert reasons(problem([person("bob"), person("ann")], tasks), *rows) == {"d": competing("c")}


def test_task_that_could_still_be_served_names_what_comes_first() -> None:
    tasks = [task("a"), task("b", windows=((900, 960),))]
    assert reasons(problem([person("ann")], tasks), served("a", 540, "ann")) == {"b": competing("a")}


def test_no_true_reason_exists_while_nothing_is_served() -> None:
    assert reasons(problem([person("ann")], [task("a")])) == {"a": ()}


def test_serve_free_serves_between_other_duties() -> None:
    tasks = [task("a", windows=((540, 600),)), task("b", windows=((540, 720),), place="far")]
    rows = (served("a", 540, "ann"),)
    assert serve_free(problem([person("ann")], tasks), rows) == (*rows, served("b", 630, "ann"))


def test_serve_free_serves_predecessors_first() -> None:
    tasks = [task("b", after=After(task="a", min_gap=60)), task("a")]
    assert serve_free(problem([person("ann")], tasks), ()) == (served("a", 540, "ann"), served("b", 600, "ann"))


def test_serve_free_keeps_pins() -> None:
    pin = Pin(task="a", start=600, people=(Seat(person="bob", role="lead"),))
    wanted = problem([person("ann"), person("bob")], [task("a")], pins=(pin,))
    assert serve_free(wanted, ()) == (served("a", 600, "bob"),)


def test_serve_free_leaves_a_pinned_task_whose_person_is_busy() -> None:
    pin = Pin(task="b", start=None, people=(Seat(person="ann", role="lead"),))
    tasks = [task("a", windows=((540, 600),)), task("b", windows=((540, 600),))]
    rows = (served("a", 540, "ann"),)
    assert serve_free(problem([person("ann"), person("bob")], tasks, pins=(pin,)), rows) == rows


def test_competing_looks_at_everybody_when_the_first_people_would_give_up_two_tasks() -> None:
    """The first twelve all have two tasks in the way; the last has one."""
    people = [person(f"p{i:02}") for i in range(14)]
    early, late = ((540, 570),), ((570, 600),)
    tasks = [task("x", windows=((540, 600),))]
    rows = [served("y", 540, "p13")]
    tasks.append(task("y", windows=((540, 600),)))
    for i in range(13):
        tasks += [task(f"a{i}", minutes=30, windows=early), task(f"b{i}", minutes=30, windows=late)]
        rows += [served(f"a{i}", 540, f"p{i:02}"), served(f"b{i}", 570, f"p{i:02}")]
    assert reasons(problem(people, tasks), *rows) == {"x": competing("y")}


def test_competing_passes_over_starts_without_a_team() -> None:
    """ann comes from 9:00, bob from 10:00; only then are they two."""
    people = [person("ann"), person("bob", availability=((600, 720),))]
    tasks = [task("a", windows=((600, 660),)), task("b", windows=((540, 660),), roles=(role(min=2, max=2),))]
    assert reasons(problem(people, tasks), served("a", 600, "ann")) == {"b": competing("a")}


def test_competing_takes_a_later_start_where_fewer_tasks_are_in_the_way() -> None:
    """At 9:00 two short tasks are in the way, from 9:40 on just the second."""
    tasks = [
        task("a", minutes=40, windows=((540, 580),)),
        task("b", minutes=20, windows=((580, 600),)),
        task("c", windows=((540, 650),)),
    ]
    rows = served("a", 540, "ann"), served("b", 580, "ann")
    assert reasons(problem([person("ann", availability=((540, 650),))], tasks), *rows) == {"c": competing("b")}


@given(problem=problems(pins=True))
@settings(max_examples=100, deadline=None)
def test_first_few_people_change_no_verdict(problem: Problem) -> None:
    """One person of each role is looked at first, then everybody: tasks served and kinds of reasons stay the same."""
    rows = serve_free(problem, ())
    told = [(row.task, [reason.code for reason in row.reasons]) for row in unserved_reasons(problem, rows)]
    with patch("scheduling.reasons.FEW", 1):
        again = serve_free(problem, rows)
        told_again = [(row.task, [reason.code for reason in row.reasons]) for row in unserved_reasons(problem, rows)]
    assert (rows, told) == (again, told_again)


@given(problem=problems(pins=True))
@settings(max_examples=100, deadline=None)
def test_every_task_left_after_serve_free_has_true_reasons(problem: Problem) -> None:
    """The whole audit: listing, reasons, hard rules and score."""
    rows = serve_free(problem, ())
    roster = Roster(
        problem=problem.id,
        assignments=rows,
        unserved=unserved_reasons(problem, rows),
        score=score_of(problem, rows)[0],
        bound=None,
        status=Status.FEASIBLE,
        seconds=0.0,
    )
    assert audit(problem, roster) == ()
    assert serve_free(problem, rows) == rows


@given(problem=problems())
@settings(max_examples=100, deadline=None)
def test_competing_tasks_truly_stand_in_the_way(problem: Problem) -> None:
    """With the named tasks away, the task can be served beside all others; ``after`` is put aside."""
    problem = replace(problem, tasks=tuple(replace(task, after=None) for task in problem.tasks))
    rows = serve_free(problem, ())
    for row in unserved_reasons(problem, rows):
        for reason in row.reasons:
            if reason.code is ReasonCode.COMPETING:
                kept = tuple(other for other in rows if other.task not in reason.instead)
                alone = replace(
                    problem, tasks=tuple(t for t in problem.tasks if t.id in {r.task for r in kept} | {row.task})
                )
                assert row.task in {served.task for served in serve_free(alone, kept)}
                assert not hard_violations(alone, serve_free(alone, kept))


@given(problem=problems())
@settings(max_examples=120, deadline=None)
def test_possible_teams_are_those_of_the_audit(problem: Problem) -> None:
    eligibility = Eligibility(problem)
    for each in problem.tasks:
        assert team_is_possible(eligibility.candidates(each)) == team_exists(problem, each)
