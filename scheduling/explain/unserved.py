"""Why a task is unserved: its reasons, who comes nearest to each place, and the smallest fixes."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduling.duties import Duties
from scheduling.errors import Fault, ProblemError
from scheduling.explain.fixes import Fix
from scheduling.explain.obstacles import Obstacle, obstacle
from scheduling.explain.proof import smallest_fixes
from scheduling.io.roster import reason_to_json
from scheduling.problem import Assignment, Problem, Role, Task
from scheduling.reasons import reasons_of
from scheduling.roster import Reason


@dataclass(frozen=True, kw_only=True)
class PlaceNeeded:
    """One required role: how many it needs and the nearest candidates, each with what stops them first."""

    role: str
    needed: int
    nearest: tuple[Obstacle, ...]


@dataclass(frozen=True, kw_only=True)
class WhyUnserved:
    """The whole answer for one task."""

    task: str
    reasons: tuple[Reason, ...]
    places: tuple[PlaceNeeded, ...]
    fixes: tuple[Fix, ...]

    def to_json(self) -> dict[str, object]:
        """The JSON form."""
        return {
            "task": self.task,
            "reasons": [reason_to_json(reason) for reason in self.reasons],
            "places": [
                {"role": place.role, "needed": place.needed, "nearest": [o.to_json() for o in place.nearest]}
                for place in self.places
            ],
            "fixes": [fix.to_json() for fix in self.fixes],
        }


def why_unserved(
    problem: Problem, assignments: Sequence[Assignment], task: str, *, nearest: int = 5, fixes: int = 3
) -> WhyUnserved:
    """Why a task is unserved: up to ``nearest`` candidates for each required role and up to ``fixes`` proven fixes.

    Raises: ProblemError if the task is unknown or served.
    """
    wanted, duties = problem.task_of.get(task), Duties(problem, assignments)
    if wanted is None or task in duties.starts:
        message = f"names no known task: {task}" if wanted is None else f"is served: {task}"
        raise ProblemError([Fault(path="task", message=message)])
    return WhyUnserved(
        task=task,
        reasons=reasons_of(problem, duties, wanted),
        places=tuple(_place(problem, duties, wanted, role, nearest) for role in wanted.roles if role.min > 0),
        fixes=smallest_fixes(problem, assignments, task, fixes),
    )


def _place(problem: Problem, duties: Duties, task: Task, role: Role, most: int) -> PlaceNeeded:
    found = [obstacle(problem, duties, task, role, person) for person in problem.people]
    away = {person.id: problem.travel(person.base, task.place) for person in problem.people}
    found.sort(key=lambda o: (*o.distance, away[o.person], o.person))
    return PlaceNeeded(role=role.id, needed=role.min, nearest=tuple(found[:most]))
