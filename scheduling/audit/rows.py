"""The rows of a roster that can be judged: known tasks, each once, and in them known people and roles, each once."""

from collections.abc import Iterator

from scheduling.problem import Assignment, Person, Problem, Role, Task


def served_rows(problem: Problem, assignments: tuple[Assignment, ...]) -> dict[str, Assignment]:
    """The first row of each known task, by the task's id, in the order of the roster."""
    rows: dict[str, Assignment] = {}
    for row in assignments:
        if row.task in problem.task_of:
            rows.setdefault(row.task, row)
    return rows


def known_seats(problem: Problem, task: Task, row: Assignment) -> Iterator[tuple[Person, Role]]:
    """The first seat of each known person in a known role."""
    seen: set[str] = set()
    for seat in row.people:
        person, role = problem.person_of.get(seat.person), task.role_of.get(seat.role)
        if person is not None and role is not None and person.id not in seen:
            seen.add(person.id)
            yield person, role
