"""What a visit's team needs on its day: marked by the station, shown to who makes the visit, on that day alone.

Each reading is written down; nothing of it is in a feed, a list or a message.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.crypto import Keyring, Place, Shown
from tenants.enums import DutyState, VisitState
from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.fields import MARKABLE, Fact, Reach, reach
from tenants.models import Child, Duty, Visit, utc_now
from tenants.queries.due import county_zone
from tenants.services import audit_log, identities

NOTE_LENGTH = 300


@dataclass(frozen=True, kw_only=True, repr=False)
class Needed:
    """What is shown on the day, in the order of the table; an empty text is a fact that is not kept."""

    facts: dict[Fact, Shown]


def place_of(visit: Visit) -> Place:
    """Where the sealed note belongs."""
    return Place(table="visit", column="day_note_sealed", tenant=visit.township_id, row=visit.id)


def read_note(session: Session, actor: Actor, keyring: Keyring, visit: Visit) -> Shown:
    """Open the note for the station that wrote it; who and when is written down. "" where there is none."""
    if visit.day_note_sealed is None:
        return ""
    told = {"visit": visit.id, "facts": [Fact.DAY_NOTE.value]}
    audit_log.record(session, actor, "child.need_read", "child", visit.child_id, details=told)
    return _note_of(keyring, visit)


def visit_of(session: Session, visit_id: str) -> Visit:
    """A visit of the township by id.

    Raises:
        NotFoundError: none such in the session's scope, or its file is erased.

    """
    visit = session.scalar(select(Visit).where(Visit.id == visit_id))
    if visit is None or visit.child.erased_on is not None:
        raise NotFoundError("no such visit")
    return visit


def mark(session: Session, actor: Actor, keyring: Keyring, visit: Visit, facts: Collection[Fact], note: str) -> None:
    """Say what the team of a visit needs on its day, in place of what was said before.

    Raises:
        InvalidError: a fact may not be given, or the note is too long.
        ConflictError: the visit is done or called off.

    """
    if visit.state is not VisitState.DUE or visit.child.anonymised_on is not None:
        raise ConflictError("This visit is no longer due.")
    if not set(facts) <= set(MARKABLE) - {Fact.DAY_NOTE}:
        raise InvalidError("This fact is never given to a team.", field="facts")
    if len(note.strip()) > NOTE_LENGTH:
        raise InvalidError("The note may have 300 characters at most.", field="note")
    visit.day_facts = sorted(facts)
    visit.day_note_sealed = keyring.seal(note.strip(), place_of(visit)) if note.strip() else None
    session.flush()
    told = {"visit": visit.id, "facts": visit.day_facts, "note": visit.day_note_sealed is not None}
    audit_log.record(session, actor, "child.need_marked", "child", visit.child_id, details=told)


def is_marked(session: Session, visit_id: str) -> bool:
    """Whether the station has marked anything for a visit."""
    visit = session.scalar(select(Visit).where(Visit.id == visit_id))
    return visit is not None and bool(visit.day_facts or visit.day_note_sealed)


def read(session: Session, actor: Actor, keyring: Keyring, duty_id: str) -> Needed:
    """What the actor needs today for a visit of theirs; who read what is written down.

    Raises:
        NotFoundError: it is not the actor's, not today, cancelled, or nothing is marked; the same answer.

    """
    visit = _visit_today(session, actor, duty_id)
    if visit is None or not (visit.day_facts or visit.day_note_sealed):
        raise NotFoundError("nothing is needed")
    given = [fact for fact in _marked(visit) if reach(actor.role, fact) is not Reach.NEVER]
    held = identities.shown(keyring, visit.child)
    facts = {fact: _note_of(keyring, visit) if fact is Fact.DAY_NOTE else held[fact.value] for fact in given}
    told = {"visit": visit.id, "duty": duty_id, "facts": [fact.value for fact in given]}
    audit_log.record(session, actor, "child.need_read", "child", visit.child_id, details=told)
    return Needed(facts=facts)


def _note_of(keyring: Keyring, visit: Visit) -> Shown:
    """The note as the station wrote it."""
    return keyring.shown(visit.day_note_sealed, place_of(visit))


def _marked(visit: Visit) -> list[Fact]:
    return [fact for fact in MARKABLE if fact in visit.day_facts or (fact is Fact.DAY_NOTE and visit.day_note_sealed)]


def _visit_today(session: Session, actor: Actor, duty_id: str) -> Visit | None:
    query = (
        select(Visit, Duty.starts_at)
        .join(Duty, and_(Duty.township_id == Visit.township_id, Duty.visit_id == Visit.id))
        .join(Child, and_(Child.township_id == Visit.township_id, Child.id == Visit.child_id))
        .where(Duty.id == duty_id, Duty.person_id == actor.person_id, Duty.township_id == actor.township_id)
        .where(Duty.state == DutyState.CONFIRMED, Visit.state == VisitState.DUE, Child.anonymised_on.is_(None))
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    zone = county_zone(session, actor.county_id)
    today = utc_now().astimezone(zone).date()
    return row.Visit if row.starts_at.astimezone(zone).date() == today else None


def reseal(session: Session, keyring: Keyring, child: Child) -> bool:
    """Seal a child's notes that are under an older key anew; returns whether any was."""
    mine = select(Visit).where(Visit.township_id == child.township_id, Visit.child_id == child.id)
    visits = session.scalars(mine.where(Visit.day_note_sealed.is_not(None)))
    return sum(keyring.reseal(visit, "day_note_sealed", place_of(visit)) for visit in visits) > 0
