"""The hard rules of the exact model, one short method for each; the rule's id opens its docstring.

R2_kind, R2_skill, R3_vetting, R6_barred and R7_dedicated speak of one person and one task: they stand in
``eligibility``, which offers no seat and no stay against them.
"""

from ortools.sat.python import cp_model

from scheduling.cpsat.eligibility import Stay
from scheduling.cpsat.variables import BASE, Trip, Variables, grouped
from scheduling.problem import DAY, WEEK_DAYS, Task


class Constraints:
    """Adds every hard rule to the model of ``variables``."""

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self.model = variables.model
        self.problem = variables.problem

    def add_all(self) -> None:
        """All rules, in the order of FORMAT."""
        self.window()
        self.role_count()
        self.twice()
        self.availability()
        self.travel()
        self.day_minutes()
        self.week_minutes()
        self.day_tasks()
        self.gender()
        self.after()
        self.pin()
        self.freeze()

    def window(self) -> None:
        """R1_window: a served task starts on one day, within one of its windows (the domain of its start)."""
        variables = self.variables
        days = grouped((task, (day, literal)) for (task, day), literal in variables.day.items())
        for task, served in variables.served.items():
            self.model.add(sum(literal for _, literal in days.get(task, [])) == served)
            for day, literal in days.get(task, []):
                span = cp_model.Domain(day * DAY, day * DAY + DAY - 1)
                self.model.add_linear_expression_in_domain(variables.start[task], span).only_enforce_if(literal)

    def role_count(self) -> None:
        """R2_role_count: each role of a served task has from min to max people, an unserved task has none."""
        variables = self.variables
        for task in self.problem.tasks:
            served = variables.served[task.id]
            for role in task.roles:
                seated = sum(variables.seat[task.id, seat] for seat in variables.team[task.id] if seat.role == role.id)
                self.model.add(seated >= role.min * served)
                self.model.add(seated <= role.max * served)

    def twice(self) -> None:
        """R2_twice: nobody sits twice on a task."""
        for (task, _), seats in self.variables.seats_of.items():
            if len(seats) > 1:
                self.model.add_at_most_one(self.variables.seat[task, seat] for seat in seats)

    def availability(self) -> None:
        """R4_availability: whoever sits on a task stays at it in exactly one window, at a start that fits it."""
        variables = self.variables
        for task, person in variables.seats_of:
            stays = variables.stays_of[task, person]
            self.model.add(sum(variables.stay[stay] for stay in stays) == variables.given(task, person))
            for stay in stays:
                self._hold_start(stay)

    def _hold_start(self, stay: Stay) -> None:
        variables, literal = self.variables, self.variables.stay[stay]
        self.model.add_implication(literal, variables.day[stay.task, stay.day])
        domain = cp_model.Domain.from_intervals(stay.starts)
        self.model.add_linear_expression_in_domain(variables.start[stay.task], domain).only_enforce_if(literal)

    def travel(self) -> None:
        """R4_travel: the tasks of a trip form one way from the base and back, with time for every leg."""
        variables = self.variables
        legs = grouped((trip, (ends, literal)) for (trip, *ends), literal in variables.leg.items())
        for trip, stays in variables.trips.items():
            arcs = self._arcs(trip, stays, [(origin, to, literal) for (origin, to), literal in legs[trip]])
            self.model.add_circuit(arcs)
        for (trip, origin, destination), literal in variables.leg.items():
            self._time_leg(trip, origin, destination, literal)

    def _arcs(
        self, trip: Trip, stays: list[Stay], legs: list[tuple[str, str, cp_model.IntVar]]
    ) -> list[tuple[int, int, cp_model.LiteralT]]:
        """The circuit's arcs: legs, a loop at each task left out, and one at the base of a trip not made."""
        variables = self.variables
        node = {task: number for number, task in enumerate(dict.fromkeys((BASE, *(stay.task for stay in stays))))}
        arcs: list[tuple[int, int, cp_model.LiteralT]] = [(node[i], node[j], literal) for i, j, literal in legs]
        arcs.append((0, 0, variables.idle[trip]))
        for task, number in node.items():
            if task != BASE:
                here = [variables.stay[stay] for stay in variables.stays_at[trip, task]]
                away = self.model.new_bool_var(f"away {trip} {task}")
                self.model.add(sum(here) + away == 1)
                arcs.append((number, number, away))
        return arcs

    def _time_leg(self, trip: Trip, origin: str, destination: str, literal: cp_model.IntVar) -> None:
        start, leg = self.variables.start, self.variables.travel(trip, origin, destination)
        begin, end = self.problem.person_of[trip[0]].availability[trip[1]]
        if origin == BASE:
            self.model.add(start[destination] >= begin + leg).only_enforce_if(literal)
            return
        leave = start[origin] + self.problem.task_of[origin].minutes
        if destination == BASE:
            self.model.add(leave + leg <= end).only_enforce_if(literal)
        else:
            self.model.add(leave + leg <= start[destination]).only_enforce_if(literal)

    def day_minutes(self) -> None:
        """R5_day_minutes: service minutes of the tasks that start on one day."""
        for (person, _), stays in self._stays_by_day(1).items():
            limit = self.problem.person_of[person].max_minutes_per_day
            self._limit_minutes(stays, limit)

    def week_minutes(self) -> None:
        """R5_week_minutes: service minutes of the tasks that start in one week."""
        for (person, _), stays in self._stays_by_day(WEEK_DAYS).items():
            limit = self.problem.person_of[person].max_minutes_per_week
            self._limit_minutes(stays, limit)

    def day_tasks(self) -> None:
        """R5_day_tasks: the number of tasks that start on one day."""
        for (person, _), stays in self._stays_by_day(1).items():
            limit = self.problem.person_of[person].max_tasks_per_day
            if limit is not None:
                self.model.add(sum(self.variables.stay[stay] for stay in stays) <= limit)

    def _stays_by_day(self, days: int) -> dict[tuple[str, int], list[Stay]]:
        return grouped(((stay.person, stay.day // days), stay) for stay in self.variables.stay)

    def _limit_minutes(self, stays: list[Stay], limit: int | None) -> None:
        if limit is not None:
            minutes = [self.problem.task_of[stay.task].minutes for stay in stays]
            literals = [self.variables.stay[stay] for stay in stays]
            self.model.add(cp_model.LinearExpr.weighted_sum(literals, minutes) <= limit)

    def gender(self) -> None:
        """R8_gender: at least one of the team of a served task has the gender asked for."""
        for task in self.problem.tasks:
            if task.needs_gender is not None:
                fitting = [
                    self.variables.seat[task.id, seat]
                    for seat in self.variables.team[task.id]
                    if self.problem.person_of[seat.person].gender == task.needs_gender
                ]
                self.model.add(sum(fitting) >= self.variables.served[task.id])

    def after(self) -> None:
        """R9_after: a served successor's predecessor is served, with its start within the gap."""
        for task in self.problem.tasks:
            if task.after is not None:
                self._follow(task)

    def _follow(self, task: Task) -> None:
        assert task.after is not None  # noqa: S101 -- the caller has asked
        variables, rule = self.variables, task.after
        served = variables.served[task.id]
        self.model.add_implication(served, variables.served[rule.task])
        gap = variables.start[task.id] - variables.start[rule.task]
        self.model.add(gap >= rule.min_gap).only_enforce_if(served)
        if rule.max_gap is not None:
            self.model.add(gap <= rule.max_gap).only_enforce_if(served)

    def pin(self) -> None:
        """R10_pin: a pinned task is served, at its pinned start (its only option) and with the pinned people."""
        for pin in self.problem.pins:
            self.model.add(self.variables.served[pin.task] == 1)
            for seat in pin.people:
                self.model.add(self.variables.seat.get((pin.task, seat), 0) == 1)

    def freeze(self) -> None:
        """Frozen tasks stay served by exactly their team (no rule of FORMAT: what a repair leaves alone)."""
        for task, assignment in self.variables.options.frozen.items():
            self.model.add(self.variables.served[task] == 1)
            for seat in assignment.people:
                self.model.add(self.variables.seat.get((task, seat), 0) == 1)
