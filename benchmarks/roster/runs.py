"""One run of one solver on one problem, as a program of its own, and the judge's verdict on what it wrote."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHARED = Path(os.environ.get("WEIBAO_SHARED", Path(__file__).resolve().parents[3] / "shared"))
ROSTERS = SHARED / "roster"
MEGABYTE = 1024


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a solver made of a problem; ``medium`` and ``soft`` are the judge's, not the solver's word."""

    medium: int
    soft: int
    parts: dict[str, int]
    bound: tuple[int, int] | None
    status: str
    stated_seconds: float
    wall_seconds: float
    """From the start of the program to its end: Python, packages, reading and writing included."""
    megabytes: float
    """Most memory that the program held (resident set)."""

    @property
    def proven(self) -> bool:
        return self.bound == (self.medium, self.soft)


def problem_of(name: str, folder: Path) -> Path:
    """The file of an instance, such as ``medium-1`` or ``large-2-replan``: the shared one, or one made anew."""
    kept = ROSTERS / "instances" / f"{name}.json"
    if kept.is_file():
        return kept
    size, seed, *replan = name.split("-")
    command = [sys.executable, "-S", str(ROSTERS / "make_instances.py"), size, seed, *(["--replan"] if replan else [])]
    made = folder / f"{name}.json"
    made.write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
    return made


def run(problem: Path, command: Sequence[str]) -> Run:
    """Run ``python -m COMMAND... PROBLEM -o ROSTER`` and have the roster judged.

    Raises:
        ValueError: the solver ended with a fault, or the judge found a violation.

    """
    with tempfile.TemporaryDirectory() as scratch:
        roster = Path(scratch) / "roster.json"
        module, *options = command
        begun = time.perf_counter()
        program = [sys.executable, "-m", *module.split(), str(problem), "-o", str(roster), *options]
        with subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
            said = child.stderr.read() if child.stderr else b""
            _, code, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(code)
        wall = time.perf_counter() - begun
        if child.returncode:
            raise ValueError(f"{' '.join(command)} on {problem.stem}: {said.decode()[-500:]}")
        return _judged(problem, roster, wall, usage.ru_maxrss / MEGABYTE)


def _judged(problem: Path, roster: Path, wall: float, megabytes: float) -> Run:
    judge = [sys.executable, "-S", str(ROSTERS / "check_roster.py"), str(problem), str(roster)]
    verdict: dict[str, Any] = json.loads(subprocess.run(judge, capture_output=True, check=False).stdout)
    if verdict["violations"]:
        raise ValueError(f"{problem.stem}: {verdict['violations'][:3]}")
    made = json.loads(roster.read_text("utf-8"))
    return Run(
        medium=verdict["score"]["medium"],
        soft=verdict["score"]["soft"],
        parts=verdict["parts"],
        bound=(made["bound"]["medium"], made["bound"]["soft"]) if made["bound"] else None,
        status=made["status"],
        stated_seconds=made["seconds"],
        wall_seconds=wall,
        megabytes=megabytes,
    )


def weibao(seconds: float, *, seed: int = 0) -> list[str]:
    """The command of the scheduler itself, on two threads."""
    return ["weibao solve", "--seconds", str(seconds), "--seed", str(seed), "--workers", "2"]


def rival(name: str, seconds: float) -> list[str]:
    """The command of a peer (a module of this package)."""
    return [f"benchmarks.roster.{name}", "--seconds", str(seconds)]
