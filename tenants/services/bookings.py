"""Give one person one duty, at a time at which they hold no other: every path to a duty between publications.

Whoever books takes the person's row first, so that two who book the same person queue up; the database refuses an
overlap all the same (migration 0005).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from tenants.enums import DiversionWay, DutyState
from tenants.errors import ConflictError, NotFoundError
from tenants.models import Duty, Person, Roster
from tenants.services import diversions, duties

OVERLAP = "ex_duty_one_place_at_a_time"
DEADLOCK = "40P01"
TWO_PLACES = "This person has another duty at the same time."


@dataclass(frozen=True, kw_only=True)
class Place:
    """A seat of a task at its time; exactly one of the two ids is given. Times are aware."""

    visit_id: str | None
    activity_id: str | None
    role: str
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, duty: Duty) -> "Place":
        """The place that a duty holds."""
        return cls(
            visit_id=duty.visit_id,
            activity_id=duty.activity_id,
            role=duty.role,
            starts_at=duty.starts_at,
            ends_at=duty.ends_at,
        )

    @property
    def task_id(self) -> str:
        """Id of the visit or of the activity."""
        return self.visit_id or self.activity_id or ""


def lock_person(session: Session, person_id: str) -> Person:
    """The person, held until the transaction ends, so that two bookings of one person follow each other.

    Raises:
        NotFoundError: nobody active has this id.

    """
    query = select(Person).where(Person.id == person_id, Person.active)
    person = session.scalar(query.with_for_update(key_share=True))
    if person is None:
        raise NotFoundError("no such person")
    return person


def book(session: Session, person_id: str, place: Place) -> Duty:
    """Give a person a place.

    Raises:
        ConflictError: they hold another duty at the time, or this one already.
        NotFoundError: nobody active has this id.
        DiversionError: they are purchased-service staff, and the task is other work.

    """
    diversions.refuse(session, [(place.task_id, person_id)], DiversionWay.ROSTER)
    person = lock_person(session, person_id)
    refuse_two_places(session, person_id, place.starts_at, place.ends_at)
    held = session.scalar(
        select(Duty).where(Duty.person_id == person_id, Duty.visit_id == place.visit_id)
        if place.visit_id
        else select(Duty).where(Duty.person_id == person_id, Duty.activity_id == place.activity_id)
    )
    with kept_apart(session):
        if held is None:
            held = Duty(township_id=person.township_id, person_id=person_id, version=_version(session))
            held.visit_id, held.activity_id = place.visit_id, place.activity_id
            _fill(held, place)
            session.add(held)
        else:
            _fill(held, place)
            duties.touch(held)
    team_changed(session, held)
    return held


def release(session: Session, duty: Duty) -> None:
    """Take a duty away from its holder; their calendar hears of it."""
    duties.cancel(duty)
    session.flush()
    team_changed(session, duty)


def team_changed(session: Session, duty: Duty) -> None:
    """Tell the calendars of the others on the team that it is another one now."""
    same = Duty.visit_id == duty.visit_id if duty.visit_id else Duty.activity_id == duty.activity_id
    others = session.scalars(select(Duty).where(same, Duty.id != duty.id, Duty.state == DutyState.CONFIRMED))
    for other in others:
        duties.touch(other)


def refuse_two_places(
    session: Session, person_id: str, starts_at: datetime, ends_at: datetime, *, but: str | None = None
) -> None:
    """Raise ConflictError where the person holds a duty in these minutes; ``but`` is one to leave out, by id."""
    same = select(Duty.id).where(
        Duty.person_id == person_id,
        Duty.state == DutyState.CONFIRMED,
        Duty.starts_at < ends_at,
        Duty.ends_at > starts_at,
        Duty.id != (but or ""),
    )
    if session.scalar(same.limit(1)) is not None:
        raise ConflictError(TWO_PLACES)


@contextmanager
def kept_apart(session: Session) -> Iterator[None]:
    """Turn the database's own refusal of an overlap into a ConflictError.

    Two who book one person from both sides of a border hold no row in common: each may wait for the other's duty until
    PostgreSQL ends one of them.
    """
    try:
        with session.begin_nested():
            yield
            session.flush()
    except (IntegrityError, OperationalError) as error:
        if OVERLAP in str(error.orig) or getattr(error.orig, "sqlstate", None) == DEADLOCK:
            raise ConflictError(TWO_PLACES) from None
        raise


def _fill(duty: Duty, place: Place) -> None:
    duty.role, duty.starts_at, duty.ends_at = place.role, place.starts_at, place.ends_at
    duty.state, duty.answer, duty.answered_at, duty.decline_reason = DutyState.CONFIRMED, None, None, None


def _version(session: Session) -> int:
    """The newest published version; 0 before the first."""
    return session.scalar(select(func.max(Roster.version))) or 0
