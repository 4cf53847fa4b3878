"""Rules between rows: R9 (after) and R10 (pins)."""

from collections.abc import Iterator

from scheduling.audit.rows import served_rows
from scheduling.audit.violation import Violation
from scheduling.problem import Assignment, Problem
from scheduling.rules import RuleId


def link_violations(problem: Problem, assignments: tuple[Assignment, ...]) -> Iterator[Violation]:
    """What is wrong between tasks, and against the planner's pins."""
    rows = served_rows(problem, assignments)
    for row in rows.values():
        yield from _after(problem, rows, row)
    yield from _pins(problem, rows)


def _after(problem: Problem, rows: dict[str, Assignment], row: Assignment) -> Iterator[Violation]:
    """R9_after: the predecessor is served too, and the gap from its start is neither too short nor too long."""
    rule = problem.task_of[row.task].after
    if rule is None:
        return
    before = rows.get(rule.task)
    if before is None:
        yield Violation(rule=RuleId.AFTER, task=row.task, other=rule.task)
        return
    gap = row.start - before.start
    if gap < rule.min_gap:
        yield Violation(rule=RuleId.AFTER, task=row.task, other=rule.task, limit=rule.min_gap, actual=gap)
    elif rule.max_gap is not None and gap > rule.max_gap:
        yield Violation(rule=RuleId.AFTER, task=row.task, other=rule.task, limit=rule.max_gap, actual=gap)


def _pins(problem: Problem, rows: dict[str, Assignment]) -> Iterator[Violation]:
    """R10_pin: a pinned task is served, at its pinned start if it has one, with its pinned people in their roles."""
    for pin in problem.pins:
        row = rows.get(pin.task)
        if row is None:
            yield Violation(rule=RuleId.PIN, task=pin.task)
            continue
        if pin.start is not None and pin.start != row.start:
            yield Violation(rule=RuleId.PIN, task=pin.task, limit=pin.start, actual=row.start)
        for seat in pin.people:
            if seat not in row.people:
                yield Violation(rule=RuleId.PIN, task=pin.task, person=seat.person, role=seat.role)
