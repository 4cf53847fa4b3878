"""Made-up townships: proven optimal, by the judge's own score."""

from typing import Any

import pytest

from scheduling.cpsat import prove, solve_exact
from scheduling.io import problem_from_json, problem_to_json
from scheduling.problem import Assignment, Problem
from tests.scheduling.judging import generate, judge

pytestmark = pytest.mark.judge


def roster_json(given: Problem, rows: tuple[Assignment, ...], score: dict[str, int]) -> dict[str, Any]:
    """A roster that calls itself optimal; unserved tasks get a reason that only has to be well-formed."""
    done = {row.task for row in rows}
    return {
        "format": "weibao-roster/1",
        "problem": given.id,
        "assignments": [
            {
                "task": row.task,
                "start": row.start,
                "people": [{"person": seat.person, "role": seat.role} for seat in row.people],
            }
            for row in rows
        ],
        "unserved": [
            {"task": task.id, "reasons": [{"code": "competing", "instead": sorted(done)[:1]}]}
            for task in given.tasks
            if task.id not in done
        ],
        "score": score,
        "bound": score,
        "status": "optimal",
        "seconds": 0,
    }


@pytest.mark.parametrize("seed", range(1, 6))
def test_tiny_townships_are_proven_optimal_by_both_ways(seed: int, tmp_path: Any) -> None:
    given = problem_from_json(generate("tiny", seed))
    exact = solve_exact(given, seconds=60.0, workers=2)
    assert exact.optimal
    assert exact.assignments is not None
    assert exact.bound is not None
    score = {"medium": exact.bound.medium, "soft": exact.bound.soft}
    verdict = judge(tmp_path, problem_to_json(given), roster_json(given, exact.assignments, score))
    assert (verdict["violations"], verdict["score"]) == ([], score)
    proof = prove(given, incumbent=exact.assignments, soft=exact.bound.soft, seconds=30.0)
    assert (proof.optimal, proof.bound) == (True, exact.bound.soft)
