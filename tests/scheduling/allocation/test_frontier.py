"""What each further move buys."""

from scheduling.allocation import AllocationProblem, Score, audit, score_of
from scheduling.allocation.frontier import frontier
from tests.scheduling.allocation import build


def improving(problem: AllocationProblem) -> list[Score]:
    """The best score for each number of moves that improves on fewer, from every allocation."""
    scores = [score_of(problem, posts) for posts in build.every_allocation(problem)]
    best: list[Score] = []
    for moves in range(len(problem.staff) + 1):
        least = min((score for score in scores if score.moves <= moves), default=None)
        if least and (not best or least.service < best[-1].service):
            best.append(least)
    return best


def test_frontier_has_each_number_of_moves_that_improves_and_no_other() -> None:
    for seed in range(60):
        problem = build.at_random(seed)
        found = frontier(problem, seconds=30)
        assert [point.score for point in found.points] == improving(problem), seed
        assert all(audit(problem, point) == [] for point in found.points), seed
        assert found.complete


def test_frontier_leaves_out_a_move_that_buys_nothing_alone() -> None:
    # x and y could only change places, for each township holds one: the skill is met with two moves, never with one.
    townships = [build.township("a", 5, max_staff=1, skills={"law": 1}), build.township("b", 5, max_staff=1)]
    staff = [build.worker("x", "a"), build.worker("y", "b", "law")]
    points = frontier(build.problem(townships, staff)).points
    assert [(point.score.moves, point.score.skills_missing) for point in points] == [(0, 1), (2, 0)]


def test_frontier_begins_with_the_moves_that_nobody_can_avoid() -> None:
    # x may not stay at a, so that no allocation has no move.
    townships = [build.township("a", 5, min_staff=0), build.township("b", 5)]
    staff = [build.worker("x", "a", barred=frozenset({"a"}))]
    assert [point.score.moves for point in frontier(build.problem(townships, staff)).points] == [1]


def test_frontier_without_time_says_that_it_is_not_complete() -> None:
    townships = [build.township("a", 90, min_staff=0), build.township("b", 90), build.township("c", 90)]
    found = frontier(build.problem(townships, [build.worker(f"s{i}", "a") for i in range(4)]), seconds=0)
    assert not found.complete
    assert found.points[0].score.moves == 0
