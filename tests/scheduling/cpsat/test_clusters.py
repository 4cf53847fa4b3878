"""Open tasks are served by changing what competes with them, or proven to be impossible, part by part."""

from hypothesis import HealthCheck, given, settings

from scheduling.audit import hard_violations, score_of
from scheduling.cpsat import cover
from scheduling.problem import Pin, Priority, Problem, Seat
from scheduling.reasons import serve_free
from tests.scheduling.build import person, problem, role, served, task
from tests.scheduling.strategies import problems

LAW = frozenset({"law"})


def test_open_task_is_served_where_another_person_can_take_over() -> None:
    # Only ann knows the law, and does a visit that bob could do at the same hour.
    tasks = [task("visit", windows=((540, 600),)), task("advice", windows=((540, 600),), roles=(role(skills=LAW),))]
    given = problem([person("ann", skills=LAW), person("bob")], tasks)
    made = cover(given, (served("visit", 540, "ann"),), seconds=120.0)
    assert made.bound == 0
    assert {row.task: row.people[0].person for row in made.assignments} == {"visit": "bob", "advice": "ann"}


def test_weight_that_must_stay_open_is_proven_though_the_task_alone_is_possible() -> None:
    # Three one-hour visits between 9:00 and 11:00 and one person: one stays open, the low one at best.
    tasks = [task("a", windows=((540, 660),)), task("b", windows=((540, 660),))]
    low = task("low", windows=((540, 660),), priority=Priority.LOW)
    rows = (served("a", 540, "p"), served("b", 600, "p"))
    news: list[int] = []
    made = cover(problem([person("p")], [*tasks, low]), rows, seconds=120.0, on_bound=news.append)
    assert (made.bound, made.assignments, news) == (1, rows, [1])


def test_weights_of_parts_that_share_no_task_add_up() -> None:
    tasks = [task(f"{day}-{n}", windows=((day * 1440 + 540, day * 1440 + 600),)) for day in (0, 1) for n in (0, 1)]
    rows = (served("0-0", 540, "p"), served("1-0", 1980, "p"))
    assert cover(problem([person("p")], tasks), rows, seconds=120.0).bound == 20


def test_pinned_seat_is_kept() -> None:
    pins = (Pin(task="visit", start=540, people=(Seat(person="ann", role="lead"),)),)
    tasks = [task("visit", windows=((540, 600),)), task("advice", windows=((540, 600),), roles=(role(skills=LAW),))]
    given = problem([person("ann", skills=LAW), person("bob")], tasks, pins=pins)
    made = cover(given, (served("visit", 540, "ann"),), seconds=120.0)
    assert made.bound == 10
    assert [row.people[0].person for row in made.assignments] == ["ann"]


def test_without_time_the_rows_stay_and_the_bound_is_what_is_hopeless() -> None:
    given = problem([person("p")], [task("a", windows=((540, 600),)), task("b", windows=((540, 600),))])
    rows = (served("a", 540, "p"),)
    made = cover(given, rows, seconds=0.0)
    assert (made.bound, made.assignments) == (0, rows)


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(problems())
def test_bound_is_never_above_what_is_open_and_no_rule_is_broken(odd: Problem) -> None:
    rows = serve_free(odd, ())
    made = cover(odd, rows, seconds=2.0)
    score = score_of(odd, made.assignments)[0]
    assert made.bound <= score.medium <= score_of(odd, rows)[0].medium
    assert set(hard_violations(odd, made.assignments)) <= set(hard_violations(odd, rows))
