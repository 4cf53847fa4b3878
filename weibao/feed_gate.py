"""Before the program itself: a calendar that has its feed already is told so (304) from what was answered before.

The program's own answer is remembered with the facts that it was made of. Each question reads these facts anew, in one
statement; only while they are the same is the remembered answer given again, so that none is ever out of date. Whatever
else comes (a new address, a changed duty, a browser with its cookies) goes on to the program.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import is_resource_modified
from werkzeug.wsgi import ClosingIterator

from tenants.queries.feed_tokens import TOKEN_LENGTH, FeedOwner, hash_of, owner_by
from tenants.scope import Scope
from weibao.db import reading_connection

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ANSWERED = "weibao.feed"
"""Where in a question's environment the program leaves what it answered (Answered)."""
REMEMBERED = 10_000
"""Answers kept, some 2 kB each; when there are more, all are forgotten."""
NOT_MODIFIED = "304 NOT MODIFIED"
_PATH = re.compile(rf"/feeds/([\w-]{{{TOKEN_LENGTH}}})\.ics")
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
_PLACE = ("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME")

Note = Callable[[FeedOwner, datetime], None]


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What the program made an answer of, and its validators."""

    owner: FeedOwner
    etag: str

    def is_of(self, owner: FeedOwner) -> bool:
        """Whether nothing has changed since, but for the last fetch."""
        return replace(owner, last_fetched_at=None) == replace(self.owner, last_fetched_at=None)


@dataclass(frozen=True, kw_only=True)
class _Known:
    answered: Answered
    headers: list[tuple[str, str]]


class FeedGate:
    """The WSGI program around the program's. ``note`` is told of each fetch once it is answered."""

    def __init__(self, program: "WSGIApplication", engine: Engine, note: Note) -> None:
        self._program, self._engine, self._note = program, engine, note
        self._known: dict[tuple[str, ...], _Known] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        key = _key(environ)
        if key is None:
            return self._program(environ, start_response)
        known = self._known.get(key)
        now = datetime.now(UTC)
        owner = self._still(known, key[0], now) if known else None
        if known is None or owner is None or _is_news(environ, known.answered):
            return self._program(environ, self._listening(key, environ, start_response))
        start_response(NOT_MODIFIED, [*known.headers])
        return ClosingIterator((), [lambda: self._note(owner, now)])

    def _still(self, known: _Known, token_hash: str, now: datetime) -> FeedOwner | None:
        """The owner as the database has it now, if the answer still holds; a fault there is the program's to tell."""
        scope = Scope.of_system(reason="feed token")
        try:
            with reading_connection(self._engine, scope) as connection:
                owner = owner_by(connection, known.answered.owner.kind, token_hash, now)
        except SQLAlchemyError:
            return None
        return owner if owner and known.answered.is_of(owner) else None

    def _listening(
        self, key: tuple[str, ...], environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> "StartResponse":
        def begun(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            if status == NOT_MODIFIED and ANSWERED in environ:
                self._remember(key, _Known(answered=environ[ANSWERED], headers=[*headers]))
            return start_response(status, headers, exc_info)

        return begun

    def _remember(self, key: tuple[str, ...], known: _Known) -> None:
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[key] = known


def _key(environ: "WSGIEnvironment") -> tuple[str, ...] | None:
    """What answers are remembered by, where the question is a calendar's that knows the feed; the token only hashed."""
    asked = _PATH.fullmatch(environ.get("PATH_INFO", ""))
    if asked is None or environ.get("REQUEST_METHOD") != "GET" or environ.get("HTTP_COOKIE"):
        return None
    if not any(environ.get(name) for name in _CONDITIONS):
        return None
    return hash_of(asked[1]), *(str(environ.get(name, "")) for name in _PLACE)


def _is_news(environ: "WSGIEnvironment", answered: Answered) -> bool:
    changed_at = answered.owner.state.changed_at
    return is_resource_modified(environ, f'"{answered.etag}"', last_modified=changed_at)
