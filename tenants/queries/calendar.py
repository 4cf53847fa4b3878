"""Reads of the county's calendar: the versions of its tables, and how they stand."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.calendar import CountyCalendar, Span, Subject, Table
from tenants.models import CalendarTable


def calendar_of(session: Session, county_id: str) -> CountyCalendar:
    """The county's days, by every version of its tables."""
    return CountyCalendar(tables=tuple(as_table(row) for row in versions(session, county_id)))


def versions(
    session: Session, county_id: str, subject: Subject | None = None, year: int | None = None
) -> Sequence[CalendarTable]:
    """The versions of the county's tables, the last ones first; of one table where it is named."""
    query = select(CalendarTable).where(CalendarTable.county_id == county_id)
    if subject is not None:
        query = query.where(CalendarTable.subject == subject, CalendarTable.year == year)
    query = query.options(selectinload(CalendarTable.spans))
    return session.scalars(query.order_by(CalendarTable.year.desc(), CalendarTable.number.desc())).all()


def as_table(row: CalendarTable) -> Table:
    """A version as the calendar takes it."""
    return Table(
        subject=row.subject,
        year=row.year,
        spans=tuple(Span(kind=s.kind, first=s.first, last=s.last, name=s.name, name_en=s.name_en) for s in row.spans),
        provisional=row.provisional,
        source=row.source,
        since=row.since,
        number=row.number,
    )


class VersionState(StrEnum):
    """What a version of a table is on a day: still to come, the one in force, or replaced."""

    COMING = "coming"
    IN_FORCE = "in_force"
    REPLACED = "replaced"


def states(rows: Sequence[CalendarTable], today: date) -> dict[str, VersionState]:
    """The state of each version of one table by id; a later decision replaces whatever begins when it does or later."""
    found: dict[str, VersionState] = {}
    later: date | None = None
    for row in sorted(rows, key=lambda row: -row.number):
        replaced = later is not None and (row.since >= later or later <= today)
        now = VersionState.IN_FORCE if row.since <= today else VersionState.COMING
        found[row.id] = VersionState.REPLACED if replaced else now
        later = row.since if later is None else min(later, row.since)
    return found
