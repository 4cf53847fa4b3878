"""Log a browser in and out: the cookie holds a secret, the database its hash."""

from datetime import timedelta

from flask import current_app, request, session
from flask_login import login_user, logout_user

from tenants.crypto import Keyring
from tenants.models import Account, utc_now
from tenants.queries import accounts
from tenants.scope import Scope
from tenants.services import log_ins, passwords, second_factor
from weibao import known_devices, signed
from weibao.access import LoginUser, load_user, me
from weibao.config import Config
from weibao.db import session_for

CODE_WITHIN = timedelta(minutes=10)
"""So long after the password the code of the second factor is taken."""
_WAITING = "second_factor_of"
_KEPT = ("language",)


def settings() -> Config:
    """The program's settings."""
    config: Config = current_app.config["WEIBAO"]
    return config


def keyring() -> Keyring:
    """The keys that seal identities and second factors."""
    return settings().keyring


def tries(username: str) -> log_ins.Tries:
    """Whose failures count for this try."""
    return log_ins.Tries(username=username, address=request.remote_addr or "", known=known_devices.knows(username))


def wait_seconds(username: str) -> int:
    """Seconds until another try is heard; asked before any hashing."""
    with session_for(Scope.of_system(reason="log in"), reading=True) as work:
        return int(log_ins.wait(work, tries(username)).total_seconds())


def check_password(username: str, password: str) -> Account | None:
    """The account, if the password is right; a failure is counted."""
    with session_for(Scope.of_system(reason="log in")) as work:
        account = accounts.by_username(work, username)
        if not passwords.matches(account, password):
            log_ins.failed(work, tries(username))
            return None
        return account


def check_code(account_id: str, username: str, code: str) -> bool:
    """Whether the second factor's code is right; a failure is counted.

    The account is locked meanwhile: a code that two send at once is taken from one.
    """
    with session_for(Scope.of_system(reason="log in")) as work:
        account = accounts.active(work, account_id)
        if account is not None:
            work.refresh(account, with_for_update=True)
        right = account is not None and second_factor.check(account, keyring(), code)
        if not right:
            log_ins.failed(work, tries(username))
        return right


def wait_for_code(account: Account) -> None:
    """Remember whose password was right, and when, until the code is given."""
    session.clear()
    since = int(utc_now().timestamp())
    session[_WAITING] = {"account": account.id, "since": since, "proof": _proof(account, since)}


def waiting_account() -> str | None:
    """Whose code is awaited.

    A password is one of two factors, so that it was right once counts for ten minutes, and only as long as it is the
    account's: not after a change, by a link either, nor while the account is closed.
    """
    held = session.get(_WAITING)
    if not isinstance(held, dict):
        return None
    with session_for(Scope.of_system(reason="log in"), reading=True) as work:
        account = accounts.active(work, held["account"])
    age = utc_now().timestamp() - held["since"]
    if account is None or age > CODE_WITHIN.total_seconds() or held["proof"] != _proof(account, held["since"]):
        del session[_WAITING]
        return None
    return account.id


def _proof(account: Account, since: int) -> str:
    """A mark of the present password, which nobody can make or read a password from."""
    return signed.mark("password was right", f"{account.id}:{since}:{account.password_hash}")


def let_in(account_id: str, username: str) -> LoginUser:
    """Begin a log-in on this device, and put its secret into a fresh cookie."""
    with session_for(Scope.of_system(reason="log in")) as work:
        account = accounts.active(work, account_id)
        if account is None:
            raise LookupError("the account has gone")
        device = request.user_agent.string or ""
        token = log_ins.begin(
            work, account, device=device, address=request.remote_addr or "", minutes=settings().session_minutes
        )
        log_ins.passed(work, tries(username))
        known_devices.remember(account.username, account.id)
    kept = {key: session[key] for key in _KEPT if key in session}
    session.clear()
    session.update(kept)
    user: LoginUser | None = load_user(token)
    if user is None:
        raise LookupError("the log-in has gone")
    login_user(user)
    return user


def let_out() -> None:
    """End this device's log-in."""
    user = me()
    with session_for(Scope.of_system(reason="log out")) as work:
        log_ins.end(work, user.id, user.log_in_id)
    logout_user()
    session.clear()


def end_others(account_id: str, *, but: str | None = None) -> None:
    """End an account's log-ins elsewhere: after a password change, or when it is disabled."""
    with session_for(Scope.of_system(reason="end log-ins")) as work:
        log_ins.end_all(work, account_id, but=but)
