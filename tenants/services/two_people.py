"""Decisions that need two people: neither of them may just have let the other in.

Whoever makes a one-time link for another account could log in as that person, so for some days the two accounts count
as one hand. The person whose account it is notices within that time, for their own password no longer opens it.
"""

from datetime import timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.errors import ConflictError
from tenants.models import AuditEntry, utc_now

APART = timedelta(days=7)
RECOVERED = "account.recover"
"""The line that the log has of such a link."""


def need_apart(session: Session, actor: Actor, first: str | None) -> None:
    """Refuse whoever has let the ``first`` of the two people in of late, or was let in by them.

    Raises:
        ConflictError: a one-time link was made between the two accounts within ``APART``.

    """
    pairs = ((actor.account_id, first), (first, actor.account_id))
    between = or_(*(and_(AuditEntry.account_id == one, AuditEntry.subject_id == other) for one, other in pairs))
    links = select(AuditEntry.number).where(AuditEntry.county_id == actor.county_id, AuditEntry.action == RECOVERED)
    if session.scalar(links.where(between, AuditEntry.at > utc_now() - APART).limit(1)) is not None:
        raise ConflictError(
            "One of the two made a one-time link for the other's account within 7 days: ask a third person, or wait."
        )
