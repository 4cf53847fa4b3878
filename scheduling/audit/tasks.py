"""Rules that one task's row can break: R1, R2, R3, R6, R7, R8, and rows that name nothing known."""

from collections import Counter
from collections.abc import Iterator

from scheduling.audit.rows import known_seats, served_rows
from scheduling.audit.violation import Violation
from scheduling.problem import DAY, DEDICATED_SERVICES, Assignment, Person, Problem, Role, Task
from scheduling.rules import RuleId


def task_violations(problem: Problem, assignments: tuple[Assignment, ...]) -> Iterator[Violation]:
    """What is wrong with each row, looked at by itself."""
    yield from _strange_rows(problem, assignments)
    for row in served_rows(problem, assignments).values():
        task = problem.task_of[row.task]
        team = list(known_seats(problem, task, row))
        yield from _window(task, row.start)
        yield from _strange_seats(problem, task, row)
        for person, role in team:
            yield from _seat(task, person, role, row.start)
        yield from _role_counts(task, team)
        yield from _gender(task, team)


def _strange_rows(problem: Problem, assignments: tuple[Assignment, ...]) -> Iterator[Violation]:
    """B_unknown, B_duplicate: a row about no known task, or a second one about the same."""
    seen: set[str] = set()
    for row in assignments:
        if row.task not in problem.task_of:
            yield Violation(rule=RuleId.UNKNOWN, task=row.task)
        elif row.task in seen:
            yield Violation(rule=RuleId.DUPLICATE, task=row.task)
        seen.add(row.task)


def _strange_seats(problem: Problem, task: Task, row: Assignment) -> Iterator[Violation]:
    """B_unknown: nobody known, or in no role of the task. R2_twice: a person stands on a task once."""
    seen: set[str] = set()
    for seat in row.people:
        if seat.person not in problem.person_of or seat.role not in task.role_of:
            yield Violation(rule=RuleId.UNKNOWN, task=task.id, person=seat.person, role=seat.role)
        elif seat.person in seen:
            yield Violation(rule=RuleId.TWICE, task=task.id, person=seat.person, role=seat.role)
        else:
            seen.add(seat.person)


def _window(task: Task, start: int) -> Iterator[Violation]:
    """R1_window: start and end lie in one window of the task."""
    if not any(opens <= start and start + task.minutes <= closes for opens, closes in task.windows):
        yield Violation(rule=RuleId.WINDOW, task=task.id, minute=start)


def _seat(task: Task, person: Person, role: Role, start: int) -> Iterator[Violation]:
    """R2_kind, R2_skill, R3_vetting, R6_barred, R7_dedicated: the person fits the role and may do the task."""
    day, vetted = start // DAY, person.vetted_through
    broken = {
        RuleId.KIND: person.kind not in role.kinds,
        RuleId.SKILL: not role.skills.issubset(person.skills),
        RuleId.VETTING: task.with_children and (vetted is None or day > vetted),
        RuleId.BARRED: task.id in person.barred_tasks,
        RuleId.DEDICATED: person.dedicated and task.service not in DEDICATED_SERVICES,
    }
    for rule, is_broken in broken.items():
        if is_broken and rule is RuleId.VETTING:
            yield Violation(rule=rule, task=task.id, person=person.id, role=role.id, limit=vetted, actual=day)
        elif is_broken:
            yield Violation(rule=rule, task=task.id, person=person.id, role=role.id)


def _role_counts(task: Task, team: list[tuple[Person, Role]]) -> Iterator[Violation]:
    """R2_role_count: each role has from min to max people."""
    count = Counter(role.id for _, role in team)
    for role in task.roles:
        limit = min(max(count[role.id], role.min), role.max)
        if limit != count[role.id]:
            yield Violation(rule=RuleId.ROLE_COUNT, task=task.id, role=role.id, limit=limit, actual=count[role.id])


def _gender(task: Task, team: list[tuple[Person, Role]]) -> Iterator[Violation]:
    """R8_gender: at least one of the team has the gender asked for."""
    if task.needs_gender is not None and task.needs_gender not in {person.gender for person, _ in team}:
        yield Violation(rule=RuleId.GENDER, task=task.id)
