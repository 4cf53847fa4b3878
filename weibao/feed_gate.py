"""Before the program itself: a calendar that has its feed already is told so (304) from what was answered before.

The program's own answer to a question is remembered with the facts that it was made of. The same question reads these
facts anew, in one statement; only while they are the same is the same answer given, so that none is ever out of date.
Whatever else comes (another question, a changed duty, a browser with its cookies) goes on to the program.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wsgi import ClosingIterator

from tenants.enums import FeedKind
from tenants.queries.feed_tokens import TEXT_QUERIES, TOKEN_LENGTH, asked, hash_of
from tenants.scope import Scope
from tenants.services.feed_tokens import is_fetch_noted
from weibao.db import reading_connection
from weibao.prepared import Prepared

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REMEMBERED = 10_000
"""Answers kept, some 2 kB each; when there are more, all are forgotten."""
NOT_MODIFIED = "304 NOT MODIFIED"
_PATH = re.compile(rf"/feeds/([\w-]{{{TOKEN_LENGTH}}})\.ics")
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
_PLACE = ("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME")
_SCOPE = Scope.of_system(reason="feed token")

Note = Callable[[str, datetime], None]


@dataclass(frozen=True, kw_only=True)
class Question:
    """A calendar's question: whose feed (the token hashed), at which address of the server, and what it has already."""

    token_hash: str
    place: tuple[str, ...]
    has: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the text of a feed is made of, as the database's driver gives it."""

    kind: FeedKind
    row: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class _Answer:
    facts: Facts
    headers: list[tuple[str, str]]


class FeedGate:
    """The WSGI program around the program's. ``note`` is told a token of which a fetch was answered here."""

    def __init__(self, program: "WSGIApplication", engine: Engine, note: Note) -> None:
        self._program, self._engine, self._note = program, engine, note
        self._answers: dict[Question, _Answer] = {}
        self._noted: dict[Question, datetime] = {}
        examples = asked("", datetime.now(UTC))
        self._queries = {kind: Prepared(query, engine.dialect, examples) for kind, query in TEXT_QUERIES.items()}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        token = _token(environ)
        if token is None:
            return self._program(environ, start_response)
        question, now = _question(token, environ), datetime.now(UTC)
        known = self._answers.get(question)
        facts = self._facts(question, now, FeedKind if known is None else [known.facts.kind])
        if known is None or known.facts != facts:
            return self._program(environ, self._listening(question, facts, start_response))
        start_response(NOT_MODIFIED, [*known.headers])
        if is_fetch_noted(self._noted.get(question), now):
            return ()
        self._noted[question] = now
        return ClosingIterator((), [lambda: self._note(token, now)])

    def _facts(self, question: Question, now: datetime, kinds: Iterable[FeedKind]) -> Facts | None:
        """The facts now; None where there are none, or where the program had better tell of a fault."""
        values = asked(question.token_hash, now)
        try:
            with reading_connection(self._engine, _SCOPE) as connection:
                for kind in kinds:
                    if (row := self._queries[kind].first(connection, values)) is not None:
                        return Facts(kind=kind, row=row)
        except SQLAlchemyError:
            return None
        return None

    def _listening(self, question: Question, before: Facts | None, start_response: "StartResponse") -> "StartResponse":
        """Remember what the program answers, if nothing has changed while it did."""

        def begun(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            if status == NOT_MODIFIED and before and self._facts(question, datetime.now(UTC), [before.kind]) == before:
                self._remember(question, _Answer(facts=before, headers=[*headers]))
            return start_response(status, headers, exc_info)

        return begun

    def _remember(self, question: Question, answer: _Answer) -> None:
        if len(self._answers) >= REMEMBERED:
            self._answers.clear()
            self._noted.clear()
        self._answers[question] = answer


def _token(environ: "WSGIEnvironment") -> str | None:
    """The token, where the question is that of a calendar that has the feed already."""
    path = _PATH.fullmatch(environ.get("PATH_INFO", ""))
    if path is None or environ.get("REQUEST_METHOD") != "GET" or environ.get("HTTP_COOKIE"):
        return None
    return path[1] if any(environ.get(name) for name in _CONDITIONS) else None


def _question(token: str, environ: "WSGIEnvironment") -> Question:
    place, has = (tuple(str(environ.get(name, "")) for name in names) for names in (_PLACE, _CONDITIONS))
    return Question(token_hash=hash_of(token), place=place, has=has)
