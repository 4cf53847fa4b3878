"""Visit records that a phone sends, each taken in exactly once however often it arrives.

A phone without a network gives each record a random key (UUID version 4) and sends it until it has an answer. The key
is kept in the transaction of the visit itself: either both are there or neither is.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.crypto import Keyring
from tenants.errors import ForbiddenError
from tenants.models import Visit, VisitReceipt
from tenants.services import visits


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a phone is told: the day that was recorded, and when it came in."""

    done_on: date
    received_at: datetime


def find(session: Session, actor: Actor, key: str) -> Receipt | None:
    """The receipt of a record that the actor's account has sent before under this key."""
    query = select(VisitReceipt).where(
        VisitReceipt.township_id == actor.township_id,
        VisitReceipt.account_id == actor.account_id,
        VisitReceipt.key == key,
    )
    row = session.scalar(query.execution_options(populate_existing=True))
    return Receipt(done_on=row.done_on, received_at=row.received_at) if row else None


def record_once(
    session: Session,
    actor: Actor,
    visit: Visit,
    *,
    key: str,
    done_on: date,
    note: str = "",
    keyring: Keyring | None = None,
) -> tuple[Receipt, bool]:
    """Mark a due visit as done unless this key has done so; returns the receipt, and whether it is a new one.

    Of two that arrive at once, the second waits for the first one's transaction and then finds its key.

    Raises:
        ConflictError: the visit is done or called off already, under another key or by somebody else.
        ForbiddenError: the actor has no account, or belongs to no township.
        InvalidError: the day has not come yet, or the note is too long.

    """
    if actor.account_id is None or actor.township_id is None:
        raise ForbiddenError("Visits are kept by a township's station.")
    row = VisitReceipt(
        township_id=actor.township_id, account_id=actor.account_id, key=key, visit_id=visit.id, done_on=done_on
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        known = find(session, actor, key)
        if known is None:
            raise
        return known, False
    # Somebody else may be recording it under another key. The key's insertion has locked the visit against deletion
    # (key share), for both; a lock that goes with that one, so that they do not wait for each other.
    session.refresh(visit, with_for_update={"key_share": True})
    visits.record_done(session, actor, visit, done_on, note, keyring=keyring)
    return Receipt(done_on=row.done_on, received_at=row.received_at), True
