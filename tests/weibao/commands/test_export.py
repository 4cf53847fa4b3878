"""``weibao export-problem``: what a township plans, for the solver and its judge outside the program."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import run, settings_for, told_in_one_line
from tests.scheduling.judging import judge
from weibao.demo.rows import ZONE

MAIN = "星河镇"  # the township of the demonstration's log-ins


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Settings over a demonstration made today."""
    folder = tmp_path_factory.mktemp("demo")
    assert run("demo", "--folder", folder, "--check", cwd=folder).returncode == 0
    return settings_for(f"sqlite:///{folder / 'demo.sqlite'}")


def _export(cwd: Path, settings: dict[str, str]) -> dict[str, Any]:
    start = (datetime.now(ZONE).date() + timedelta(days=1)).isoformat()
    done = run("export-problem", "--township", MAIN, "--start", start, "-o", "problem.json", cwd=cwd, settings=settings)
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads((cwd / "problem.json").read_text("utf-8"))
    return data


@pytest.fixture
def problem(tmp_path: Path, settings: dict[str, str]) -> dict[str, Any]:
    """The main township's fortnight from tomorrow, in ``problem.json``."""
    return _export(tmp_path, settings)


def test_exported_problem_is_the_fortnight_with_opaque_ids_alone(problem: dict[str, Any]) -> None:
    assert problem["horizon"]["days"] == 14
    assert {task["kind"] for task in problem["tasks"]} == {"visit", "activity"}
    assert all(row["id"] == row["name"] for row in [*problem["tasks"], *problem["people"]])
    assert not re.search("[\u4e00-\u9fff]", json.dumps([problem["tasks"], problem["people"]], ensure_ascii=False))


def test_exporting_twice_gives_the_same_problem(
    problem: dict[str, Any], tmp_path: Path, settings: dict[str, str]
) -> None:
    assert _export(tmp_path, settings) == problem


@pytest.mark.judge
def test_judge_passes_what_is_solved_from_the_exported_problem(problem: dict[str, Any], tmp_path: Path) -> None:
    done = run("solve", "problem.json", "-o", "roster.json", "--seconds", 5, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    roster = json.loads((tmp_path / "roster.json").read_text("utf-8"))
    verdict = judge(tmp_path, problem, roster)
    assert verdict["violations"] == []
    assert verdict["score"] == roster["score"]


def test_unknown_township_is_told_in_one_line(tmp_path: Path, settings: dict[str, str]) -> None:
    arguments = ("--township", "无名镇", "--start", "2030-03-04", "-o", "problem.json")
    line = told_in_one_line(run("export-problem", *arguments, cwd=tmp_path, settings=settings))
    assert line == "township: there is no township called 无名镇 in 示范县（演示）"
