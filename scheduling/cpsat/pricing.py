"""Pricing: what the duals make of every option, and the cheapest trips under these prices, in exact integers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from scheduling.cpsat.labels import cheapest_trips
from scheduling.cpsat.relaxation import SCALE, Ints, Option, Relaxation
from scheduling.problem import DAY

CAPACITY = 5_000
"""Labels of one trip at first; a trip that needs more has a weaker least price."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A trip (index) with its options (indices) in the order of the way."""

    trip: int
    options: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Prices:
    """``least[trip]``: no trip's reduced cost times SCALE is below it (at most 0: staying at home).

    ``columns`` have negative reduced cost; ``sharp`` is False where some least price may be too low.
    """

    least: Ints
    columns: tuple[Column, ...]
    sharp: bool


class Pricing:
    """The nodes of every trip: a node is a slot, at which the person takes the best-priced role.

    Nodes have the columns of ``labels``; ``capacity`` may be raised between calls.
    """

    def __init__(self, relaxation: Relaxation) -> None:
        self.relaxation = relaxation
        self.capacity = CAPACITY
        keys = [(option.trip, option.slot, option.first) for option in relaxation.options]
        firsts = [index for index, key in enumerate(keys) if index == 0 or key != keys[index - 1]]
        self._heads = np.array([*firsts, len(keys)], dtype=np.int64)
        options = [relaxation.options[index] for index in firsts]
        self._trip = np.array([option.trip for option in options], dtype=np.int64)
        self._nodes = np.array([self.node(option) for option in options], dtype=np.int64).reshape(-1, 5)
        self._critical = np.zeros(len(options), dtype=np.int64)
        self.trips = np.array([self._limits(window) for window in relaxation.windows], dtype=np.int64).reshape(-1, 5)
        self.minutes = np.array(relaxation.problem.travel_minutes, dtype=np.int64)
        self.costs = self.minutes * (relaxation.travel_cost * SCALE)

    def node(self, option: Option) -> tuple[int, int, int, int, int]:
        """First and last start, minutes, place and task."""
        task = self.relaxation.task(option)
        place = self.relaxation.problem.place_index[task.place]
        return (option.first, option.last, task.minutes, place, self.relaxation.slots[option.slot].task)

    def _limits(self, window: tuple[int, int]) -> tuple[int, int, int, int, int]:
        """Begin, end, base, most tasks and minutes (0: no limit); over midnight the limits are left to the rows."""
        person = self.relaxation.problem.people[window[0]]
        begin, end = person.availability[window[1]]
        base = self.relaxation.problem.place_index[person.base]
        if begin // DAY != (end - 1) // DAY:
            return (begin, end, base, 0, 0)
        minutes = person.max_minutes_per_day or 0
        return (begin, end, base, person.max_tasks_per_day or 0, 0 if minutes >= end - begin else minutes)

    @cached_property
    def _direct_is_shortest(self) -> bool:
        return self.relaxation.eligibility.shortest == self.relaxation.problem.travel_minutes

    def __call__(self, duals: Ints, keep: int) -> Prices:
        """Price every trip; at most ``keep`` columns of each."""
        reduced = self.relaxation.reduced(duals)
        prices = np.minimum.reduceat(reduced, self._heads[:-1]) if len(reduced) else reduced
        # Where no detour is shorter than the direct way, a node that earns nothing makes no trip cheaper.
        chosen = np.flatnonzero(prices < 0) if self._direct_is_shortest else np.arange(len(prices))
        pointers = np.searchsorted(self._trip[chosen], np.arange(len(self.trips) + 1)).astype(np.int64)
        critical = self._critical[chosen]
        least, blunt, rows = cheapest_trips(
            pointers, self._nodes[chosen], prices[chosen], critical,
            self.trips, self.minutes, self.costs, self.capacity, keep,
        )  # fmt: skip
        self._critical[chosen] = critical
        columns = tuple(self._columns((chosen[row[row >= 0]] for row in rows if row[0] >= 0), reduced))
        return Prices(least=least, columns=columns, sharp=not blunt.any())

    def _columns(self, ways: Iterator[Ints], reduced: Ints) -> Iterator[Column]:
        """The best-priced option of each node, for ways that repeat no task."""
        for way in ways:
            if len(set(self._nodes[way, 4])) == len(way):
                options = tuple(self._cheapest(int(node), reduced) for node in way)
                yield Column(trip=int(self._trip[way[0]]), options=options)

    def _cheapest(self, node: int, reduced: Ints) -> int:
        low, high = self._heads[node : node + 2]
        return int(low + np.argmin(reduced[low:high]))

    def travel(self, column: Column) -> int:
        """Minutes of travel, base to base."""
        base = int(self.trips[column.trip, 2])
        options = (self.relaxation.options[index] for index in column.options)
        way = [base, *(self.node(option)[3] for option in options), base]
        return sum(int(self.minutes[leg]) for leg in pairwise(way))
