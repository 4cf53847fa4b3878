"""Concerns about a child that an account may open: the station all of its township, a child director the village."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, select, true
from sqlalchemy.orm import Session, selectinload

from tenants.actor import Actor
from tenants.enums import AccountRole
from tenants.errors import NotFoundError
from tenants.models import Account, Concern, ConcernReading, Person


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


def names(session: Session, concerns: Sequence[Concern]) -> dict[str, str]:
    """Names of the accounts that raised, took, closed or opened some concerns."""
    ids = {one for c in concerns for one in (c.raised_by, c.taken_by, c.closed_by) if one}
    ids |= {reading.account_id for c in concerns for reading in c.readings}
    rows = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    return dict(rows.all())
