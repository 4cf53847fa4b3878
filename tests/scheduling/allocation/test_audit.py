"""Each rule is seen when it is broken, and the judge agrees on what is sound."""

import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scheduling.allocation import (
    Allocation,
    AllocationProblem,
    Breach,
    Score,
    Status,
    allocation_to_json,
    audit,
    frontier_to_json,
    problem_from_json,
    score_of,
)
from scheduling.allocation.frontier import frontier
from scheduling.allocation.solve import solve
from scheduling.io import encode
from tests.scheduling.allocation import build
from tests.scheduling.judging import shared

NO_SCORE = Score(short=0, skills_missing=0, peak=0, spread=0, moves=0, commute=0)


def claims(problem: AllocationProblem, posts: dict[str, str | None]) -> Allocation:
    """An allocation that states its true score, if it has one."""
    known = set(posts) == {one.id for one in problem.staff} and set(posts.values()) <= {None, *problem.column_of}
    score = score_of(problem, posts) if known else NO_SCORE
    return Allocation(problem=problem.id, posts=posts, score=score, bound=score, status=Status.FEASIBLE, seconds=0.0)


@pytest.fixture
def county() -> AllocationProblem:
    """x may not be moved, y may not be at b, c is far, a holds one, and nobody may move."""
    townships = [build.township("a", 4, max_staff=1), build.township("b", 4), build.township("c", 4)]
    staff = [
        build.worker("x", "a", movable=False),
        build.worker("y", None, barred=frozenset({"b"})),
        build.worker("z", "b"),
    ]
    minutes = ((5, 5, 90), (5, 5, 90), (5, 5, 90))
    return build.problem(townships, staff, commute_minutes=minutes, max_commute_minutes=60, max_moves=0)


@pytest.mark.parametrize(
    ("change", "breaches"),
    [
        ({}, []),
        ({"y": "a"}, [Breach(rule="over_max_staff", township="a")]),
        ({"x": None}, [Breach(rule="not_movable", worker="x"), Breach(rule="over_max_moves")]),
        ({"y": "b"}, [Breach(rule="barred", worker="y", township="b")]),
        ({"y": "c"}, [Breach(rule="too_far", worker="y", township="c")]),
        ({"z": None}, [Breach(rule="over_max_moves")]),
        ({"y": "d"}, [Breach(rule="unknown_township", worker="y", township="d")]),
        ({"nobody": "a"}, [Breach(rule="not_each_worker_once")]),
    ],
)
def test_audit_names_the_rule_that_is_broken(
    county: AllocationProblem, change: dict[str, str | None], breaches: list[Breach]
) -> None:
    assert audit(county, claims(county, {"x": "a", "y": None, "z": "b"} | change)) == breaches


def test_audit_sees_a_score_that_is_not_true_and_another_problem(county: AllocationProblem) -> None:
    sound = claims(county, {"x": "a", "y": None, "z": "b"})
    assert audit(county, replace(sound, score=replace(sound.score, commute=9))) == [Breach(rule="score")]
    assert audit(county, replace(sound, problem="q")) == [Breach(rule="other_problem")]


def generated(*arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-S", str(shared() / "allocation" / "make_allocations.py"), *map(str, arguments)]
    made: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return made


def verdict(folder: Path, problem: object, answer: object) -> dict[str, Any]:
    paths = [folder / "problem.json", folder / "answer.json"]
    for path, content in zip(paths, (problem, answer), strict=True):
        path.write_text(encode(content), "utf-8")
    command = [sys.executable, "-S", str(shared() / "allocation" / "check_allocation.py"), *map(str, paths)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode in {0, 1}, run.stderr
    told: dict[str, Any] = json.loads(run.stdout)
    return told


@pytest.mark.judge
@pytest.mark.parametrize("size", [(18, 52, 7), (40, 150, 7), (18, 52, 8, "--max-moves", 4)])
def test_a_proven_allocation_passes_the_judge(tmp_path: Path, size: tuple[object, ...]) -> None:
    problem = generated(*size)
    allocation = solve(problem_from_json(problem), seconds=60)
    assert allocation.status is Status.OPTIMAL
    assert verdict(tmp_path, problem, allocation_to_json(allocation))["violations"] == []


@pytest.mark.judge
def test_a_frontier_passes_the_judge(tmp_path: Path) -> None:
    problem = generated(8, 20, 3)
    found = frontier(problem_from_json(problem), seconds=60)
    assert found.complete
    assert len(found.points) > 3
    assert verdict(tmp_path, problem, frontier_to_json(found))["violations"] == []


@pytest.mark.judge
def test_the_audit_agrees_with_the_judge_on_allocations_by_chance(tmp_path: Path) -> None:
    problem, rng, sound = generated(4, 6, 1, "--max-moves", 4), random.Random(5), 0
    ours = problem_from_json(problem)
    best = dict(solve(ours, seconds=30).posts)
    for _ in range(40):
        posts = best | {one.id: rng.choice([None, *ours.column_of]) for one in rng.sample(ours.staff, rng.randrange(3))}
        answer = claims(ours, posts)
        told = verdict(tmp_path, problem, allocation_to_json(answer))
        assert told["scores"] == [allocation_to_json(answer)["score"]]
        assert bool(told["violations"]) == bool(audit(ours, answer)), (told, audit(ours, answer))
        sound += not told["violations"]
    assert 0 < sound < 40
