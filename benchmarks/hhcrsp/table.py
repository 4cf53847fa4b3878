"""``python -m benchmarks.hhcrsp.table FOLDER --seconds N``: solve a folder's instances, judge each, print a table.

FOLDER holds ``instances/``, ``published.json`` and the judge ``check_hhcrsp.py``, which runs as a program of its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import mean, median
from typing import Any


def judge(folder: Path, instance: Path, solution: Path) -> dict[str, Any]:
    """The judge's verdict: violations, cost and its terms."""
    command = [sys.executable, str(folder / "check_hhcrsp.py"), str(instance), str(solution)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    verdict: dict[str, Any] = json.loads(run.stdout)
    return verdict


def measure(folder: Path, name: str, options: Iterable[str]) -> tuple[float, float]:
    """Judged cost and wall seconds (start of Python and loading of kernels included) of one run.

    Raises: ValueError where the judge finds a violation.
    """
    instance = folder / "instances" / f"{name}.json"
    with tempfile.TemporaryDirectory() as scratch:
        solution = Path(scratch) / "solution.json"
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "benchmarks.hhcrsp", str(instance), "-o", str(solution), *options],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        wall = time.perf_counter() - begun
        verdict = judge(folder, instance, solution)
    if verdict["violations"]:
        raise ValueError(f"{name}: {verdict['violations']}")
    return verdict["cost"], wall


def main() -> None:
    """Print a row for each instance as it is done, and the mean gap of each size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hhcrsp.table", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", default="10")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--only", nargs="*", help="such as 25-1 100-2; all without it")
    options = parser.parse_args()
    published: dict[str, float] = json.loads((options.folder / "published.json").read_text(encoding="utf-8"))
    chosen = [name for name in published if not options.only or name.removeprefix("mankowska-") in options.only]
    gaps: dict[int, list[float]] = {}
    print("| instance | published | judged, median of seeds | gap % | wall s |\n| --- | --- | --- | --- | --- |")
    for name in chosen:
        runs = [measure(options.folder, name, ["--seconds", options.seconds, "--seed", str(s)]) for s in options.seeds]
        cost, wall = median(run[0] for run in runs), max(run[1] for run in runs)
        gap = 100 * (cost / published[name] - 1)
        gaps.setdefault(int(name.split("-")[1]), []).append(gap)
        print(f"| {name} | {published[name]:.3f} | {cost:.3f} | {gap:+.2f} | {wall:.1f} |", flush=True)
    for size, values in gaps.items():
        print(f"| mean of {len(values)} with {size} patients | | | {mean(values):+.2f} | |")


if __name__ == "__main__":
    main()
