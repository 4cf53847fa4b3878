"""``weibao allocate``: a county's staff problem in, who serves where out, no database."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import run, told_in_one_line


@pytest.fixture
def problem_file(tmp_path: Path) -> Path:
    """Both workers stand in the township without children; each township has room for both."""
    townships = [
        {"id": name, "name": name, "children": children, "min_staff": 0, "max_staff": 2, "skills": {}}
        for name, children in (("a", {"left_behind": 5}), ("b", {}))
    ]
    staff = [
        {"id": name, "name": name, "skills": [], "current": "b", "movable": True, "barred": []} for name in ("x", "y")
    ]
    problem: dict[str, Any] = {
        "format": "weibao-allocation-problem/1", "id": "p", "category_weights": {"left_behind": 2},
        "townships": townships, "staff": staff, "commute_minutes": [[7, 0], [5, 0]],
        "max_commute_minutes": None, "max_moves": None,
    }  # fmt: skip
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(problem), "utf-8")
    return path


def test_allocate_writes_the_proven_allocation_and_one_line(tmp_path: Path, problem_file: Path) -> None:
    # Demand 10: with both at a the peak is 500 and the spread 100 x 100 / 2; every other allocation has a higher peak.
    done = run("allocate", problem_file, "-o", tmp_path / "out.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert line.startswith("optimal: short 0, skills_missing 0, peak 500, spread 5000, moves 2, commute 12; ")
    written = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert (written["posts"], written["status"]) == ({"x": "a", "y": "a"}, "optimal")
    assert written["bound"] == written["score"]


def test_allocate_shows_what_each_move_buys(tmp_path: Path, problem_file: Path) -> None:
    # Without a move the peak is 200 x 10; with one, 100 x 10, and y is the nearer; with two, half of that.
    done = run("allocate", problem_file, "-o", tmp_path / "out.json", "--frontier", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    points = json.loads((tmp_path / "out.json").read_text("utf-8"))["points"]
    found = [(point["score"]["moves"], point["score"]["peak"], point["score"]["commute"]) for point in points]
    assert found == [(0, 2000, 0), (1, 1000, 5), (2, 500, 12)]
    assert "3 points, every number of moves proven" in done.stdout


def test_allocate_lists_every_fault_with_its_path(tmp_path: Path, problem_file: Path) -> None:
    problem = json.loads(problem_file.read_text("utf-8"))
    problem["townships"][0]["children"]["orphan"] = 1
    problem["staff"][1]["current"] = "c"
    problem_file.write_text(json.dumps(problem), "utf-8")
    done = run("allocate", problem_file, "-o", tmp_path / "out.json", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "weibao: townships[0].children.orphan: is a category without a weight",
        "weibao: staff[1].current: is no township of this problem: c",
    ]
    assert not (tmp_path / "out.json").exists()


def test_allocate_of_a_missing_file_is_told_in_one_line(tmp_path: Path) -> None:
    done = run("allocate", "missing.json", "-o", "out.json", cwd=tmp_path)
    assert "missing.json: cannot be read" in told_in_one_line(done, code=2)


def test_time_that_is_no_number_is_refused_by_both_solvers(tmp_path: Path) -> None:
    (tmp_path / "problem.json").write_text("{}")
    for command in ("allocate", "solve"):
        done = run(command, "problem.json", "-o", "out.json", "--seconds", "nan", cwd=tmp_path)
        assert (done.returncode, "'nan' is not a valid number of seconds." in done.stderr) == (2, True)
