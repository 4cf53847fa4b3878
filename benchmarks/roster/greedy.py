"""The generator's own greedy: task by task in order of priority, as a careful planner does by hand."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.roster.program import Answer, main
from benchmarks.roster.runs import ROSTERS
from scheduling.io import assignments_from_json
from scheduling.problem import Assignment, Problem

_PROGRAM = """
import json, runpy, sys
made = runpy.run_path(sys.argv[1], run_name="generator")
json.dump(made["greedy"](json.load(open(sys.argv[2], encoding="utf-8"))), sys.stdout)
"""


def rows_of(path: Path) -> tuple[Assignment, ...]:
    """The greedy roster of a problem's file, made by the generator in a process of its own."""
    command = [sys.executable, "-S", "-c", _PROGRAM, str(ROSTERS / "make_instances.py"), str(path)]
    return assignments_from_json(json.loads(subprocess.run(command, capture_output=True, check=True).stdout))


def answer(_problem: Problem, path: Path, _seconds: float) -> Answer:
    """Greedy's rows; it knows no bound, and takes no heed of pins."""
    return rows_of(path), None


if __name__ == "__main__":
    main(answer)
