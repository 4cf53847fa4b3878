"""Whose feed a secret calendar address is."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from tenants.enums import VettingResult
from tenants.models import Account, County, FeedToken, Person, Township, Vetting

TOKEN_LENGTH = 43  # 256 bits, url-safe base 64 without padding


@dataclass(frozen=True, kw_only=True)
class FeedOwner:
    """The person behind a live token, and how their feed is made; names in both languages."""

    token_id: str
    county_id: str
    township_id: str
    person_id: str
    name: str
    name_en: str
    township: str
    township_en: str
    language: str
    timezone: str
    alarm_minutes: int | None
    last_fetched_at: datetime | None


def hash_of(token: str) -> str:
    """SHA-256 of a token, in hexadecimal: all that is kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def owner_of(session: Session, token: str) -> FeedOwner | None:
    """The owner of a live token, or None: unknown, revoked, or the person has no account that may log in any more.

    The feed of somebody who was barred goes on though the account is closed: calendars must hear what is cancelled.
    """
    if len(token) != TOKEN_LENGTH:
        return None
    of_owner = and_(Vetting.township_id == FeedToken.township_id, Vetting.person_id == FeedToken.person_id)
    barred = select(Vetting.id).where(of_owner, Vetting.result == VettingResult.BARRED).exists()
    query = (
        select(
            FeedToken.id.label("token_id"),
            Township.county_id,
            FeedToken.township_id,
            FeedToken.person_id,
            Person.name,
            Person.name_en,
            Township.name.label("township"),
            Township.name_en.label("township_en"),
            func.coalesce(FeedToken.language, Account.language).label("language"),
            County.timezone,
            FeedToken.alarm_minutes,
            FeedToken.last_fetched_at,
        )
        .join(Person, and_(Person.township_id == FeedToken.township_id, Person.id == FeedToken.person_id))
        .join(Township, Township.id == FeedToken.township_id)
        .join(County, County.id == Township.county_id)
        .join(Account, and_(Account.township_id == FeedToken.township_id, Account.person_id == FeedToken.person_id))
        .where(FeedToken.token_hash == hash_of(token), FeedToken.revoked_at.is_(None))
        .where(Person.active, or_(Account.disabled.is_(False), barred))
        .order_by(Account.created_at, Account.id)
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else FeedOwner(**row._mapping)


def live_token(session: Session, person_id: str) -> FeedToken | None:
    """A person's token that is neither rotated nor revoked."""
    query = select(FeedToken).where(FeedToken.person_id == person_id, FeedToken.revoked_at.is_(None))
    return session.scalar(query.order_by(FeedToken.created_at.desc()).limit(1))
