"""Closing the gap between a roster and the bound."""

from typing import Any

import pytest

from scheduling.audit import hard_violations, score_of
from scheduling.cpsat import closing, prove
from scheduling.problem import Assignment, Problem, Weights
from tests.scheduling.build import person, problem, role, served, task


def meeting() -> Problem:
    """A visit by two and a visit by one, in two villages; the second person has only the late morning."""
    people = [person("p"), person("q", availability=((600, 760),))]
    return problem(
        people,
        [
            task("pair", roles=(role(min=2, max=2),), windows=((540, 720),)),
            task("far", place="far", windows=((540, 760),)),
        ],
        weights=Weights(fairness=1),
    )


ROWS = (served("far", 700, "p"), served("pair", 600, "p", "q"))
"""Valid: p goes out at 11:00 after the pair's visit. 60 travel, fairness 4 + 1."""


def test_prove_improves_and_then_proves() -> None:
    # Both are at "pair" (from 10:00, when q comes). "far" costs 60 travel whoever goes. Fairness: p or q has two
    # tasks, 4 + 1 = 5. So 65 is the optimum, and the roster above is proven to have it.
    assert score_of(meeting(), ROWS)[0].soft == 65
    found = prove(meeting(), incumbent=ROWS, soft=65, seconds=120.0)
    assert (found.optimal, found.bound, found.assignments) == (True, 65, None)


def test_prove_finds_the_better_roster() -> None:
    # With twice the travel to begin with (home in between) there is a better roster, and prove returns it.
    given = problem([person("p")], [task(f"t{n}", place="far", windows=((540, 1000),)) for n in (1, 2)])
    poor = (served("t1", 540, "p"), served("t2", 700, "p"))
    news: list[tuple[Assignment, ...]] = []
    found = prove(given, incumbent=poor, soft=1000, seconds=120.0, on_solution=news.append)
    # One trip, 60 minutes, and 2 x (2 squared) for two tasks of one volunteer.
    assert (found.optimal, found.bound) == (True, 68)
    assert found.assignments is not None
    assert hard_violations(given, found.assignments) == ()
    assert score_of(given, found.assignments)[0].soft == 68
    assert found.assignments in news


@pytest.mark.parametrize("limit", ["MOST_COLUMNS", "MOST_CELLS"])
def test_prove_keeps_to_the_bound_where_trips_are_too_many(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, limit, 1)
    given: dict[str, Any] = {"incumbent": ROWS, "soft": 500, "seconds": 120.0}
    found = prove(meeting(), **given)
    assert (found.assignments, found.optimal) == (None, False)
    assert found.bound is not None
    assert found.bound <= 65


def test_prove_without_time_proves_nothing_wrong() -> None:
    found = prove(meeting(), incumbent=ROWS, soft=65, seconds=0.0)
    assert not found.optimal
    assert found.bound is None or found.bound <= 65
