"""The best allocation: by flows where they are exact, by programmes where moves are limited or skills overlap."""

from scheduling.allocation import flow
from scheduling.allocation.answer import Allocation, Score, Status
from scheduling.allocation.clock import Clock
from scheduling.allocation.problem import AllocationProblem
from scheduling.allocation.shape import Places, Shape


def solve(problem: AllocationProblem, *, seconds: float = 60.0, workers: int = 2) -> Allocation:
    """The lexicographic optimum, or the best allocation found in ``seconds`` of wall time with a bound for each aim.

    Raises ValueError for negative seconds or no worker.
    """
    clock = Clock(seconds=seconds, workers=workers)
    return Solver(shape=Shape.of(problem)).solve(problem.max_moves, clock)


class Solver:
    """Solves one problem under several limits of moves; the flow without a limit is computed once."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._free = flow.optimum(shape) if flow.fits(shape) else None

    def solve(
        self,
        max_moves: int | None,
        clock: Clock,
        *,
        start: Places | None = None,
        floor: Allocation | None = None,
    ) -> Allocation:
        """The best with at most ``max_moves``; ``start`` keeps it, ``floor`` is the best with a looser limit."""
        free = self._free_answer(clock)
        if free and free.status is Status.OPTIMAL and (max_moves is None or free.score.moves <= max_moves):
            return free
        from scheduling.allocation.levels import Descent, Floor  # noqa: PLC0415 -- OR-Tools' linear solvers take time to load
        from scheduling.allocation.programme import Programme  # noqa: PLC0415 -- as above

        priced = self._priced(max_moves, clock)
        known = (answer for answer in (floor or free, priced) if answer)
        places, bound = Descent(
            shape=self.shape,
            programme=Programme.of(self.shape, max_moves),
            places=self._start(max_moves, start, priced),
            floors=tuple(Floor(score=answer.score, bound=answer.bound) for answer in known),
            clock=clock,
        ).run()
        return self._answer(places, bound, clock)

    def _priced(self, max_moves: int | None, clock: Clock) -> Allocation | None:
        found = flow.within(self.shape, max_moves) if self._free and max_moves is not None else None
        return self._answer(*found, clock) if found else None

    def _start(self, max_moves: int | None, start: Places | None, priced: Allocation | None) -> Places:
        """The best that is known within the limit."""
        known = [start or self.shape.today()]
        if priced:
            known.append(self.shape.places(priced.posts))
        if self._free and (max_moves is None or self.shape.score(self._free[0]).moves <= max_moves):
            known.append(self._free[0])
        return min(known, key=self.shape.score)

    def _free_answer(self, clock: Clock) -> Allocation | None:
        return self._answer(*self._free, clock) if self._free else None

    def _answer(self, places: Places, bound: Score, clock: Clock) -> Allocation:
        score = self.shape.score(places)
        return Allocation(
            problem=self.shape.problem.id,
            posts=self.shape.posts(places),
            score=score,
            bound=bound,
            status=Status.OPTIMAL if score == bound else Status.FEASIBLE,
            seconds=clock.passed,
        )
