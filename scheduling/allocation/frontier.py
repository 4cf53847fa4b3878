"""What each further move buys: the best allocation for every number of moves that improves on fewer."""

import heapq

from scheduling.allocation.answer import Allocation, Frontier, Status
from scheduling.allocation.clock import Clock
from scheduling.allocation.problem import AllocationProblem, forced_moves
from scheduling.allocation.shape import Shape
from scheduling.allocation.solve import Solver

Gap = tuple[int, int, int]
"""Minus its width, then the numbers of moves on its two sides: everything up to the first is known, and the second."""


def frontier(problem: AllocationProblem, *, seconds: float = 60.0, workers: int = 2) -> Frontier:
    """The points within ``max_moves``; those of other numbers of moves improve on none with fewer.

    When the time is over the widest gaps are filled and ``complete`` is False; points stay true allocations.
    Raises ValueError for negative seconds or no worker.
    """
    return _Filling(problem, Clock(seconds=seconds, workers=workers)).run()


class _Filling:
    """Between two points of equal service there is nothing; each other gap is halved, the widest first."""

    def __init__(self, problem: AllocationProblem, clock: Clock) -> None:
        self.problem, self.clock = problem, clock
        self._shape = Shape.of(problem)
        self._solver = Solver(self._shape)
        self._points: dict[int, Allocation] = {}
        self._gaps: list[Gap] = []

    def run(self) -> Frontier:
        """Both ends first."""
        first = self._solver.solve(forced_moves(self.problem), self.clock.part(0.2))
        last = self._solver.solve(self.problem.max_moves, self.clock.part(0.3), start=self._shape.places(first.posts))
        self._points = {last.score.moves: last, first.score.moves: first}
        self._open(first.score.moves, last.score.moves, first)
        while self._gaps and self.clock.left > 0:
            self._halve(heapq.heappop(self._gaps))
        points = tuple(_improving([self._points[moves] for moves in sorted(self._points)]))
        complete = not self._gaps and all(point.status is Status.OPTIMAL for point in points)
        return Frontier(problem=self.problem.id, points=points, complete=complete)

    def _halve(self, gap: Gap) -> None:
        """The best with half as many moves more; it may need fewer than it is allowed."""
        _, low, high = gap
        middle = (low + high) // 2
        before = self._points[max(moves for moves in self._points if moves <= low)]
        after = self._points[high]
        clock = self.clock.part(1 / (1 + len(self._gaps)))
        found = self._solver.solve(middle, clock, start=self._shape.places(before.posts), floor=after)
        if found.score.service < before.score.service:
            self._points[found.score.moves] = found
            self._open(low, found.score.moves, before)
            before = found
        self._open(middle, high, before)

    def _open(self, low: int, high: int, before: Allocation) -> None:
        """A gap with something between its sides, unless its far side is no better than what comes before."""
        if high - low > 1 and self._points[high].score.service < before.score.service:
            heapq.heappush(self._gaps, (low - high, low, high))


def _improving(points: list[Allocation]) -> list[Allocation]:
    """Points of rising moves without those that are no better than one before."""
    kept = points[:1]
    for point in points[1:]:
        if point.score.service < kept[-1].score.service:
            kept.append(point)
    return kept
