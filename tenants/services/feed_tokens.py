"""Secret calendar addresses: made, rotated and revoked by whom they belong to."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import FeedKind
from tenants.errors import ForbiddenError, NotFoundError
from tenants.models import FeedToken, Home, Person, utc_now
from tenants.queries.feed_tokens import TOWNSHIP_READERS, hash_of
from tenants.services import audit_log

_TOKEN_BYTES = 32
FETCH_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What an address shows: the actor's own duties, those of the actor's whole township, or a home's activities."""

    kind: FeedKind = FeedKind.PERSON
    home_id: str | None = None


OWN = Shown()
WHOLE_TOWNSHIP = Shown(kind=FeedKind.TOWNSHIP)


def issue(session: Session, actor: Actor, shown: Shown = OWN) -> str:
    """Make a new 256-bit token; any earlier one for the same stops working. It is shown this once.

    What was chosen for the earlier one holds for the new one.

    Raises:
        ForbiddenError: the account belongs to no person, or may not read the township's duties.
        NotFoundError: there is no such home.

    """
    new = _new_row(session, actor, shown)
    rotated = _revoke_live(session, new)
    before = rotated[0] if rotated else FeedToken()
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    new.token_hash = hash_of(token)
    new.alarm_minutes, new.language = before.alarm_minutes, before.language
    session.add(new)
    session.flush()
    _record(session, actor, "feed_token.rotate" if rotated else "feed_token.issue", new)
    return token


def revoke(session: Session, actor: Actor, shown: Shown = OWN) -> bool:
    """Stop an address; whether there was one.

    Raises:
        ForbiddenError: the account belongs to no person, or may not read the township's duties.
        NotFoundError: there is no such home.

    """
    revoked = _revoke_live(session, _new_row(session, actor, shown))
    for row in revoked:
        _record(session, actor, "feed_token.revoke", row)
    return bool(revoked)


def choose(
    session: Session, actor: Actor, shown: Shown = OWN, *, alarm_minutes: int | None, language: str | None
) -> None:
    """How long before each event the phone rings, and the language; None: never, and as the account has it.

    Raises:
        ForbiddenError: the account belongs to no person, or may not read the township's duties.
        NotFoundError: there is no such home, or no live address.

    """
    row = next(iter(_live(session, _new_row(session, actor, shown))), None)
    if row is None:
        raise NotFoundError("no live address")
    if (row.alarm_minutes, row.language) != (alarm_minutes, language):
        row.alarm_minutes, row.language, row.chosen_at = alarm_minutes, language, utc_now()
    session.flush()


def is_fetch_noted(last_fetched_at: datetime | None, now: datetime) -> bool:
    """Whether a fetch was noted so lately that another one need not be written down."""
    return last_fetched_at is not None and now - last_fetched_at < FETCH_NOTED_EVERY


def note_fetch(session: Session, token_id: str, now: datetime) -> None:
    """Remember that a calendar fetched the feed."""
    row = session.scalar(select(FeedToken).where(FeedToken.id == token_id))
    if row is not None:
        row.last_fetched_at = now


def _new_row(session: Session, actor: Actor, shown: Shown) -> FeedToken:
    """A token without its secret; its owner's row is locked, so that two clicks at once leave one live token."""
    if shown.kind is FeedKind.HOME:
        home = session.scalar(select(Home).where(Home.id == shown.home_id).with_for_update())
        if home is None:
            raise NotFoundError("no such home")
        return FeedToken(township_id=home.township_id, home_id=home.id, whole_township=False)
    query = select(Person).where(Person.id == actor.person_id).with_for_update()
    person = session.scalar(query) if actor.person_id else None
    if person is None:
        raise ForbiddenError("This account belongs to no person, so it has no duties and no calendar.")
    whole = shown.kind is FeedKind.TOWNSHIP
    if whole and actor.role not in TOWNSHIP_READERS:
        raise ForbiddenError("Only the station and its social workers read the duties of the whole township.")
    return FeedToken(township_id=person.township_id, person_id=person.id, whole_township=whole)


def _same(row: FeedToken) -> ColumnElement[bool]:
    if row.home_id:
        return FeedToken.home_id == row.home_id
    return and_(FeedToken.person_id == row.person_id, FeedToken.whole_township.is_(row.whole_township))


def _live(session: Session, row: FeedToken) -> Sequence[FeedToken]:
    query = select(FeedToken).where(_same(row), FeedToken.revoked_at.is_(None))
    return session.scalars(query.order_by(FeedToken.created_at.desc())).all()


def _revoke_live(session: Session, row: FeedToken) -> Sequence[FeedToken]:
    live = _live(session, row)
    for one in live:
        one.revoked_at = utc_now()
    return live


def _record(session: Session, actor: Actor, action: str, row: FeedToken) -> None:
    owner = {"home": row.home_id} if row.home_id else {"person": row.person_id, "township": row.whole_township}
    audit_log.record(session, actor, action, "feed_token", row.id, details=owner)
