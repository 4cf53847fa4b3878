"""Whose feed a secret calendar address is."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, FeedKind, VettingResult
from tenants.models import Account, County, Duty, FeedToken, Home, Person, Township, Vetting, Village
from tenants.queries.duties import FeedState, kept_since, shown_in_feed

TOKEN_LENGTH = 43  # 256 bits, url-safe base 64 without padding
HOME_LANGUAGE = "zh"
TOWNSHIP_READERS = (AccountRole.STATION_HEAD, AccountRole.STATION_STAFF, AccountRole.SOCIAL_WORKER)


@dataclass(frozen=True, kw_only=True)
class FeedOwner:
    """Whom a live token belongs to (a person, or a Children's Home), and how the feed is made; names in both languages.

    ``name_en`` of a home is its village's. ``duties`` sums up what a person holds, at home and where they are lent.
    """

    token_id: str
    county_id: str
    township_id: str
    person_id: str | None
    home_id: str | None
    whole_township: bool
    name: str
    name_en: str
    township: str
    township_en: str
    language: str
    timezone: str
    alarm_minutes: int | None
    last_fetched_at: datetime | None
    duties: FeedState

    @property
    def kind(self) -> FeedKind:
        """What the feed shows."""
        if self.home_id:
            return FeedKind.HOME
        return FeedKind.TOWNSHIP if self.whole_township else FeedKind.PERSON


def hash_of(token: str) -> str:
    """SHA-256 of a token, in hexadecimal: all that is kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def owner_of(session: Session, token: str, now: datetime) -> FeedOwner | None:
    """The owner of a live token, or None: unknown, revoked, or the person has no account that may log in any more.

    A calendar asks for this many times a day, mostly to hear that nothing is new: one statement says all of it.

    The feed of somebody who was barred goes on though the account is closed: calendars must hear what is cancelled.
    A feed of the whole township ends with the role that may read it.
    """
    if len(token) != TOKEN_LENGTH:
        return None
    held_since, cancelled_since = kept_since(now)
    values = {"hash": hash_of(token), "held_since": held_since, "cancelled_since": cancelled_since}
    for query in (_OF_PERSON, _OF_HOME):
        row = session.execute(query, values).one_or_none()
        if row is not None:
            facts = dict(row._mapping)
            return FeedOwner(duties=FeedState(count=facts.pop("count"), changed_at=facts.pop("changed_at")), **facts)
    return None


def _facts(*of_owner: Any) -> Select[*tuple[Any, ...]]:
    shown = shown_in_feed(bindparam("held_since"), bindparam("cancelled_since"))
    of_person = and_(Duty.person_id == FeedToken.person_id, shown)
    return (
        select(
            FeedToken.id.label("token_id"),
            Township.county_id,
            FeedToken.township_id,
            FeedToken.person_id,
            FeedToken.home_id,
            FeedToken.whole_township,
            Township.name.label("township"),
            Township.name_en.label("township_en"),
            County.timezone,
            FeedToken.alarm_minutes,
            FeedToken.last_fetched_at,
            *of_owner,
            select(func.count(Duty.id)).where(of_person).scalar_subquery().label("count"),
            select(func.max(Duty.changed_at)).where(of_person).scalar_subquery().label("changed_at"),
        )
        .join(Township, Township.id == FeedToken.township_id)
        .join(County, County.id == Township.county_id)
        .where(FeedToken.token_hash == bindparam("hash"), FeedToken.revoked_at.is_(None))
        .limit(1)
    )


def _of_person() -> Select[*tuple[Any, ...]]:
    of_owner = and_(Vetting.township_id == FeedToken.township_id, Vetting.person_id == FeedToken.person_id)
    barred = select(Vetting.id).where(of_owner, Vetting.result == VettingResult.BARRED).exists()
    may_read = and_(Account.disabled.is_(False), Account.role.in_(TOWNSHIP_READERS))
    own = and_(FeedToken.whole_township.is_(False), or_(Account.disabled.is_(False), barred))
    return (
        _facts(Person.name, Person.name_en, func.coalesce(FeedToken.language, Account.language).label("language"))
        .join(Person, and_(Person.township_id == FeedToken.township_id, Person.id == FeedToken.person_id))
        .join(Account, and_(Account.township_id == FeedToken.township_id, Account.person_id == FeedToken.person_id))
        .where(Person.active, or_(own, may_read))
        .order_by(Account.created_at, Account.id)
    )


def _of_home() -> Select[*tuple[Any, ...]]:
    language = func.coalesce(FeedToken.language, HOME_LANGUAGE).label("language")
    return (
        _facts(Home.name, Village.name_en, language)
        .join(Home, and_(Home.township_id == FeedToken.township_id, Home.id == FeedToken.home_id))
        .join(Village, and_(Village.township_id == Home.township_id, Village.id == Home.village_id))
    )


_OF_PERSON, _OF_HOME = _of_person(), _of_home()


def live_token(session: Session, person_id: str, *, whole_township: bool = False) -> FeedToken | None:
    """A person's token, of their own duties or of the whole township, that is neither rotated nor revoked."""
    return _live(session, and_(FeedToken.person_id == person_id, FeedToken.whole_township.is_(whole_township)))


def live_token_of_home(session: Session, home_id: str) -> FeedToken | None:
    """A Children's Home's token that is neither rotated nor revoked."""
    return _live(session, FeedToken.home_id == home_id)


def _live(session: Session, owned: Any) -> FeedToken | None:
    query = select(FeedToken).where(owned, FeedToken.revoked_at.is_(None))
    return session.scalar(query.order_by(FeedToken.created_at.desc()).limit(1))
