"""A visit that is done needs nobody to come any more: its coming duties end, and come back with it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import DutyState, MessageKind
from tenants.errors import DomainError
from tenants.models import AuditEntry, Duty, Visit, utc_now
from tenants.queries.due import county_zone
from tenants.services import bookings, calling_off, notices

DONE = "visit.done"
FREED = "freed"
"""Under this name the log's line of a visit that was done holds the ids of the duties that ended with it."""


def spare(session: Session, actor: Actor, visit: Visit) -> list[Duty]:
    """End the coming duties of a visit that is done, tell their holders, and return them.

    What has begun is history. Where whoever records the visit holds a duty of it today, today's duties stay as well:
    they were done a little early.
    """
    query = select(Duty).where(Duty.visit_id == visit.id, Duty.state == DutyState.CONFIRMED, Duty.starts_at > utc_now())
    coming = session.scalars(query.order_by(Duty.starts_at, Duty.id).with_for_update()).all()
    zone = county_zone(session, actor.county_id)
    today = [duty for duty in coming if duty.starts_at.astimezone(zone).date() == utc_now().astimezone(zone).date()]
    early = today if any(duty.person_id == actor.person_id for duty in today) else []
    freed = [duty for duty in coming if duty not in early]
    calling_off.end(session, freed)
    return freed


def give_back(session: Session, actor: Actor, visit: Visit) -> None:
    """Give the duties back that ended when a visit was recorded, which was taken back; their holders are told.

    One that would have begun by now stays away, and so does that of somebody who has another duty at its time by now,
    or may not go any more.
    """
    query = select(Duty).where(Duty.id.in_(_freed_by(session, visit)), Duty.state == DutyState.CANCELLED)
    lost = session.scalars(query.where(Duty.starts_at > utc_now()).order_by(Duty.starts_at, Duty.id)).all()
    zone = county_zone(session, actor.county_id)
    for duty in lost:
        if not _returns(session, duty):
            continue
        day = duty.starts_at.astimezone(zone).date().isoformat()
        facts = {"from": day, "to": day, "own": 1, "team": 0}
        accounts = notices.accounts_of(session, [duty.person_id])
        begins = duty.starts_at
        notices.tell(session, accounts, MessageKind.DUTIES_RETURNED, facts, subject_id=duty.id, begins=begins)


def _freed_by(session: Session, visit: Visit) -> Sequence[str]:
    """Ids of the duties that the last record of a visit has ended: the log's line alone tells them from others."""
    query = select(AuditEntry).where(AuditEntry.action == DONE, AuditEntry.subject_id == visit.id)
    entry = session.scalar(query.order_by(AuditEntry.number.desc()).limit(1))
    freed: Sequence[str] = entry.details.get(FREED, ()) if entry else ()
    return freed


def _returns(session: Session, duty: Duty) -> bool:
    try:
        with session.begin_nested():
            bookings.book(session, duty.person_id, bookings.Place.of(duty))
    except DomainError:
        session.refresh(duty)
        return False
    return True
