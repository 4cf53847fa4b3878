"""TOTP as a second factor (RFC 6238): begin, confirm, check, take away."""

import pyotp
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.crypto import Keyring, Place, SealError
from tenants.enums import AccountRole
from tenants.errors import InvalidError
from tenants.models import Account, utc_now
from tenants.services import audit_log

REQUIRED = frozenset({AccountRole.COUNTY_OFFICER, AccountRole.STATION_HEAD})
STEP = 30


def _place(account: Account) -> Place:
    return Place(table="account", column="totp_sealed", tenant=account.county_id, row=account.id)


def begin(account: Account, keyring: Keyring) -> str:
    """A fresh secret for the authenticator app, sealed into the account; it counts once a code confirms it."""
    secret = pyotp.random_base32()
    account.totp_sealed = keyring.seal(secret, _place(account))
    account.totp_since = None
    account.totp_last_step = None
    return secret


def address(account: Account, secret: str, issuer: str) -> str:
    """The otpauth address for an authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=issuer)


def secret_of(account: Account, keyring: Keyring) -> str | None:
    """The secret that waits for its confirmation, or is in force."""
    if account.totp_sealed is None:
        return None
    try:
        return keyring.open(account.totp_sealed, _place(account))
    except SealError:
        return None


def check(account: Account, keyring: Keyring, code: str) -> bool:
    """Whether a code is right now (one step of 30 s either way) and has not been used before."""
    secret = secret_of(account, keyring)
    if secret is None or not code.isdigit():
        return False
    totp, now = pyotp.TOTP(secret), int(utc_now().timestamp()) // STEP
    for step in (now, now - 1, now + 1):
        fresh = account.totp_last_step is None or step > account.totp_last_step
        if fresh and pyotp.utils.strings_equal(totp.at(step * STEP), code):
            account.totp_last_step = step
            return True
    return False


def confirm(session: Session, actor: Actor, account: Account, keyring: Keyring, code: str) -> None:
    """Put the second factor in force.

    Raises:
        InvalidError: the code is wrong.

    """
    if not check(account, keyring, code):
        raise InvalidError("the code is wrong or too old", field="code")
    account.totp_since = utc_now()
    audit_log.record(session, actor, "account.second_factor", "account", account.id)


def take_away(session: Session, actor: Actor, account: Account) -> None:
    """Remove it: by its owner, or by the level above when a phone is lost."""
    account.totp_sealed = account.totp_since = account.totp_last_step = None
    audit_log.record(session, actor, "account.second_factor_removed", "account", account.id)


def reseal(account: Account, keyring: Keyring) -> bool:
    """Seal the secret anew if it is under an older key; returns whether it was."""
    return keyring.reseal(account, "totp_sealed", _place(account))
