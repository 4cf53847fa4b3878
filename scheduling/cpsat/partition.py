"""Set partitioning: CP-SAT chooses one trip for each person and window, and one start for each task that all share.

Where the relaxation lets a team's people start apart, this does not: its rosters are rosters of FORMAT.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise

from ortools.sat.python import cp_model

from scheduling.cpsat.pricing import Column, Prices, Pricing
from scheduling.cpsat.relaxation import EXACTLY, SCALE, Ints, Relaxation
from scheduling.cpsat.solving import Limits, Outcome, run
from scheduling.problem import Assignment, Seat, Task

Read = Callable[[cp_model.IntVar], int]
OnSolution = Callable[[tuple[Assignment, ...]], None]


class Partition:
    """The relaxation's variables and rows in integers over given trips, with common starts."""

    def __init__(self, relaxation: Relaxation, pricing: Pricing, columns: Iterable[Column]) -> None:
        self.relaxation = relaxation
        self.problem = relaxation.problem
        self.pricing = pricing
        self.model = cp_model.CpModel()
        self.statics = [self.model.new_bool_var("") for _ in relaxation.statics.costs]
        self.trips = {column: self.model.new_bool_var("") for column in dict.fromkeys(columns)}
        self.start = {task.id: self._start(task) for task in self.problem.tasks}
        self._before: dict[tuple[str, str], cp_model.IntVar] = {}
        self._add_rows()
        self._add_slots()
        for column, literal in self.trips.items():
            self._time_trip(column, literal)
        self._add_gaps()
        self.objective = self._cost()

    def _start(self, task: Task) -> cp_model.IntVar:
        ranges = self.relaxation.eligibility.task_starts(task) or ((0, 0),)
        return self.model.new_int_var_from_domain(cp_model.Domain.from_intervals(ranges), task.id)

    def _add_rows(self) -> None:
        """Every row of the relaxation, and at most one trip for each person and window."""
        terms: dict[int, list[tuple[cp_model.IntVar, int]]] = defaultdict(list)
        for static, row, value in zip(*self.relaxation.statics.coefficients.arrays, strict=True):
            terms[int(row)].append((self.statics[static], int(value)))
        alike: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for column, literal in self.trips.items():
            alike[column.trip].append(literal)
            for option in column.options:
                for row, value in self.relaxation.coefficients.of_column[option]:
                    terms[row].append((literal, value))
        for literals in alike.values():
            self.model.add_at_most_one(literals)
        for row, (sense, rhs) in enumerate(zip(self.relaxation.rows.senses, self.relaxation.rows.rhs, strict=True)):
            self._add_row(_sum(terms[row]), sense, rhs)

    def _add_row(self, activity: cp_model.LinearExprT, sense: int, rhs: int) -> None:
        if sense == EXACTLY:
            self.model.add(activity == rhs)
        else:
            self.model.add(sense * activity >= sense * rhs)

    def _add_slots(self) -> None:
        """A used slot holds its task's start."""
        for slot, used in zip(self.relaxation.slots, self.relaxation.used, strict=True):
            start = self.start[self.problem.tasks[slot.task].id]
            self.model.add_linear_constraint(start, slot.first, slot.last).only_enforce_if(self.statics[used])

    def _time_trip(self, column: Column, literal: cp_model.IntVar) -> None:
        """R4_travel, R4_availability: there is time for every leg of a chosen trip."""
        relaxation = self.relaxation
        options = [relaxation.options[index] for index in column.options]
        tasks = [relaxation.task(option) for option in options]
        base = relaxation.person(options[0]).base
        person, window = relaxation.windows[column.trip]
        begin, end = self.problem.people[person].availability[window]
        for place, (option, task) in enumerate(zip(options, tasks, strict=True)):
            first = begin + self.problem.travel(base, task.place) if place == 0 else option.first
            last = end - task.minutes - self.problem.travel(task.place, base) if task is tasks[-1] else option.last
            low, high = max(first, option.first), min(last, option.last)
            if (low, high) != (relaxation.slots[option.slot].first, relaxation.slots[option.slot].last):
                self.model.add_linear_constraint(self.start[task.id], low, high).only_enforce_if(literal)
        for one, other in pairwise(tasks):
            self.model.add_implication(literal, self._in_time(one, other))

    def _in_time(self, one: Task, other: Task) -> cp_model.IntVar:
        """A literal that leaves time to go from one task to the other."""
        key = (one.id, other.id)
        if key not in self._before:
            self._before[key] = self.model.new_bool_var("")
            leave = self.start[one.id] + one.minutes + self.problem.travel(one.place, other.place)
            self.model.add(leave <= self.start[other.id]).only_enforce_if(self._before[key])
        return self._before[key]

    def _add_gaps(self) -> None:
        """R9_after: the exact gap between a served task and its predecessor (served by the rows)."""
        for task, left_out in zip(self.problem.tasks, self.relaxation.left_out, strict=True):
            if (rule := task.after) is not None:
                served = ~self.statics[left_out]
                gap = self.start[task.id] - self.start[rule.task]
                self.model.add(gap >= rule.min_gap).only_enforce_if(served)
                if rule.max_gap is not None:
                    self.model.add(gap <= rule.max_gap).only_enforce_if(served)

    def _cost(self) -> cp_model.LinearExprT:
        costs = self.relaxation.option_costs
        terms = list(zip(self.statics, self.relaxation.statics.costs, strict=True))
        for column, literal in self.trips.items():
            travel = self.relaxation.travel_cost * self.pricing.travel(column)
            terms.append((literal, travel + int(costs[list(column.options)].sum())))
        return _sum(terms) + self.relaxation.constant

    def cut(self, duals: Ints, prices: Prices, most: int) -> None:
        """Only rosters that cost at most ``most``: reduced costs add up to what is left above the duals' value."""
        relaxation = self.relaxation
        self.model.add(self.objective <= most)
        reduced = relaxation.statics.reduced(duals)
        value = relaxation.dual_value(duals)
        options = relaxation.reduced(duals)
        terms = [(literal, int(cost)) for literal, cost in zip(self.statics, reduced, strict=True)]
        for column, literal in self.trips.items():
            travel = SCALE * relaxation.travel_cost * self.pricing.travel(column)
            terms.append((literal, travel + int(options[list(column.options)].sum())))
        self.model.add(_sum(terms) <= most * SCALE - value)
        spare = most * SCALE - value - sum(min(0, int(cost)) for cost in reduced) - int(prices.least.sum())
        for literal, cost in zip(self.statics, reduced, strict=True):
            if abs(int(cost)) > spare:
                self.model.add(literal == (cost < 0))

    def solve(self, limits: Limits, on_solution: OnSolution | None = None) -> Outcome:
        """Minimise the cost."""
        self.model.minimize(self.objective)
        tell = None if on_solution is None else lambda value: on_solution(self.read(value))
        return run(self.model, limits, on_solution=tell)

    def read(self, value: Read) -> tuple[Assignment, ...]:
        """The roster of a solution, in order of start and task."""
        team: dict[str, list[Seat]] = defaultdict(list)
        for column, literal in self.trips.items():
            if value(literal):
                for option in (self.relaxation.options[index] for index in column.options):
                    seat = Seat(person=self.relaxation.person(option).id, role=option.role)
                    team[self.relaxation.task(option).id].append(seat)
        rows = (
            Assignment(task=task.id, start=value(self.start[task.id]), people=tuple(sorted(team[task.id])))
            for task, left_out in zip(self.problem.tasks, self.relaxation.left_out, strict=True)
            if not value(self.statics[left_out])
        )
        return tuple(sorted(rows, key=lambda row: (row.start, row.task)))


def _sum(terms: Iterable[tuple[cp_model.IntVar, int]]) -> cp_model.LinearExprT:
    terms = tuple(terms)
    return cp_model.LinearExpr.weighted_sum([literal for literal, _ in terms], [value for _, value in terms])
