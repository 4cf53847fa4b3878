"""Guardians' consent: who agreed to what and when, and what was withdrawn.

Source: Personal Information Protection Law, art. 14 to 16 (free, informed, withdrawn at any time), 29 (each purpose
apart) and 31 (under 14: a parent or other guardian).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.crypto import Keyring, Place, Shown
from tenants.enums import ConsentGiver, ConsentPurpose
from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.models import Child, Consent, new_id
from tenants.queries.due import county_today
from tenants.services import audit_log, photos

UNDER = 14
"""Below this age a guardian agrees, not the child (art. 31)."""


@dataclass(frozen=True, kw_only=True, repr=False)
class ConsentTerms:
    """A signed form: ``giver`` is the name of who signed, ``form_kept_at`` where the paper lies."""

    purposes: Collection[ConsentPurpose]
    given_on: date
    given_by: ConsentGiver
    giver: str
    form_kept_at: str = ""


def place_of(consent: Consent) -> Place:
    """Where the sealed name belongs."""
    return Place(table="consent", column="giver_sealed", tenant=consent.township_id, row=consent.id)


def record(session: Session, actor: Actor, keyring: Keyring, child: Child, terms: ConsentTerms) -> list[Consent]:
    """Enter a signed form, a row for each purpose.

    Raises:
        InvalidError: no purpose or name, a day ahead, or a child under 14 who signed alone.
        ConflictError: a purpose is agreed to already, or the file is anonymised.

    """
    _check(session, actor, child, terms)
    rows = []
    for purpose in sorted(set(terms.purposes)):
        row = Consent(
            township_id=child.township_id, id=new_id(), child_id=child.id, purpose=purpose, given_on=terms.given_on,
            given_by=terms.given_by, form_kept_at=terms.form_kept_at.strip(),
        )  # fmt: skip
        row.giver_sealed = keyring.seal(terms.giver.strip(), place_of(row))
        rows.append(row)
    session.add_all(rows)
    session.flush()
    facts = {"purposes": [row.purpose.value for row in rows]}
    audit_log.record(session, actor, "consent.record", "child", child.id, details=facts)
    return rows


def _check(session: Session, actor: Actor, child: Child, terms: ConsentTerms) -> None:
    today = county_today(session, actor.county_id)
    if child.anonymised_on is not None:
        raise ConflictError("This file is anonymised: nothing is entered any more.")
    if not terms.purposes:
        raise InvalidError("Choose one purpose at least.", field="purposes")
    if not terms.giver.strip():
        raise InvalidError("Enter the name of who signed.", field="giver")
    if terms.given_on > today:
        raise InvalidError("This day has not come yet.", field="given_on")
    if terms.given_by is ConsentGiver.CHILD and terms.given_on.year - child.birth_year < UNDER:
        raise InvalidError("For a child under 14 a parent or other guardian signs.", field="given_by")
    living = select(Consent.purpose).where(Consent.child_id == child.id, Consent.withdrawn_on.is_(None))
    if set(session.scalars(living)) & set(terms.purposes):
        raise ConflictError("One of these purposes is agreed to already.", field="purposes")


def withdraw(session: Session, actor: Actor, child: Child, consent_id: str, on: date) -> Consent:
    """Enter that a consent was withdrawn on a day.

    Raises:
        NotFoundError: the child has no such consent that still stands.
        InvalidError: the day lies before it was given, or ahead.

    """
    row = session.get(Consent, (child.township_id, consent_id))
    if row is None or row.child_id != child.id or row.withdrawn_on is not None:
        raise NotFoundError("no such consent")
    if on > county_today(session, actor.county_id):
        raise InvalidError("This day has not come yet.", field="withdrawn_on")
    if on < row.given_on:
        raise InvalidError("A consent cannot be withdrawn before it was given.", field="withdrawn_on")
    row.withdrawn_on = on
    session.flush()
    facts: dict[str, object] = {"purposes": [row.purpose.value]}
    if row.purpose is ConsentPurpose.PICTURES:
        facts["photos"] = len(photos.forget_child(session, child))
    audit_log.record(session, actor, "consent.withdraw", "child", child.id, details=facts)
    return row


def givers(session: Session, actor: Actor, keyring: Keyring, child: Child, rows: list[Consent]) -> dict[str, Shown]:
    """The names of who signed, by row; that they were read is written down."""
    if rows:
        audit_log.record(session, actor, "consent.read", "child", child.id)
    return {row.id: keyring.shown(row.giver_sealed, place_of(row)) for row in rows if row.giver_sealed}


def reseal(session: Session, keyring: Keyring) -> int:
    """Seal names that are under an older key anew; returns how many."""
    rows = session.scalars(select(Consent).where(Consent.giver_sealed.is_not(None)).with_for_update())
    return sum(keyring.reseal(row, "giver_sealed", place_of(row)) for row in rows)
