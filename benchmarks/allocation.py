"""Time ``weibao allocate`` on problem files: ``python -m benchmarks.allocation PROBLEM.json... [--frontier]``.

Prints one line for each file: wall seconds of the solve (reading and loading left out) and each aim with its bound.
"""

import argparse
import time
from dataclasses import astuple
from pathlib import Path

from scheduling.allocation import audit, read_allocation_problem
from scheduling.allocation.frontier import frontier
from scheduling.allocation.solve import solve


def main() -> None:
    """Run each file once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("problems", nargs="+", type=Path)
    parser.add_argument("--frontier", action="store_true")
    parser.add_argument("--seconds", type=float, default=120.0)
    given = parser.parse_args()
    for path in given.problems:
        problem = read_allocation_problem(path)
        begun = time.perf_counter()
        if given.frontier:
            found = frontier(problem, seconds=given.seconds)
            points, said = found.points, f"{len(found.points)} points, complete: {found.complete}"
        else:
            points = (solve(problem, seconds=given.seconds),)
            said = f"{points[0].status.value} {astuple(points[0].score)} bound {astuple(points[0].bound)}"
        seconds = time.perf_counter() - begun
        print(f"{problem.id}: {seconds:.2f} s, {said}, breaches {sum(len(audit(problem, p)) for p in points)}")


if __name__ == "__main__":
    main()
