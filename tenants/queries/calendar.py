"""Reads of the county's calendar, and of what a change of it would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from tenants.calendar import CountyCalendar, DayKind, Span, Subject, Table
from tenants.enums import ActivityState, DutyState, VisitState
from tenants.models import Activity, CalendarTable, County, Duty, Visit


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


@dataclass(frozen=True, kw_only=True)
class ChangedDay:
    """A day that would become a school day or a free one; ``hours`` in which families can be visited, before and after.

    ``activities`` and ``duties`` (published) are counted over all townships that the session reads, ``visits`` are
    those due on the day.
    """

    day: date
    before: DayKind
    after: DayKind
    hours: tuple[float, float]
    visits: int
    activities: int
    duties: int


def changed_days(session: Session, county_id: str, new: Table, *, today: date, most: int = 400) -> list[ChangedDay]:
    """What a new version of a table would do from today on, day by day.

    Parameters
    ----------
    new : the version as it would be kept.
    most : days looked at, from today.

    """
    county = session.scalars(select(County).where(County.id == county_id)).one()
    before = calendar_of(session, county_id)
    after = CountyCalendar(tables=(*before.tables, new))
    days = [day for day in (today + timedelta(days=n) for n in range(most)) if before.kind(day) is not after.kind(day)]
    return [_changed(session, county, day, before.kind(day), after.kind(day)) for day in days]


def _changed(session: Session, county: County, day: date, before: DayKind, after: DayKind) -> ChangedDay:
    zone = ZoneInfo(county.timezone)
    begin = datetime.combine(day, time(), tzinfo=zone)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    planned = select(func.count(Activity.id)).where(
        Activity.state == ActivityState.PLANNED, Activity.starts_at >= begin, Activity.starts_at < end
    )
    held = select(func.count(Duty.id)).where(
        Duty.state == DutyState.CONFIRMED, Duty.starts_at >= begin, Duty.starts_at < end
    )
    due = select(func.count(Visit.id)).where(Visit.state == VisitState.DUE, Visit.due_on == day)
    return ChangedDay(
        day=day,
        before=before,
        after=after,
        hours=(_hours(county, before), _hours(county, after)),
        visits=session.scalar(due) or 0,
        activities=session.scalar(planned) or 0,
        duties=session.scalar(held) or 0,
    )


def _hours(county: County, kind: DayKind) -> float:
    return sum(_minute(closes) - _minute(opens) for opens, closes in county.visit_hours[kind.value]) / 60


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
