"""Each soft term in the exact model, on an instance whose optimum a comment proves."""

from typing import Any

import pytest

from scheduling.audit import score_of
from scheduling.cpsat import solve_exact
from scheduling.problem import DAY, Assignment, Priority, Problem, TaskKind, Weights
from scheduling.roster import Score
from tests.scheduling.build import WORKER, person, problem, role, served, task


def only(**weights: int) -> Weights:
    """The given weights, all others 0."""
    return Weights(**(dict.fromkeys(Weights.__dataclass_fields__, 0) | weights))


def best(given: Problem) -> tuple[Score, tuple[Assignment, ...]]:
    """The proven optimum and its roster; the audit's own score agrees."""
    found = solve_exact(given, seconds=120.0, workers=1)
    assert found.optimal
    assert found.bound is not None
    assert found.assignments is not None
    assert score_of(given, found.assignments)[0] == found.bound
    return found.bound, found.assignments


def test_travel_is_paid_from_base_to_base() -> None:
    # Both visits are in the other village: one trip there and back is 60 minutes, two trips would be 120.
    visits = [task(f"t{n}", place="far", windows=((540, 800),)) for n in (1, 2)]
    assert best(problem([person("p"), person("q")], visits, weights=only(travel=1)))[0] == Score(medium=0, soft=60)


def test_late_counts_the_days_after_the_due_day() -> None:
    # Due on day 0, possible on days 1 and 3: day 1 is one day late.
    given = problem(
        [person("p")], [task("t", due=0, windows=((DAY, 2 * DAY), (3 * DAY, 4 * DAY)))], weights=only(late=60)
    )
    score, rows = best(given)
    assert score == Score(medium=0, soft=60)
    assert rows[0].start // DAY == 1


def test_stranger_is_paid_where_nobody_is_known() -> None:
    # Both visits are at the same hour and only p is known, to both households: one of them meets a stranger.
    visits = [task(f"t{n}", windows=((540, 600),), known_by=frozenset({"p"})) for n in (1, 2)]
    assert best(problem([person("p"), person("q")], visits, weights=only(stranger=45)))[0].soft == 45


def test_stranger_is_no_matter_at_an_activity() -> None:
    activity = task("t", kind=TaskKind.ACTIVITY, known_by=frozenset({"nobody"}))
    assert best(problem([person("p")], [activity], weights=only(stranger=45)))[0].soft == 0


def test_fairness_shares_tasks_among_volunteers() -> None:
    # p has done one task, q none. q, q: 4 - 0 = 4; p, q: (4 - 1) + 1 = 4; p, p: 9 - 1 = 8. The least is 4, times 2.
    visits = [task("t1"), task("t2")]
    people = [person("p", recent_tasks=1), person("q")]
    assert best(problem(people, visits, weights=only(fairness=2)))[0].soft == 8


def test_fairness_is_for_volunteers_alone() -> None:
    given = problem([person("p", kind=WORKER, recent_tasks=9)], [task("t")], weights=only(fairness=2))
    assert best(given)[0].soft == 0


def test_wants_and_avoids_choose_the_person() -> None:
    # q wants the task and p would rather not: -20.
    people = [person("p", avoids=frozenset({"t"})), person("q", wants=frozenset({"t"}))]
    score, rows = best(problem(people, [task("t")], weights=only(want=20, avoid=40)))
    assert score.soft == -20
    assert rows[0].people[0].person == "q"


def test_open_slot_is_paid_for_each_place_below_max() -> None:
    # Three places, two people: one stays open.
    given = problem([person("p"), person("q")], [task("t", roles=(role(max=3),))], weights=only(open_slot=30))
    assert best(given)[0].soft == 30


PUBLISHED = (served("t", 600, "p"), served("gone", 600, "p", "nobody"))


@pytest.mark.parametrize(
    ("facts", "soft"),
    [
        # p keeps the visit at 10:00; the two pairs of a task that is gone count as changed: 2 x 60.
        ({}, 120),
        # p is ill: a third pair is changed, and the start is kept.
        ({"availability": ()}, 180),
        # p comes at 10:30 only: the start moves (30), or another goes (60).
        ({"availability": ((630, 720),)}, 150),
    ],
)
def test_change_and_move_are_paid_against_what_was_published(facts: dict[str, Any], soft: int) -> None:
    people = [person("p", **facts), person("q")]
    given = problem(people, [task("t")], published=PUBLISHED, weights=only(change=60, move=30))
    assert best(given)[0] == Score(medium=0, soft=soft)


def test_medium_comes_before_soft() -> None:
    # Serving the low task costs 300 minutes of travel and saves a weight of 1: it is served.
    given = problem(
        [person("p", availability=((0, 1440),))],
        [task("t", place="far", priority=Priority.LOW, windows=((540, 720),))],
        travel_minutes=((0, 150), (150, 0)),
        weights=only(travel=1),
    )
    assert best(given)[0] == Score(medium=0, soft=300)
