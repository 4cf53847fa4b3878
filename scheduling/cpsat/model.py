"""The whole problem as one CP-SAT model, solved for medium first and then for soft."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from scheduling.cpsat.constraints import Constraints
from scheduling.cpsat.eligibility import Eligibility
from scheduling.cpsat.guess import add_hint
from scheduling.cpsat.objective import Objective
from scheduling.cpsat.solving import Limits, Outcome, ShouldStop, run
from scheduling.cpsat.variables import Variables
from scheduling.problem import Assignment, Problem
from scheduling.roster import Score

OnSolution = Callable[[tuple[Assignment, ...]], None]
OnBound = Callable[[Score], None]
Read = Callable[[cp_model.IntVar], int]


@dataclass(frozen=True, kw_only=True)
class ExactResult:
    """``assignments`` None: no roster was found; ``bound`` is proven and lexicographic, None if ``infeasible``.

    ``optimal``: the roster's score equals the bound. ``infeasible``: it is proven that no roster holds the pins.
    """

    assignments: tuple[Assignment, ...] | None
    bound: Score | None
    optimal: bool = False
    infeasible: bool = False


class ExactModel:
    """FORMAT's problem in CP-SAT; ``frozen`` tasks keep the start and team that they have in it."""

    def __init__(self, problem: Problem, *, frozen: Mapping[str, Assignment] | None = None) -> None:
        self.problem = problem
        self.model = cp_model.CpModel()
        self.variables = Variables(self.model, problem, Eligibility(problem, frozen))
        Constraints(self.variables).add_all()
        objective = Objective(self.variables)
        self.medium, self.soft = objective.medium(), objective.soft()

    def hint(self, assignments: Sequence[Assignment]) -> None:
        """Begin from a roster."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools left it without types
        add_hint(self.variables, assignments)

    def read(self, value: Read) -> tuple[Assignment, ...]:
        """The roster of a solution, in order of start and task."""
        variables = self.variables
        served = (task for task, literal in variables.served.items() if value(literal))
        roster = (
            Assignment(
                task=task,
                start=value(variables.start[task]),
                people=tuple(sorted(seat for seat in variables.team[task] if value(variables.seat[task, seat]))),
            )
            for task in served
        )
        return tuple(sorted(roster, key=lambda assignment: (assignment.start, assignment.task)))

    def minimise(
        self,
        objective: cp_model.LinearExprT,
        limits: Limits,
        on_solution: OnSolution | None = None,
        on_bound: Callable[[int], None] | None = None,
    ) -> Outcome:
        """Solve for one of the two scores."""
        self.model.minimize(objective)
        tell = None if on_solution is None else lambda value: on_solution(self.read(value))
        return run(self.model, limits, on_solution=tell, on_bound=on_bound)


def solve_exact(
    problem: Problem,
    *,
    hint: Sequence[Assignment] = (),
    seconds: float,
    workers: int = 2,
    seed: int = 0,
    deterministic: bool = False,
    on_solution: OnSolution | None = None,
    on_bound: OnBound | None = None,
    should_stop: ShouldStop | None = None,
) -> ExactResult:
    """Minimise medium, then soft with medium held, from ``hint`` if there is one; ``seconds`` is wall time.

    Where the time ends in the first stage the bound says nothing of soft but what holds for every roster.
    Raises ValueError for negative seconds or no worker.
    """
    limits = Limits(seconds=seconds, workers=workers, seed=seed, should_stop=should_stop, deterministic=deterministic)
    return Lexicographic(ExactModel(problem), limits, on_solution, on_bound).solve(hint)


class Lexicographic:
    """Two solves of one model: the second holds the medium score that the first has proven."""

    def __init__(
        self, model: ExactModel, limits: Limits, on_solution: OnSolution | None, on_bound: OnBound | None
    ) -> None:
        self.model = model
        self.limits = limits
        self.on_solution = on_solution
        self.on_bound = on_bound or (lambda _: None)

    def solve(self, hint: Sequence[Assignment]) -> ExactResult:
        """Both stages, as far as the limits allow."""
        if hint:
            self.model.hint(hint)
        first = self.model.minimise(self.model.medium, self.limits, self.on_solution, self._tell_medium)
        if not first.found:
            infeasible = first.status == cp_model.INFEASIBLE
            return ExactResult(assignments=None, bound=self._medium_bound(first), infeasible=infeasible)
        roster = self.model.read(first.solver.value)
        bound = self._medium_bound(first)
        if not first.proven or bound is None or self.limits.over:
            return ExactResult(assignments=roster, bound=bound)
        return self._second(roster, bound.medium)

    def _second(self, roster: tuple[Assignment, ...], medium: int) -> ExactResult:
        self.model.model.add(self.model.medium == medium)
        self.model.hint(roster)
        tell = lambda soft: self.on_bound(Score(medium=medium, soft=soft))  # noqa: E731
        second = self.model.minimise(self.model.soft, self.limits, self.on_solution, tell)
        soft = self._floor if second.bound is None else max(second.bound, self._floor)
        found = self.model.read(second.solver.value) if second.found else roster
        return ExactResult(assignments=found, bound=Score(medium=medium, soft=soft), optimal=second.proven)

    def _tell_medium(self, medium: int) -> None:
        self.on_bound(Score(medium=medium, soft=self._floor))

    def _medium_bound(self, first: Outcome) -> Score | None:
        return None if first.bound is None else Score(medium=max(first.bound, 0), soft=self._floor)

    @property
    def _floor(self) -> int:
        """What no roster's soft score is below: every wish granted at no other cost."""
        problem = self.model.problem
        return -problem.weights.want * sum(len(person.wants) for person in problem.people)
