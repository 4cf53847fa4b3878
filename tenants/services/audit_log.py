"""The append-only log: each line carries the digest of the line before it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.audit_chain import digest_of
from tenants.models import AuditEntry, AuditHead, utc_now


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: str,
    subject_id: str | None = None,
    *,
    details: dict[str, Any] | None = None,
    township_id: str | None = None,
) -> AuditEntry:
    """Append one line, in the caller's transaction. ``details`` holds ids and numbers, never a child's data.

    ``township_id`` names the township whose head can read the line; the actor's own when None.
    """
    head = session.scalar(select(AuditHead).where(AuditHead.county_id == actor.county_id).with_for_update())
    if head is None:
        head = AuditHead(county_id=actor.county_id, number=0, digest="")
        session.add(head)
    entry = AuditEntry(
        county_id=actor.county_id,
        number=head.number + 1,
        at=utc_now(),
        account_id=actor.account_id,
        township_id=township_id or actor.township_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        details=details or {},
        previous=head.digest,
    )
    entry.digest = digest_of(entry)
    session.add(entry)
    head.number, head.digest = entry.number, entry.digest
    session.flush()
    return entry
