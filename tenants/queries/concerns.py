"""Concerns about a child that an account may open: the station all of its township, a child director the village."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, select, true
from sqlalchemy.orm import Session, selectinload

from tenants.actor import Actor
from tenants.enums import AccountRole, MessageKind, PersonKind
from tenants.errors import NotFoundError
from tenants.models import Account, Concern, ConcernReading, Duty, Message, Person


def may_see(actor: Actor) -> ColumnElement[bool]:
    """Which concerns the actor may open; the scope bounds them to the township."""
    if actor.role is not AccountRole.CHILD_DIRECTOR:
        return true()
    own = select(Person.base_village_id).where(
        Person.township_id == Concern.township_id, Person.id == actor.person_id, Person.active
    )
    return Concern.village_id.in_(own)


def listed(actor: Actor) -> Select[Concern]:
    """Open ones first, the newest first."""
    query = select(Concern).where(may_see(actor)).options(selectinload(Concern.village), selectinload(Concern.readings))
    return query.order_by(Concern.closed_at.is_not(None), Concern.created_at.desc(), Concern.id)


def unread(session: Session, actor: Actor) -> Sequence[Concern]:
    """Open ones that the account has not opened, the longest waiting first."""
    opened = select(ConcernReading.id).where(
        and_(
            ConcernReading.township_id == Concern.township_id,
            ConcernReading.concern_id == Concern.id,
            ConcernReading.account_id == actor.account_id,
        )
    )
    query = select(Concern).where(may_see(actor), Concern.closed_at.is_(None), ~opened.exists())
    return session.scalars(query.options(selectinload(Concern.village)).order_by(Concern.created_at)).all()


def one(session: Session, actor: Actor, concern_id: str) -> Concern:
    """A concern that the actor may open.

    Raises:
        NotFoundError: there is none.

    """
    concern = session.scalar(select(Concern).where(Concern.id == concern_id, may_see(actor)))
    if concern is None:
        raise NotFoundError("no such concern")
    return concern


def raised_by(session: Session, actor: Actor, concern_id: str) -> Concern:
    """A concern that the actor has raised.

    Raises:
        NotFoundError: there is none.

    """
    concern = session.scalar(select(Concern).where(Concern.id == concern_id, Concern.raised_by == actor.account_id))
    if concern is None:
        raise NotFoundError("no such concern of mine")
    return concern


def told(session: Session, concern: Concern) -> Sequence[Account]:
    """The accounts that a concern has been told to; nobody reads what lies in an account that was never opened."""
    query = (
        select(Account)
        .join(Message, and_(Message.county_id == Account.county_id, Message.account_id == Account.id))
        .where(Message.kind == MessageKind.CONCERN_RAISED, Message.subject_id == concern.id)
        .where(Account.password_hash != "")
    )
    return session.scalars(query.order_by(Account.id)).all()


def directors(session: Session, village_id: str) -> Sequence[Person]:
    """A village's child directors, with or without an account."""
    query = select(Person).where(Person.base_village_id == village_id, Person.kind == PersonKind.CHILD_DIRECTOR)
    return session.scalars(query.where(Person.active).order_by(Person.name, Person.id)).all()


def names(session: Session, concerns: Sequence[Concern]) -> dict[str, str]:
    """Names of the accounts that raised, took, closed or opened some concerns.

    Whoever is lent has their account at home: their name is that of the duty's holder.
    """
    ids = {one for c in concerns for one in (c.raised_by, c.taken_by, c.closed_by) if one}
    ids |= {reading.account_id for c in concerns for reading in c.readings}
    rows = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    return {**_lent(session, concerns), **dict(rows.all())}


def _lent(session: Session, concerns: Sequence[Concern]) -> dict[str, str]:
    raisers = {concern.duty_id: concern.raised_by for concern in concerns if concern.duty_id}
    holders = select(Duty.id, Person.name).join(
        Person, and_(Person.township_id == Duty.township_id, Person.id == Duty.person_id)
    )
    rows = session.execute(holders.where(Duty.id.in_(raisers))) if raisers else ()
    return {raisers[duty]: name for duty, name in rows}
