"""Check in and out of a duty; late and missing people; a short note, sealed."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.crypto import Keyring, Place, Shown
from tenants.enums import DutyState
from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.models import Attendance, Duty, Home, new_id, utc_now
from tenants.queries.attendance import OPENS
from tenants.services import audit_log

LONGER = timedelta(hours=1)
"""Minutes beyond the planned end that count, at most: many forget to check out."""
BACK = timedelta(minutes=15)
"""How long a holder can take back that they have left."""
NOTE = 500
EARLY = "You can check in from one hour before the duty begins."
GONE = "This duty is over. Ask the station to record it."
NOT_IN = "You have not checked in to this duty."
APPROVED = "These hours are approved already."
LATE = "Leaving can be taken back for 15 minutes only. Ask the station to record the hours."


def place_of(row: Attendance) -> Place:
    """Where the sealed note belongs."""
    return Place(table="attendance", column="note_sealed", tenant=row.township_id, row=row.id)


def held(session: Session, duty_id: str, person_id: str | None = None) -> Duty:
    """A confirmed duty; with ``person_id`` only if that person holds it.

    Raises:
        NotFoundError: there is none.

    """
    query = select(Duty).where(Duty.id == duty_id, Duty.state == DutyState.CONFIRMED)
    duty = session.scalar(query if person_id is None else query.where(Duty.person_id == person_id))
    if duty is None:
        raise NotFoundError("no such duty")
    return duty


def row_of(session: Session, duty: Duty, *, approved_too: bool = False) -> Attendance:
    """The duty's row, locked, or a new one.

    Raises:
        ConflictError: it is approved, so it stays as it is, unless that is no hindrance.

    """
    row = session.scalar(select(Attendance).where(Attendance.duty_id == duty.id).with_for_update())
    if row is None:
        row = Attendance(township_id=duty.township_id, duty_id=duty.id)
        session.add(row)
    if row.approved_at is not None and not approved_too:
        raise ConflictError(APPROVED)
    return row


def arrive(session: Session, actor: Actor, duty: Duty, *, at_door: bool = False) -> Attendance:
    """The holder is there; said twice, the first time holds.

    Raises:
        InvalidError: too early.
        ConflictError: the duty is over, or its hours are approved.

    """
    now = utc_now()
    if now < duty.starts_at - OPENS:
        raise InvalidError(EARLY)
    if now > duty.ends_at:
        raise ConflictError(GONE)
    row = row_of(session, duty)
    if row.arrived_at is None:
        row.arrived_at, row.no_show, row.recorded_by = now, False, actor.account_id
    row.at_door = row.at_door or at_door
    session.flush()
    audit_log.record(session, actor, "duty.arrive", "duty", duty.id, details={"door": at_door})
    return row


def leave(session: Session, actor: Actor, keyring: Keyring, duty: Duty, note: str = "") -> Attendance:
    """The holder leaves, with a short note or none.

    Raises:
        ConflictError: they have not checked in, or the hours are approved.
        InvalidError: the note is too long.

    """
    if len(note) > NOTE:
        raise InvalidError("The note may have 500 characters at most.", field="note")
    row = row_of(session, duty)
    if row.arrived_at is None:
        session.expunge(row)
        raise ConflictError(NOT_IN)
    if row.left_at is None:
        row.left_at = utc_now()
        row.minutes = counted(duty, row.arrived_at, row.left_at)
    session.flush()
    if note.strip():
        row.note_sealed = keyring.seal(note.strip(), place_of(row))
        session.flush()
    audit_log.record(session, actor, "duty.leave", "duty", duty.id, details={"minutes": row.minutes})
    return row


def may_stay(row: Attendance | None, now: datetime) -> bool:
    """Whether the holder can still take back that they have left: nobody else has recorded the hours meanwhile."""
    if row is None or row.left_at is None:
        return False
    return now <= row.left_at + BACK and not row.reason and row.approved_at is None


def stay(session: Session, actor: Actor, duty: Duty) -> Attendance:
    """The holder has not left after all; a note stays until another one is written.

    Raises:
        ConflictError: it is too late, somebody has recorded the hours by hand, or they are approved.

    """
    row = row_of(session, duty)
    if not may_stay(row, utc_now()):
        if row in session.new:
            session.expunge(row)
        raise ConflictError(LATE)
    before, row.left_at, row.minutes = row.minutes, None, None
    session.flush()
    audit_log.record(session, actor, "duty.stay", "duty", duty.id, details={"before": before})
    return row


def counted(duty: Duty, arrived_at: datetime, left_at: datetime) -> int:
    """Minutes of service: from the beginning, or the arrival if that is later, to the leaving; an hour over at most."""
    begin, end = max(arrived_at, duty.starts_at), min(left_at, duty.ends_at + LONGER)
    return max(0, int((end - begin).total_seconds()) // 60)


def miss(session: Session, actor: Actor, duty: Duty) -> None:
    """The holder did not come: the station says so once the duty has begun.

    Raises:
        InvalidError: it has not begun.
        ConflictError: they did check in, or the hours are approved.

    """
    if utc_now() < duty.starts_at:
        raise InvalidError("This duty has not begun yet.")
    row = row_of(session, duty)
    if row.arrived_at is not None:
        raise ConflictError("This person has checked in.")
    row.no_show, row.minutes, row.recorded_by = True, 0, actor.account_id
    session.flush()
    audit_log.record(session, actor, "duty.miss", "duty", duty.id)


def read_note(session: Session, actor: Actor, keyring: Keyring, duty: Duty) -> Shown:
    """Open the note; who and when is written down.

    Raises:
        NotFoundError: there is none.

    """
    row = session.scalar(select(Attendance).where(Attendance.duty_id == duty.id))
    if row is None or row.note_sealed is None:
        raise NotFoundError("no note")
    audit_log.record(session, actor, "duty.note_read", "duty", duty.id)
    return keyring.shown(row.note_sealed, place_of(row))


def new_door_code(session: Session, actor: Actor, home: Home) -> None:
    """A fresh code for the home's door; the one before no longer works."""
    home.door_code = new_id()
    session.flush()
    audit_log.record(session, actor, "home.door_code", "home", home.id)


def reseal(keyring: Keyring, row: Attendance) -> bool:
    """Seal the note anew if it is under an older key; returns whether it was."""
    return keyring.reseal(row, "note_sealed", place_of(row))
