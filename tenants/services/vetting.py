"""Ask the police or procurate about several people at once, and enter what they reply (art. 62: every year)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import VettingResult
from tenants.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tenants.models import Person, VettingRequest, new_id
from tenants.queries import bars
from tenants.queries.due import county_today
from tenants.services import audit_log, people


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back for one request."""

    request_id: str
    result: VettingResult


def ask(session: Session, actor: Actor, person_ids: Collection[str], requested_on: date) -> str:
    """Note that people were asked about on a day, and return the letter's id.

    Raises:
        InvalidError: nobody was chosen, somebody cannot be asked about, or the day has not come yet.

    """
    if actor.township_id is None:
        raise ForbiddenError("People are kept by a township's station.")
    if not person_ids:
        raise InvalidError("Choose one person at least.", field="people")
    if requested_on > county_today(session, actor.county_id):
        raise InvalidError("This day has not come yet.", field="requested_on")
    batch = new_id()
    for person_id in sorted(set(person_ids)):
        person = session.get(Person, (actor.township_id, person_id))
        if person is None or person.guest or not person.active or bars.is_barred(person):
            raise InvalidError("Somebody on the list cannot be asked about: choose anew.", field="people")
        session.add(
            VettingRequest(township_id=actor.township_id, batch=batch, person_id=person_id, requested_on=requested_on)
        )
    session.flush()
    facts = {"people": len(set(person_ids))}
    audit_log.record(session, actor, "vetting.ask", "vetting_request", batch, details=facts)
    return batch


def withdraw(session: Session, actor: Actor, request_id: str) -> None:
    """Take back a request that was noted by mistake and has no reply.

    Raises:
        NotFoundError: there is none.

    """
    row = _open_request(session, actor, request_id)
    session.delete(row)
    session.flush()
    audit_log.record(session, actor, "vetting.withdraw", "person", row.person_id)


def enter_replies(
    session: Session,
    actor: Actor,
    replies: Sequence[Reply],
    *,
    checked_on: date,
    valid_through: date,
    reference: str = "",
) -> None:
    """Enter the replies to several requests; a bad one bars the person in the whole county at once.

    The session must read and write the whole county (``Scope.of_townships_and_county``).

    Raises:
        InvalidError: no reply is given, or a day breaks a rule.
        NotFoundError: a request is not there, or has its reply.
        ConflictError: somebody is barred already.

    """
    if not replies:
        raise InvalidError("Enter one reply at least.", field="rows")
    for reply in replies:
        row = _open_request(session, actor, reply.request_id)
        person = session.get_one(Person, (row.township_id, row.person_id))
        if bars.is_barred(person):
            raise ConflictError("This person is barred already.", field="rows")
        people.add_check(
            session,
            actor,
            person,
            checked_on=checked_on,
            valid_through=valid_through,
            result=reply.result,
            reference=reference,
        )
        _answer(session, row, checked_on)


def _answer(session: Session, row: VettingRequest, day: date) -> None:
    """Close every open request about the person; the reply may be older than a request that was made twice."""
    mine = select(VettingRequest).where(VettingRequest.township_id == row.township_id)
    mine = mine.where(VettingRequest.person_id == row.person_id, VettingRequest.answered_on.is_(None))
    for request in session.scalars(mine):
        request.answered_on = day
    session.flush()


def _open_request(session: Session, actor: Actor, request_id: str) -> VettingRequest:
    row = session.get(VettingRequest, (actor.township_id, request_id))
    if row is None or row.answered_on is not None:
        raise NotFoundError("no such request")
    return row
