"""One way to run CP-SAT: a time limit, a seed, a stop flag, and news of solutions and bounds."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ortools.sat.python import cp_model

POLL_SECONDS = 0.05
ShouldStop = Callable[[], bool]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Until when and how to work: wall ``seconds`` from ``begun``, ``workers`` threads, ``seed``, a stop flag.

    ``deterministic`` counts CP-SAT's deterministic time instead of the clock; with one worker the same call then
    gives the same answer. Raises ValueError for negative seconds or no worker.
    """

    seconds: float
    workers: int = 1
    seed: int = 0
    should_stop: ShouldStop | None = None
    deterministic: bool = False
    begun: float = field(default_factory=time.perf_counter)

    def __post_init__(self) -> None:
        if self.seconds < 0 or self.workers < 1:
            raise ValueError("Expected seconds >= 0 and workers >= 1.")

    @property
    def left(self) -> float:
        """Seconds that are left; all of them where time is deterministic."""
        return self.seconds if self.deterministic else self.seconds - (time.perf_counter() - self.begun)

    def part(self, share: float) -> "Limits":
        """Limits for a part of the time that is left, beginning now."""
        return replace(self, seconds=max(share * self.left, 0.0), begun=time.perf_counter())

    @property
    def over(self) -> bool:
        """True when nothing more should be begun."""
        return self.left <= 0 or (self.should_stop is not None and self.should_stop())


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """``bound`` is proven and rounded up to an integer; None with an infeasible or unread model."""

    solver: cp_model.CpSolver
    status: cp_model.CpSolverStatus
    bound: int | None

    @property
    def found(self) -> bool:
        """True if the solver holds a solution."""
        return self.status in (cp_model.OPTIMAL, cp_model.FEASIBLE)

    @property
    def proven(self) -> bool:
        """True if no better solution exists."""
        return self.status == cp_model.OPTIMAL


class _News(cp_model.CpSolverSolutionCallback):
    """Hands every solution on, by a function that reads variables' values."""

    def __init__(self, tell: Callable[[Callable[[cp_model.IntVar], int]], None]) -> None:
        super().__init__()
        self._tell = tell

    def on_solution_callback(self) -> None:
        """Called by CP-SAT."""
        self._tell(self.value)


def proven(bound: float) -> int:
    """The integer bound behind CP-SAT's floating one: objectives are integers, so it may be rounded up."""
    return math.ceil(bound - 1e-6)


def run(
    model: cp_model.CpModel,
    limits: Limits,
    *,
    on_solution: Callable[[Callable[[cp_model.IntVar], int]], None] | None = None,
    on_bound: Callable[[int], None] | None = None,
    parameters: dict[str, object] | None = None,
) -> Outcome:
    """Solve the model within the limits; ``parameters`` are further fields of SatParameters."""
    solver = _solver(limits, parameters or {})
    if on_bound is not None:
        solver.best_bound_callback = lambda bound: on_bound(proven(bound))
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(solver, limits, done), daemon=True)
    watcher.start()
    try:
        status = solver.solve(model, None if on_solution is None else _News(on_solution))
    finally:
        done.set()
        watcher.join()
    if status == cp_model.MODEL_INVALID:
        raise RuntimeError(f"The model is invalid: {model.validate()}")
    known = status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN) and model.has_objective()
    return Outcome(solver=solver, status=status, bound=proven(solver.best_objective_bound) if known else None)


def _solver(limits: Limits, parameters: dict[str, object]) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = limits.workers
    solver.parameters.random_seed = limits.seed
    if limits.deterministic:
        solver.parameters.max_deterministic_time = limits.seconds
    else:
        solver.parameters.max_time_in_seconds = max(limits.left, 0.0)
    for name, value in parameters.items():
        setattr(solver.parameters, name, value)
    return solver


def _watch(solver: cp_model.CpSolver, limits: Limits, done: threading.Event) -> None:
    while limits.should_stop is not None and not done.wait(POLL_SECONDS):
        if limits.should_stop():
            solver.stop_search()
