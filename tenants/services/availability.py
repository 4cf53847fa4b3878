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
