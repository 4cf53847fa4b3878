"""The optimum of small counties, by proof in a comment and by trying every allocation."""

import pytest

from scheduling.allocation import Status, audit
from scheduling.allocation.solve import solve
from tests.scheduling.allocation import build


@pytest.mark.parametrize("first", range(0, 240, 40))
def test_solve_finds_the_best_of_every_allocation_and_proves_it(first: int) -> None:
    for seed in range(first, first + 40):
        problem = build.at_random(seed)
        allocation = solve(problem, seconds=30)
        assert audit(problem, allocation) == [], seed
        assert allocation.score == build.best_score(problem), seed
        assert (allocation.bound, allocation.status) == (allocation.score, Status.OPTIMAL), seed


def test_solve_gives_the_webster_apportionment() -> None:
    # Demands 6, 3, 1 and five workers; each township needs one. Peak: with 2, 2, 1 it is 300; the heaviest with one
    # worker only would be 600, and 3, 1, 1 also has 300 (3 / 1). Spread: 100 (36/2 + 9/2 + 1) = 2350 against
    # 100 (36/3 + 9 + 1) = 2200: Webster gives 3, 1, 1.
    townships = [build.township(name, demand) for name, demand in (("a", 6), ("b", 3), ("c", 1))]
    allocation = solve(build.problem(townships, [build.worker(f"s{i}") for i in range(5)]))
    posts = sorted(str(post) for post in allocation.posts.values())
    assert posts == ["a", "a", "a", "b", "c"]


def test_solve_moves_nobody_for_the_same_service() -> None:
    # Two equal townships with one worker each: any other allocation is worse or moves both.
    townships = [build.township("a", 5), build.township("b", 5)]
    near = ((30, 1), (1, 30))
    staff = [build.worker("x", "a"), build.worker("y", "b")]
    allocation = solve(build.problem(townships, staff, commute_minutes=near))
    assert allocation.posts == {"x": "a", "y": "b"}
    assert (allocation.score.moves, allocation.score.commute) == (0, 60)


def test_solve_sends_the_asked_skill_before_a_lighter_peak() -> None:
    # Only x has the skill that b asks for, and b may take one; so x stands at b and y alone at the heavier a.
    townships = [build.township("a", 90), build.township("b", 1, max_staff=1, skills={"law": 1})]
    allocation = solve(build.problem(townships, [build.worker("x", "a", "law"), build.worker("y", "b")]))
    assert allocation.posts == {"x": "b", "y": "a"}
    assert allocation.score.skills_missing == 0


def test_solve_posts_one_who_is_new_though_not_movable() -> None:
    # A new worker has nowhere to stay at: posting them is no move, and an empty township would be short.
    allocation = solve(build.problem([build.township("a", 1)], [build.worker("x", movable=False)]))
    assert allocation.posts == {"x": "a"}
    assert allocation.score.moves == 0


def test_solve_without_time_returns_a_sound_allocation_and_true_bounds() -> None:
    # max_moves keeps the flow from being the answer, and no time is left for any search.
    townships = [build.township("a", 9), build.township("b", 9), build.township("c", 1)]
    staff = [build.worker(f"s{i}", "a") for i in range(3)]
    problem = build.problem(townships, staff, max_moves=1)
    allocation = solve(problem, seconds=0)
    assert audit(problem, allocation) == []
    assert allocation.score.short == 2
    assert allocation.bound.short <= build.best_score(problem).short == 1


def test_solve_bounds_the_spread_of_a_limit_of_moves_before_any_search() -> None:
    # Eight equal townships, two workers at each of the first four; the ninth, where nobody may go, holds the peak.
    # Each move gains the same, so the price of a move is exact and the bound is the spread of two moves.
    demand = {f"t{i}": 10 for i in range(8)} | {"t8": 100}
    townships = [build.township(name, n, min_staff=0) for name, n in demand.items()]
    staff = [build.worker(f"s{i}", f"t{i % 4}", barred=frozenset({"t8"})) for i in range(8)]
    problem = build.problem(townships, staff, max_moves=2)
    least = 200 * 100**2 + 2 * 200 * 10**2 + 4 * 100 * 10**2 + 2 * 50 * 10**2
    assert solve(problem, seconds=0).bound.spread == least
    proven = solve(problem, seconds=30)
    assert (proven.score.spread, proven.score.moves, proven.status) == (least, 2, Status.OPTIMAL)


@pytest.mark.parametrize("seed", range(4))
def test_solve_proves_townships_alike_under_a_limit_of_moves(seed: int) -> None:
    # Equal demands make thousands of allocations as good as each other; searched one by one they take minutes.
    allocation = solve(build.alike(seed, townships=24, staff=80, max_moves=12), seconds=60)
    assert allocation.status is Status.OPTIMAL


@pytest.mark.parametrize("max_moves", [None, 4, 12])
def test_solve_proves_skills_that_overlap(max_moves: int | None) -> None:
    allocation = solve(build.alike(7, townships=18, staff=52, max_moves=max_moves, skills=3), seconds=60)
    assert allocation.score.skills_missing > 0
    assert allocation.status is Status.OPTIMAL
