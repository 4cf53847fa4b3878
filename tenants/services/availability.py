"""When a person is free: the week, and dated exceptions to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ExceptionKind
from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.models import AvailabilityException, Person, WeeklyAvailability
from tenants.services import audit_log

DAY = 24 * 60
NOTE_LENGTH = 120
MOST_NOTICE = 60
"""Days."""
MOST_DUTIES = 60
"""Duties a month."""


@dataclass(frozen=True, kw_only=True, order=True)
class FreeTime:
    """Free every week on a weekday (0 Monday) from one minute of the day to another; 1440 is midnight."""

    weekday: int
    from_minute: int
    to_minute: int


def set_week(session: Session, actor: Actor, person: Person, week: Sequence[FreeTime]) -> None:
    """Replace a person's weekly availability.

    Raises:
        InvalidError: a time ends before it begins, or overlaps another; ``field`` is ``rows-N-from_time`` or
            ``rows-N-to_time`` with N the place in ``week``.

    """
    _check_week(week)
    held = {FreeTime(weekday=r.weekday, from_minute=r.from_minute, to_minute=r.to_minute): r for r in person.weekly}
    person.weekly = [
        held.get(free) or WeeklyAvailability(township_id=person.township_id, **_columns(free)) for free in sorted(week)
    ]
    session.flush()
    audit_log.record(session, actor, "availability.week", "person", person.id, details={"rows": len(week)})


def _columns(free: FreeTime) -> dict[str, int]:
    return {"weekday": free.weekday, "from_minute": free.from_minute, "to_minute": free.to_minute}


def _check_week(week: Sequence[FreeTime]) -> None:
    for place, free in enumerate(week):
        if not 0 <= free.weekday <= 6:
            raise InvalidError("Choose a day of the week.", field=f"rows-{place}-weekday")
        if not 0 <= free.from_minute < free.to_minute <= DAY:
            raise InvalidError("The end must come after the beginning.", field=f"rows-{place}-to_time")
        for other in week[:place]:
            if other.weekday == free.weekday and _overlap(other, free):
                raise InvalidError(
                    "This time overlaps another row of the same weekday.", field=f"rows-{place}-from_time"
                )


def _overlap(one: FreeTime, other: FreeTime) -> bool:
    return one.from_minute < other.to_minute and other.from_minute < one.to_minute


def set_limits(
    session: Session, actor: Actor, person: Person, *, notice: int, wish: int | None, most: int | None
) -> None:
    """Keep what notice somebody needs (days), and how many duties a month they wish and take at most; None: no limit.

    Raises:
        InvalidError: a number lies outside its bounds, or more is wished than taken.

    """
    if not 0 <= notice <= MOST_NOTICE:
        raise InvalidError("Must be 0 to 60 days.", field="notice_days")
    for field, number in (("month_wish", wish), ("month_most", most)):
        if number is not None and not 0 <= number <= MOST_DUTIES:
            raise InvalidError("Must be 0 to 60 duties; leave it empty for no limit.", field=field)
    if wish is not None and most is not None and wish > most:
        raise InvalidError("You cannot wish for more than you take at most.", field="month_wish")
    person.notice_days, person.month_wish, person.month_most = notice, wish, most
    session.flush()
    facts = {"notice": notice, "wish": wish, "most": most}
    audit_log.record(session, actor, "availability.limits", "person", person.id, details=facts)


def add_exception(
    session: Session,
    actor: Actor,
    person: Person,
    *,
    kind: ExceptionKind,
    from_day: date,
    to_day: date,
    from_minute: int = 0,
    to_minute: int = DAY,
    note: str = "",
) -> AvailabilityException:
    """Enter days on which a person is away, or free beyond the week.

    Raises:
        InvalidError: the end lies before the beginning, or the note is too long.

    """
    if to_day < from_day:
        raise InvalidError("The last day cannot come before the first.", field="to_day")
    if not 0 <= from_minute < to_minute <= DAY:
        raise InvalidError("The end must come after the beginning.", field="to_time")
    if len(note.strip()) > NOTE_LENGTH:
        raise InvalidError("The note may have 120 characters at most.", field="note")
    row = AvailabilityException(
        township_id=person.township_id,
        person_id=person.id,
        kind=kind,
        from_day=from_day,
        to_day=to_day,
        from_minute=from_minute,
        to_minute=to_minute,
        note=note.strip(),
    )
    person.exceptions.append(row)
    session.flush()
    audit_log.record(session, actor, "availability.exception", "person", person.id, details={"exception": row.id})
    return row


def remove_exception(session: Session, actor: Actor, person: Person, exception_id: str) -> None:
    """Take an exception back.

    Raises:
        NotFoundError: the person has no such exception.
        ConflictError: it comes from a loan.

    """
    row = next((row for row in person.exceptions if row.id == exception_id), None)
    if row is None:
        raise NotFoundError("no such exception")
    if row.lending_id is not None:
        raise ConflictError("These days are lent to a neighbouring township. End the loan first.")
    person.exceptions.remove(row)
    session.flush()
    audit_log.record(
        session, actor, "availability.exception_removed", "person", person.id, details={"exception": exception_id}
    )
