"""The allocation as an integer linear programme: any skills, any limit of moves, counts of staff in unary.

Columns: a worker stands in a township (0 or 1), a township has its n-th worker (0 or 1), workers with a skill that a
township lacks (0 to what it asks). A township's n-th worker may be counted without the one before: that never pays, for
each further worker gains no more than the one before, and where rounding makes it otherwise a row forbids it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scheduling.allocation.shape import AIMS, Places, Shape

Ints = NDArray[np.int64]
FAR = 1 << 60
"""No limit on this side."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """``least`` <= the sum of ``factors`` x ``columns`` <= ``most``."""

    columns: Ints
    factors: Ints
    least: int = -FAR
    most: int = FAR


@dataclass(frozen=True, kw_only=True)
class Aim:
    """``base`` and a ``cost`` for each column."""

    base: int
    cost: Ints

    def of(self, values: Ints) -> int:
        """The value of the aim."""
        return self.base + int(self.cost @ values)


@dataclass(frozen=True, kw_only=True)
class Programme:
    """Columns within ``lower`` and ``upper`` under ``rows``; what is held makes a new one."""

    layout: "Layout"
    lower: Ints
    upper: Ints
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, shape: Shape, max_moves: int | None) -> "Programme":
        """Every rule, no aim held yet."""
        layout = Layout(shape)
        upper = np.ones(layout.width, np.int64)
        upper[layout.lacks_from :] = [count for count, _ in layout.asked]
        whole = cls(layout=layout, lower=np.zeros(layout.width, np.int64), upper=upper, rows=tuple(layout.rules()))
        return whole if max_moves is None else whole.hold("moves", max_moves)

    def hold(self, aim: str, value: int) -> "Programme":
        """Nothing that is worse in this aim."""
        if aim == "peak":
            return self.under_peak(value)
        held = self.layout.aims[aim]
        columns = np.flatnonzero(held.cost)
        row = Row(columns=columns, factors=held.cost[columns], most=value - held.base)
        return replace(self, rows=(*self.rows, row))

    def under_peak(self, peak: int) -> "Programme":
        """The workers that each township needs under a peak are there; their number is within its room."""
        lower = self.lower.copy()
        lower[self.layout.needed(peak)] = 1
        return replace(self, lower=lower)

    def lacking(self, peak: int) -> Aim | None:
        """How many workers the townships lack to a peak; None where one has no room for so many."""
        shape = self.layout.shape
        if any(shape.count_for(column, peak) > room for column, room in enumerate(shape.rooms)):
            return None
        needed = self.layout.needed(peak)
        cost = np.zeros(self.layout.width, np.int64)
        cost[needed] = -1
        return Aim(base=len(needed), cost=cost)

    def holds(self, values: Ints) -> bool:
        """True if every rule does."""
        sums = (int(row.factors @ values[row.columns]) for row in self.rows)
        kept = all(row.least <= total <= row.most for row, total in zip(self.rows, sums, strict=True))
        return kept and bool((self.lower <= values).all() and (values <= self.upper).all())

    def within(self, lower: Ints, upper: Ints) -> "Programme":
        """The same rows for fewer values."""
        return replace(self, lower=lower, upper=upper)


class Layout:
    """Which column means what."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.stands = [(row, t) for row, columns in enumerate(shape.options) for t in columns]
        self.counts_from = len(self.stands)
        self._first_count = self.counts_from + np.concatenate([[0], np.cumsum(shape.rooms, dtype=np.int64)])
        self.lacks_from = int(self._first_count[-1])
        self._rows_of = np.array([row for row, _ in self.stands], np.int64)
        self._towns_of = np.array([t for _, t in self.stands], np.int64)
        asked = [(town, skill, count) for town, skills in enumerate(shape.skills) for skill, count in skills.items()]
        self.asked = [(count, self._with(town, skill)) for town, skill, count in asked]
        """For each lack, how many are asked for, and the columns of the workers who are."""
        self.width = self.lacks_from + len(self.asked)
        self.aims = self._aims()

    def needed(self, peak: int) -> Ints:
        """The count columns that are filled under a peak."""
        shape = self.shape
        counts = (min(shape.count_for(t, peak), room) for t, room in enumerate(shape.rooms))
        return _joined(np.arange(count) + self._first_count[t] for t, count in enumerate(counts))

    def places(self, values: Ints) -> Places:
        """Where each worker stands."""
        places: list[int | None] = [None] * len(self.shape.options)
        for column in np.flatnonzero(values[: self.counts_from]):
            row, town = self.stands[int(column)]
            places[row] = town
        return tuple(places)

    def values(self, places: Places) -> Ints:
        """The columns of an allocation."""
        values = np.zeros(self.width, np.int64)
        here = np.array([-1 if place is None else place for place in places], np.int64)
        values[: self.counts_from] = here[self._rows_of] == self._towns_of
        for town, count in enumerate(np.bincount(here[here >= 0], minlength=len(self.shape.rooms))):
            values[self._first_count[town] : self._first_count[town] + count] = 1
        for column, (count, able) in enumerate(self.asked, start=self.lacks_from):
            values[column] = max(0, count - int(values[able].sum()))
        return values

    def rules(self) -> Iterable[Row]:
        """What every allocation holds to."""
        for row, worker in enumerate(self.shape.problem.staff):
            columns = np.flatnonzero(self._rows_of == row)
            yield Row(columns=columns, factors=np.ones_like(columns), least=int(worker.stays), most=1)
        for town, room in enumerate(self.shape.rooms):
            here = np.flatnonzero(self._towns_of == town)
            columns = np.concatenate([here, self._first_count[town] + np.arange(room)])
            yield Row(columns=columns, factors=np.repeat([1, -1], [len(here), room]), least=0, most=0)
            yield from self._in_order(town)
        for column, (count, able) in enumerate(self.asked, start=self.lacks_from):
            columns = np.append(able, column)
            yield Row(columns=columns, factors=np.ones_like(columns), least=count)

    def _in_order(self, town: int) -> Iterable[Row]:
        for n, (before, after) in enumerate(pairwise(self.shape.gains(town)), start=int(self._first_count[town])):
            if after > before:
                yield Row(columns=np.array([n, n + 1]), factors=np.array([1, -1]), least=0)

    def _with(self, town: int, skill: str) -> Ints:
        staff = self.shape.problem.staff
        here = np.flatnonzero(self._towns_of == town)
        return here[[skill in staff[row].skills for row in self._rows_of[here]]]

    def _aims(self) -> dict[str, Aim]:
        shape = self.shape
        townships = range(len(shape.rooms))
        least = [t.min_staff for t in shape.problem.townships]
        costs = {aim: np.zeros(self.width, np.int64) for aim in AIMS}
        for town in townships:
            counts = slice(self._first_count[town], self._first_count[town + 1])
            costs["short"][counts] = -(np.arange(shape.rooms[town]) < least[town]).astype(np.int64)
            costs["spread"][counts] = [-gain for gain in self.shape.gains(town)]
        costs["skills_missing"][self.lacks_from :] = 1
        for column, (row, town) in enumerate(self.stands):
            costs["moves"][column] = -int(shape.current[row] == town)
            costs["commute"][column] = shape.problem.commute_minutes[row][town]
        base = dict.fromkeys(costs, 0) | {
            "short": sum(least),
            "spread": sum(shape.spread(town, 0) for town in townships),
            "moves": sum(was is not None for was in shape.current),
        }
        return {aim: Aim(base=base[aim], cost=cost) for aim, cost in costs.items()}


def _joined(parts: Iterable[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, np.int64), *parts])
