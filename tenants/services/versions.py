"""Versions of a county's tables: one that does not hold yet can still be dropped."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.errors import ConflictError, NotFoundError
from tenants.models import CalendarTable, CategoryWeights, VisitRule
from tenants.queries.due import county_today

Version = TypeVar("Version", CalendarTable, CategoryWeights, VisitRule)


def still_to_come(
    session: Session, actor: Actor, model: type[Version], version_id: str, first_day: Callable[[Version], date]
) -> Version:
    """A version of the actor's county that does not hold yet; ``first_day`` is the day from which it will.

    Raises:
        NotFoundError: the county has no such version.
        ConflictError: it holds already, so it stays in the history.

    """
    row = session.scalar(select(model).where(model.county_id == actor.county_id, model.id == version_id))
    if row is None:
        raise NotFoundError("no such version")
    if first_day(row) <= county_today(session, actor.county_id):
        raise ConflictError("This version holds already. Decide a new one.")
    return row
