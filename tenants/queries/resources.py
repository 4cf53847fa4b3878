"""Reads of rooms and equipment."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.errors import NotFoundError
from tenants.models import Resource


def resources(session: Session, *, in_use: bool | None = None) -> Sequence[Resource]:
    """The township's rooms and equipment: by kind, those of the township first, then by home and name."""
    query = select(Resource).options(selectinload(Resource.home))
    if in_use is not None:
        query = query.where(Resource.in_use.is_(in_use))
    rows = session.scalars(query)
    return sorted(rows, key=lambda row: (row.kind.value, row.home.name if row.home else "", row.name, row.id))


def one(session: Session, resource_id: str) -> Resource:
    """A room or a thing by id.

    Raises:
        NotFoundError: none such in the session's scope.

    """
    row = session.scalar(select(Resource).where(Resource.id == resource_id))
    if row is None:
        raise NotFoundError("no such resource")
    return row
