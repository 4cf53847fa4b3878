"""Before the program itself: a calendar that asks again is answered from what was answered before.

The program's own answer to a question (that nothing is new, or the whole text for those calendars that do not say what
they have) is remembered with the facts that it was made of. The same question reads these facts anew, in one statement;
only while they are the same is the same answer given, so that none is ever out of date. Whatever else comes (another
question, a changed duty, a browser with its cookies) goes on to the program.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import closing
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

REMEMBERED = 32 * 1024 * 1024
"""Bytes of answers kept: some 60 kB for the text of a hundred events. When there are more, all are forgotten."""
HEADERS = 2048
"""What an answer takes beside its text: its headers, and the question."""
LONGEST_QUESTION = 512
"""Characters of the address and of what the calendar has; a longer question is no calendar's, and is not remembered."""
TEXT, NOTHING_NEW = "200 OK", "304 NOT MODIFIED"
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

    @property
    def length(self) -> int:
        """Characters that whoever asks has chosen."""
        return sum(map(len, (*self.place, *self.has)))


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the text of a feed is made of, as the database's driver gives it."""

    kind: FeedKind
    row: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class _Answer:
    facts: Facts
    status: str
    headers: list[tuple[str, str]]
    text: bytes


class FeedGate:
    """The WSGI program around the program's. ``note`` is told a token of which a fetch was answered here."""

    def __init__(self, program: "WSGIApplication", engine: Engine, note: Note) -> None:
        self._program, self._engine, self._note = program, engine, note
        self._answers: dict[Question, _Answer] = {}
        self._noted: dict[Question, datetime] = {}
        self._size = 0
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
            return self._passed_on(question, facts, environ, start_response)
        start_response(known.status, [*known.headers])
        if is_fetch_noted(self._noted.get(question), now):
            return (known.text,)
        self._noted[question] = now
        return ClosingIterator((known.text,), [lambda: self._note(token, now)])

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

    def _passed_on(
        self, question: Question, before: Facts | None, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """The program's answer, remembered if it lasts and nothing has changed while it was made."""
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def begin(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            begun.append((status, [*headers]))
            return start_response(status, headers, exc_info)

        with closing(ClosingIterator(self._program(environ, begin))) as parts:
            text = b"".join(parts)
        status, headers = begun[-1]
        # With the text a calendar has another question the next time.
        lasts = status == (NOTHING_NEW if any(question.has) else TEXT) and question.length <= LONGEST_QUESTION
        if before and lasts and self._facts(question, datetime.now(UTC), [before.kind]) == before:
            self._remember(question, _Answer(facts=before, status=status, headers=headers, text=text))
        return (text,)

    def _remember(self, question: Question, answer: _Answer) -> None:
        if self._size > REMEMBERED:
            self._answers.clear()
            self._noted.clear()
            self._size = 0
        self._answers[question] = answer
        self._size += len(answer.text) + HEADERS


def _token(environ: "WSGIEnvironment") -> str | None:
    """The token, where the question is a calendar's and no browser's."""
    path = _PATH.fullmatch(environ.get("PATH_INFO", ""))
    if path is None or environ.get("REQUEST_METHOD") != "GET" or environ.get("HTTP_COOKIE"):
        return None
    return path[1]


def _question(token: str, environ: "WSGIEnvironment") -> Question:
    place, has = (tuple(str(environ.get(name, "")) for name in names) for names in (_PLACE, _CONDITIONS))
    return Question(token_hash=hash_of(token), place=place, has=has)
