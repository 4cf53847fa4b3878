"""``weibao solve``: a problem file in, a roster file out, no database."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from scheduling.io import encode, problem_to_json
from tests.command_line import COMMAND, environment, run, told_in_one_line
from tests.scheduling import build


@pytest.fixture
def problem_file(tmp_path: Path) -> Path:
    """One visit, and one person who can make it."""
    path = tmp_path / "problem.json"
    path.write_text(encode(problem_to_json(build.problem([build.person("p")], [build.task("t")]))), "utf-8")
    return path


def test_solve_writes_the_roster_and_one_line(tmp_path: Path, problem_file: Path) -> None:
    # The visit lies where the person lives and nobody else is there, so the only whole roster has p lead t.
    done = run("solve", problem_file, "-o", tmp_path / "roster.json", "--seconds", 1, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert "score 0/" in line
    assert "1 of 1 tasks served" in line
    (assignment,) = json.loads((tmp_path / "roster.json").read_text("utf-8"))["assignments"]
    assert assignment["people"] == [{"person": "p", "role": "lead"}]


def test_solve_lists_every_fault_of_a_problem_with_its_path(tmp_path: Path, problem_file: Path) -> None:
    data = json.loads(problem_file.read_text("utf-8"))
    data["people"][0]["kind"] = "robot"
    data["tasks"][0]["minutes"] = -5
    problem_file.write_text(json.dumps(data), "utf-8")
    done = run("solve", problem_file, "-o", tmp_path / "roster.json", cwd=tmp_path)
    assert done.returncode == 2
    assert "weibao: people[0].kind: " in done.stderr
    assert "weibao: tasks[0].minutes: " in done.stderr
    assert not (tmp_path / "roster.json").exists()


def test_solve_refuses_before_it_works_what_it_could_not_write(tmp_path: Path, problem_file: Path) -> None:
    done = run("solve", problem_file, "-o", tmp_path / "nowhere" / "roster.json", "--seconds", 200, cwd=tmp_path)
    assert "cannot be written" in told_in_one_line(done)


def test_solve_of_a_missing_file_is_told_in_one_line(tmp_path: Path) -> None:
    done = run("solve", "missing.json", "-o", "roster.json", cwd=tmp_path)
    assert "missing.json: cannot be read" in told_in_one_line(done, code=2)


def test_explain_prints_costs_and_reasons_as_json(tmp_path: Path, problem_file: Path) -> None:
    # Without anybody there is no roster but the empty one, and the reason is that nobody can lead.
    data = json.loads(problem_file.read_text("utf-8")) | {"people": []}
    problem_file.write_text(json.dumps(data), "utf-8")
    assert run("solve", problem_file, "-o", "roster.json", "--seconds", 1, cwd=tmp_path).returncode == 0
    done = run("explain", problem_file, "roster.json", cwd=tmp_path)
    answer = json.loads(done.stdout)
    assert answer["violations"] == []
    assert answer["unserved"] == [{"task": "t", "reasons": [{"code": "no_eligible_person", "role": "lead"}]}]


def test_explain_of_an_unknown_task_is_told_in_one_line(tmp_path: Path, problem_file: Path) -> None:
    run("solve", problem_file, "-o", "roster.json", "--seconds", 1, cwd=tmp_path)
    done = run("explain", problem_file, "roster.json", "--task", "x", cwd=tmp_path)
    assert told_in_one_line(done, code=2) == "task: is not in the problem: x"


def test_interrupted_solve_keeps_the_best_roster(tmp_path: Path, problem_file: Path) -> None:
    command = [*COMMAND, "solve", str(problem_file), "-o", "roster.json", "--seconds", "300"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, text=True) as solver:
        try:
            while "numba" not in Path(f"/proc/{solver.pid}/maps").read_text("utf-8"):
                time.sleep(0.1)  # the search has not begun
            solver.send_signal(signal.SIGINT)
            said, _ = solver.communicate(timeout=60)
        finally:
            solver.kill()
    assert solver.returncode == 0
    assert "1 of 1 tasks served" in said
    assert (tmp_path / "roster.json").exists()
