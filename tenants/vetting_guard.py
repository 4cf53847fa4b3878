"""Nobody without a check valid on the day comes to work with children (Law on the Protection of Minors, art. 62).

The solver keeps the rule, and so do the pages; this guard stands behind both. Whatever way a person is put on a task
(a plan, a change by hand, a pin, a change taken back, a publication, a sign-up, an import), it looks at what is about
to be written and refuses it. What has begun is history and is left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from tenants.enums import DutyState, VettingResult
from tenants.errors import InvalidError
from tenants.models import Activity, Assignment, County, Duty, Person, Seat, Township, Vetting, utc_now

UNCHECKED = "somebody has no criminal-record check that is valid on the day: they may not work with children"


@dataclass(frozen=True, kw_only=True)
class Held:
    """Somebody about to hold a task in a role; ``activity_id`` None: a visit."""

    township_id: str
    person_id: str
    role: str
    visit_id: str | None
    activity_id: str | None
    starts_at: datetime


def guard(session_class: type[Session]) -> None:
    """Hold every session of a class to the rule."""
    event.listen(session_class, "before_flush", _refuse_unchecked)


def _refuse_unchecked(session: Session, context: UOWTransaction, instances: Any) -> None:
    """Refuse what is about to be written.

    Raises:
        InvalidError: somebody would work with children without a valid check.

    """
    now = utc_now()
    with session.no_autoflush:
        held = [one for one in about_to_hold(session) if one.starts_at > now and _with_children(session, one)]
        checks = _checks(session, {one.person_id for one in held}) if held else {}
        zones = {township: zone_of(session, township) for township in {one.township_id for one in held}}
    for one in held:
        day = one.starts_at.astimezone(zones[one.township_id]).date()
        mine = checks.get((one.township_id, one.person_id), [])
        clear = (c for c in mine if c.result == VettingResult.CLEAR)
        barred = any(c.result == VettingResult.BARRED for c in mine)
        if barred or not any(check.checked_on <= day <= check.valid_through for check in clear):
            raise InvalidError(UNCHECKED, field="person")


def about_to_hold(session: Session) -> Iterator[Held]:
    """Who is put on what by the rows that are about to be written."""
    for row in [*session.new, *session.dirty]:
        if isinstance(row, Duty) and row.state is not DutyState.CANCELLED and _changed(row, _DUTY):
            yield _held(row, row, row)
        elif isinstance(row, Assignment):
            everybody = _changed(row, ("starts_at",))
            for seat in row.seats if everybody else inspect(row).attrs.seats.history.added or ():
                yield _held(row, seat, row)
        elif isinstance(row, Seat) and row not in session.new and row.pinned and _changed(row, ("pinned", "person_id")):
            task = session.get(Assignment, (row.township_id, row.assignment_id))
            if task is not None:
                yield _held(row, row, task)
        elif isinstance(row, Activity) and row.with_children and _changed(row, ("with_children",)):
            yield from _holders(session, row)


_DUTY = ("state", "person_id", "role", "starts_at", "visit_id", "activity_id")


def _changed(row: Any, names: tuple[str, ...]) -> bool:
    state = inspect(row)
    return state.pending or any(state.attrs[name].history.has_changes() for name in names)


def _held(row: Any, place: Duty | Seat, task: Duty | Assignment) -> Held:
    return Held(
        township_id=row.township_id,
        person_id=place.person_id,
        role=place.role,
        visit_id=task.visit_id,
        activity_id=task.activity_id,
        starts_at=task.starts_at,
    )


def _holders(session: Session, activity: Activity) -> Iterator[Held]:
    """Who holds an activity at which there will now be children."""
    if inspect(activity).pending:
        return
    query = select(Duty).where(Duty.township_id == activity.township_id, Duty.activity_id == activity.id)
    for duty in session.scalars(query.where(Duty.state == DutyState.CONFIRMED)):
        yield _held(duty, duty, duty)


def _with_children(session: Session, held: Held) -> bool:
    """Every visit, and each activity that is not marked as one without children."""
    if held.activity_id is None:
        return True
    activity = session.get(Activity, (held.township_id, held.activity_id))
    return activity is None or activity.with_children is not False  # not yet written: the column's default holds


def _checks(session: Session, people: set[str]) -> dict[tuple[str, str], list[Vetting]]:
    """The checks of people as they will stand: those in the database, and those about to be written with them."""
    found: dict[tuple[str, str], list[Vetting]] = {}
    gone = {id(row) for row in session.deleted}
    for row in session.scalars(select(Vetting).where(Vetting.person_id.in_(people))):
        if id(row) not in gone:
            found.setdefault((row.township_id, row.person_id), []).append(row)
    for new in session.new:
        if isinstance(new, Vetting):
            owner = new.person_id or (new.person.id if isinstance(new.person, Person) else "")
            found.setdefault((new.township_id, owner), []).append(new)
    return found


def zone_of(session: Session, township_id: str) -> ZoneInfo:
    township = session.get_one(Township, township_id)
    return ZoneInfo(session.scalars(select(County.timezone).where(County.id == township.county_id)).one())
