"""The audit log: verify the chain, search it, a child's own access history."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tenants.audit_chain import digest_of
from tenants.models import Account, AuditEntry, AuditHead


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a walk along a county's chain found; ``faults`` names line numbers, in plain words."""

    lines: int
    head: str
    faults: tuple[str, ...]


def holds(session: Session, county_id: str, digest: str) -> bool:
    """Whether some line has a digest that was kept outside; if not, lines were cut or changed since."""
    query = select(AuditEntry.number).where(AuditEntry.county_id == county_id, AuditEntry.digest == digest)
    return session.scalar(query) is not None


def verify(session: Session, county_id: str) -> Verdict:
    """Walk the chain from its first line.

    A tail that was cut together with the head row can be told only by a digest kept outside: see ``holds``.
    """
    faults: list[str] = []
    previous, number = "", 0
    lines = session.scalars(select(AuditEntry).where(AuditEntry.county_id == county_id).order_by(AuditEntry.number))
    for entry in lines.yield_per(500):
        number += 1
        if entry.number != number:
            faults.append(f"line {number} is missing: the next one is {entry.number}")
            number = entry.number
        if entry.previous != previous:
            faults.append(f"line {number} does not follow the line before it")
        if digest_of(entry) != entry.digest:
            faults.append(f"line {number} has been changed")
        previous = entry.digest
    kept = session.get(AuditHead, county_id)
    if kept is not None and (kept.number, kept.digest) != (number, previous):
        faults.append(f"the log ends at line {number}, its head says {kept.number}")
    return Verdict(lines=number, head=previous, faults=tuple(faults))


@dataclass(frozen=True, kw_only=True)
class AuditFilter:
    """What to search for; None: anything."""

    action: str | None = None
    subject_id: str | None = None
    account_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def lines(wanted: AuditFilter) -> Select[AuditEntry]:
    """The log's lines in the session's scope, the newest first."""
    query = select(AuditEntry).order_by(AuditEntry.number.desc())
    if wanted.action:
        query = query.where(AuditEntry.action.startswith(wanted.action, autoescape=True))
    if wanted.subject_id:
        query = query.where(AuditEntry.subject_id == wanted.subject_id)
    if wanted.account_id:
        query = query.where(AuditEntry.account_id == wanted.account_id)
    if wanted.since:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until:
        query = query.where(AuditEntry.at < wanted.until)
    return query


def names(session: Session) -> dict[str, str]:
    """Display names of the accounts in the session's scope, by id."""
    return {row.id: row.display_name for row in session.execute(select(Account.id, Account.display_name))}
