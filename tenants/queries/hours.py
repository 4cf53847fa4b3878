"""Hours of service: what is recorded, what waits for approval, and what somebody has served."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from tenants.enums import DutyState
from tenants.errors import NotFoundError
from tenants.models import Attendance, Certificate, Duty, Person, Township
from tenants.queries import attendance
from tenants.queries.attendance import DayLine
from tenants.roles import LEAD


@dataclass(frozen=True, kw_only=True)
class Total:
    """A person's approved service in a period."""

    person: Person
    minutes: int
    duties: int


def of_person(session: Session, person_id: str, begin: datetime, end: datetime) -> list[DayLine]:
    """A person's recorded duties of a period (``end`` exclusive, aware), the newest first."""
    wanted = (
        select(Duty.id)
        .join(Attendance, and_(Attendance.township_id == Duty.township_id, Attendance.duty_id == Duty.id))
        .where(Duty.person_id == person_id, Duty.starts_at >= begin, Duty.starts_at < end)
        .where(Attendance.minutes.is_not(None))
    )
    return attendance.lines(session, list(session.scalars(wanted)))[::-1]


def approved(lines: Sequence[DayLine]) -> int:
    """Approved minutes among some duties."""
    rows = [line.attendance for line in lines if line.attendance and line.attendance.approved_at]
    return sum(row.minutes or 0 for row in rows)


def to_approve(session: Session) -> list[DayLine]:
    """Recorded service that waits for approval, by time."""
    wanted = (
        select(Duty.id)
        .join(Attendance, and_(Attendance.township_id == Duty.township_id, Attendance.duty_id == Duty.id))
        .where(Attendance.minutes.is_not(None), Attendance.approved_at.is_(None))
    )
    return attendance.lines(session, list(session.scalars(wanted)))


def totals(session: Session, begin: datetime, end: datetime) -> list[Total]:
    """Approved service of everybody in a period (``end`` exclusive, aware), the most first."""
    query = (
        select(Person, func.sum(Attendance.minutes), func.count(Attendance.id))
        .join(Duty, and_(Duty.township_id == Person.township_id, Duty.person_id == Person.id))
        .join(Attendance, and_(Attendance.township_id == Duty.township_id, Attendance.duty_id == Duty.id))
        .where(Attendance.approved_at.is_not(None), Attendance.minutes > 0)
        .where(Duty.starts_at >= begin, Duty.starts_at < end)
        .group_by(Person.township_id, Person.id)
        .order_by(func.sum(Attendance.minutes).desc(), Person.name)
    )
    return [
        Total(person=person, minutes=minutes or 0, duties=count) for person, minutes, count in session.execute(query)
    ]


def team_of(session: Session, duty: Duty) -> list[DayLine]:
    """Everybody who holds the duty's task."""
    same = Duty.visit_id == duty.visit_id if duty.visit_id else Duty.activity_id == duty.activity_id
    return attendance.lines(
        session, list(session.scalars(select(Duty.id).where(same, Duty.state == DutyState.CONFIRMED)))
    )


def leads(session: Session, person_id: str, duty: Duty) -> bool:
    """Whether somebody leads the team of a duty."""
    same = Duty.visit_id == duty.visit_id if duty.visit_id else Duty.activity_id == duty.activity_id
    lead = select(Duty.id).where(
        same, Duty.person_id == person_id, Duty.role == LEAD, Duty.state == DutyState.CONFIRMED
    )
    return session.scalar(lead) is not None


def led(session: Session, person_id: str, duty_id: str) -> bool:
    """Whether the session's scope has a duty of this id whose team somebody leads."""
    duty = session.scalar(select(Duty).where(Duty.id == duty_id))
    return duty is not None and leads(session, person_id, duty)


def certificates_of(session: Session, person_id: str) -> Sequence[Certificate]:
    """A person's certificates, the newest first."""
    query = select(Certificate).where(Certificate.person_id == person_id)
    return session.scalars(query.order_by(Certificate.asked_at.desc())).all()


def certificates(session: Session) -> Sequence[Certificate]:
    """The township's certificates: those that are asked for first, then the newest."""
    query = select(Certificate).order_by(Certificate.issued_at.is_not(None), Certificate.asked_at.desc())
    return session.scalars(query).all()


def certificate(session: Session, certificate_id: str) -> Certificate:
    """One of them.

    Raises:
        NotFoundError: there is none in the session's scope.

    """
    found = session.scalar(select(Certificate).where(Certificate.id == certificate_id))
    if found is None:
        raise NotFoundError("no such certificate")
    return found


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the public page says of a certificate, and nothing else: no name, no content."""

    number: str
    issued_at: datetime
    township: str
    township_en: str
    minutes: int
    withdrawn: bool


def verify(session: Session, code: str) -> Verdict | None:
    """The certificate of a code; None: there is none. Takes a system session."""
    query = (
        select(Certificate, Township)
        .join(Township, Township.id == Certificate.township_id)
        .where(Certificate.code == code)
    )
    row = session.execute(query).first()
    if row is None:
        return None
    found, township = row
    if found.issued_at is None:
        return None
    return Verdict(
        number=found.number or "",
        issued_at=found.issued_at,
        township=township.name,
        township_en=township.name_en,
        minutes=found.minutes or 0,
        withdrawn=found.withdrawn_at is not None,
    )
