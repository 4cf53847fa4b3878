"""Log-ins kept on the server: begin, find, end; the throttle that answers before any password is hashed.

Every function here takes a system session (the tables are closed to requests).
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tenants.models import Account, AccountSession, LoginThrottle, utc_now

FREE_TRIES = 5
FREE_TRIES_OF_ADDRESS = 50
"""A whole station or a phone network stands behind one address."""
ADDRESS_FORGETS_ONE = timedelta(minutes=5)
"""So often an address's failures become one less."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=30)
FORGET = timedelta(hours=24)
SEEN_EVERY = timedelta(minutes=5)


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(session: Session, account: Account, *, device: str, address: str, minutes: int) -> str:
    """Log a device in; returns the secret for its cookie, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    session.add(
        AccountSession(
            county_id=account.county_id,
            account_id=account.id,
            token_hash=token_hash(token),
            device=device[:200],
            address=address[:45],
            ends_at=utc_now() + timedelta(minutes=minutes),
        )
    )
    session.flush()
    return token


def find(session: Session, token: str) -> AccountSession | None:
    """The live log-in behind a cookie."""
    now = utc_now()
    return session.scalar(
        select(AccountSession).where(
            AccountSession.token_hash == token_hash(token),
            AccountSession.ended_at.is_(None),
            AccountSession.ends_at > now,
        )
    )


def is_stale(held: AccountSession) -> bool:
    """Whether it is time to note that the device was seen."""
    return held.seen_at < utc_now() - SEEN_EVERY


def see(session: Session, log_in_id: str) -> None:
    """Note that a device was seen."""
    session.execute(update(AccountSession).where(AccountSession.id == log_in_id).values(seen_at=utc_now()))


def devices(session: Session, account_id: str) -> list[AccountSession]:
    """The account's live log-ins, the last seen first."""
    now = utc_now()
    query = select(AccountSession).where(
        AccountSession.account_id == account_id, AccountSession.ended_at.is_(None), AccountSession.ends_at > now
    )
    return list(session.scalars(query.order_by(AccountSession.seen_at.desc())))


def end(session: Session, account_id: str, session_id: str) -> None:
    """End one of the account's log-ins."""
    _end_where(session, AccountSession.account_id == account_id, AccountSession.id == session_id)


def end_all(session: Session, account_id: str, *, but: str | None = None) -> None:
    """End every log-in of an account, but for one session id."""
    conditions = [AccountSession.account_id == account_id]
    if but is not None:
        conditions.append(AccountSession.id != but)
    _end_where(session, *conditions)


def _end_where(session: Session, *conditions: object) -> None:
    statement = update(AccountSession).where(AccountSession.ended_at.is_(None), *conditions)  # type: ignore[arg-type]  # SQL expressions
    session.execute(statement.values(ended_at=utc_now()))


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How many failures are free, and how they are forgotten: one by one, or all of them a day after the last."""

    free: int
    forgets_one: timedelta | None = None

    def counted(self, row: LoginThrottle, now: datetime) -> int:
        """The failures that still count."""
        passed = now - row.last_at
        if self.forgets_one is not None:
            return max(0, row.failures - round(passed / self.forgets_one))
        return row.failures if passed <= FORGET else 0

    def remaining(self, row: LoginThrottle, now: datetime) -> timedelta:
        """How long from now the next try is not heard; zero: it is."""
        beyond = self.counted(row, now) - self.free
        if beyond < 0:
            return timedelta()
        doubled: timedelta = FIRST_WAIT * 2 ** min(beyond, 12)
        return max(timedelta(), row.last_at + min(doubled, LONGEST_WAIT) - now)


OF_NAME = Limit(free=FREE_TRIES)
OF_ADDRESS = Limit(free=FREE_TRIES_OF_ADDRESS, forgets_one=ADDRESS_FORGETS_ONE)


@dataclass(frozen=True, kw_only=True)
class Tries:
    """Whose failures are counted together: one account name, and one address.

    ``known``: the account has logged in on this device before, so that its address's strangers do not lock it out, nor
    its own failures them.
    """

    username: str
    address: str
    known: bool = False

    @property
    def name_key(self) -> str:
        """The throttle's key of the name."""
        return token_hash(f"name:{self.username.strip().lower()}")

    @property
    def limits(self) -> dict[str, Limit]:
        """The throttle's keys with the limit of each."""
        name = {self.name_key: OF_NAME}
        return name if self.known else name | {token_hash(f"address:{self.address}"): OF_ADDRESS}


def wait(session: Session, tries: Tries) -> timedelta:
    """How long until another try is heard; zero: now.

    Five are free for a name and fifty for an address, then the wait doubles from 30 s to 30 min.
    """
    limits, now = tries.limits, utc_now()
    rows = session.scalars(select(LoginThrottle).where(LoginThrottle.key.in_(limits)))
    return max((limits[row.key].remaining(row, now) for row in rows), default=timedelta())


def failed(session: Session, tries: Tries) -> None:
    """Count a failure for the name and, unless the device is known, for the address."""
    now = utc_now()
    for key, limit in tries.limits.items():
        row = _throttle(session, key, now)
        row.failures, row.last_at = limit.counted(row, now) + 1, now
    session.flush()


def _throttle(session: Session, key: str, now: datetime) -> LoginThrottle:
    """The key's row, locked; of two first failures at once one makes it, and the other counts in it."""
    row = session.get(LoginThrottle, key, with_for_update=True)
    if row is not None:
        return row
    try:
        with session.begin_nested():
            row = LoginThrottle(key=key, failures=0, last_at=now)
            session.add(row)
            session.flush()
    except IntegrityError:
        row = session.get_one(LoginThrottle, key, with_for_update=True)
    return row


def passed(session: Session, tries: Tries) -> None:
    """Forget the name's failures; the address keeps its own, or one account would clear it for guesses at others."""
    row = session.get(LoginThrottle, tries.name_key)
    if row is not None:
        session.delete(row)
