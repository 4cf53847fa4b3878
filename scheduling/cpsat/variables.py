"""The decision variables of the exact model, and its first guess."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import TypeVar

from ortools.sat.python import cp_model

from scheduling.cpsat.eligibility import Eligibility, Stay, by_day
from scheduling.problem import PersonKind, Problem, Seat, TaskKind

BASE = ""
"""The node of a trip's circuit at which it starts and ends; no task has an empty id."""

Trip = tuple[str, int]
"""One possible trip: a person and the index of one of their availability windows."""


class Variables:
    """Variables of the model, by the ids of what they decide on.

    Invariants, with ``t`` a task, ``p`` a person: ``sum of seat[t, (p, .)] = sum of stay[(p, ., t, .)]`` (0 or 1);
    ``leg[trip, i, j]`` is true where the trip goes straight from i to j; ``start[t]`` means nothing unless
    ``served[t]``.
    """

    def __init__(self, model: cp_model.CpModel, problem: Problem, options: Eligibility) -> None:
        self.model = model
        self.problem = problem
        self.options = options
        self.served = {task.id: model.new_bool_var(f"served {task.id}") for task in problem.tasks}
        self.start = {task.id: self._start(task.id) for task in problem.tasks}
        self.seat = {(task, seat): model.new_bool_var(f"seat {task} {seat}") for task, seat in options.seats}
        self.stay = {stay: model.new_bool_var(f"stay {stay}") for stay in options.stays}
        self.day = {
            (task.id, day): model.new_bool_var(f"day {task.id} {day}")
            for task in problem.tasks
            for day, _ in by_day(options.task_starts(task))
        }
        self.stranger = {
            task.id: model.new_bool_var(f"stranger {task.id}")
            for task in problem.tasks
            if task.kind is TaskKind.VISIT and task.known_by
        }
        self.leg: dict[tuple[Trip, str, str], cp_model.IntVar] = {}
        self.idle: dict[Trip, cp_model.IntVar] = {}
        for trip, stays in self.trips.items():
            self._add_legs(trip, tuple(dict.fromkeys(stay.task for stay in stays)))

    def _start(self, task: str) -> cp_model.IntVar:
        ranges = self.options.task_starts(self.problem.task_of[task]) or ((0, 0),)
        return self.model.new_int_var_from_domain(cp_model.Domain.from_intervals(ranges), f"start {task}")

    def _add_legs(self, trip: Trip, tasks: tuple[str, ...]) -> None:
        self.idle[trip] = self.model.new_bool_var(f"idle {trip}")
        for origin in (BASE, *tasks):
            for destination in (BASE, *tasks):
                if origin != destination and self._can_follow(trip, origin, destination):
                    name = f"leg {trip} {origin} {destination}"
                    self.leg[trip, origin, destination] = self.model.new_bool_var(name)

    def _can_follow(self, trip: Trip, origin: str, destination: str) -> bool:
        if BASE in (origin, destination):
            return True
        earliest = min(stay.starts[0][0] for stay in self.stays_at[trip, origin])
        latest = max(stay.starts[-1][1] for stay in self.stays_at[trip, destination])
        return earliest + self.problem.task_of[origin].minutes + self.travel(trip, origin, destination) <= latest

    def travel(self, trip: Trip, origin: str, destination: str) -> int:
        """Minutes of a leg; BASE stands for the person's base."""
        places = [self.problem.person_of[trip[0]].base if node == BASE else self.problem.task_of[node].place
                  for node in (origin, destination)]  # fmt: skip
        return self.problem.travel(places[0], places[1])

    @cached_property
    def trips(self) -> dict[Trip, list[Stay]]:
        """The stays of each possible trip."""
        return grouped(((stay.person, stay.window), stay) for stay in self.stay)

    @cached_property
    def stays_at(self) -> dict[tuple[Trip, str], list[Stay]]:
        """The stays of each trip at each task."""
        return grouped((((stay.person, stay.window), stay.task), stay) for stay in self.stay)

    @cached_property
    def stays_of(self) -> dict[tuple[str, str], list[Stay]]:
        """The stays of each (task, person)."""
        return grouped(((stay.task, stay.person), stay) for stay in self.stay)

    @cached_property
    def seats_of(self) -> dict[tuple[str, str], list[Seat]]:
        """The seats of each (task, person)."""
        return grouped(((task, seat.person), seat) for task, seat in self.seat)

    @cached_property
    def team(self) -> dict[str, list[Seat]]:
        """The seats of each task, none for a task that nobody can do."""
        return {task.id: [] for task in self.problem.tasks} | grouped(self.seat)

    def given(self, task: str, person: str) -> cp_model.LinearExprT:
        """1 if the person is on the task's team, else 0."""
        return cp_model.LinearExpr.sum([self.seat[task, seat] for seat in self.seats_of.get((task, person), [])])

    @cached_property
    def volunteers(self) -> dict[str, list[cp_model.IntVar]]:
        """The seats of each volunteer, over all tasks."""
        return grouped(
            (seat.person, literal)
            for (_, seat), literal in self.seat.items()
            if self.problem.person_of[seat.person].kind is PersonKind.VOLUNTEER
        )


Key = TypeVar("Key")
Value = TypeVar("Value")


def grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    """The values of each key, in their order."""
    groups: dict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return dict(groups)
