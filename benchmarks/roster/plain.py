"""Plain CP-SAT: the whole problem in one model, with greedy's roster as a hint, on two threads."""

from pathlib import Path

from benchmarks.roster.greedy import rows_of
from benchmarks.roster.program import Answer, main
from scheduling.cpsat import solve_exact
from scheduling.problem import Problem


def answer(problem: Problem, path: Path, seconds: float) -> Answer:
    """What one model finds; greedy's rows where it finds nothing."""
    hint = rows_of(path)
    found = solve_exact(problem, hint=hint, seconds=seconds, workers=2)
    return hint if found.assignments is None else found.assignments, found.bound


if __name__ == "__main__":
    main(answer)
