"""Log-ins kept on the server: begin, find, end; the throttle that answers before any password is hashed.

Every function here takes a system session (the tables are closed to requests).
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tenants.models import Account, AccountSession, LoginThrottle, utc_now

FREE_TRIES = 5
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
class Tries:
    """Whose failures are counted together: one account name, and one address."""

    username: str
    address: str

    @property
    def keys(self) -> tuple[str, str]:
        """The throttle's keys."""
        return token_hash(f"name:{self.username.strip().lower()}"), token_hash(f"address:{self.address}")


def wait(session: Session, tries: Tries) -> timedelta:
    """How long until another try is heard; zero: now. Five are free, then the wait doubles from 30 s to 30 min."""
    rows = session.scalars(select(LoginThrottle).where(LoginThrottle.key.in_(tries.keys)))
    return max((_remaining(row, utc_now()) for row in rows), default=timedelta())


def _remaining(row: LoginThrottle, now: datetime) -> timedelta:
    if row.failures < FREE_TRIES or row.last_at < now - FORGET:
        return timedelta()
    doubled: timedelta = FIRST_WAIT * 2 ** min(row.failures - FREE_TRIES, 12)
    return max(timedelta(), row.last_at + min(doubled, LONGEST_WAIT) - now)


def failed(session: Session, tries: Tries) -> None:
    """Count a failure for the name and for the address."""
    now = utc_now()
    for key in tries.keys:
        row = session.get(LoginThrottle, key, with_for_update=True)
        if row is None:
            row = LoginThrottle(key=key, failures=0)
            session.add(row)
        row.failures = 1 if row.last_at and row.last_at < now - FORGET else row.failures + 1
        row.last_at = now
    session.flush()


def passed(session: Session, tries: Tries) -> None:
    """Forget the name's failures; the address keeps its own."""
    row = session.get(LoginThrottle, tries.keys[0])
    if row is not None:
        session.delete(row)
