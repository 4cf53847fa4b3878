"""Whose feed a secret calendar address is."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, FeedKind
from tenants.models import Account, Activity, County, Duty, FeedToken, Home, Person, Township, Village
from tenants.queries.duties import FeedState, kept_since, shown_in_feed
from tenants.queries.feeds import shown_activities
from tenants.queries.people import barred

TOKEN_LENGTH = 43  # 256 bits, url-safe base 64 without padding
HOME_LANGUAGE = "zh"
TOWNSHIP_READERS = (AccountRole.STATION_HEAD, AccountRole.STATION_STAFF, AccountRole.SOCIAL_WORKER)


@dataclass(frozen=True, kw_only=True)
class FeedOwner:
    """Whom a live token belongs to (a person, or a Children's Home), and how the feed is made; names in both languages.

    ``name_en`` of a home is its village's. ``state`` sums up what the feed shows: a person's duties at home and where
    they are lent, a home's activities, a township's both; and when it was last chosen how.
    """

    token_id: str
    county_id: str
    township_id: str
    person_id: str | None
    home_id: str | None
    kind: FeedKind
    name: str
    name_en: str
    township: str
    township_en: str
    language: str
    timezone: str
    alarm_minutes: int | None
    last_fetched_at: datetime | None
    state: FeedState


def hash_of(token: str) -> str:
    """SHA-256 of a token, in hexadecimal: all that is kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def owner_of(session: Session, token: str, now: datetime) -> FeedOwner | None:
    """The owner of a live token, or None: unknown, revoked, or the person has no account that may log in any more.

    The feed of somebody who was barred goes on though the account is closed: calendars must hear what is cancelled.
    A feed of the whole township ends with the role that may read it.
    """
    if len(token) != TOKEN_LENGTH:
        return None
    values = asked(hash_of(token), now)
    return next((owner for kind in FeedKind if (owner := _owner(session, kind, values))), None)


def _owner(session: Session, kind: FeedKind, values: dict[str, Any]) -> FeedOwner | None:
    row = session.execute(_QUERIES[kind], values).one_or_none()
    if row is None:
        return None
    facts = row._asdict()
    duties = FeedState(count=facts.pop("duties"), changed_at=facts.pop("duties_changed"))
    activities = FeedState(count=facts.pop("activities"), changed_at=facts.pop("activities_changed"))
    choices = FeedState(count=0, changed_at=facts.pop("chosen_at"))
    return FeedOwner(kind=kind, state=duties + activities + choices, **facts)


def asked(token_hash: str, now: datetime) -> dict[str, Any]:
    """The parameters of ``TEXT_QUERIES``."""
    held_since, cancelled_since = kept_since(now)
    return {"hash": token_hash, "held_since": held_since, "cancelled_since": cancelled_since}


_SINCE: tuple[Any, Any] = bindparam("held_since"), bindparam("cancelled_since")
_SHOWN: dict[Any, Any] = {Duty: shown_in_feed(*_SINCE), Activity: shown_activities(*_SINCE)}
_NOTHING: dict[Any, Any] = {Duty: None, Activity: None}


def _facts(name: Any, name_en: Any, language: Any, shown: dict[Any, Any]) -> Select[*tuple[Any, ...]]:
    """A token with its owner's facts; ``shown`` says whose duties and whose activities are summed up, if any are."""
    shown = _NOTHING | shown
    return (
        select(
            FeedToken.id.label("token_id"),
            Township.county_id,
            FeedToken.township_id,
            FeedToken.person_id,
            FeedToken.home_id,
            name.label("name"),
            name_en.label("name_en"),
            Township.name.label("township"),
            Township.name_en.label("township_en"),
            language.label("language"),
            County.timezone,
            FeedToken.alarm_minutes,
            FeedToken.chosen_at,
            FeedToken.last_fetched_at,
            _sum(func.count(Duty.id), Duty, shown[Duty], "duties"),
            _sum(func.max(Duty.changed_at), Duty, shown[Duty], "duties_changed"),
            _sum(func.count(Activity.id), Activity, shown[Activity], "activities"),
            _sum(func.max(Activity.changed_at), Activity, shown[Activity], "activities_changed"),
        )
        .join(Township, Township.id == FeedToken.township_id)
        .join(County, County.id == Township.county_id)
        .where(FeedToken.token_hash == bindparam("hash"), FeedToken.revoked_at.is_(None))
        .limit(1)
    )


def _sum(figure: Any, model: Any, whose: Any, label: str) -> Any:
    if whose is None:
        return (literal(0) if figure.name == "count" else null()).label(label)
    return select(figure).where(whose, _SHOWN[model]).scalar_subquery().label(label)


def _of_people(shown: dict[Any, Any], *allowed: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        _facts(Person.name, Person.name_en, func.coalesce(FeedToken.language, Account.language), shown)
        .join(Person, and_(Person.township_id == FeedToken.township_id, Person.id == FeedToken.person_id))
        .join(Account, and_(Account.township_id == FeedToken.township_id, Account.person_id == FeedToken.person_id))
        .where(Person.active, *allowed)
        .order_by(Account.created_at, Account.id)
    )


def _of_person() -> Select[*tuple[Any, ...]]:
    out = barred(FeedToken.township_id, FeedToken.person_id)
    shown = {Duty: Duty.person_id == FeedToken.person_id}
    return _of_people(shown, FeedToken.whole_township.is_(False), or_(Account.disabled.is_(False), out))


def _of_township() -> Select[*tuple[Any, ...]]:
    shown = {model: model.township_id == FeedToken.township_id for model in _SHOWN}
    may_read = and_(Account.disabled.is_(False), or_(*(Account.role == role for role in TOWNSHIP_READERS)))
    return _of_people(shown, FeedToken.whole_township.is_(True), may_read)


def _of_home() -> Select[*tuple[Any, ...]]:
    of_home = and_(Activity.township_id == FeedToken.township_id, Activity.home_id == FeedToken.home_id)
    return (
        _facts(Home.name, Village.name_en, func.coalesce(FeedToken.language, HOME_LANGUAGE), {Activity: of_home})
        .join(Home, and_(Home.township_id == FeedToken.township_id, Home.id == FeedToken.home_id))
        .join(Village, and_(Village.township_id == Home.township_id, Village.id == Home.village_id))
    )


def _of_text(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    columns = (column for column in query.selected_columns if column.key != "last_fetched_at")
    return query.with_only_columns(*columns, maintain_column_froms=True)


_QUERIES = {FeedKind.PERSON: _of_person(), FeedKind.HOME: _of_home(), FeedKind.TOWNSHIP: _of_township()}
TEXT_QUERIES = {kind: _of_text(query) for kind, query in _QUERIES.items()}
"""What the text of a live token's feed is made of, in one row: while it is the same, so is the text."""


def live_token(session: Session, person_id: str, *, whole_township: bool = False) -> FeedToken | None:
    """A person's token, of their own duties or of the whole township, that is neither rotated nor revoked."""
    return _live(session, and_(FeedToken.person_id == person_id, FeedToken.whole_township.is_(whole_township)))


def live_token_of_home(session: Session, home_id: str) -> FeedToken | None:
    """A Children's Home's token that is neither rotated nor revoked."""
    return _live(session, FeedToken.home_id == home_id)


def _live(session: Session, owned: Any) -> FeedToken | None:
    query = select(FeedToken).where(owned, FeedToken.revoked_at.is_(None))
    return session.scalar(query.order_by(FeedToken.created_at.desc()).limit(1))
