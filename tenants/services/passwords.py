"""Passwords: what is allowed, hashing by argon2id, one-time links to set one."""

import secrets
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.common_passwords import is_common
from tenants.enums import LinkPurpose
from tenants.errors import InvalidError, NotFoundError
from tenants.models import Account, AccountLink, utc_now
from tenants.services import audit_log, log_ins

MINIMUM = 10
MAXIMUM = 200
LIFETIMES = {LinkPurpose.INVITATION: timedelta(days=7), LinkPurpose.RECOVERY: timedelta(hours=24)}
_hasher = PasswordHasher()


@cache
def _decoy() -> str:
    return _hasher.hash("nobody has this password")


def hash_of(password: str) -> str:
    """What the database keeps of a password (argon2id)."""
    return _hasher.hash(password)


def matches(account: Account | None, password: str) -> bool:
    """Whether the password is the account's; a missing account costs the same time, so names cannot be tried out."""
    try:
        right = _hasher.verify(account.password_hash if account and account.password_hash else _decoy(), password)
    except (VerificationError, InvalidHashError):
        return False
    return right and account is not None and bool(account.password_hash) and not account.disabled


def check_rules(password: str, username: str) -> None:
    """Length, and not one that everybody tries first (NIST SP 800-63B, 5.1.1.2); no rule on kinds of characters.

    Raises:
        InvalidError: it breaks a rule.

    """
    if len(password) < MINIMUM:
        raise InvalidError("must have at least 10 characters", field="password")
    if len(password) > MAXIMUM:
        raise InvalidError("must have at most 200 characters", field="password")
    if is_common(password) or len(set(password.lower())) < 4:
        raise InvalidError("is one that is tried first: choose another", field="password")
    if len(username) > 3 and username.lower() in password.lower():
        raise InvalidError("must not contain the user name", field="password")


def change(session: Session, actor: Actor, account: Account, password: str) -> None:
    """Set a password; the caller ends the account's other log-ins in a system session.

    Raises:
        InvalidError: it breaks a rule.

    """
    check_rules(password, account.username)
    account.password_hash = hash_of(password)
    audit_log.record(session, actor, "account.password", "account", account.id)


def new_link_token() -> str:
    """A fresh secret for a one-time link."""
    return secrets.token_urlsafe(32)


def keep_link(session: Session, account_id: str, purpose: LinkPurpose, token: str) -> None:
    """Let a secret set the account's password, once; earlier ones stop working. Takes a system session."""
    account = session.scalars(select(Account).where(Account.id == account_id)).one()
    now = utc_now()
    earlier = select(AccountLink).where(AccountLink.account_id == account_id, AccountLink.used_at.is_(None))
    for link in session.scalars(earlier):
        link.used_at = now
    session.add(
        AccountLink(
            county_id=account.county_id,
            account_id=account_id,
            purpose=purpose,
            token_hash=log_ins.token_hash(token),
            expires_at=now + LIFETIMES[purpose],
        )
    )
    session.flush()


def link_of(session: Session, token: str) -> AccountLink:
    """The live link behind a secret. Takes a system session.

    Raises:
        NotFoundError: it is unknown, used or too old; the answer is the same.

    """
    link = session.scalar(
        select(AccountLink)
        .where(
            AccountLink.token_hash == log_ins.token_hash(token),
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > utc_now(),
        )
        .with_for_update()
    )
    if link is None:
        raise NotFoundError("no such link")
    return link


def username_of_link(session: Session, token: str) -> str:
    """Whose password a link sets. Takes a system session; raises NotFoundError as ``link_of`` does."""
    link = link_of(session, token)
    return session.scalars(select(Account.username).where(Account.id == link.account_id)).one()


def use_link(session: Session, token: str, password: str) -> Account:
    """Set the password, use the link up, and end every log-in of the account. Takes a system session.

    Raises:
        NotFoundError: the link is unknown, used or too old.
        InvalidError: the password breaks a rule.

    """
    link = link_of(session, token)
    account = session.scalars(select(Account).where(Account.id == link.account_id)).one()
    actor = Actor(county_id=account.county_id, account_id=account.id, township_id=account.township_id)
    change(session, actor, account, password)
    link.used_at = utc_now()
    log_ins.end_all(session, account.id)
    return account
