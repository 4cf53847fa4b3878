"""The two scores of the exact model as linear expressions: medium and soft of FORMAT."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ortools.sat.python import cp_model

from scheduling.cpsat.variables import Variables

if TYPE_CHECKING:
    from scheduling.problem import Problem


Expression = Any  # OR-Tools' union of types holds numpy scalars, which its own expressions do not add to


class Objective:
    """Terms of the score; each method returns an expression in units of the term, its weight apart."""

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self.model = variables.model
        self.problem: Problem = variables.problem

    def medium(self) -> Expression:
        """The weight of unserved tasks."""
        return sum(task.priority.weight * (1 - self.variables.served[task.id]) for task in self.problem.tasks)

    def soft(self) -> Expression:
        """The weighted sum of all soft terms."""
        weights = self.problem.weights
        return (
            weights.travel * self.travel()
            + weights.late * self.late()
            + weights.stranger * self.strangers()
            + weights.fairness * self.fairness()
            - weights.want * self._given_of("wants")
            + weights.avoid * self._given_of("avoids")
            + weights.open_slot * self.open_slots()
            + weights.change * self.changes()
            + weights.move * self.moves()
        )

    def travel(self) -> Expression:
        """Minutes of travel, base to base."""
        variables = self.variables
        minutes = [variables.travel(trip, origin, destination) for trip, origin, destination in variables.leg]
        return cp_model.LinearExpr.weighted_sum(list(variables.leg.values()), minutes)

    def late(self) -> Expression:
        """Days from a task's due day to the day of its start."""
        due = {task.id: task.due for task in self.problem.tasks if task.due is not None}
        return sum(
            (day - due[task]) * literal
            for (task, day), literal in self.variables.day.items()
            if task in due and day > due[task]
        )

    def strangers(self) -> Expression:
        """Served visits whose household knows nobody on the team."""
        variables = self.variables
        for task, literal in variables.stranger.items():
            known = self.problem.task_of[task].known_by
            familiar = [variables.seat[task, seat] for seat in variables.team[task] if seat.person in known]
            self.model.add(sum(familiar) + literal >= variables.served[task])
        return sum(variables.stranger.values())

    def fairness(self) -> Expression:
        """Over volunteers (recent + n)^2 - recent^2: the k-th task costs 2 (recent + k) - 1, so steps fill in order."""
        cost: Expression = 0
        for person, seats in self.variables.volunteers.items():
            recent = self.problem.person_of[person].recent_tasks
            steps = [self.model.new_bool_var(f"step {person} {k}") for k in range(len(self._tasks_of(person)))]
            self.model.add(sum(seats) == sum(steps))
            for one, other in pairwise(steps):
                self.model.add_implication(other, one)
            cost += sum((2 * (recent + k) + 1) * step for k, step in enumerate(steps))
        return cost

    def _tasks_of(self, person: str) -> list[str]:
        return [task for task, who in self.variables.seats_of if who == person]

    def _given_of(self, liking: str) -> Expression:
        """Tasks given to people who want (or avoid) them."""
        return sum(
            literal
            for (task, seat), literal in self.variables.seat.items()
            if task in getattr(self.problem.person_of[seat.person], liking)
        )

    def open_slots(self) -> Expression:
        """Places below the maximum over the roles of served tasks."""
        places = sum(role.max * self.variables.served[task.id] for task in self.problem.tasks for role in task.roles)
        return places - sum(self.variables.seat.values())

    def changes(self) -> Expression:
        """Published (task, person) pairs that are not in the roster."""
        return sum(
            1 - self.variables.given(published.task, seat.person)
            for published in self.problem.published
            for seat in published.people
        )

    def moves(self) -> Expression:
        """Published tasks that are served with another start."""
        moved: list[cp_model.IntVar] = []
        for published in self.problem.published:
            if published.task not in self.problem.task_of:
                continue
            literal = self.model.new_bool_var(f"moved {published.task}")
            start, served = self.variables.start[published.task], self.variables.served[published.task]
            self.model.add(start == published.start).only_enforce_if(served, ~literal)
            moved.append(literal)
        return sum(moved)
