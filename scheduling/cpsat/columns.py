"""Column generation: trips are priced into the master until its duals prove the relaxation's value.

Dual values are smoothed towards the best ones known (Wentges 1997, doi:10.1016/S0969-6016(97)00001-4): prices settle
sooner, and each pricing proves a bound of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from scheduling.cpsat.master import Master, Solution, rounded, scaled_bound
from scheduling.cpsat.pricing import Column, Prices, Pricing
from scheduling.cpsat.relaxation import SCALE, Ints, Relaxation
from scheduling.cpsat.rows import relax
from scheduling.cpsat.solving import Limits, ShouldStop
from scheduling.problem import Assignment, Problem

SMOOTHING = 0.5
"""Share of the best known duals in those that are priced."""
TOLERANCE = 5e-4
"""Relative gap between the master's value and the bound at which the bound is as good as it gets."""
WIDER = 4
MOST_CAPACITY = 400_000
KEEP = 6
"""Columns of one trip that one pricing may add."""


class ColumnGeneration:
    """The relaxation's bound, growing; ``duals`` and ``prices`` are those that prove ``scaled``."""

    def __init__(self, relaxation: Relaxation, on_bound: Callable[[int], None] | None = None) -> None:
        self.relaxation = relaxation
        self.pricing = Pricing(relaxation)
        self.master = Master(relaxation, self.pricing)
        self.duals: Ints | None = None
        self.prices: Prices | None = None
        self.scaled: int | None = None
        self._on_bound = on_bound or (lambda _: None)

    @property
    def bound(self) -> int | None:
        """The proven lower bound: scores are integers, so it is rounded up."""
        return None if self.scaled is None else -(-self.scaled // SCALE)

    def add_roster(self, assignments: Sequence[Assignment]) -> None:
        """Add the trips of a roster to the master."""
        self.master.add(trips_of(self.relaxation, assignments))

    def run(self, limits: Limits, target: int | None = None) -> None:
        """Until the bound is as good as it gets, or reaches ``target``, or the limits are over."""
        while not limits.over and (solution := self.master.solve(limits)) is not None:
            new = self._price(solution)
            if target is not None and self.bound is not None and self.bound >= target:
                return
            if (new == 0 or self._is_close(solution)) and not self._sharpen(solution):
                return

    def _price(self, solution: Solution) -> int:
        """Price smoothed duals, then the master's own where those brought nothing new."""
        new = 0
        if self.duals is not None:
            smooth = SMOOTHING * (self.duals / SCALE) + (1 - SMOOTHING) * solution.duals
            new = self._try(rounded(self.relaxation, smooth))
        return new or self._try(rounded(self.relaxation, solution.duals))

    def _try(self, duals: Ints) -> int:
        prices = self.pricing(duals, KEEP)
        scaled = scaled_bound(self.relaxation, duals, prices)
        if self.scaled is None or scaled > self.scaled:
            before = self.bound
            self.duals, self.prices, self.scaled = duals, prices, scaled
            if self.bound is not None and self.bound != before:
                self._on_bound(self.bound)
        return self.master.add(prices.columns)

    def _is_close(self, solution: Solution) -> bool:
        assert self.scaled is not None  # noqa: S101 -- a pricing has just been tried
        gap = solution.objective - self.scaled / SCALE
        return gap <= max(0.5 / SCALE, TOLERANCE * abs(solution.objective)) * (WIDER if solution.broken else 1)

    def _sharpen(self, solution: Solution) -> bool:
        """Make penalties or label room larger where either holds the bound down; False if neither does."""
        if solution.broken:
            self.master.stiffen()
            return True
        assert self.prices is not None  # noqa: S101 -- a pricing has just been tried
        if self.prices.sharp or self._is_close(solution) or self.pricing.capacity >= MOST_CAPACITY:
            return False
        self.pricing.capacity *= WIDER
        return True


def trips_of(relaxation: Relaxation, assignments: Sequence[Assignment]) -> list[Column]:
    """The columns of a roster's trips."""
    start = {assignment.task: assignment.start for assignment in assignments}
    seats = {(a.task, seat.person, seat.role) for a in assignments for seat in a.people}
    trips: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for index, option in enumerate(relaxation.options):
        task = relaxation.task(option).id
        if (task, relaxation.person(option).id, option.role) in seats and option.first <= start[task] <= option.last:
            trips[option.trip].append((start[task], index))
    return [Column(trip=trip, options=tuple(index for _, index in sorted(way))) for trip, way in trips.items()]


def soft_bound(
    problem: Problem,
    *,
    medium: int,
    pool: Sequence[Sequence[Assignment]] = (),
    incumbent: int | None = None,
    seconds: float,
    seed: int = 0,
    on_bound: Callable[[int], None] | None = None,
    should_stop: ShouldStop | None = None,
) -> int | None:
    """A proven lower bound on soft over all rosters that leave out at most ``medium``; None if there was no time.

    ``Score(medium=medium, soft=it)`` is a lexicographic bound if ``medium`` is proven minimal. Rosters of ``pool``
    give first trips and save time. Works on one thread; ends when the bound reaches ``incumbent``, a known soft score.
    """
    limits = Limits(seconds=seconds, seed=seed, should_stop=should_stop)
    generation = ColumnGeneration(relax(problem, medium=medium), on_bound)
    for assignments in pool:
        generation.add_roster(assignments)
    generation.run(limits, incumbent)
    return generation.bound
