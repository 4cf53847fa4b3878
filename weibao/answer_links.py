"""Signed links by which somebody says when they are free, without a log-in.

A link names an invitation and its serial and carries an HMAC-SHA-256 under the program's own key: nothing of it is
kept, so that the station can copy it again, and a database that gets out holds no link.
"""

from tenants.models.base import ID_LENGTH
from weibao import signed

_PURPOSE = "availability answer"
_LONGEST = 100


def token_of(invitation_id: str, serial: int) -> str:
    """The secret part of an invitation's address."""
    body = f"{invitation_id}{serial}"
    return f"{body}.{signed.mark(_PURPOSE, body)}"


def read(token: str) -> tuple[str, int] | None:
    """The invitation and serial that a token names; None: it was not made here."""
    body, _dot, mark = token.partition(".")
    if len(token) > _LONGEST or not token.isascii() or not signed.holds(mark, _PURPOSE, body):
        return None
    return body[:ID_LENGTH], int(body[ID_LENGTH:])
