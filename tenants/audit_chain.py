"""How a line of the audit log hangs on the line before it."""

import hashlib
import json

from tenants.models import AuditEntry


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over a line's facts and the digest before it, as canonical JSON."""
    facts = [
        entry.county_id,
        entry.number,
        entry.at.isoformat(),
        entry.account_id,
        entry.township_id,
        entry.action,
        entry.subject,
        entry.subject_id,
        entry.details,
        entry.previous,
    ]
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
