"""The exact model as a whole: limits, callbacks, hints, repeatability, frozen tasks."""

from scheduling.cpsat import solve_exact
from scheduling.cpsat.model import ExactModel
from scheduling.cpsat.solving import Limits
from scheduling.problem import Assignment, Priority, Problem
from scheduling.roster import Score
from tests.scheduling.build import person, problem, role, served, task


def crowded() -> Problem:
    """Five visits at two hours for two people: four can be served."""
    hours = ((540, 600), (600, 660))
    low = task("low", windows=hours, priority=Priority.LOW)
    return problem([person("p"), person("q")], [low, *(task(f"t{n}", windows=hours) for n in range(4))])


def test_news_are_valid_and_end_at_the_optimum() -> None:
    bounds: list[Score] = []
    rosters: list[tuple[Assignment, ...]] = []
    found = solve_exact(crowded(), seconds=120.0, workers=1, on_bound=bounds.append, on_solution=rosters.append)
    # The low one stays open; two tasks each: 2 x (4 + 4).
    assert (found.optimal, found.bound) == (True, Score(medium=1, soft=16))
    assert found.assignments in rosters
    assert all(bound <= Score(medium=1, soft=16) for bound in bounds)


def test_same_seed_gives_the_same_roster() -> None:
    one, other = (solve_exact(crowded(), seconds=120.0, workers=1, seed=7, deterministic=True) for _ in range(2))
    assert one == other


def test_hint_is_no_worse_for_naming_what_is_not_there() -> None:
    hint = (served("t0", 540, "p"), served("t1", 1000, "q"), served("t2", 540, "nobody"))
    assert solve_exact(crowded(), hint=hint, seconds=120.0, workers=1).bound == Score(medium=1, soft=16)


def test_no_time_gives_no_roster_and_no_false_bound() -> None:
    found = solve_exact(crowded(), seconds=0.0, workers=1)
    assert (found.assignments, found.optimal, found.infeasible) == (None, False, False)
    assert found.bound is None or found.bound <= Score(medium=1, soft=16)


def test_stopping_keeps_what_is_proven() -> None:
    found = solve_exact(crowded(), seconds=120.0, workers=1, should_stop=lambda: True)
    assert found.bound is None or found.bound <= Score(medium=1, soft=16)


def test_frozen_tasks_keep_start_and_team() -> None:
    # t0 is frozen at 9:07 with both, so the others have what is left of the two hours.
    helpers = (role(max=2),)
    given = problem([person("p"), person("q")], [task("t0", roles=helpers), task("t1", windows=((540, 660),))])
    held = served("t0", 547, "p", "q")
    model = ExactModel(given, frozen={"t0": held})
    outcome = model.minimise(model.medium, Limits(seconds=120.0))
    rows = {row.task: row for row in model.read(outcome.solver.value)}
    assert rows["t0"] == held
    assert "t1" not in rows  # 9:00-9:07 and 10:07-11:00 are both shorter than an hour


def test_empty_problem_is_optimal() -> None:
    assert solve_exact(problem([], []), seconds=120.0, workers=1).bound == Score(medium=0, soft=0)
