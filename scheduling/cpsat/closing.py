"""Closing the gap: every trip that a better roster could use is enumerated, and CP-SAT chooses among them.

A trip whose reduced cost is above the gap between a roster's cost and a bound stands in no better roster (Baldacci,
Christofides and Mingozzi 2008, doi:10.1007/s10107-007-0178-5), so what CP-SAT proves over the rest holds for all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from ortools.sat.python import cp_model

from scheduling.cpsat.columns import ColumnGeneration
from scheduling.cpsat.partition import OnSolution, Partition
from scheduling.cpsat.pricing import Column
from scheduling.cpsat.relaxation import SCALE, Ints
from scheduling.cpsat.rows import relax
from scheduling.cpsat.solving import Limits, ShouldStop
from scheduling.cpsat.ways import ways_within
from scheduling.cpsat.weight import unserved_weight
from scheduling.problem import Assignment, Problem

MOST_COLUMNS = 30_000
MOST_CELLS = 4_000_000
"""Nodes times minutes of one trip up to which its ways are enumerated."""
SHARES = (0.125, 0.5, 1.0)
"""Parts of the gap that are tried in turn: a roster near the bound is found soonest among few trips."""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """``assignments``: the best roster, None if the known one stands; ``bound`` on soft; ``optimal``: none better."""

    assignments: tuple[Assignment, ...] | None
    bound: int | None
    optimal: bool


class Closing:
    """Tries growing parts of the gap between the bound of a column generation and the cost of a roster."""

    def __init__(
        self, generation: ColumnGeneration, on_solution: OnSolution | None, on_bound: Callable[[int], None]
    ) -> None:
        self.generation = generation
        self.relaxation = generation.relaxation
        self.on_solution = on_solution
        self.on_bound = on_bound

    def close(self, cost: int, limits: Limits) -> Proof:
        """Look for a roster that costs less than ``cost``, or prove that there is none."""
        first = bound = self.generation.bound
        if first is None or bound is None:
            return Proof(assignments=None, bound=None, optimal=False)
        for share in SHARES:
            most = min(cost - 1, first + int(share * (cost - 1 - first)))
            if bound > most or limits.over or (partition := self._partition(most)) is None:
                continue
            outcome = partition.solve(limits, self.on_solution)
            if outcome.found:
                roster = partition.read(outcome.solver.value)
                return Proof(assignments=roster, bound=max(bound, outcome.bound or bound), optimal=outcome.proven)
            if outcome.status == cp_model.INFEASIBLE:
                bound = most + 1
                self.on_bound(bound)
        return Proof(assignments=None, bound=bound, optimal=bound >= cost)

    def _partition(self, most: int) -> Partition | None:
        """The partition over every trip that a roster of at most ``most`` can have; None where they are too many."""
        columns: list[Column] = []
        for trip in range(len(self.relaxation.windows)):
            ways = self._ways(trip, most, MOST_COLUMNS - len(columns))
            if ways is None:
                return None
            columns.extend(ways)
        assert self.generation.duals is not None and self.generation.prices is not None  # noqa: S101, PT018 -- a bound is known
        partition = Partition(self.relaxation, self.generation.pricing, columns)
        partition.cut(self.generation.duals, self.generation.prices, most)
        return partition

    def _ways(self, trip: int, most: int, capacity: int) -> list[Column] | None:
        assert self.generation.prices is not None and self.generation.scaled is not None  # noqa: S101, PT018 -- as above
        pricing, options = self.generation.pricing, self._options[trip]
        limit = most * SCALE - self.generation.scaled + int(self.generation.prices.least[trip])
        nodes = np.array([pricing.node(self.relaxation.options[option]) for option in options], dtype=np.int64)
        begin, end = pricing.trips[trip, :2]
        if len(nodes) * (end - begin) > MOST_CELLS:
            return None
        rows, complete = ways_within(
            nodes, self._reduced[options], pricing.trips[trip], pricing.minutes, pricing.costs, limit, max(capacity, 1)
        )
        if not complete:
            return None
        return [Column(trip=trip, options=tuple(int(options[node]) for node in row if node >= 0)) for row in rows]

    @cached_property
    def _reduced(self) -> Ints:
        assert self.generation.duals is not None  # noqa: S101 -- a bound is known
        return self.relaxation.reduced(self.generation.duals)

    @cached_property
    def _options(self) -> list[Ints]:
        """Indices of the options of each trip; they stand in the order of the trips."""
        trips = np.array([option.trip for option in self.relaxation.options], dtype=np.int64)
        cuts = np.searchsorted(trips, np.arange(1, len(self.relaxation.windows)))
        return np.split(np.arange(len(trips)), cuts)


def prove(
    problem: Problem,
    *,
    incumbent: Sequence[Assignment],
    soft: int,
    pool: Sequence[Sequence[Assignment]] = (),
    seconds: float,
    workers: int = 1,
    seed: int = 0,
    on_solution: OnSolution | None = None,
    on_bound: Callable[[int], None] | None = None,
    should_stop: ShouldStop | None = None,
) -> Proof:
    """Bound soft over all rosters that leave out no more weight than ``incumbent``, then try to close the gap.

    ``soft`` is the incumbent's; ``seconds`` is wall time. A roster found is better than the incumbent.
    """
    limits = Limits(seconds=seconds, workers=workers, seed=seed, should_stop=should_stop)
    tell = on_bound or (lambda _: None)
    relaxation = relax(problem, medium=unserved_weight(problem, incumbent))
    generation = ColumnGeneration(relaxation, tell)
    for roster in (incumbent, *pool):
        generation.add_roster(roster)
    generation.run(limits, soft)
    return Closing(generation, on_solution, tell).close(soft, limits)
