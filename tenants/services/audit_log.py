"""The append-only log: each line carries the digest of the line before it."""

import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.audit_chain import digest_of
from tenants.models import AuditEntry, AuditHead, utc_now

_PLAIN = re.compile(r"[A-Za-z0-9_./:+-]{0,64}")


def is_plain(value: object) -> bool:
    """Whether a fact is an id, a code, a mark, a number, a day or a time, or a list of them: what a line may hold."""
    if isinstance(value, list):
        return all(is_plain(item) for item in value)
    if isinstance(value, str):
        return _PLAIN.fullmatch(value) is not None
    return value is None or isinstance(value, int | float)


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
    """Append one line, in the caller's transaction. ``details`` holds ids, codes and numbers, and no typed text.

    ``township_id`` names the township whose head can read the line; the actor's own when None. What a line holds can
    never be erased: texts belong into a row that goes with the file, whose id the line names.

    Raises:
        ValueError: a fact reads like a text that somebody has typed.

    """
    typed = sorted(key for key, value in (details or {}).items() if not is_plain(value))
    if typed:
        raise ValueError(f"{action}: the log takes ids, codes and numbers alone: {', '.join(typed)}")
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
