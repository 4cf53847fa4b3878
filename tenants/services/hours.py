"""Record, correct and approve hours of service; certificates on request.

Sources: Regulations on Volunteer Service (2017), art. 19 (truthful records); Measures on records and certificates of
volunteer service (trial, 2021), art. 3 (true, exact, complete, free of charge, in time).
"""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, MessageKind
from tenants.errors import ConflictError, ForbiddenError, InvalidError
from tenants.models import Attendance, Certificate, Duty, Person, utc_now
from tenants.queries import hours as queries
from tenants.queries.arrangements import county_of
from tenants.queries.attendance import DayLine
from tenants.services import attendance, audit_log, notices

STATION = (AccountRole.STATION_HEAD, AccountRole.STATION_STAFF)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of a verification code: none that is taken for another. 16 of them are 80 random bits."""


def may_record(session: Session, actor: Actor, duty: Duty) -> bool:
    """Whether the actor may record a duty's hours: the station, or the lead of its team."""
    if actor.role in STATION:
        return True
    return actor.person_id is not None and queries.leads(session, actor.person_id, duty)


def record(session: Session, actor: Actor, duty: Duty, minutes: int, reason: str) -> None:
    """Record hours, or correct them, with the reason.

    What is approved the station alone corrects, and it waits for approval anew; a certificate that was issued keeps
    what it says (Measures on records and certificates, art. 3: true and exact).

    Raises:
        ForbiddenError: neither the station nor the lead of the team.
        InvalidError: a number out of range, no reason, or the duty has not begun.
        ConflictError: they are approved, and it is not the station that corrects them.

    """
    if not may_record(session, actor, duty):
        raise ForbiddenError("Hours are recorded by the lead of the team or by the station.")
    if utc_now() < duty.starts_at:
        raise InvalidError("This duty has not begun yet.", field="minutes")
    longest = int((duty.ends_at + attendance.LONGER - duty.starts_at).total_seconds()) // 60
    if not 0 <= minutes <= longest:
        raise InvalidError("From none to an hour longer than planned.", field="minutes")
    if not reason.strip():
        raise InvalidError("Say why, in a few words.", field="reason")
    row = attendance.row_of(session, duty, approved_too=actor.role in STATION)
    facts = {"before": row.minutes, "minutes": minutes}
    act = "record"
    if row.approved_at is not None:
        act, row.approved_at, row.approved_by = "reopen", None, None
    row.minutes, row.reason, row.recorded_by = minutes, reason.strip()[:200], actor.account_id
    row.no_show = row.no_show and minutes == 0
    session.flush()
    audit_log.record(session, actor, f"hours.{act}", "duty", duty.id, details=facts)


def approve(session: Session, actor: Actor, duty_ids: Sequence[str]) -> int:
    """Approve what is recorded of some duties, and tell their people; returns how many were approved."""
    query = (
        select(Attendance, Duty.person_id)
        .join(Duty, (Duty.township_id == Attendance.township_id) & (Duty.id == Attendance.duty_id))
        .where(Attendance.duty_id.in_(duty_ids), Attendance.minutes.is_not(None), Attendance.approved_at.is_(None))
    )
    told: dict[str, list[int]] = {}
    for row, person in session.execute(query.with_for_update(of=Attendance)).all():
        row.approved_at, row.approved_by = utc_now(), actor.account_id
        told.setdefault(person, []).append(row.minutes or 0)
    session.flush()
    for person, minutes in sorted(told.items()):
        facts = {"records": len(minutes), "minutes": sum(minutes)}
        notices.tell(session, notices.accounts_of(session, [person]), MessageKind.HOURS_APPROVED, facts)
    count = sum(len(minutes) for minutes in told.values())
    if count:
        audit_log.record(session, actor, "hours.approve", "attendance", details={"records": count})
    return count


def ask_certificate(session: Session, actor: Actor, from_day: date, to_day: date) -> Certificate:
    """A person asks for a certificate of a period.

    Raises:
        ForbiddenError: the account belongs to no person.
        InvalidError: the days are out of order.
        ConflictError: one is asked for already.

    """
    if actor.person_id is None or actor.township_id is None:
        raise ForbiddenError("A certificate is for a person.")
    if to_day < from_day:
        raise InvalidError("The last day cannot come before the first.", field="to_day")
    waits = select(Certificate.id).where(Certificate.person_id == actor.person_id, Certificate.issued_at.is_(None))
    if session.scalar(waits) is not None:
        raise ConflictError("You have asked for a certificate already; the station will issue it.")
    wish = Certificate(
        township_id=actor.township_id, person_id=actor.person_id, from_day=from_day, to_day=to_day, items=[]
    )
    session.add(wish)
    session.flush()
    audit_log.record(session, actor, "certificate.ask", "certificate", wish.id)
    person = session.get_one(Person, (wish.township_id, wish.person_id))
    station = notices.station_accounts(session, wish.township_id)
    facts = notices.name_of(person)
    notices.tell(session, station, MessageKind.CERTIFICATE_ASKED, facts, subject_id=wish.id)
    return wish


def issue(
    session: Session,
    actor: Actor,
    wish: Certificate,
    *,
    head: str,
    handler: str,
    phone: str,
    lent: Sequence[DayLine] = (),
) -> None:
    """Issue a certificate of the approved hours in its period, under the township's next number of the year.

    ``lent`` is service in townships that the person was lent to; of it the paper names the township alone.

    Raises:
        ConflictError: it is issued already.
        InvalidError: nothing is approved in the period, or a name is missing.

    """
    if wish.issued_at is not None:
        raise ConflictError("This certificate is issued already.")
    for field, text in (("head", head), ("handler", handler)):
        if not text.strip():
            raise InvalidError("This must not be empty.", field=field)
    zone = ZoneInfo(county_of(session, wish.township_id).timezone)
    wish.items = sorted([*_items(session, wish, zone), *_lent_items(lent, zone)], key=lambda item: str(item["day"]))
    wish.minutes = sum(item["minutes"] for item in wish.items)
    if not wish.minutes:
        raise InvalidError("No hours are approved in this period: approve them first.")
    now = utc_now()
    audit_log.record(session, actor, "certificate.issue", "certificate", wish.id, details={"minutes": wish.minutes})
    wish.number = _number(session, wish.township_id, now.astimezone(zone).year)
    wish.code = "".join(secrets.choice(_LETTERS) for _ in range(16))
    wish.head, wish.handler, wish.phone = head.strip(), handler.strip(), phone.strip()
    wish.issued_at, wish.issued_by = now, actor.account_id
    session.flush()
    accounts = notices.accounts_of(session, [wish.person_id])
    facts = {"number": wish.number}
    notices.tell(session, accounts, MessageKind.CERTIFICATE_ISSUED, facts, subject_id=wish.id)


def _items(session: Session, wish: Certificate, zone: ZoneInfo) -> list[dict[str, Any]]:
    """What was served, a line each: a visit is no more than a visit, since the paper leaves the house."""
    begin, end = (datetime.combine(day, time(), tzinfo=zone) for day in (wish.from_day, wish.to_day))
    lines = queries.of_person(session, wish.person_id, begin, end + timedelta(days=1))[::-1]
    return [
        {
            "day": line.duty.starts_at.astimezone(zone).date().isoformat(),
            "title": line.duty.title or "",
            "title_en": line.duty.title_en or "",
            "place": line.duty.home or line.duty.village,
            "minutes": line.attendance.minutes,
        }
        for line in lines
        if line.attendance and line.attendance.approved_at and line.attendance.minutes
    ]


def _lent_items(lines: Sequence[DayLine], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Service on loan, a line each: where, and how long; what it was stays with the township where it was."""
    return [
        {
            "day": line.duty.starts_at.astimezone(zone).date().isoformat(),
            "title": "借调服务",
            "title_en": "Service on loan",
            "place": line.duty.township,
            "minutes": line.attendance.minutes,
        }
        for line in lines
        if line.attendance and line.attendance.approved_at and line.attendance.minutes
    ]


def _number(session: Session, township_id: str, year: int) -> str:
    """The next number of a year; the audit line before it holds the county's lock, so none is given twice."""
    query = select(func.count(Certificate.id)).where(
        Certificate.township_id == township_id, Certificate.number.startswith(f"{year}-")
    )
    return f"{year}-{(session.scalar(query) or 0) + 1:04}"


def withdraw(session: Session, actor: Actor, paper: Certificate) -> None:
    """A certificate that was wrong no longer verifies.

    Raises:
        ConflictError: it is not issued, or withdrawn already.

    """
    if paper.issued_at is None or paper.withdrawn_at is not None:
        raise ConflictError("There is nothing to withdraw.")
    paper.withdrawn_at = utc_now()
    session.flush()
    audit_log.record(session, actor, "certificate.withdraw", "certificate", paper.id)
