"""A concern about a child: sealed, told at once to those who must act, opened with a line in the log.

Source: Law on the Protection of Minors, art. 11 (whoever finds a child harmed or in danger reports at once); the child
director and the township's supervisor are told by the notice, 2.1 and 2.3.
"""

from collections.abc import Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.crypto import Keyring, Place, Shown
from tenants.enums import AccountRole, ConcernOutcome, MessageKind
from tenants.errors import ConflictError, ForbiddenError, InvalidError
from tenants.models import Account, Concern, ConcernReading, Person, Village, utc_now
from tenants.services import audit_log, notices

SHORTEST, LONGEST = 5, 2000
CLOSED = "This concern is closed already."


def place_of(concern: Concern) -> Place:
    """Where the sealed text belongs."""
    return Place(table="concern", column="text_sealed", tenant=concern.township_id, row=concern.id)


def raise_concern(
    session: Session, actor: Actor, keyring: Keyring, *, village_id: str, text: str, duty_id: str | None = None
) -> Concern:
    """Keep a concern and tell the village's child director and the station, urgently.

    Raises:
        InvalidError: no such village, or the text is too short or too long.

    """
    if actor.township_id is None or actor.account_id is None:
        raise ForbiddenError("A concern is raised by somebody of a township.")
    village = session.get(Village, (actor.township_id, village_id))
    if village is None:
        raise InvalidError("Choose a village of the township.", field="village_id")
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        raise InvalidError("Write 5 to 2000 characters.", field="text")
    concern = Concern(township_id=village.township_id, village_id=village.id, duty_id=duty_id, text_sealed=b"")
    concern.raised_by = actor.account_id
    session.add(concern)
    session.flush()
    concern.text_sealed = keyring.seal(text.strip(), place_of(concern))
    session.flush()
    audit_log.record(session, actor, "concern.raise", "concern", concern.id)
    facts = {"village": village.name, "village_en": village.name_en}
    told = recipients(session, village)
    notices.tell(session, told, MessageKind.CONCERN_RAISED, facts, subject_id=concern.id, urgent=True)
    return concern


def recipients(session: Session, village: Village) -> Sequence[Account]:
    """The open accounts of the station and of the village's child directors."""
    query = (
        select(Account)
        .join(Person, and_(Person.township_id == Account.township_id, Person.id == Account.person_id))
        .where(Account.role == AccountRole.CHILD_DIRECTOR, Account.disabled.is_(False))
        .where(Person.base_village_id == village.id, Person.active)
    )
    directors = session.scalars(query.order_by(Account.id)).all()
    return [*directors, *notices.station_accounts(session, village.township_id)]


def read(session: Session, actor: Actor, keyring: Keyring, concern: Concern) -> Shown:
    """Open the text; who and when is written down, and the concern is no longer new to this account.

    Empty where it was destroyed with the child's file.
    """
    audit_log.record(session, actor, "concern.read", "concern", concern.id)
    if actor.account_id and not any(one.account_id == actor.account_id for one in concern.readings):
        concern.readings.append(ConcernReading(township_id=concern.township_id, account_id=actor.account_id))
        session.flush()
    return keyring.shown(concern.text_sealed, place_of(concern))


def take(session: Session, actor: Actor, concern: Concern) -> None:
    """Somebody takes it in hand; the first stays named.

    Raises:
        ConflictError: it is closed.

    """
    _need_open(concern)
    if concern.taken_at is None:
        concern.taken_by, concern.taken_at = actor.account_id, utc_now()
        session.flush()
        audit_log.record(session, actor, "concern.take", "concern", concern.id)


def close(session: Session, actor: Actor, concern: Concern, outcome: ConcernOutcome) -> None:
    """Say what came of it.

    Raises:
        ConflictError: it is closed already.

    """
    _need_open(concern)
    concern.closed_by, concern.closed_at, concern.outcome = actor.account_id, utc_now(), outcome
    session.flush()
    audit_log.record(session, actor, "concern.close", "concern", concern.id, details={"outcome": outcome.value})


def _need_open(concern: Concern) -> None:
    if concern.closed_at is not None:
        raise ConflictError(CLOSED)


def reseal(keyring: Keyring, concern: Concern) -> bool:
    """Seal the text anew if it is under an older key; returns whether it was."""
    return keyring.reseal(concern, "text_sealed", place_of(concern))
