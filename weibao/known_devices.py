"""Devices that an account has logged in on: a cookie of their own, by which they pass an address's limit of tries.

It lets nobody in and names nobody: for each account a mark of this program's, of its name and of its id. Whoever takes
the cookie is held by the account's own limit still.
"""

from flask import after_this_request, current_app, request
from flask.wrappers import Response

from weibao import signed

KEPT_SECONDS = 180 * 24 * 3600
ACCOUNTS = 8
"""So many accounts of one device are kept, the last ones."""
_PURPOSE = "known device"
_SEPARATOR = "."


def knows(name: str) -> bool:
    """Whether an account of this user name, or of this id, has logged in on the asking device."""
    return any(signed.holds(one, _PURPOSE, _plain(name)) for one in _marks())


def remember(username: str, account_id: str) -> None:
    """Let the answer's cookie name this account's device."""
    fresh = [signed.mark(_PURPOSE, _plain(name)) for name in (username, account_id)]
    kept = (fresh + [one for one in _marks() if one not in fresh])[: 2 * ACCOUNTS]

    @after_this_request
    def _write(response: Response) -> Response:
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        response.set_cookie(
            _name(), _SEPARATOR.join(kept), max_age=KEPT_SECONDS, httponly=True, secure=secure, samesite="Lax"
        )
        return response


def _name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-known"


def _marks() -> list[str]:
    return request.cookies.get(_name(), "").split(_SEPARATOR)[: 2 * ACCOUNTS]


def _plain(name: str) -> str:
    return name.strip().lower()
