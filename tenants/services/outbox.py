"""The outbox: what waits is claimed, sent outside of any transaction, and marked; nothing goes out twice.

A worker that ends between sending and marking leaves its claim. A call to a gateway is repeated under the same
idempotency key; an e-mail has no such key that every server heeds, so it is marked uncertain and not sent again.
All of it takes a system session: the worker serves every county.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tenants.enums import Channel, DeliveryState
from tenants.models import Account, Delivery, Message, utc_now

LEASE = timedelta(minutes=2)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
"""After each failed try; the one after the last ends it."""
MOST = 50
"""Messages in one e-mail or call."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What goes out together: the messages of one account on one channel. ``key`` is the idempotency key."""

    key: str
    attempt: int
    channel: Channel
    address: str
    language: str
    messages: tuple[Message, ...]


def anything_due(session: Session, now: datetime) -> bool:
    """Whether ``claim`` would find something."""
    stale = (Delivery.state == DeliveryState.SENDING) & (Delivery.claimed_at < now - LEASE)
    waits = (Delivery.state == DeliveryState.WAITING) & (Delivery.due_at <= now)
    return session.scalar(select(Delivery.id).where(stale | waits).limit(1)) is not None


def claim(session: Session) -> Batch | None:
    """Take what is due longest, with everything else that is due for the same account on the same channel."""
    now = utc_now()
    _recover(session, now)
    due = select(Delivery).where(Delivery.state == DeliveryState.WAITING, Delivery.due_at <= now)
    first = session.scalar(due.order_by(Delivery.due_at, Delivery.id).limit(1).with_for_update(skip_locked=True))
    if first is None:
        return None
    if first.batch is None:
        alike = due.where(Delivery.account_id == first.account_id, Delivery.channel == first.channel)
        alike = alike.where(Delivery.batch.is_(None), Delivery.address == first.address)
        rows = session.scalars(alike.order_by(Delivery.id).limit(MOST).with_for_update(skip_locked=True)).all()
    else:
        rows = session.scalars(select(Delivery).where(Delivery.batch == first.batch).with_for_update()).all()
    key = first.batch or first.id
    for row in rows:
        row.batch, row.state, row.claimed_at, row.attempts = key, DeliveryState.SENDING, now, row.attempts + 1
    return _batch(session, key, rows)


def _recover(session: Session, now: datetime) -> None:
    stale = select(Delivery).where(Delivery.state == DeliveryState.SENDING, Delivery.claimed_at < now - LEASE)
    for row in session.scalars(stale.with_for_update(skip_locked=True)):
        again = row.channel is Channel.WEBHOOK
        row.state = DeliveryState.WAITING if again else DeliveryState.UNCERTAIN
        row.error = "the worker ended while it was sending"
    session.flush()


def _batch(session: Session, key: str, rows: Sequence[Delivery]) -> Batch:
    first = rows[0]
    account = session.get_one(Account, (first.county_id, first.account_id))
    query = select(Message).where(Message.id.in_([row.message_id for row in rows]))
    messages = session.scalars(query.order_by(Message.created_at, Message.id).options(joinedload(Message.deliveries)))
    return Batch(
        key=key,
        attempt=first.attempts,
        channel=first.channel,
        address=first.address,
        language=account.language,
        messages=tuple(messages.unique()),
    )


def _rows(session: Session, batch: Batch) -> Sequence[Delivery]:
    """The batch's rows, unless another worker has taken them over."""
    query = select(Delivery).where(Delivery.batch == batch.key, Delivery.state == DeliveryState.SENDING)
    return session.scalars(query.where(Delivery.attempts == batch.attempt).with_for_update()).all()


def sent(session: Session, batch: Batch) -> None:
    """It has gone out."""
    for row in _rows(session, batch):
        row.state, row.sent_at, row.error = DeliveryState.SENT, utc_now(), ""


def ended(session: Session, batch: Batch, state: DeliveryState, error: str) -> None:
    """It will not go out (any more), or nobody knows whether it did."""
    for row in _rows(session, batch):
        row.state, row.error = state, error[:200]


def again(session: Session, batch: Batch, error: str) -> None:
    """It surely did not go out: it is tried again later, a few times."""
    for row in _rows(session, batch):
        row.error = error[:200]
        if row.attempts > len(WAITS):
            row.state = DeliveryState.FAILED
        else:
            row.state, row.due_at = DeliveryState.WAITING, utc_now() + WAITS[row.attempts - 1]
