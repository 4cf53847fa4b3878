"""Who has come to what: a day of the station, my own duties of the day, a home by the code at its door."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tenants.enums import DutyState
from tenants.errors import NotFoundError
from tenants.models import Attendance, Duty, Home, Person
from tenants.queries import duties
from tenants.queries.duties import HeldDuty

GRACE = timedelta(minutes=10)
"""Whoever comes later than this is late."""
OPENS = timedelta(hours=1)
"""How long before a duty its holder can check in."""


class Presence(StrEnum):
    """Where somebody stands with a duty."""

    EXPECTED = "expected"
    OVERDUE = "overdue"
    HERE = "here"
    LEFT = "left"
    MISSED = "missed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class DayLine:
    """One person's duty of a day; ``attendance`` None: nothing is recorded."""

    duty: HeldDuty
    person: Person
    attendance: Attendance | None

    @property
    def late(self) -> bool:
        """Whether the person came later than the grace allows."""
        arrived = self.attendance.arrived_at if self.attendance else None
        return arrived is not None and arrived > self.duty.starts_at + GRACE

    def presence(self, now: datetime) -> Presence:
        """Where it stands at a moment."""
        return presence_of(self.attendance, self.duty.starts_at, self.duty.ends_at, now)


def presence_of(row: Attendance | None, starts_at: datetime, ends_at: datetime, now: datetime) -> Presence:
    """Where somebody stands with a duty at a moment."""
    if row is not None and row.no_show:
        return Presence.MISSED
    if row is not None and row.minutes is not None:
        return Presence.LEFT
    if row is not None and row.arrived_at is not None:
        return Presence.HERE
    if now > ends_at:
        return Presence.UNKNOWN
    return Presence.OVERDUE if now > starts_at + GRACE else Presence.EXPECTED


def of_duty(session: Session, duty_id: str) -> Attendance | None:
    """What is recorded of a duty."""
    return session.scalar(select(Attendance).where(Attendance.duty_id == duty_id))


def of_day(session: Session, begin: datetime, end: datetime) -> list[DayLine]:
    """The duties that begin from ``begin`` to ``end`` (exclusive, aware), by time and task."""
    wanted = select(Duty.id).where(Duty.state == DutyState.CONFIRMED, Duty.starts_at >= begin, Duty.starts_at < end)
    return lines(session, list(session.scalars(wanted)))


def lines(session: Session, duty_ids: list[str]) -> list[DayLine]:
    """Duties with their holders and what is recorded of them."""
    rows = session.scalars(select(Duty).where(Duty.id.in_(duty_ids)).options(joinedload(Duty.person)))
    people = {duty.id: duty.person for duty in rows}
    found = session.scalars(select(Attendance).where(Attendance.duty_id.in_(duty_ids)))
    attendance = {row.duty_id: row for row in found}
    return [
        DayLine(duty=held, person=people[held.id], attendance=attendance.get(held.id))
        for held in duties.of_ids(session, duty_ids)
    ]


def home_by_code(session: Session, code: str) -> Home:
    """The home whose door has the code.

    Raises:
        NotFoundError: there is none in the session's scope.

    """
    home = session.scalar(select(Home).where(Home.door_code == code))
    if home is None:
        raise NotFoundError("no such door")
    return home


def at_home(session: Session, person_id: str, home: Home, now: datetime) -> list[DayLine]:
    """A person's duties in the home's village that are on, or begin within the hour."""
    wanted = select(Duty.id).where(
        Duty.person_id == person_id,
        Duty.state == DutyState.CONFIRMED,
        Duty.starts_at <= now + OPENS,
        Duty.ends_at >= now,
    )
    found = lines(session, list(session.scalars(wanted)))
    return [line for line in found if line.duty.village_id == home.village_id]
