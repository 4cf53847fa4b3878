"""Reads of a township's activity templates."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import ActivityKind
from tenants.errors import NotFoundError
from tenants.models import ActivityTemplate

_ORDER = list(ActivityKind)


def templates(session: Session, *, offered: bool | None = None) -> Sequence[ActivityTemplate]:
    """The templates by kind and title; with ``offered`` only those that are, or are put aside."""
    query = select(ActivityTemplate)
    if offered is not None:
        query = query.where(ActivityTemplate.offered.is_(offered))
    return sorted(session.scalars(query), key=lambda row: (_ORDER.index(row.kind), row.title, row.id))


def one(session: Session, template_id: str) -> ActivityTemplate:
    """A template by id.

    Raises:
        NotFoundError: none such in the session's scope.

    """
    row = session.scalar(select(ActivityTemplate).where(ActivityTemplate.id == template_id))
    if row is None:
        raise NotFoundError("no such template")
    return row
