"""Accounts: look one up; those that an actor may manage (the level above manages the level below)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole
from tenants.errors import NotFoundError
from tenants.models import Account

BELOW_HEAD = (
    AccountRole.STATION_STAFF,
    AccountRole.SOCIAL_WORKER,
    AccountRole.CHILD_DIRECTOR,
    AccountRole.VOLUNTEER,
)
BELOW_COUNTY = (AccountRole.COUNTY_OFFICER, AccountRole.STATION_HEAD)


def by_username(session: Session, username: str) -> Account | None:
    """The account of a user name, whatever its state."""
    return session.scalar(select(Account).where(Account.username == username.strip()))


def active(session: Session, account_id: str) -> Account | None:
    """The account of an id, unless it is disabled."""
    return session.scalar(select(Account).where(Account.id == account_id, Account.disabled.is_(False)))


def managed_roles(actor: Actor) -> tuple[AccountRole, ...]:
    """Roles whose accounts the actor may make, close and recover."""
    return BELOW_COUNTY if actor.role is AccountRole.COUNTY_OFFICER else BELOW_HEAD


def managed(session: Session, actor: Actor) -> list[Account]:
    """The accounts below the actor, by role and name; never the actor's own."""
    query = select(Account).where(Account.role.in_(managed_roles(actor)), Account.id != actor.account_id)
    return list(session.scalars(query.order_by(Account.role, Account.username)))


def managed_account(session: Session, actor: Actor, account_id: str) -> Account:
    """One of them.

    Raises:
        NotFoundError: there is none of that id below the actor.

    """
    for account in managed(session, actor):
        if account.id == account_id:
            return account
    raise NotFoundError("no such account")
