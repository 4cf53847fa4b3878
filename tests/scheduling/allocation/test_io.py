"""The file form: every fault at once, with its path."""

import json
from typing import Any

import pytest

from scheduling.allocation import allocation_to_json, problem_from_json, read_allocation_problem
from scheduling.allocation.solve import solve
from scheduling.errors import ProblemError


def data() -> dict[str, Any]:
    """Two townships and two workers, all sound."""
    return {
        "format": "weibao-allocation-problem/1", "id": "p", "category_weights": {"left_behind": 2},
        "townships": [
            {
                "id": "a", "name": "甲", "children": {"left_behind": 3}, "min_staff": 1, "max_staff": 2,
                "skills": {"law": 1},
            },
            {"id": "b", "name": "乙", "children": {}, "min_staff": 0, "max_staff": 1, "skills": {}},
        ],
        "staff": [
            {"id": "x", "name": "一", "skills": ["law"], "current": "a", "movable": True, "barred": ["b"]},
            {"id": "y", "name": "二", "skills": [], "current": None, "movable": True, "barred": []},
        ],
        "commute_minutes": [[1, 2], [3, 4]], "max_commute_minutes": 60, "max_moves": None,
    }  # fmt: skip


def faults(problem: object) -> list[str]:
    with pytest.raises(ProblemError) as refused:
        problem_from_json(problem)
    return [str(fault) for fault in refused.value.faults]


def test_reading_gives_what_the_file_says() -> None:
    problem = read_allocation_problem(json.dumps(data()))
    assert problem.demand == (6, 0)
    assert problem.staff[0].barred == {"b"}
    assert (problem.max_commute_minutes, problem.max_moves) == (60, None)


def test_reading_lists_all_faults_with_their_paths() -> None:
    problem = data()
    problem["townships"][0]["children"]["new_kind"] = 4
    problem["townships"][1]["max_staff"] = "many"
    problem["staff"][0]["current"] = "nowhere"
    problem["staff"][1]["id"] = "x"
    problem["commute_minutes"][1] = [3]
    assert faults(problem) == [
        "townships[1].max_staff: must be an integer",
        "staff[1].id: stands twice: x",
        "commute_minutes[1]: must have one column for each of 2 townships",
        "townships[0].children.new_kind: is a category without a weight",
        "staff[0].current: is no township of this problem: nowhere",
    ]


def test_children_of_an_unknown_category_are_a_fault_and_not_zero() -> None:
    problem = data()
    problem["townships"][0]["children"] = {"orphan": 0}
    assert faults(problem) == ["townships[0].children.orphan: is a category without a weight"]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("townships", 0, "children", "left_behind"), -1, "children.left_behind: must be from 0 to 1000000"),
        (("townships", 0, "children", "left_behind"), True, "children.left_behind: must be an integer under a name"),
        (("category_weights", "left_behind"), 10_001, "category_weights.left_behind: must be from 0 to 10000"),
        (("commute_minutes", 0), [1.5, 2], "commute_minutes[0]: must be a list of integers"),
        (("commute_minutes", 0), [-1, 2], "commute_minutes[0]: must hold minutes from 0 to 10080"),
        (("max_moves",), -1, "max_moves: must be 0 or more, or null"),
        (("format",), "other", "format: must be weibao-allocation-problem/1"),
        (("staff",), [{}] * 5_001, "staff: must have at most 5000 entries"),
        (("townships", 0, "children", "left_behind"), 600_000, "townships[0].children: must weigh at most 1000000"),
    ],
)
def test_reading_refuses_what_is_out_of_range(path: tuple[Any, ...], value: object, message: str) -> None:
    problem: Any = data()
    inner = problem
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert message in "\n".join(faults(problem))


def test_reading_refuses_rules_that_no_allocation_can_keep() -> None:
    problem = data()
    problem["townships"][0]["max_staff"] = 0
    assert faults(problem | {"max_moves": 0}) == [
        "max_moves: must be at least 1: so many workers cannot stay where they are"
    ]
    problem["staff"][0]["movable"] = False
    assert "townships[0].max_staff: must be at least 1: so many workers there are not movable" in faults(problem)
    problem["staff"][0]["barred"] = ["a"]
    assert faults(problem) == ["staff[0].barred: holds a, where a worker who is not movable stands"]


def test_an_allocation_is_written_in_the_order_of_the_format() -> None:
    written = allocation_to_json(solve(problem_from_json(data())))
    assert list(written) == ["format", "problem", "posts", "score", "bound", "status", "seconds"]
    assert written["score"] == written["bound"] == {
        "short": 0, "skills_missing": 0, "peak": 300, "spread": 1800, "moves": 0, "commute": 4,
    }  # fmt: skip
    assert written["posts"] == {"x": "a", "y": "a"}
