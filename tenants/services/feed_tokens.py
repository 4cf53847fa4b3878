"""Secret calendar addresses: made, rotated and revoked by the person whose duties they show."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.errors import ForbiddenError, NotFoundError
from tenants.models import FeedToken, Person, utc_now
from tenants.queries.feed_tokens import hash_of
from tenants.services import audit_log

_TOKEN_BYTES = 32
FETCH_NOTED_EVERY = timedelta(minutes=5)


def issue(session: Session, actor: Actor) -> str:
    """Make a new 256-bit token for the actor's own feed; any earlier one stops working. It is shown this once.

    What was chosen for the earlier one holds for the new one.

    Raises:
        ForbiddenError: the account belongs to no person.

    """
    person = _own_person(session, actor)
    rotated = _revoke_live(session, person)
    before = rotated[0] if rotated else FeedToken()
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = FeedToken(township_id=person.township_id, person_id=person.id, token_hash=hash_of(token))
    row.alarm_minutes, row.language = before.alarm_minutes, before.language
    session.add(row)
    session.flush()
    action = "feed_token.rotate" if rotated else "feed_token.issue"
    audit_log.record(session, actor, action, "feed_token", row.id, details={"person": person.id})
    return token


def revoke(session: Session, actor: Actor) -> bool:
    """Stop the actor's own feed; whether there was one.

    Raises:
        ForbiddenError: the account belongs to no person.

    """
    person = _own_person(session, actor)
    revoked = _revoke_live(session, person)
    for row in revoked:
        audit_log.record(session, actor, "feed_token.revoke", "feed_token", row.id, details={"person": person.id})
    return bool(revoked)


def choose(session: Session, actor: Actor, *, alarm_minutes: int | None, language: str | None) -> None:
    """How long before a duty the owner's phone rings, and the language of the feed; None: never, as the account has it.

    Raises:
        ForbiddenError: the account belongs to no person.
        NotFoundError: there is no live address.

    """
    person = _own_person(session, actor)
    row = next(iter(_live(session, person)), None)
    if row is None:
        raise NotFoundError("no live address")
    row.alarm_minutes, row.language = alarm_minutes, language
    session.flush()


def is_fetch_noted(last_fetched_at: datetime | None, now: datetime) -> bool:
    """Whether a fetch was noted so lately that another one need not be written down."""
    return last_fetched_at is not None and now - last_fetched_at < FETCH_NOTED_EVERY


def note_fetch(session: Session, token_id: str, now: datetime) -> None:
    """Remember that a calendar fetched the feed."""
    row = session.scalar(select(FeedToken).where(FeedToken.id == token_id))
    if row is not None:
        row.last_fetched_at = now


def _own_person(session: Session, actor: Actor) -> Person:
    """The actor's person, locked, so that two clicks at once leave one live token."""
    query = select(Person).where(Person.id == actor.person_id).with_for_update()
    person = session.scalar(query) if actor.person_id else None
    if person is None:
        raise ForbiddenError("This account belongs to no person, so it has no duties and no calendar.")
    return person


def _live(session: Session, person: Person) -> Sequence[FeedToken]:
    query = select(FeedToken).where(FeedToken.person_id == person.id, FeedToken.revoked_at.is_(None))
    return session.scalars(query.order_by(FeedToken.created_at.desc())).all()


def _revoke_live(session: Session, person: Person) -> Sequence[FeedToken]:
    live = _live(session, person)
    for row in live:
        row.revoked_at = utc_now()
    return live
