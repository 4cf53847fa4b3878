"""Who else could take a seat: ranked alternatives, each with what it would break and cost, term by term."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scheduling.audit import RuleId, Violation
from scheduling.audit.links import link_violations
from scheduling.audit.people import person_violations
from scheduling.audit.tasks import task_violations
from scheduling.eligibility import Eligibility
from scheduling.errors import Fault, ProblemError
from scheduling.explain.change import Change, ChangeKind, Effect, apply_change, compare
from scheduling.problem import Assignment, Problem


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """One person who could take the seat; ``effect`` is against the roster as it is."""

    person: str
    effect: Effect

    @property
    def feasible(self) -> bool:
        """True if nothing would be broken that is not broken now."""
        return not self.effect.broken

    def to_json(self) -> dict[str, object]:
        """The JSON form."""
        return {"person": self.person, "feasible": self.feasible, **self.effect.to_json()}


def alternatives(
    problem: Problem, assignments: Sequence[Assignment], task: str, role: str, person: str | None = None
) -> tuple[Alternative, ...]:
    """Everybody of the role's kinds and skills who could take the seat of ``person``, or join (None), best first.

    Ranked by rules broken, then unserved weight, then soft cost. The cost is exact (a later change of the rest of the
    roster is not looked for).
    Raises: ProblemError if the task is not served or anything named is unknown.
    """
    rows = tuple(assignments)
    row = next((row for row in rows if row.task == task), None)
    if row is None or task not in problem.task_of:
        raise ProblemError([Fault(path="task", message=f"is not served: {task}")])
    if role not in problem.task_of[task].role_of:
        raise ProblemError([Fault(path="role", message=f"names no known role of {task}: {role}")])
    team = {seat.person for seat in row.people}
    others = [p for p in Eligibility(problem).qualified(problem.task_of[task].role_of[role]) if p.id not in team]
    kind = ChangeKind.ASSIGN if person is None else ChangeKind.REPLACE
    changes = [Change(kind=kind, task=task, person=person or p.id, by=person and p.id, role=role) for p in others]
    near = _Neighbourhood(problem, rows, row)
    found = [Alternative(person=p.id, effect=near.effect(c)) for p, c in zip(others, changes, strict=True)]
    return tuple(sorted(found, key=lambda alternative: (alternative.effect.cost, alternative.person)))


class _Neighbourhood:
    """The small part of a roster that a change of one seat can touch: the row, and the rows of its two people.

    Looking only at this part gives the same effect as looking at all (a seat changes no start, so no ``after``), in
    a fraction of the time.
    """

    def __init__(self, problem: Problem, rows: tuple[Assignment, ...], row: Assignment) -> None:
        self._problem, self._row = problem, row
        self._rows_of: dict[str, list[Assignment]] = {}
        for other in rows:
            for seat in other.people:
                self._rows_of.setdefault(seat.person, []).append(other)

    def effect(self, change: Change) -> Effect:
        """What the change of a seat would break and cost."""
        touched = {name for name in (change.person, change.by) if name is not None}
        rows = {self._row.task: self._row}
        for name in touched:
            rows |= {other.task: other for other in self._rows_of.get(name, ())}
        before = tuple(rows.values())
        after = apply_change(self._problem, before, change)
        part = self._part(touched, rows)
        old, new = self._violations(part, before, touched), self._violations(part, after, touched)
        return compare(part, before, after, old, new)

    def _part(self, touched: set[str], rows: dict[str, Assignment]) -> Problem:
        """The problem with only the people, tasks and places that these rows need."""
        whole = self._problem
        people = {seat.person for row in rows.values() for seat in row.people} & whole.person_of.keys() | touched
        tasks = [whole.task_of[name] for name in rows if name in whole.task_of]
        places = sorted({whole.person_of[name].base for name in people} | {task.place for task in tasks})
        return replace(
            whole,
            places=tuple(whole.places[whole.place_index[name]] for name in places),
            travel_minutes=tuple(tuple(whole.travel(a, b) for b in places) for a in places),
            people=tuple(whole.person_of[name] for name in people),
            tasks=tuple(tasks),
            pins=tuple(pin for pin in whole.pins if pin.task == self._row.task),
            published=tuple(row for row in whole.published if row.task == self._row.task),
        )

    def _violations(self, part: Problem, rows: tuple[Assignment, ...], touched: set[str]) -> list[Violation]:
        row = tuple(row for row in rows if row.task == self._row.task)
        pins = (violation for violation in link_violations(part, row) if violation.rule is RuleId.PIN)
        people = (violation for violation in person_violations(part, rows) if violation.person in touched)
        return [*task_violations(part, row), *pins, *people]
