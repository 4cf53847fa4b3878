"""Duties go along with their activity when it is moved to another time or home.

An activity and the duties that people hold of it never say two different things: those who can come then keep their
duty at its new time and place, the duty of whoever cannot is called off and its place falls open, and all of them are
told, in the transaction of the move.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import DutyState, MessageKind
from tenants.errors import ConflictError, NotFoundError
from tenants.models import Activity, Duty, Home, Village, utc_now
from tenants.services import bookings, calling_off, duties, notices, sign_ups
from tenants.services.following import follow

Judge = Callable[[Sequence[Duty]], Collection[str]]
"""Says who of the holders cannot come to an activity as it is now, by their ids; asked before their duties follow."""


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """When and where an activity takes place."""

    starts_at: datetime
    ends_at: datetime
    home_id: str


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What became of the duties of an activity that was moved: those kept at its new time, and those that fell open."""

    kept: tuple[Duty, ...] = ()
    freed: tuple[Duty, ...] = ()


def all_can(_held: Sequence[Duty]) -> Collection[str]:
    """The judge who knows nothing against anybody: another duty at the time is found all the same."""
    return ()


def whereabouts_of(activity: Activity) -> Whereabouts:
    """When and where an activity takes place now."""
    return Whereabouts(starts_at=activity.starts_at, ends_at=activity.ends_at, home_id=activity.home_id)


def carry(session: Session, actor: Actor, activity: Activity, before: Whereabouts, judge: Judge) -> Carried:
    """Let the coming duties of an activity follow it from where it was, and tell whoever holds or wants one."""
    held = _coming(session, activity)
    unable = judge(held)
    kept = tuple(duty for duty in held if duty.person_id not in unable and _takes_along(session, activity, duty))
    freed = tuple(duty for duty in held if duty not in kept)
    calling_off.cancel(session, freed)
    for duty in freed:
        follow(session, actor, duty, leaves=duty.person_id)
    _tell(session, activity, before, kept, freed)
    return Carried(kept=kept, freed=freed)


def _coming(session: Session, activity: Activity) -> Sequence[Duty]:
    """What people hold of it and has not begun, each locked; by person, so that two moves lock in the same order."""
    query = select(Duty).where(
        Duty.activity_id == activity.id, Duty.state == DutyState.CONFIRMED, Duty.starts_at > utc_now()
    )
    return session.scalars(query.order_by(Duty.person_id).with_for_update()).all()


def _takes_along(session: Session, activity: Activity, duty: Duty) -> bool:
    """Give a duty its activity's time; False where its holder has another duty then, which the database decides."""
    try:
        bookings.lock_person(session, duty.person_id)
        bookings.refuse_two_places(session, duty.person_id, activity.starts_at, activity.ends_at, but=duty.id)
        with bookings.kept_apart(session):
            duty.starts_at, duty.ends_at = activity.starts_at, activity.ends_at
            duty.answer = duty.answered_at = duty.decline_reason = None  # what was said holds for one time and place
            duties.touch(duty)
    except (ConflictError, NotFoundError):
        session.refresh(duty)
        return False
    return True


def _tell(
    session: Session, activity: Activity, before: Whereabouts, kept: Sequence[Duty], freed: Sequence[Duty]
) -> None:
    begins = min(before.starts_at, activity.starts_at)
    was = _was(session, activity, before)
    for duty in kept:
        facts = {**notices.facts_of(session, duty), **was}
        accounts = notices.accounts_of(session, [duty.person_id])
        notices.tell(session, accounts, MessageKind.ACTIVITY_MOVED, facts, subject_id=duty.id, begins=begins)
    for duty in freed:
        now = {**was, "moved_to": activity.starts_at.isoformat()}
        calling_off.tell(session, duty, now, begins=begins, person=duty.person_id)
    for wish in sign_ups.live(session, activity.id):
        facts = {**sign_ups.facts_of(activity, wish.role), **was}
        accounts = notices.accounts_of(session, [wish.person_id])
        notices.tell(session, accounts, MessageKind.ACTIVITY_MOVED, facts, subject_id=activity.id, begins=begins)


def _was(session: Session, activity: Activity, before: Whereabouts) -> dict[str, Any]:
    """Where and when it was, for a message."""
    home = session.get_one(Home, (activity.township_id, before.home_id))
    village = session.get_one(Village, (activity.township_id, home.village_id))
    return {
        "was_at": before.starts_at.isoformat(),
        "was_in": village.name,
        "was_in_en": village.name_en,
    }
