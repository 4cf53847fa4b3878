"""A planner's change by hand: what it would break and cost, before it is made."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scheduling.audit import Violation
from scheduling.eligibility import fits_role
from scheduling.errors import ProblemError
from scheduling.explain.change import Change, ChangeKind, Effect, apply_change, effect_of, swap_seats
from scheduling.problem import DAY, Assignment, Person, Problem, Role, Seat
from scheduling.rules import RuleId
from tenants.errors import InvalidError, NotFoundError
from weibao.planning.adults import lacks_age
from weibao.planning.clock import Clock

Rows = tuple[Assignment, ...]

LAW = frozenset({RuleId.VETTING, RuleId.BARRED, RuleId.DEDICATED})
"""Rules that no planner may set aside: Law on the Protection of Minors, art. 62; county notice, 3.2."""


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """What a change comes to: the rows before and after it, and what is other by it."""

    problem: Problem
    before: Rows
    rows: Rows
    effect: Effect

    @property
    def forbidden(self) -> tuple[Violation, ...]:
        """What the law forbids: such a change is refused."""
        return tuple(violation for violation in self.effect.broken if against_law(violation, self.problem))

    @property
    def changed(self) -> dict[str, Assignment | None]:
        """Each task that it changes, with its row after the change; None for one that is taken out."""
        return {row.task: self.row_of(row.task) for row in set(self.before) ^ set(self.rows)}

    def row_of(self, task: str) -> Assignment | None:
        """The task's row after the change."""
        return next((row for row in self.rows if row.task == task), None)


def against_law(violation: Violation, problem: Problem) -> bool:
    """Whether no planner may set a broken rule aside: by law, or since somebody under 18 would stand for an adult."""
    return violation.rule in LAW or lacks_age(violation, problem)


def without_pins(problem: Problem, tasks: Collection[str]) -> Problem:
    """The problem as a change by hand of some tasks finds it: the planner's own pins on them give way."""
    return replace(problem, pins=tuple(pin for pin in problem.pins if pin.task not in tasks))


def weigh(problem: Problem, rows: Rows, changes: Sequence[Change]) -> Weighed:
    """What changes of one task would break and cost; the planner's pins on it give way.

    Raises:
        NotFoundError: the task, a role or somebody is not there.
        InvalidError: a change makes no sense as things are; ``field`` names what is wrong.

    """
    free = without_pins(problem, {change.task for change in changes})
    changed = rows
    for change in changes:
        _need_task(problem, change.task)
        _need_sense(changed, change)
        try:
            changed = apply_change(free, changed, change)
        except ProblemError as error:
            raise NotFoundError(str(error)) from None
    return Weighed(problem=problem, before=rows, rows=changed, effect=effect_of(free, rows, changed))


def weigh_swap(problem: Problem, rows: Rows, one: tuple[str, str], other: tuple[str, str]) -> Weighed:
    """What it would break and cost if two people changed places; each place is a task and who sits on it.

    Raises:
        NotFoundError: one of them is not there.
        InvalidError: it is one and the same place, one of them is on the other's team already, or has left the place.

    """
    roles = _role(rows, one), _role(rows, other)
    if None in roles:
        _need_known(problem, one, other)
        raise InvalidError("one of the two does not hold this place any more: choose again", field="swap")
    if one[1] == other[1] or (one[0] == other[0] and roles[0] == roles[1]):
        raise InvalidError("choose the place of somebody else", field="swap")
    if one[0] != other[0] and (_role(rows, (one[0], other[1])) or _role(rows, (other[0], one[1]))):
        raise InvalidError("this person is on the team already", field="swap")
    return weighed_rows(problem, rows, swap_seats(rows, one, other))


def places_to_swap(problem: Problem, rows: Rows, here: Assignment, person: str) -> list[tuple[Assignment, Seat]]:
    """Seats whose holders fit the seat of ``person`` and which ``person`` fits, the nearest in time first.

    By post and skills alone: what a swap would break otherwise is shown before it is kept.
    """
    mine = problem.task_of[here.task].role_of.get(next(seat.role for seat in here.people if seat.person == person))
    team, found = {seat.person for seat in here.people}, []
    for row in sorted(rows, key=lambda row: (abs(row.start - here.start), row.task)):
        for seat in row.people:
            theirs = problem.task_of[row.task].role_of.get(seat.role)
            holders = problem.person_of.get(person), problem.person_of.get(seat.person)
            apart = row.task != here.task and seat.person not in team and all(s.person != person for s in row.people)
            turned = row.task == here.task and seat.person != person and theirs != mine
            if (apart or turned) and mine and theirs and all(holders) and _fit(holders, theirs, mine):
                found.append((row, seat))
    return found


def _fit(holders: tuple[Person | None, ...], *roles: Role) -> bool:
    return all(holder is not None and fits_role(holder, role) for holder, role in zip(holders, roles, strict=True))


def weighed_rows(problem: Problem, rows: Rows, changed: Rows) -> Weighed:
    """What other rows would break and cost; pins on the tasks that change give way."""
    free = without_pins(problem, {row.task for row in set(rows) ^ set(changed)})
    return Weighed(problem=problem, before=rows, rows=changed, effect=effect_of(free, rows, changed))


def _role(rows: Rows, place: tuple[str, str]) -> str | None:
    task, person = place
    seats = (seat for row in rows if row.task == task for seat in row.people)
    return next((seat.role for seat in seats if seat.person == person), None)


def need_day(clock: Clock, start: int, now: datetime) -> None:
    """Raise InvalidError where a task is to begin (minute) on a day that the draft does not plan, or that is over.

    Nothing knows such a day: no column shows it, and what the draft reads of people ends with its period.
    """
    moment = clock.moment(start)
    if moment.date() < now.astimezone(clock.zone).date():
        raise InvalidError("must not lie in the past", field="day")
    if not 0 <= start < clock.days * DAY:
        raise InvalidError("must be a day of this draft", field="day")
    if moment < now:
        raise InvalidError("must not lie in the past", field="time")


def _need_task(problem: Problem, task: str) -> None:
    if task not in problem.task_of:
        raise NotFoundError("no such task")


def _need_known(problem: Problem, *places: tuple[str, str]) -> None:
    if any(task not in problem.task_of or person not in problem.person_of for task, person in places):
        raise NotFoundError("no such place")


def _need_sense(rows: Rows, change: Change) -> None:
    row = next((row for row in rows if row.task == change.task), None)
    if row is None and change.kind is not ChangeKind.ASSIGN:
        raise InvalidError("the draft does not serve this any more")
    leaving = change.person if change.kind in {ChangeKind.REMOVE, ChangeKind.REPLACE} else None
    if row is not None and leaving is not None and all(seat.person != leaving for seat in row.people):
        raise InvalidError("this person is not on the team any more", field="person")
    joining = {ChangeKind.ASSIGN: change.person, ChangeKind.REPLACE: change.by}.get(change.kind)
    if row is not None and any(seat.person == joining for seat in row.people):
        raise InvalidError("this person is on the team already", field="person")
    if row is not None and change.kind is ChangeKind.MOVE and change.start == row.start:
        raise InvalidError("this is the time that it has now", field="time")
    if change.start is None and (change.kind is ChangeKind.MOVE or (row is None and change.kind is ChangeKind.ASSIGN)):
        raise InvalidError("a time is needed", field="time")
