"""Withdraw a published version: it was wrong, and must hold no longer than needed.

What it gave is taken away; what it had replaced does not come back by itself, for nobody knows whether those people
still have time. The days stay empty until a draft is published for them.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import DutyState, MessageKind, RosterState
from tenants.errors import ConflictError, InvalidError
from tenants.models import Duty, Roster, utc_now
from tenants.queries.due import county_zone
from tenants.services import audit_log, duties, notices, swaps

REASON_LENGTH = (4, 300)


def falling(session: Session, actor: Actor, version: Roster) -> Sequence[Duty]:
    """The coming duties that a withdrawal would cancel, by time.

    They are those that people hold of the version's tasks within its period, whoever holds them by now; a day that a
    later version covers is that one's and stays.
    """
    zone = county_zone(session, actor.county_id)
    begin = datetime.combine(version.starts_on, time(), tzinfo=zone)
    end = datetime.combine(version.ends_on + timedelta(days=1), time(), tzinfo=zone)
    tasks = [row.task_id for row in version.assignments]
    query = select(Duty).where(
        Duty.state == DutyState.CONFIRMED,
        Duty.starts_at > utc_now(),
        Duty.starts_at >= begin,
        Duty.starts_at < end,
        or_(Duty.visit_id.in_(tasks), Duty.activity_id.in_(tasks)),
    )
    covered = _covered(session, version)
    found = session.scalars(query.order_by(Duty.starts_at, Duty.id))
    return [duty for duty in found if duty.starts_at.astimezone(zone).date() not in covered]


def _covered(session: Session, version: Roster) -> set[date]:
    """The days that later versions, not withdrawn themselves, have taken over."""
    query = select(Roster).where(
        Roster.state == RosterState.PUBLISHED, Roster.version > version.version, Roster.withdrawn_at.is_(None)
    )
    return {later.starts_on + timedelta(days=index) for later in session.scalars(query) for index in range(later.days)}


def withdraw(session: Session, actor: Actor, version: Roster, reason: str) -> int:
    """Withdraw a version, tell everybody who loses a duty, and count the duties.

    Raises:
        ConflictError: it is withdrawn already.
        InvalidError: the reason has fewer than 4 or more than 300 characters.

    """
    if version.withdrawn_at is not None:
        raise ConflictError("This version is withdrawn already.")
    reason = reason.strip()
    if not REASON_LENGTH[0] <= len(reason) <= REASON_LENGTH[1]:
        raise InvalidError("The reason has 4 to 300 characters.", field="reason")
    lost = falling(session, actor, version)
    for duty in lost:
        swaps.end(session, duty)
        duties.cancel(duty)
    version.withdrawn_at, version.withdrawn_by, version.withdrawn_reason = utc_now(), actor.account_id, reason
    session.flush()
    facts = {"version": version.version, "duties": len(lost)}
    audit_log.record(session, actor, "roster.withdraw", "roster", version.id, details=facts)
    _tell(session, version, lost)
    return len(lost)


def _tell(session: Session, version: Roster, lost: Sequence[Duty]) -> None:
    begins = notices.first(duty.starts_at for duty in lost)
    counts = Counter(duty.person_id for duty in lost)
    period = {"from": version.starts_on.isoformat(), "to": version.ends_on.isoformat()}
    for account in notices.accounts_of(session, counts):
        facts = {**period, "dropped": counts[account.person_id or ""]}
        notices.tell(session, [account], MessageKind.ROSTER_WITHDRAWN, facts, subject_id=version.id, begins=begins)
