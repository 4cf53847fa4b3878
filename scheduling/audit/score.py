"""The score recomputed (FORMAT, "What is minimised")."""

from collections import Counter
from dataclasses import dataclass, fields

from scheduling.audit.people import travelled
from scheduling.audit.rows import served_rows
from scheduling.problem import DAY, Assignment, PersonKind, Problem, Task, TaskKind, Weights
from scheduling.roster import Score


@dataclass(frozen=True, kw_only=True)
class Parts:
    """How often each soft term counts, before its weight: minutes, days and counts; ``want`` is zero or below."""

    travel: int = 0
    late: int = 0
    stranger: int = 0
    fairness: int = 0
    want: int = 0
    avoid: int = 0
    open_slot: int = 0
    change: int = 0
    move: int = 0

    def costs(self, weights: Weights) -> dict[str, int]:
        """Each term times its weight."""
        return {term.name: getattr(self, term.name) * getattr(weights, term.name) for term in fields(self)}


def score_of(problem: Problem, assignments: tuple[Assignment, ...]) -> tuple[Score, Parts]:
    """The score of a roster and the parts of its soft half, whether it keeps the hard rules or not."""
    rows = served_rows(problem, assignments)
    parts = Parts(
        travel=sum(travelled(problem, assignments).values()),
        late=sum(_days_late(problem.task_of[row.task], row) for row in rows.values()),
        stranger=sum(_is_stranger(problem.task_of[row.task], row) for row in rows.values()),
        open_slot=sum(_open_slots(problem.task_of[row.task], row) for row in rows.values()),
        **_people_parts(problem, rows),
        **_published_parts(problem, rows),
    )
    medium = sum(task.priority.weight for task in problem.tasks if task.id not in rows)
    return Score(medium=medium, soft=sum(parts.costs(problem.weights).values())), parts


def _days_late(task: Task, row: Assignment) -> int:
    return 0 if task.due is None else max(0, row.start // DAY - task.due)


def _is_stranger(task: Task, row: Assignment) -> bool:
    known = task.known_by.intersection(seat.person for seat in row.people)
    return task.kind is TaskKind.VISIT and bool(task.known_by) and not known


def _open_slots(task: Task, row: Assignment) -> int:
    return sum(role.max for role in task.roles) - len(row.people)


def _given(rows: dict[str, Assignment]) -> set[tuple[str, str]]:
    return {(row.task, seat.person) for row in rows.values() for seat in row.people}


def _people_parts(problem: Problem, rows: dict[str, Assignment]) -> dict[str, int]:
    """fairness (squares of recent and new tasks of volunteers), want and avoid."""
    given = _given(rows)
    count = Counter(person for _, person in given)
    return {
        "fairness": sum(
            (person.recent_tasks + count[person.id]) ** 2 - person.recent_tasks**2
            for person in problem.people
            if person.kind is PersonKind.VOLUNTEER
        ),
        "want": -sum((task, person.id) in given for person in problem.people for task in person.wants),
        "avoid": sum((task, person.id) in given for person in problem.people for task in person.avoids),
    }


def _published_parts(problem: Problem, rows: dict[str, Assignment]) -> dict[str, int]:
    """change (published pairs that are gone) and move (published tasks that start at another time)."""
    given = _given(rows)
    moved = [old for old in problem.published if old.task in rows and rows[old.task].start != old.start]
    gone = sum((old.task, seat.person) not in given for old in problem.published for seat in old.people)
    return {"change": gone, "move": len(moved)}
