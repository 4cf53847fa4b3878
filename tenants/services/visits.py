"""Visits that fall due by the county's rules, and visits done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.actor import Actor
from tenants.crypto import Keyring
from tenants.enums import VisitState
from tenants.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tenants.models import Child, Visit
from tenants.queries import due
from tenants.services import audit_log, calling_off, spared, visit_notes

NOTE_LENGTH = 500
RECORDED_WITHIN = timedelta(days=92)
"""So long after a visit whoever made it records it; the station can enter an older one on the child's page."""
TOO_LATE = "A visit is recorded within 92 days. The station can enter an older one on the child's page."
LATER_ONE = "A visit of this day, or of a later one, is recorded already."
LONGEST_INTERVAL = 366


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What the rules ask for one child: the day and the terms, or nothing at all (``terms`` empty)."""

    child: Child
    present: Visit | None
    due_on: date
    terms: dict[str, Any]


def refresh_due(
    session: Session, actor: Actor, until: date, *, today: date | None = None, child: Child | None = None
) -> int:
    """Bring the township's due visits in line with the rules, and count the rows made, changed or called off.

    Each open child holds one due visit at most, the next one; it is made when it falls due by ``until`` (that day
    included). A due visit follows the rule in force; it is called off when no rule holds any more or the child's file
    is closed. ``today`` is the county's present day unless given; ``child`` narrows it to one child.

    Raises:
        ForbiddenError: the actor belongs to no township.

    """
    township = _township_of(actor)
    today = today or due.county_today(session, actor.county_id)
    open_visits, surplus = _due_visits(session, township, child)
    children = [child] if child is not None else _children(session, township)
    wanted = _wanted(session, actor.county_id, children, open_visits, today)
    calendar = _Calendar(session, township, [want.due_on for want in wanted if want.terms])
    changed = sum(_call_off(visit) for visit in surplus)
    changed += sum(_apply(session, want, until, calendar) for want in wanted)
    if changed:
        session.flush()
        calling_off.call_off(session)
        audit_log.record(session, actor, "visit.refresh", "visit", details={"changed": changed})
    return changed


def follow(session: Session, actor: Actor, child: Child) -> None:
    """Keep a child's next visit in line after something about the child has changed."""
    horizon = due.county_today(session, actor.county_id) + timedelta(days=LONGEST_INTERVAL)
    refresh_due(session, actor, horizon, child=child)


def record_done(
    session: Session, actor: Actor, visit: Visit, done_on: date, note: str = "", *, keyring: Keyring | None = None
) -> None:
    """Mark a due visit as done on a day; nobody goes there a second time for it (see ``spared``).

    The keyring seals the note, if there is one.

    Raises:
        ConflictError: it is done or called off already, or the child has been visited on that day or since.
        InvalidError: the day has not come yet or is long past, or the note is too long.

    """
    _check_done(session, actor, done_on, note)
    if done_on < due.county_today(session, actor.county_id) - RECORDED_WITHIN:
        raise InvalidError(TOO_LATE, field="done_on")
    last = due.last_visits(session, [visit.child_id]).get(visit.child_id)
    if visit.state is VisitState.DUE and last is not None and done_on <= last:
        raise ConflictError(LATER_ONE, field="done_on")
    _done(session, actor, visit, done_on, note, keyring)


def _done(session: Session, actor: Actor, visit: Visit, done_on: date, note: str, keyring: Keyring | None) -> None:
    if visit.state is not VisitState.DUE:
        raise ConflictError("This visit is no longer due.")
    visit.state, visit.done_on = VisitState.DONE, done_on
    visit_notes.keep(session, keyring, visit, note)
    freed = spared.spare(session, actor, visit)
    details = {"child": visit.child_id, **({spared.FREED: [duty.id for duty in freed]} if freed else {})}
    audit_log.record(session, actor, spared.DONE, "visit", visit.id, details=details)


def record_visit(
    session: Session, actor: Actor, child: Child, done_on: date, note: str = "", *, keyring: Keyring | None = None
) -> Visit:
    """Record that a child was visited: its due visit is done, or a visit beyond the plan is entered.

    Raises:
        InvalidError: the day has not come, the note is too long, or the child has no category and risk by that day.
        ConflictError: a visit of that day is recorded already, or the file is anonymised.

    """
    _check_done(session, actor, done_on, note)
    if child.anonymised_on is not None:
        raise ConflictError("This file is anonymised: nothing is entered any more.")
    same_day = select(Visit.id).where(Visit.child_id == child.id, Visit.done_on == done_on)
    if session.scalar(same_day) is not None:
        raise ConflictError("A visit of this day is recorded already.", field="done_on")
    visit = _fulfilled_by(session, actor, child, done_on) or _unplanned(session, actor, child, done_on)
    _done(session, actor, visit, done_on, note, keyring)
    follow(session, actor, child)
    return visit


def take_back(session: Session, actor: Actor, child: Child, visit_id: str) -> None:
    """Undo a visit recorded as done; the child's next visit follows, and its team has it again where it is free still.

    Raises:
        NotFoundError: the child has no such visit that is done.

    """
    visit = session.get(Visit, (child.township_id, visit_id))
    if visit is None or visit.child_id != child.id or visit.state is not VisitState.DONE:
        raise NotFoundError("no such visit")
    visit.state, visit.done_on, visit.note_sealed = VisitState.DUE, None, None
    session.flush()
    audit_log.record(session, actor, "visit.take_back", "visit", visit.id, details={"child": child.id})
    follow(session, actor, child)
    if visit.state is VisitState.DUE:
        spared.give_back(session, actor, visit)


def _fulfilled_by(session: Session, actor: Actor, child: Child, done_on: date) -> Visit | None:
    """The due visit; none for a visit entered late, which an already recorded one has overtaken, or long ago."""
    last = due.last_visits(session, [child.id]).get(child.id)
    if last is not None and done_on < last:
        return None
    if done_on < due.county_today(session, actor.county_id) - RECORDED_WITHIN:
        _rule_on(session, actor, child, done_on)
    due_rows = select(Visit).where(Visit.child_id == child.id, Visit.state == VisitState.DUE)
    return session.scalar(due_rows.order_by(Visit.due_on).limit(1))


def _unplanned(session: Session, actor: Actor, child: Child, done_on: date) -> Visit:
    held = _rule_on(session, actor, child, done_on)
    calendar = _Calendar(session, child.township_id, [done_on])
    visit = calendar.called_off(child.id, done_on)
    if visit is None:
        visit = Visit(township_id=child.township_id, child_id=child.id, due_on=calendar.free_day(child.id, done_on))
        session.add(visit)
    _set(visit, due.terms_of(child, held.rule) | {"state": VisitState.DUE})
    return visit


def _rule_on(session: Session, actor: Actor, child: Child, day: date) -> due.RuleInForce:
    held = due.rule_in_force(child, due.rules_of(session, actor.county_id), day)
    if held is None:
        raise InvalidError(
            "No visit rule held for the child on this day: enter category and risk first.", field="done_on"
        )
    return held


def _check_done(session: Session, actor: Actor, done_on: date, note: str) -> None:
    if done_on > due.county_today(session, actor.county_id):
        raise InvalidError("A visit cannot be done on a day that has not come yet.", field="done_on")
    if len(note.strip()) > NOTE_LENGTH:
        raise InvalidError("The note may have 500 characters at most.", field="note")


def _township_of(actor: Actor) -> str:
    if actor.township_id is None:
        raise ForbiddenError("Visits are kept by a township's station.")
    return actor.township_id


def _due_visits(session: Session, township: str, child: Child | None) -> tuple[dict[str, Visit], list[Visit]]:
    """The earliest due visit of each child, and those beyond it."""
    first: dict[str, Visit] = {}
    surplus: list[Visit] = []
    query = select(Visit).where(Visit.township_id == township, Visit.state == VisitState.DUE)
    if child is not None:
        query = query.where(Visit.child_id == child.id)
    for visit in session.scalars(query.order_by(Visit.due_on, Visit.id)):
        if visit.child_id in first:
            surplus.append(visit)
        else:
            first[visit.child_id] = visit
    return first, surplus


def _children(session: Session, township: str) -> Sequence[Child]:
    query = select(Child).where(Child.township_id == township).order_by(Child.case_code)
    return session.scalars(query.options(selectinload(Child.categories), selectinload(Child.risks))).all()


def _wanted(
    session: Session, county: str, children: Sequence[Child], present: dict[str, Visit], today: date
) -> list[_Wanted]:
    rules = due.rules_of(session, county)
    last = due.last_visits(session, [children[0].id] if len(children) == 1 else None)
    found = []
    for child in children:
        visit = present.get(child.id)
        held = due.rule_in_force(child, rules, today)
        if held is None:
            found.append(_Wanted(child=child, present=visit, due_on=today, terms={}))
            continue
        due_on = due.next_due(held, last.get(child.id), today, visit.due_on if visit else None)
        found.append(_Wanted(child=child, present=visit, due_on=due_on, terms=due.terms_of(child, held.rule)))
    return found


class _Calendar:
    """The days that done and called-off visits hold: a child has one row to a due day."""

    def __init__(self, session: Session, township: str, days: Sequence[date]) -> None:
        query = select(Visit).where(Visit.township_id == township, Visit.state != VisitState.DUE)
        rows = session.scalars(query.where(Visit.due_on >= min(days))) if days else ()
        self._held = {(visit.child_id, visit.due_on): visit for visit in rows}

    def called_off(self, child_id: str, day: date) -> Visit | None:
        visit = self._held.get((child_id, day))
        return visit if visit is not None and visit.state is VisitState.CANCELLED else None

    def free_day(self, child_id: str, day: date) -> date:
        while (child_id, day) in self._held:
            day += timedelta(days=1)
        return day


def _apply(session: Session, want: _Wanted, until: date, calendar: _Calendar) -> bool:
    """Make, change or call off one child's due visit; False when all is as it should be."""
    visit = want.present
    if not want.terms:
        return visit is not None and _call_off(visit)
    if visit is not None:
        moved = visit.due_on != want.due_on
        day = calendar.free_day(want.child.id, want.due_on) if moved else visit.due_on
        return _set(visit, want.terms | {"due_on": day})
    if want.due_on > until:
        return False
    visit = calendar.called_off(want.child.id, want.due_on)
    if visit is None:
        day = calendar.free_day(want.child.id, want.due_on)
        visit = Visit(township_id=want.child.township_id, child_id=want.child.id, due_on=day)
        session.add(visit)
    return _set(visit, want.terms | {"state": VisitState.DUE})


def _call_off(visit: Visit) -> bool:
    return _set(visit, {"state": VisitState.CANCELLED})


def _set(visit: Visit, terms: dict[str, Any]) -> bool:
    """Put the terms on the row; whether any differed."""
    changed = {name: value for name, value in terms.items() if getattr(visit, name) != value}
    for name, value in changed.items():
        setattr(visit, name, value)
    return bool(changed)
