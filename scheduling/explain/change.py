"""What a hand-made change would break or cost, before it is made."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from scheduling.audit import Violation, hard_violations, score_of
from scheduling.errors import Fault, ProblemError
from scheduling.io.roster import assignment_to_json
from scheduling.problem import Assignment, Problem, Seat
from scheduling.roster import Score

Value = TypeVar("Value", int, str)


class ChangeKind(StrEnum):
    """What a planner can do to a roster by hand."""

    ASSIGN = "assign"
    REMOVE = "remove"
    REPLACE = "replace"
    MOVE = "move"
    UNASSIGN = "unassign"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of one task.

    ``assign``: ``person`` joins in ``role``; a task that is not served needs a ``start`` (minute). ``remove``:
    ``person`` leaves the team. ``replace``: ``by`` takes the seat of ``person``. ``move``: to ``start``. ``unassign``:
    the task is no longer served.
    """

    kind: ChangeKind
    task: str
    person: str | None = None
    role: str | None = None
    by: str | None = None
    start: int | None = None


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What is other after a change: rules newly broken, rules no longer broken, and the cost of each soft term."""

    broken: tuple[Violation, ...]
    mended: tuple[Violation, ...]
    medium: int
    soft: int
    terms: dict[str, int]

    @property
    def cost(self) -> tuple[int, int, int]:
        """For ranking: rules broken, then medium, then soft."""
        return len(self.broken), self.medium, self.soft

    def to_json(self) -> dict[str, object]:
        """The JSON form; terms that stay the same are left out."""
        return {
            "broken": [violation.to_json() for violation in self.broken],
            "mended": [violation.to_json() for violation in self.mended],
            "medium": self.medium,
            "soft": self.soft,
            "terms": {term: cost for term, cost in self.terms.items() if cost},
        }


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """The roster's rows as they would be, their score, and what is other."""

    assignments: tuple[Assignment, ...]
    score: Score
    effect: Effect

    def to_json(self) -> dict[str, object]:
        """The JSON form."""
        return {
            "assignments": [assignment_to_json(row) for row in self.assignments],
            "score": {"medium": self.score.medium, "soft": self.score.soft},
            **self.effect.to_json(),
        }


def what_if(problem: Problem, assignments: Sequence[Assignment], change: Change) -> WhatIf:
    """What a change would break and cost. Rules that are broken before and after are not listed.

    Raises: ProblemError if the change names something unknown, or somebody or a row that is not there.
    """
    after = apply_change(problem, assignments, change)
    effect = effect_of(problem, tuple(assignments), after)
    return WhatIf(assignments=after, score=score_of(problem, after)[0], effect=effect)


def effect_of(problem: Problem, before: tuple[Assignment, ...], after: tuple[Assignment, ...]) -> Effect:
    """What is other from one list of rows to another."""
    return compare(problem, before, after, hard_violations(problem, before), hard_violations(problem, after))


def compare(
    problem: Problem,
    before: tuple[Assignment, ...],
    after: tuple[Assignment, ...],
    old: Iterable[Violation],
    new: Iterable[Violation],
) -> Effect:
    """What is other, where the violations before (``old``) and after (``new``) are known."""
    old_count, new_count = Counter(old), Counter(new)
    score_before, parts_before = score_of(problem, before)
    score_after, parts_after = score_of(problem, after)
    costs_before, costs_after = parts_before.costs(problem.weights), parts_after.costs(problem.weights)
    return Effect(
        broken=tuple((new_count - old_count).elements()),
        mended=tuple((old_count - new_count).elements()),
        medium=score_after.medium - score_before.medium,
        soft=score_after.soft - score_before.soft,
        terms={term: costs_after[term] - costs_before[term] for term in costs_after},
    )


def apply_change(problem: Problem, assignments: Sequence[Assignment], change: Change) -> tuple[Assignment, ...]:
    """The rows after a change.

    Raises: ProblemError if the change names something unknown, or somebody or a row that is not there.
    """
    _need_known(problem, change)
    rows = {row.task: row for row in assignments}
    row = rows.get(change.task)
    match change.kind:
        case ChangeKind.UNASSIGN:
            del rows[_need_row(row).task]
        case ChangeKind.MOVE:
            rows[change.task] = replace(_need_row(row), start=_need(change.start, "start"))
        case ChangeKind.ASSIGN:
            start = row.start if row else _need(change.start, "start")
            seat = Seat(person=_need(change.person, "person"), role=_need(change.role, "role"))
            people = row.people if row else ()
            rows[change.task] = Assignment(task=change.task, start=start, people=(*people, seat))
        case ChangeKind.REMOVE:
            rows[change.task] = _with_seat(_need_row(row), _need(change.person, "person"), None)
        case ChangeKind.REPLACE:
            rows[change.task] = _with_seat(_need_row(row), _need(change.person, "person"), _need(change.by, "by"))
    return tuple(rows.values())


def swap_seats(
    assignments: Sequence[Assignment], one: tuple[str, str], other: tuple[str, str]
) -> tuple[Assignment, ...]:
    """The rows after two people have changed places; each place is a task and who sits on it.

    On one task the two change their roles.
    Raises: ProblemError if one of them is not on the task, or would stand on it twice.
    """
    rows = {row.task: row for row in assignments}
    joins = {one: other[1], other: one[1]}
    for task, person in joins:
        if person not in {seat.person for seat in _need_row(rows.get(task)).people}:
            raise _wrong("person", f"is not on the team of {task}: {person}")
    for task in (one[0], other[0]):
        seats = [replace(s, person=joins.pop((task, s.person), s.person)) for s in rows[task].people]
        if len({seat.person for seat in seats}) < len(seats):
            raise _wrong("person", f"would stand twice on {task}")
        rows[task] = replace(rows[task], people=tuple(seats))
    return tuple(rows.values())


def _with_seat(row: Assignment, person: str, by: str | None) -> Assignment:
    if person not in {seat.person for seat in row.people}:
        raise _wrong("person", f"is not on the team of {row.task}: {person}")
    team = row.people if by is not None else [seat for seat in row.people if seat.person != person]
    return replace(row, people=tuple(replace(s, person=by) if by and s.person == person else s for s in team))


def _need_known(problem: Problem, change: Change) -> None:
    task = problem.task_of.get(change.task)
    if task is None:
        raise _wrong("task", f"names no known task: {change.task}")
    if change.role is not None and change.role not in task.role_of:
        raise _wrong("role", f"names no known role of {task.id}: {change.role}")
    for name, person in (("person", change.person), ("by", change.by)):
        if person is not None and person not in problem.person_of:
            raise _wrong(name, f"names no known person: {person}")


def _need_row(row: Assignment | None) -> Assignment:
    if row is None:
        raise _wrong("task", "is not served")
    return row


def _need(value: Value | None, name: str) -> Value:
    if value is None:
        raise _wrong(name, "is missing")
    return value


def _wrong(name: str, message: str) -> ProblemError:
    return ProblemError([Fault(path=f"change.{name}", message=message)])
