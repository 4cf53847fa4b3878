"""The relaxation behind the bounds: every trip for itself, tied together by rows on slots and people.

A team must meet in one slot of its task but need not start at one minute; all else of FORMAT holds. Variables are
``statics`` (a slot is used, a task is left out, a step of fairness ...) and trips; a trip is a set of ``options``
(person, window, slot, role). Rows, costs and coefficients are integers, so bounds can be computed without rounding.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scheduling.cpsat.eligibility import Eligibility, Stay, overlap
from scheduling.cpsat.slots import Slot, make_slots
from scheduling.problem import Person, Problem, Task

Ints = NDArray[np.int64]

SCALE = 1 << 10
"""Duals and reduced costs are multiples of 1 / SCALE."""
AT_LEAST, EXACTLY, AT_MOST = 1, 0, -1
"""Senses of a row; the dual of AT_LEAST is never negative, that of AT_MOST never positive."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One person in one role at one slot in one trip (indices); starts from ``first`` to ``last`` suit the person."""

    trip: int
    slot: int
    role: str
    person: int
    first: int
    last: int


@dataclass(kw_only=True)
class Coefficients:
    """Sparse integer coefficients of columns in rows."""

    columns: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)

    def add(self, column: int, row: int, value: int) -> None:
        """One coefficient."""
        self.columns.append(column)
        self.rows.append(row)
        self.values.append(value)

    @cached_property
    def arrays(self) -> tuple[Ints, Ints, Ints]:
        """Columns, rows and values as arrays; nothing is added afterwards."""
        columns, rows, values = (np.array(part, dtype=np.int64) for part in (self.columns, self.rows, self.values))
        return columns, rows, values

    def priced(self, duals: Ints, count: int) -> Ints:
        """For each of ``count`` columns, the sum of its coefficients times the duals of their rows."""
        columns, rows, values = self.arrays
        out = np.zeros(count, dtype=np.int64)
        np.add.at(out, columns, values * duals[rows])
        return out

    @cached_property
    def of_column(self) -> dict[int, list[tuple[int, int]]]:
        """(row, value) pairs of each column."""
        groups: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for column, row, value in zip(self.columns, self.rows, self.values, strict=True):
            groups[column].append((row, value))
        return groups


@dataclass(kw_only=True)
class Rows:
    """Senses and right-hand sides; ``lazy`` rows may be left out of a linear programme until they are broken."""

    senses: list[int] = field(default_factory=list)
    rhs: list[int] = field(default_factory=list)
    lazy: list[bool] = field(default_factory=list)

    def add(self, sense: int, rhs: int, *, lazy: bool) -> int:
        """A new row's index."""
        self.senses.append(sense)
        self.rhs.append(rhs)
        self.lazy.append(lazy)
        return len(self.rhs) - 1


@dataclass(kw_only=True)
class Statics:
    """Variables from 0 to 1 that are no trips."""

    costs: list[int] = field(default_factory=list)
    coefficients: Coefficients = field(default_factory=Coefficients)

    def add(self, cost: int) -> int:
        """A new variable's index."""
        self.costs.append(cost)
        return len(self.costs) - 1

    def reduced(self, duals: Ints) -> Ints:
        """Reduced cost of each variable times SCALE, under duals times SCALE."""
        costs = np.array(self.costs, dtype=np.int64)
        return costs * SCALE - self.coefficients.priced(duals, len(costs))


class Relaxation:
    """Slots, trips and options of a problem; ``rows.RowBuilder`` adds statics and rows.

    ``windows[trip]`` is (index of the person, index of the window). ``used[slot]`` and ``left_out[task]`` are statics.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.eligibility = Eligibility(problem)
        self.slots: tuple[Slot, ...] = make_slots(problem, self.eligibility)
        self.windows: list[tuple[int, int]] = []
        self.options: list[Option] = []
        self.coefficients = Coefficients()
        self.rows = Rows()
        self.statics = Statics()
        self.used: list[int] = []
        self.left_out: list[int] = []
        self._add_options()

    @property
    def constant(self) -> int:
        """What the objective adds to every roster: all that was published counts as changed until it is given."""
        published = sum(len(held.people) for held in self.problem.published)
        return self.problem.weights.change * published

    @property
    def travel_cost(self) -> int:
        """Cost of one minute of travel."""
        return self.problem.weights.travel

    @cached_property
    def option_costs(self) -> Ints:
        """What each option adds to the objective by itself."""
        costs = [self._seat_cost(self.person(option), self.task(option)) for option in self.options]
        return np.array(costs, dtype=np.int64)

    def _seat_cost(self, person: Person, task: Task) -> int:
        """Want, avoid, one open slot and one change less."""
        weights = self.problem.weights
        return (
            weights.avoid * (task.id in person.avoids)
            - weights.want * (task.id in person.wants)
            - weights.open_slot
            - weights.change * self._published[task.id, person.id]
        )

    @cached_property
    def _published(self) -> Counter[tuple[str, str]]:
        return Counter((held.task, seat.person) for held in self.problem.published for seat in held.people)

    def reduced(self, duals: Ints) -> Ints:
        """Reduced cost of each option times SCALE, under duals times SCALE."""
        return self.option_costs * SCALE - self.coefficients.priced(duals, len(self.options))

    def dual_value(self, duals: Ints) -> int:
        """SCALE times what the rows' duals are worth, the constant included; reduced costs come on top."""
        return int(np.dot(duals, np.array(self.rows.rhs, dtype=np.int64))) + self.constant * SCALE

    def person(self, option: Option) -> Person:
        """Who takes the option."""
        return self.problem.people[option.person]

    def task(self, option: Option) -> Task:
        """What the option is for."""
        return self.problem.tasks[self.slots[option.slot].task]

    def _add_options(self) -> None:
        slots: dict[tuple[str, int], list[int]] = defaultdict(list)
        for index, slot in enumerate(self.slots):
            slots[self.problem.tasks[slot.task].id, slot.day].append(index)
        roles: dict[tuple[str, str], list[str]] = defaultdict(list)
        for task, seat in self.eligibility.seats:
            roles[task, seat.person].append(seat.role)
        for window, stays in self._stays_by_window():
            self.windows.append(window)
            for stay in stays:
                for place in slots[stay.task, stay.day]:
                    self.options.extend(self._options(stay, place, roles[stay.task, stay.person]))

    def _stays_by_window(self) -> list[tuple[tuple[int, int], list[Stay]]]:
        number = {person.id: index for index, person in enumerate(self.problem.people)}
        groups: dict[tuple[int, int], list[Stay]] = defaultdict(list)
        for stay in self.eligibility.stays:
            groups[number[stay.person], stay.window].append(stay)
        return sorted(groups.items(), key=lambda group: group[0])

    def _options(self, stay: Stay, slot: int, roles: list[str]) -> Iterator[Option]:
        trip, person = len(self.windows) - 1, self.windows[-1][0]
        for first, last in overlap(stay.starts, (self.slots[slot].first, self.slots[slot].last)):
            for role in roles:
                yield Option(trip=trip, slot=slot, role=role, person=person, first=first, last=last)
