"""Wall-clock minutes of a planning period <-> aware times."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.problem import DAY
from tenants.calendar import CountyCalendar
from tenants.models import County, Roster, Township
from tenants.queries.calendar import calendar_of


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Minutes since local midnight of ``start`` <-> aware times; minutes are of the wall clock.

    ``calendar`` tells school days from free ones.
    """

    start: date
    days: int
    zone: ZoneInfo
    calendar: CountyCalendar = field(default_factory=CountyCalendar)

    def minute(self, moment: datetime) -> int:
        """Wall-clock minutes from the period's first midnight."""
        local = moment.astimezone(self.zone)
        return (local.date() - self.start).days * DAY + local.hour * 60 + local.minute

    def moment(self, minute: int) -> datetime:
        """The aware time of a minute."""
        day = self.start + timedelta(days=minute // DAY)
        return datetime.combine(day, time(minute % DAY // 60, minute % 60), tzinfo=self.zone)

    def day(self, value: date) -> int:
        """Index of a day."""
        return (value - self.start).days

    @property
    def end(self) -> date:
        """The first day after the period."""
        return self.start + timedelta(days=self.days)


def clock_of(session: Session, roster: Roster) -> Clock:
    """The clock of a roster's period, in its county's zone and by its calendar."""
    return clock_for(session, county_of(session, roster.township_id), roster.starts_on, roster.days)


def clock_for(session: Session, county: County, start: date, days: int) -> Clock:
    """The clock of a period in a county."""
    calendar = calendar_of(session, county.id)
    return Clock(start=start, days=days, zone=ZoneInfo(county.timezone), calendar=calendar)


def county_of(session: Session, township_id: str) -> County:
    township = session.get_one(Township, township_id)
    return session.scalars(select(County).where(County.id == township.county_id)).one()
