"""The judges and generators of ../shared, run as separate programs; a tree without them skips with one clear line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scheduling.io import encode

ROOT = Path(__file__).resolve().parents[2]


def shared() -> Path:
    """The folder of judges; skips the test where it is absent."""
    folder = Path(os.environ.get("WEIBAO_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no judges: {folder} is absent")
    return folder


def judge(folder: Path, problem: object, roster: object) -> dict[str, Any]:
    """The verdict of check_roster.py: violations, score and parts."""
    paths = [folder / "problem.json", folder / "roster.json"]
    for path, data in zip(paths, (problem, roster), strict=True):
        path.write_text(encode(data), encoding="utf-8")
    command = [sys.executable, "-S", str(shared() / "roster" / "check_roster.py"), *map(str, paths)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode in {0, 1}, run.stderr
    verdict: dict[str, Any] = json.loads(run.stdout)
    return verdict


def generate(size: str, seed: int, *options: str) -> dict[str, Any]:
    """The JSON of a made-up township's problem."""
    command = [sys.executable, "-S", str(shared() / "roster" / "make_instances.py"), size, str(seed), *options]
    data: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return data
