"""The lexicographic optimum as minimum-cost flows: exact where moves are free and skills do not overlap.

Workers flow to townships; where a township asks for skills, those who have one pass a node of it. Each further worker
of a township is an arc of its own, cheaper than the one before, for short and spread are convex in the count. After
each aim the arcs that no optimal flow may use, or must fill, are fixed by complementary slackness (Ahuja, Magnanti
and Orlin, Network Flows, 1993, theorem 9.4), so that the next aim is again a flow over the optimal ones alone.
"""

from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from scheduling.allocation.answer import Score
from scheduling.allocation.shape import AIMS, Places, Shape

Ints = NDArray[np.int64]


def fits(shape: Shape) -> bool:
    """True if no township asks two skills of one worker who may stand there."""
    asked = [frozenset(skills) for skills in shape.skills]
    rows = zip(shape.problem.staff, shape.options, strict=True)
    return all(len(worker.skills & asked[column]) <= 1 for worker, columns in rows for column in columns)


def optimum(shape: Shape) -> tuple[Places, Score]:
    """The allocation with as many moves as it takes, and what the flows prove of every aim.

    The proof is below the score only where rounding makes the spread of very small demands not convex.
    """
    network = _Network(shape)
    proven: dict[str, int] = {}
    for aim in AIMS:
        if aim == "spread":
            proven["peak"] = network.lower_peak()
        network.minimise(network.costs[aim])
        proven[aim] = network.base[aim] + int(network.costs[aim] @ network.flow)
    return network.places(), Score(**proven)


def within(shape: Shape, max_moves: int) -> tuple[Places, Score] | None:
    """Places within a limit of moves, and what is proven of them, where the limit costs only spread.

    The limit is priced into the flow (Lagrangian relaxation; Geoffrion, 1974, doi:10.1007/BFb0120690): the spread's
    bound is the best of all prices, the places those of the least price that keeps the limit. Nothing is proven of
    the commute. None if short, skills or peak cannot be at their least within the limit.
    """
    network = _Network(shape)
    proven = dict.fromkeys(AIMS, 0)
    for aim in ("short", "skills_missing"):
        network.minimise(network.costs[aim])
        proven[aim] = network.base[aim] + int(network.costs[aim] @ network.flow)
    peak = network.lower_peak()
    priced = network.priced_spread(max_moves)
    if priced is None:
        return None
    places, (spread, price) = network.places(), priced
    if price:  # no allocation of this spread has fewer: what it lacks in moves is worth no more than the gap
        proven["moves"] = max(0, max_moves - (shape.score(places).spread - spread) // price)
    return places, Score(**proven | {"spread": spread}, peak=peak)


@dataclass(kw_only=True)
class _Arcs:
    """Arcs as they are drawn; ``costs`` holds, for each aim, those that are not 0."""

    tails: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    rooms: list[int] = field(default_factory=list)
    costs: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: {aim: [] for aim in AIMS})

    def add(self, tail: int, head: int, room: int = 1, **costs: int) -> None:
        for aim, cost in costs.items():
            self.costs[aim].append((len(self.tails), cost))
        self.tails.append(tail)
        self.heads.append(head)
        self.rooms.append(room)

    def cost(self, aim: str) -> Ints:
        dense = np.zeros(len(self.tails), np.int64)
        for arc, cost in self.costs[aim]:
            dense[arc] = cost
        return dense


class _Network:
    """Workers, skills asked, townships, and one sink; ``lower`` and ``upper`` bound the flow of each arc."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._workers = len(shape.options)
        self._nodes = self._workers + len(shape.rooms)
        self._arcs, self._choices = _Arcs(), list[int | None]()
        self._doors = self._draw_skills()
        self._sink = self._nodes
        self._nodes += 1
        self._draw_workers()
        self._places_from = len(self._arcs.tails)
        self._draw_places()
        self.tails, self.heads = np.array(self._arcs.tails, np.int64), np.array(self._arcs.heads, np.int64)
        self.lower, self.upper = np.zeros(len(self.tails), np.int64), np.array(self._arcs.rooms, np.int64)
        self.costs = {aim: self._arcs.cost(aim) for aim in AIMS}
        self.base = self._base()
        self.flow = np.zeros(len(self.tails), np.int64)

    def minimise(self, cost: Ints) -> None:
        """Take a flow of least cost, and leave open only what other such flows could do."""
        flow = self._solve(cost)
        if flow is None:
            raise RuntimeError("Expected a flow, for the problem holds an allocation.")
        self.flow = flow
        potentials = self._potentials(cost)
        reduced = cost + potentials[self.tails] - potentials[self.heads]
        # rc > 0: no optimal flow uses the arc beyond its least; rc < 0: every one fills it
        self.upper = np.where(reduced > 0, self.lower, self.upper)
        self.lower = np.where(reduced < 0, self.upper, self.lower)

    def lower_peak(self) -> int:
        """Find the least peak by halving, and hold it from here on."""
        peaks = self.shape.peaks
        low, high = 0, len(peaks) - 1
        while low < high:
            middle = (low + high) // 2
            if self._holds(peaks[middle]):
                high = middle
            else:
                low = middle + 1
        held = self._lower_at(peaks[low])
        self.lower = self.lower if held is None else held
        return peaks[low]

    def priced_spread(self, max_moves: int) -> tuple[int, int] | None:
        """The bound on the spread within a limit of moves and its price, None without a flow; keeps the best flow."""
        moves, spread = self.costs["moves"], self.costs["spread"]
        fewest = self._solve(moves)
        if fewest is None or int(moves @ fewest) > max_moves:
            return None
        self.flow, best = fewest, (int(spread.sum()), 0)
        low, high = 0, 4 * int(-spread.min(initial=0)) + 1
        while low <= high:
            price = (low + high) // 2
            flow = self._solve(spread + price * moves)
            if flow is None:
                return None
            over = int(moves @ flow) - max_moves
            best = max(best, (int(spread @ flow) + price * over, price))
            if over > 0:
                low = price + 1
            else:
                self.flow, high = flow, price - 1
        return self.base["spread"] + best[0], best[1]

    def places(self) -> Places:
        """Where the last flow puts each worker."""
        places: list[int | None] = [None] * self._workers
        for arc in np.flatnonzero(self.flow[self._workers_from : self._places_from]):
            places[self._arcs.tails[self._workers_from + int(arc)]] = self._choices[int(arc)]
        return tuple(places)

    def _draw_skills(self) -> dict[tuple[int, str], int]:
        """A node for each skill that a township asks for; the workers who are asked for go first."""
        doors = {}
        for column, asked in enumerate(self.shape.skills):
            for skill, count in asked.items():
                doors[column, skill] = self._nodes
                self._arcs.add(self._nodes, self._workers + column, count, skills_missing=-1)
                self._arcs.add(self._nodes, self._workers + column, self._workers)
                self._nodes += 1
        return doors

    def _draw_workers(self) -> None:
        self._workers_from = len(self._arcs.tails)
        for row, worker in enumerate(self.shape.problem.staff):
            was, minutes = self.shape.current[row], self.shape.problem.commute_minutes[row]
            for column in self.shape.options[row]:
                skill = next(iter(worker.skills & self.shape.skills[column].keys()), None)
                head = self._workers + column if skill is None else self._doors[column, skill]
                self._arcs.add(row, head, moves=int(was not in {None, column}), commute=minutes[column])
                self._choices.append(column)
            if not worker.stays:
                self._arcs.add(row, self._sink, moves=int(was is not None))
                self._choices.append(None)

    def _draw_places(self) -> None:
        for column, room in enumerate(self.shape.rooms):
            least, gains = self.shape.problem.townships[column].min_staff, self._gains(column)
            for count in range(room):
                self._arcs.add(self._workers + column, self._sink, short=-int(count < least), spread=-gains[count])

    def _gains(self, column: int) -> list[int]:
        """What each further worker takes from the spread, at least as much as is true, and never growing."""
        return list(accumulate(reversed(self.shape.gains(column)), max))[::-1]

    def _base(self) -> dict[str, int]:
        """Each aim without anybody."""
        townships = self.shape.problem.townships
        base = dict.fromkeys(AIMS, 0)
        base["short"] = sum(township.min_staff for township in townships)
        base["skills_missing"] = sum(sum(asked.values()) for asked in self.shape.skills)
        base["spread"] = sum(self.shape.spread(column, 0) for column in range(len(townships)))
        return base

    def _holds(self, peak: int) -> bool:
        lower = self._lower_at(peak)
        return lower is not None and self._solve(np.zeros_like(lower), lower) is not None

    def _lower_at(self, peak: int) -> Ints | None:
        """The least flow of each arc under a peak, None if a township has no room for it."""
        lower, first = self.lower.copy(), self._places_from
        for column, room in enumerate(self.shape.rooms):
            count = self.shape.count_for(column, peak)
            if count > room or not self.upper[first : first + count].all():
                return None
            lower[first : first + count] = 1
            first += room
        return lower

    def _solve(self, cost: Ints, lower: Ints | None = None) -> Ints | None:
        """A flow of least cost within the bounds, None if there is none."""
        lower = self.lower if lower is None else lower
        supplies = np.zeros(self._nodes, np.int64)
        supplies[: self._workers] = 1
        supplies[self._sink] = -self._workers
        np.subtract.at(supplies, self.tails, lower)
        np.add.at(supplies, self.heads, lower)
        solver: Any = min_cost_flow.SimpleMinCostFlow()
        arcs = solver.add_arcs_with_capacity_and_unit_cost(self.tails, self.heads, self.upper - lower, cost)
        solver.set_nodes_supplies(np.arange(self._nodes), supplies)
        if solver.solve() != solver.OPTIMAL:
            return None
        flow: Ints = solver.flows(arcs) + lower
        return flow

    def _potentials(self, cost: Ints) -> Ints:
        """Shortest ways in the residual network, from everywhere (Bellman and Ford): no arc is left to gain by."""
        forward, back = self.flow < self.upper, self.flow > self.lower
        tails = np.concatenate([self.tails[forward], self.heads[back]])
        heads = np.concatenate([self.heads[forward], self.tails[back]])
        lengths = np.concatenate([cost[forward], -cost[back]])
        potentials = np.zeros(self._nodes, np.int64)
        while True:
            nearer = potentials.copy()
            np.minimum.at(nearer, heads, potentials[tails] + lengths)
            if np.array_equal(nearer, potentials):
                return potentials
            potentials = nearer
