"""What is due, planned and published on some days, over every township that the session reads; no name, no child."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tenants.enums import ActivityState, DutyState, RosterState, VisitState
from tenants.models import Activity, Assignment, Duty, Roster, Visit
from tenants.roles import smallest_team

Place = tuple[str, str | None, datetime, datetime]
"""Township, visit, begin and end of somebody's duty, or of a task in a draft."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """Something on a day, from a minute of it to another; ``visit`` is empty for an activity."""

    township: str
    day: date
    begin: int
    end: int
    visit: str = ""
    with_children: bool = False

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return self.end - self.begin


@dataclass(frozen=True, kw_only=True)
class DueVisit:
    """A visit that falls due on a day, with the minutes of everybody on its smallest team."""

    township: str
    day: date
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Stock:
    """``visits`` are those that have a place in a draft or in somebody's duties: a visit once for each place."""

    due: Sequence[DueVisit] = ()
    visits: Sequence[Slot] = ()
    activities: Sequence[Slot] = ()
    duties: Sequence[Slot] = ()


def stock_of(session: Session, days: Collection[date], zone: ZoneInfo) -> Stock:
    """Everything on the days; all but due visits by the clock of ``zone``."""
    if not days:
        return Stock()
    first, last = min(days), max(days)
    begin = datetime.combine(first, time(), tzinfo=zone)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    duties = _slots(_duties(session, begin, end), days, zone)
    drafted = _slots(_drafted(session, begin, end), days, zone)
    return Stock(
        due=[visit for visit in _due(session, first, last) if visit.day in days],
        visits=[slot for slot in (*duties, *drafted) if slot.visit],
        activities=_activities(session, begin, end, days, zone),
        duties=duties,
    )


def _duties(session: Session, begin: datetime, end: datetime) -> Iterator[Place]:
    query = select(Duty.township_id, Duty.visit_id, Duty.starts_at, Duty.ends_at)
    held = query.where(Duty.state == DutyState.CONFIRMED, Duty.starts_at >= begin, Duty.starts_at < end)
    yield from session.execute(held)


def _drafted(session: Session, begin: datetime, end: datetime) -> Iterator[Place]:
    query = select(Assignment.township_id, Assignment.visit_id, Assignment.starts_at, Assignment.ends_at)
    own = and_(Roster.township_id == Assignment.township_id, Roster.id == Assignment.roster_id)
    drafts = query.join(Roster, own).where(Roster.state == RosterState.DRAFT, Assignment.visit_id.is_not(None))
    rows = session.execute(drafts.where(Assignment.starts_at >= begin, Assignment.starts_at < end))
    yield from rows


def _slots(rows: Iterator[Place], days: Collection[date], zone: ZoneInfo) -> list[Slot]:
    found = (_slot(township, begin, end, zone, visit=visit or "") for township, visit, begin, end in rows)
    return [slot for slot in found if slot.day in days]


def _activities(session: Session, begin: datetime, end: datetime, days: Collection[date], zone: ZoneInfo) -> list[Slot]:
    query = select(Activity.township_id, Activity.starts_at, Activity.ends_at, Activity.with_children)
    planned = query.where(
        Activity.state == ActivityState.PLANNED, Activity.starts_at >= begin, Activity.starts_at < end
    )
    rows = session.execute(planned)
    found = (_slot(township, opens, closes, zone, with_children=it) for township, opens, closes, it in rows)
    return [slot for slot in found if slot.day in days]


def _slot(
    township: str, begin: datetime, end: datetime, zone: ZoneInfo, *, visit: str = "", with_children: bool = False
) -> Slot:
    local = begin.astimezone(zone)
    minute = local.hour * 60 + local.minute
    length = round((end - begin).total_seconds()) // 60
    return Slot(
        township=township,
        day=local.date(),
        begin=minute,
        end=minute + length,
        visit=visit,
        with_children=with_children,
    )


def _due(session: Session, first: date, last: date) -> Iterator[DueVisit]:
    query = select(Visit.township_id, Visit.due_on, Visit.minutes, Visit.roles)
    waiting = query.where(Visit.state == VisitState.DUE, Visit.due_on >= first, Visit.due_on <= last)
    for township, day, minutes, roles in session.execute(waiting):
        yield DueVisit(township=township, day=day, minutes=minutes * smallest_team(roles))
