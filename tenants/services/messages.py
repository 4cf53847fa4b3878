"""What a reader does with messages, and where theirs go."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.models import Account, Message, utc_now
from tenants.services import audit_log


def opened(message: Message) -> None:
    """The reader has opened it; the first time counts."""
    if message.read_at is None:
        message.read_at = utc_now()


def open_all(session: Session, account_id: str) -> int:
    """The reader has seen all of them; returns how many were new."""
    query = select(Message).where(Message.account_id == account_id, Message.read_at.is_(None))
    fresh = session.scalars(query).all()
    for message in fresh:
        message.read_at = utc_now()
    return len(fresh)


def send_to(session: Session, actor: Actor, account: Account, *, email: str | None, digest: bool) -> None:
    """Where an account's messages go besides the inbox."""
    account.email, account.digest = email or None, digest
    session.flush()
    facts = {"email": account.email is not None, "digest": digest}
    audit_log.record(session, actor, "account.messages", "account", account.id, details=facts)
