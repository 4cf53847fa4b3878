"""Fixes proven: each attempt is made, and the audit must find nothing broken that was not broken before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from scheduling.audit import hard_violations, score_of
from scheduling.duties import Duties
from scheduling.eligibility import Eligibility
from scheduling.explain.fixes import Attempt, Fix, FixKind, Idea
from scheduling.explain.ideas import Ideas
from scheduling.problem import Assignment, Pin, Problem, Task
from scheduling.reasons import free_row, starts_beside

MOST_TRIED = 30
"""Attempts that are made for one task, the smallest ones."""

Rows = tuple[Assignment, ...]


def smallest_fixes(problem: Problem, assignments: Sequence[Assignment], task: str, most: int = 3) -> tuple[Fix, ...]:
    """Up to ``most`` fixes that would serve an unserved task, the smallest first; one change each.

    Where predecessors are unserved, a fix serves the first of them and then all up to the task.
    """
    rows = tuple(assignments)
    duties = Duties(problem, rows)
    chain = _unserved_chain(problem, duties, problem.task_of[task])
    found: list[Fix] = []
    for attempt in Ideas(problem, duties, chain[0]).attempts()[:MOST_TRIED]:
        fix = _proven(problem, rows, chain, attempt)
        if fix is not None:
            found.append(fix)
        if len(found) == most:
            break
    return tuple(found)


def _unserved_chain(problem: Problem, duties: Duties, task: Task) -> list[Task]:
    """The task after its unserved predecessors, the first of these first."""
    chain = [task]
    while chain[0].after is not None and chain[0].after.task not in duties.starts:
        chain.insert(0, problem.task_of[chain[0].after.task])
    return chain


def _proven(problem: Problem, rows: Rows, chain: Sequence[Task], attempt: Attempt) -> Fix | None:
    """The fix, if serving the chain with it breaks nothing new."""
    changed = _with_people(problem, attempt)
    kept = tuple(row for row in rows if row.task != attempt.idea.other)
    served: list[Assignment] = []
    for task in chain:
        start = attempt.at if task is chain[0] else None
        row = _serve(changed, (*kept, *served), task, start)
        if row is None:
            return None
        served.append(row)
    settled = _settle(changed, rows, (*kept, *served), attempt.idea)
    if settled is None:
        return None
    idea, after = settled
    if Counter(hard_violations(changed, after)) - Counter(hard_violations(problem, rows)):
        return None
    old, new = score_of(problem, rows)[0], score_of(changed, after)[0]
    return Fix(
        idea=idea,
        row=served[-1],
        also_served=tuple(served[:-1]),
        medium=new.medium - old.medium,
        soft=new.soft - old.soft,
    )


def _with_people(problem: Problem, attempt: Attempt) -> Problem:
    if not attempt.people:
        return problem
    changed = {person.id: person for person in attempt.people}
    return replace(problem, people=tuple({**problem.person_of, **changed}.values()))


def _serve(problem: Problem, rows: Rows, task: Task, start: int | None) -> Assignment | None:
    pin = next((pin for pin in problem.pins if pin.task == task.id), Pin(task=task.id))
    if pin.start is None and start is not None:
        pin = replace(pin, start=start)
    return free_row(Eligibility(problem).candidates(task), Duties(problem, rows), pin)


def _settle(problem: Problem, before: Rows, rows: Rows, idea: Idea) -> tuple[Idea, Rows] | None:
    """Find a place for the task that was taken out, as the idea says; None if there is none."""
    old = next((row for row in before if row.task == idea.other), None)
    if old is None or idea.kind is FixKind.DROP_TASK:
        return idea, rows
    row = _moved(problem, rows, old) if idea.kind is FixKind.MOVE_TASK else _replaced(problem, rows, old, idea.person)
    if row is None:
        return None
    if idea.kind is FixKind.MOVE_TASK:
        return replace(idea, start=row.start), (*rows, row)
    joined = {seat.person for seat in row.people} - {seat.person for seat in old.people}
    return replace(idea, by=next(iter(joined), None)), (*rows, row)


def _moved(problem: Problem, rows: Rows, old: Assignment) -> Assignment | None:
    """The old row with its whole team at the nearest other start."""
    duties = Duties(problem, rows)
    candidates = Eligibility(problem).candidates(problem.task_of[old.task])
    starts = [start for start in starts_beside(candidates, duties) if start != old.start]
    for start in sorted(starts, key=lambda start: abs(start - old.start)):
        row = free_row(candidates, duties, Pin(task=old.task, start=start, people=old.people))
        if row is not None and set(row.people) == set(old.people):
            return row
    return None


def _replaced(problem: Problem, rows: Rows, old: Assignment, person: str | None) -> Assignment | None:
    """The old row at its time with somebody free in the person's place, or without them."""
    others = tuple(seat for seat in old.people if seat.person != person)
    pin = Pin(task=old.task, start=old.start, people=others)
    row = free_row(Eligibility(problem).candidates(problem.task_of[old.task]), Duties(problem, rows), pin)
    stays = row is None or person in {seat.person for seat in row.people}
    return None if stays else row
