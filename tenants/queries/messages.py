"""The inbox of an account, and what a station has told whom."""

from dataclasses import dataclass

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, selectinload

from tenants.actor import Actor
from tenants.errors import NotFoundError
from tenants.models import Account, Message


def unread(session: Session, account_id: str) -> int:
    """How many messages an account has not opened."""
    query = select(func.count(Message.id)).where(Message.account_id == account_id, Message.read_at.is_(None))
    return session.scalar(query) or 0


def inbox(account_id: str) -> Select[Message]:
    """An account's messages, the newest first."""
    query = select(Message).where(Message.account_id == account_id)
    return query.order_by(Message.created_at.desc(), Message.id)


def one(session: Session, account_id: str, message_id: str) -> Message:
    """A message to the account.

    Raises:
        NotFoundError: there is none of that id.

    """
    message = session.scalar(select(Message).where(Message.account_id == account_id, Message.id == message_id))
    if message is None:
        raise NotFoundError("no such message")
    return message


@dataclass(frozen=True, kw_only=True)
class Told:
    """A message as the station sees it: to whom, and where it stands."""

    message: Message
    account: Account


def told(township_id: str) -> Select[Message]:
    """What a township's accounts have been told, the newest first, with what became of it outside."""
    query = select(Message).where(Message.township_id == township_id).options(selectinload(Message.deliveries))
    return query.order_by(Message.created_at.desc(), Message.id)


def with_accounts(session: Session, actor: Actor, messages: list[Message]) -> list[Told]:
    """Messages with their readers."""
    ids = {message.account_id for message in messages}
    query = select(Account).where(and_(Account.id.in_(ids), Account.county_id == actor.county_id))
    accounts = {account.id: account for account in session.scalars(query)}
    return [Told(message=message, account=accounts[message.account_id]) for message in messages]
