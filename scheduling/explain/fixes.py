"""A fix: one thing to do so that an unserved task would be served, and an idea: a fix not yet proven."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum

from scheduling.io.roster import assignment_to_json
from scheduling.problem import Assignment, Person, Seat, Span


class FixKind(StrEnum):
    """What could be done."""

    EXTEND_AVAILABILITY = "extend_availability"
    RENEW_VETTING = "renew_vetting"
    RAISE_LIMIT = "raise_limit"
    MOVE_TASK = "move_task"
    REPLACE_PERSON = "replace_person"
    DROP_TASK = "drop_task"
    MORE_PEOPLE = "more_people"


BY_ROWS_ALONE = frozenset({FixKind.MOVE_TASK, FixKind.REPLACE_PERSON, FixKind.DROP_TASK})
"""What changes nothing but the roster: the planner can do it at once, without asking anybody for hours or papers."""


@dataclass(frozen=True, kw_only=True)
class Idea:
    """One thing to do. Only what the kind needs is given.

    ``effort`` ranks ideas, roughly in minutes of somebody's bother: minutes of availability or over a limit; half a
    day's paperwork for a check; half an hour to tell each person of a moved task; more for a replaced person, a dropped
    task (by its weight) and for finding new people.

    - extend_availability: ``person`` is there for ``minutes`` more, ``span`` is the window then.
    - renew_vetting: the check of ``person`` is valid through ``day``.
    - raise_limit: ``limit`` is the name of the person's limit, ``amount`` what it must be.
    - move_task: ``other`` starts at ``start`` instead. replace_person: ``by`` takes the seat of ``person`` on
      ``other`` (None: the team is large enough without). drop_task: ``other`` is not served.
    - more_people: new people, ``needed`` says how many in which role.
    """

    kind: FixKind
    effort: int
    person: str | None = None
    minutes: int | None = None
    span: Span | None = None
    day: int | None = None
    limit: str | None = None
    amount: int | None = None
    other: str | None = None
    start: int | None = None
    by: str | None = None
    needed: tuple[tuple[str, int], ...] = ()

    @property
    def subject(self) -> tuple[str | None, ...]:
        """Two ideas with the same subject are one; only the smaller is worth showing."""
        return self.kind.value, self.person if self.other is None else None, self.other, self.limit

    def to_json(self) -> dict[str, object]:
        """The fields that say something."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values |= {"kind": self.kind.value, "span": list(self.span) if self.span else None}
        values["needed"] = [{"role": role, "people": count} for role, count in self.needed] or None
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Fix:
    """An idea that the audit has proven: ``row`` is how the task would be served.

    ``also_served`` are predecessors that are unserved now and would be served too, in their order. ``medium`` and
    ``soft`` are by how much the score would change.
    """

    idea: Idea
    row: Assignment
    also_served: tuple[Assignment, ...]
    medium: int
    soft: int

    def to_json(self) -> dict[str, object]:
        """The JSON form."""
        rows = [assignment_to_json(row) for row in self.also_served]
        served = {"row": assignment_to_json(self.row), "also_served": rows}
        return {**self.idea.to_json(), **served, "medium": self.medium, "soft": self.soft}


def with_fix(assignments: Sequence[Assignment], fix: Fix) -> tuple[Assignment, ...]:
    """The rows after a fix that changes nothing but the roster (``BY_ROWS_ALONE``)."""
    idea = fix.idea
    rows = {row.task: row for row in assignments}
    old = rows.pop(idea.other, None) if idea.other else None
    if old is not None and idea.kind is not FixKind.DROP_TASK:
        rows[old.task] = replace(
            old, start=old.start if idea.start is None else idea.start, people=_reseated(old, idea)
        )
    return (*rows.values(), *fix.also_served, fix.row)


def _reseated(row: Assignment, idea: Idea) -> tuple[Seat, ...]:
    if idea.kind is not FixKind.REPLACE_PERSON:
        return row.people
    kept = [seat for seat in row.people if idea.by is not None or seat.person != idea.person]
    return tuple(replace(seat, person=idea.by or "") if seat.person == idea.person else seat for seat in kept)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An idea, and how to try it: with ``people`` changed or added, the task served at ``at``."""

    idea: Idea
    at: int
    people: tuple[Person, ...] = field(default=(), repr=False)
