"""Drafts of rosters: begin, keep a plan, change by hand, pin, throw away."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import DiversionWay, DutyState, RosterState
from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.models import Assignment, Duty, Roster, Seat, UnservedTask, utc_now
from tenants.services import audit_log, diversions, edits, runs

MAX_DAYS = 31
NOTICE = timedelta(hours=1)  # what begins sooner is no longer planned: people hold it as it is


@dataclass(frozen=True, kw_only=True)
class PlannedSeat:
    """One person in one role."""

    person_id: str
    role: str


@dataclass(frozen=True, kw_only=True)
class PlannedTask:
    """A served visit or activity with its team; exactly one of the two ids is given. Times are aware."""

    visit_id: str | None
    activity_id: str | None
    starts_at: datetime
    ends_at: datetime
    seats: tuple[PlannedSeat, ...]

    @property
    def task_id(self) -> str:
        """Id of the visit or of the activity."""
        return self.visit_id or self.activity_id or ""


@dataclass(frozen=True, kw_only=True)
class OpenTask:
    """A task left undone, with the interchange format's reasons."""

    visit_id: str | None
    activity_id: str | None
    reasons: list[Any]

    @property
    def task_id(self) -> str:
        """Id of the visit or of the activity."""
        return self.visit_id or self.activity_id or ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a draft holds: tasks, open tasks, the score and its bound."""

    tasks: tuple[PlannedTask, ...]
    unserved: tuple[OpenTask, ...]
    medium: int
    soft: int
    bound_medium: int | None = None
    bound_soft: int | None = None
    optimal: bool = False


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a draft comes to after a change by hand: its open tasks and its score."""

    unserved: tuple[OpenTask, ...]
    medium: int
    soft: int


def begin_draft(session: Session, actor: Actor, *, starts_on: date, days: int, today: date) -> Roster:
    """A new, empty draft.

    Raises:
        InvalidError: the period begins in the past, or is not 1 to 31 days long.
        ConflictError: another draft covers a part of the period.

    """
    if actor.township_id is None:
        raise InvalidError("only a township plans rosters")
    if starts_on < today:
        raise InvalidError("must not lie in the past", field="starts_on")
    if not 1 <= days <= MAX_DAYS:
        raise InvalidError("must be 1 to 31 days", field="days")
    if overlapping_draft(session, starts_on, days) is not None:
        raise ConflictError("another draft covers a part of this period", field="starts_on")
    roster = Roster(township_id=actor.township_id, starts_on=starts_on, days=days)
    session.add(roster)
    session.flush()
    facts = {"starts_on": starts_on.isoformat(), "days": days}
    audit_log.record(session, actor, "roster.begin", "roster", roster.id, details=facts)
    return roster


def overlapping_draft(session: Session, starts_on: date, days: int) -> Roster | None:
    """A draft that shares a day with the period."""
    last = starts_on + timedelta(days=days - 1)
    drafts = session.scalars(select(Roster).where(Roster.state == RosterState.DRAFT, Roster.starts_on <= last))
    return next((d for d in drafts if d.starts_on + timedelta(days=d.days - 1) >= starts_on), None)


def room(session: Session, day: date, last: date) -> int:
    """Days from a free day on to the last one, or to the next draft, at most as many as one draft holds."""
    days = min((last - day).days + 1, MAX_DAYS)
    while days > 1 and overlapping_draft(session, day, days) is not None:
        days -= 1
    return days


def draft(session: Session, roster_id: str, *, revision: int | None = None) -> Roster:
    """The draft of that id; with a ``revision`` it is locked, to be changed by the caller.

    Raises:
        NotFoundError: there is none in this township.
        ConflictError: it has been edited since ``revision``.

    """
    query = select(Roster).where(Roster.id == roster_id, Roster.state == RosterState.DRAFT)
    found = session.scalar(query if revision is None else query.with_for_update())
    if found is None:
        raise NotFoundError("no such draft")
    if revision is not None and found.revision != revision:
        raise ConflictError("the draft has been changed meanwhile", field="revision")
    return found


def throw_away(session: Session, actor: Actor, roster: Roster) -> None:
    """Delete a draft; what was published from it stays.

    Raises:
        ConflictError: it is being planned.

    """
    runs.refuse_while_planning(session, roster)
    session.delete(roster)
    session.flush()
    audit_log.record(session, actor, "roster.throw_away", "roster", roster.id)


def keep_plan(session: Session, actor: Actor, roster: Roster, plan: Plan, *, action: str = edits.MADE_BY_PLAN) -> None:
    """Let the draft hold a plan in place of what it held; pins on what stays are kept.

    What people hold and has begun, or is about to, is no longer planned and stays in the draft as it was.

    Raises:
        DiversionError: it would give purchased-service staff other work.

    """
    diversions.refuse(session, _seats_in(plan.tasks), DiversionWay.ROSTER)
    old = {row.task_id: row for row in roster.assignments}
    planned = {task.task_id for task in plan.tasks} | {left.task_id for left in plan.unserved}
    history = _history(session, [row for row in roster.assignments if row.task_id not in planned])
    roster.assignments[:] = history
    roster.unserved.clear()
    session.flush()
    for task in plan.tasks:
        roster.assignments.append(_assignment(roster.township_id, task, old.get(task.task_id)))
    _set_open(roster, plan.unserved)
    roster.score_medium, roster.score_soft = plan.medium, plan.soft
    roster.bound_medium, roster.bound_soft, roster.optimal = plan.bound_medium, plan.bound_soft, plan.optimal
    facts = {"medium": plan.medium, "soft": plan.soft, "tasks": len(plan.tasks), "unserved": len(plan.unserved)}
    edits.note(session, actor, roster, action, facts)


def _seats_in(tasks: Iterable[PlannedTask]) -> list[tuple[str, str]]:
    return [(task.task_id, seat.person_id) for task in tasks for seat in task.seats]


def _history(session: Session, rows: list[Assignment]) -> list[Assignment]:
    begun = [row for row in rows if row.starts_at < utc_now() + NOTICE]
    tasks = [row.task_id for row in begun]
    query = select(Duty).where(Duty.state == DutyState.CONFIRMED)
    held = session.scalars(query.where(Duty.visit_id.in_(tasks) | Duty.activity_id.in_(tasks)))
    promised = {duty.task_id for duty in held}
    return [row for row in begun if row.task_id in promised]


def _set_open(roster: Roster, unserved: Iterable[OpenTask]) -> None:
    roster.unserved[:] = [
        UnservedTask(
            township_id=roster.township_id, visit_id=left.visit_id, activity_id=left.activity_id, reasons=left.reasons
        )
        for left in unserved
    ]


def _assignment(township_id: str, task: PlannedTask, old: Assignment | None) -> Assignment:
    """A planned task as a row, with the pins of the row that it replaces."""
    pinned = {seat.person_id for seat in old.seats if seat.pinned} if old else set()
    row = Assignment(township_id=township_id, visit_id=task.visit_id, activity_id=task.activity_id)
    row.starts_at, row.ends_at = task.starts_at, task.ends_at
    row.time_pinned = bool(old and old.time_pinned)
    row.by_hand = bool(old and old.by_hand and (old.time_pinned or pinned))
    row.seats = [_seat(township_id, seat, pinned=seat.person_id in pinned) for seat in task.seats]
    return row


def _seat(township_id: str, seat: PlannedSeat, *, pinned: bool) -> Seat:
    return Seat(township_id=township_id, person_id=seat.person_id, role=seat.role, pinned=pinned)


def change_task(
    session: Session,
    actor: Actor,
    roster: Roster,
    task_id: str,
    wanted: PlannedTask | None,
    standing: Standing,
    *,
    action: str,
    details: dict[str, Any],
) -> None:
    """Let the draft hold one task as the planner wants it; None takes the task out. See ``change_tasks``."""
    facts = {"task": task_id, **details}
    change_tasks(session, actor, roster, {task_id: wanted}, standing, action=action, details=facts)


def change_tasks(
    session: Session,
    actor: Actor,
    roster: Roster,
    wanted: Mapping[str, PlannedTask | None],
    standing: Standing,
    *,
    action: str,
    details: dict[str, Any],
) -> None:
    """Let the draft hold some tasks, by id, as the planner wants them, in one edit; None takes a task out.

    Whoever joins, and a time that was moved, is pinned, so that planning again keeps the planner's word.
    ``standing`` is what the draft comes to with the change; ``details`` holds ids and numbers for the log.

    Raises:
        ConflictError: the draft is being planned.
        DiversionError: it would give purchased-service staff other work.

    """
    runs.refuse_while_planning(session, roster)
    diversions.refuse(session, _seats_in(task for task in wanted.values() if task), DiversionWay.ROSTER)
    before = edits.snapshot(roster, wanted)
    for task_id, task in wanted.items():
        _put(roster, task_id, task)
    session.flush()
    _set_open(roster, standing.unserved)
    roster.score_medium, roster.score_soft = standing.medium, standing.soft
    roster.bound_medium, roster.bound_soft, roster.optimal = None, None, False
    edits.note(session, actor, roster, action, details, before=before)


def _put(roster: Roster, task_id: str, wanted: PlannedTask | None) -> None:
    row = next((a for a in roster.assignments if a.task_id == task_id), None)
    if wanted is None and row is not None:
        roster.assignments.remove(row)
    elif wanted is not None and row is None:
        roster.assignments.append(_by_hand(roster.township_id, wanted))
    elif wanted is not None and row is not None:
        _rewrite(row, wanted)


def _by_hand(township_id: str, wanted: PlannedTask) -> Assignment:
    row = _assignment(township_id, wanted, None)
    row.by_hand = row.time_pinned = True
    for seat in row.seats:
        seat.pinned = True
    return row


def _rewrite(row: Assignment, wanted: PlannedTask) -> None:
    row.by_hand = True
    row.time_pinned = row.time_pinned or row.starts_at != wanted.starts_at
    row.starts_at, row.ends_at = wanted.starts_at, wanted.ends_at
    held = {seat.person_id: seat for seat in row.seats}
    row.seats[:] = [_reseat(row.township_id, held.get(seat.person_id), seat) for seat in wanted.seats]


def _reseat(township_id: str, held: Seat | None, wanted: PlannedSeat) -> Seat:
    if held is None:
        return _seat(township_id, wanted, pinned=True)
    held.pinned = held.pinned or held.role != wanted.role
    held.role = wanted.role
    return held


def assignment_of(roster: Roster, task_id: str) -> Assignment:
    """The roster's assignment of a task.

    Raises:
        NotFoundError: the roster does not serve it.

    """
    for assignment in roster.assignments:
        if assignment.task_id == task_id:
            return assignment
    raise NotFoundError("the task is not in this roster")


def pin_time(session: Session, actor: Actor, roster: Roster, task_id: str, *, pinned: bool) -> None:
    """Hold a task's time when planning again, or let it go."""
    runs.refuse_while_planning(session, roster)
    before = edits.snapshot(roster, [task_id])
    assignment_of(roster, task_id).time_pinned = pinned
    edits.note(session, actor, roster, "roster.pin_time", {"task": task_id, "pinned": pinned}, before=before)


def pin_seat(session: Session, actor: Actor, roster: Roster, task_id: str, person_id: str, *, pinned: bool) -> None:
    """Hold a person on a task when planning again, or let them go."""
    runs.refuse_while_planning(session, roster)
    before = edits.snapshot(roster, [task_id])
    seat = next((seat for seat in assignment_of(roster, task_id).seats if seat.person_id == person_id), None)
    if seat is None:
        raise NotFoundError("the person is not on this task")
    seat.pinned = pinned
    facts = {"task": task_id, "person": person_id, "pinned": pinned}
    edits.note(session, actor, roster, "roster.pin_seat", facts, before=before)


def pin_everything(
    session: Session, actor: Actor, roster: Roster, *, pinned: bool, task_ids: Collection[str] | None = None
) -> None:
    """Hold the whole draft as it is, or free all of it; with ``task_ids`` those tasks alone."""
    runs.refuse_while_planning(session, roster)
    meant = [row for row in roster.assignments if task_ids is None or row.task_id in task_ids]
    before = edits.snapshot(roster, [row.task_id for row in meant])
    for assignment in meant:
        assignment.time_pinned = pinned
        for seat in assignment.seats:
            seat.pinned = pinned
    facts = {"pinned": pinned, "tasks": len(roster.assignments) if task_ids is None else len(task_ids)}
    edits.note(session, actor, roster, "roster.pin_all", facts, before=before)
