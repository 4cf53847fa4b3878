"""The holder's answer to a duty: I shall come; I cannot."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import DeclineReason, DutyAnswer, DutyState, MessageKind
from tenants.errors import ConflictError, NotFoundError
from tenants.models import Duty, Person, utc_now
from tenants.queries.arrangements import arrangements_of
from tenants.services import audit_log, bookings, notices, swaps
from tenants.services.following import follow

OVER = "This duty has begun or is over."
NOT_HELD = "This duty is no longer yours."
TOO_LATE = "It is too late to decline. Ask for a substitute, or call the station."


def own(session: Session, person_id: str, duty_id: str) -> Duty:
    """A coming duty that the person holds, locked.

    Raises:
        NotFoundError: it is not theirs.
        ConflictError: it was taken away, or has begun.

    """
    query = select(Duty).where(Duty.id == duty_id, Duty.person_id == person_id)
    duty = session.scalar(query.with_for_update(), execution_options={"populate_existing": True})
    if duty is None:
        raise NotFoundError("no such duty")
    if duty.state is not DutyState.CONFIRMED:
        raise ConflictError(NOT_HELD)
    if duty.starts_at <= utc_now():
        raise ConflictError(OVER)
    return duty


def accept(session: Session, actor: Actor, duty: Duty) -> None:
    """The holder will come; said twice it is said once."""
    if duty.answer is DutyAnswer.ACCEPTED:
        return
    duty.answer, duty.answered_at = DutyAnswer.ACCEPTED, utc_now()
    session.flush()
    audit_log.record(session, actor, "duty.accept", "duty", duty.id)


def until(session: Session, duty: Duty) -> datetime:
    """Until when the duty can be declined."""
    return duty.starts_at - arrangements_of(session, duty.township_id).notice


def decline(session: Session, actor: Actor, duty: Duty, reason: DeclineReason) -> None:
    """The holder cannot come: the place is free again, and the station is told.

    Raises:
        ConflictError: the deadline has passed.

    """
    if utc_now() > until(session, duty):
        raise ConflictError(TOO_LATE)
    duty.answer, duty.answered_at, duty.decline_reason = DutyAnswer.DECLINED, utc_now(), reason
    swaps.end(session, duty)
    bookings.release(session, duty)
    follow(session, actor, duty, leaves=duty.person_id)
    audit_log.record(session, actor, "duty.decline", "duty", duty.id, details={"reason": reason.value})
    person = session.get_one(Person, (duty.township_id, duty.person_id))
    facts = {**notices.facts_of(session, duty), **notices.name_of(person), "reason": reason.value}
    station = notices.station_accounts(session, duty.township_id)
    notices.tell(session, station, MessageKind.DUTY_DECLINED, facts, subject_id=duty.id, begins=duty.starts_at)
