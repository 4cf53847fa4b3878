"""What the peers' programs share: their command line, and a roster written in the interchange format."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from scheduling.io import encode, read_problem, roster_to_json
from scheduling.problem import Assignment, Problem
from scheduling.reasons import serve_free
from scheduling.roster import Score
from scheduling.solve import finished

Answer = tuple[tuple[Assignment, ...], Score | None]


def main(answer: Callable[[Problem, Path, float], Answer]) -> None:
    """Read PROBLEM, let ``answer`` solve it within the seconds, write the roster with its reasons."""
    parser = argparse.ArgumentParser()
    parser.add_argument("problem", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    begun = time.perf_counter()
    problem = read_problem(given.problem)
    found, bound = answer(problem, given.problem, given.seconds)
    rows = serve_free(problem, found)  # an unserved task needs a true reason, and one that is free has none
    roster = finished(problem, rows, bound, time.perf_counter() - begun)
    given.output.write_text(encode(roster_to_json(roster)), "utf-8")
