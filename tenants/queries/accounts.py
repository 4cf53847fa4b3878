"""Accounts: look one up; those that an actor may manage (the level above manages the level below)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole
from tenants.errors import NotFoundError
from tenants.models import Account, Person

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


def of_person(session: Session, person_id: str, *, but: str) -> Account | None:
    """An account of a person, besides one."""
    return session.scalar(select(Account).where(Account.person_id == person_id, Account.id != but).limit(1))


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


def linkable(session: Session, actor: Actor, account_id: str) -> Account:
    """One of them, or the actor's own: whose it is, a station head says of the own account too.

    Raises:
        NotFoundError: it is neither.

    """
    if account_id == actor.account_id:
        return session.scalars(select(Account).where(Account.id == account_id)).one()
    return managed_account(session, actor, account_id)


def without_account(session: Session, *, but: str = "") -> list[Person]:
    """The active people of the township, guests apart, who have no account besides the one given."""
    held = select(Account.person_id).where(Account.person_id.is_not(None), Account.id != but)
    query = select(Person).where(Person.active, Person.guest.is_(False), Person.id.not_in(held))
    return list(session.scalars(query.order_by(Person.name, Person.id)))


def people_of(session: Session, accounts: Sequence[Account]) -> dict[str, Person]:
    """By id, the people whose accounts they are."""
    ids = {account.person_id for account in accounts if account.person_id}
    return {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))} if ids else {}
