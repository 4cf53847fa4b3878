"""Hostile inputs for every address of the program: forms as its own pages show them, with wrong things in them."""

import os
import re
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import quote

from flask import Flask, got_request_exception
from flask.testing import FlaskClient
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests import databases
from tests.conftest import csrf_token, post
from tests.security.matrix import Subject
from tests.world import PASSWORD
from weibao.db import db

SECONDS = 5.0
"""No answer may take longer."""
RENEWED = 300
"""Requests after which the database is put back: some of them close accounts and end sessions."""
NASTY = (
    "", " ", "0", "-1", "1", "2", "99999999999999999999", "1e309", "NaN", "0x10", "1_000", "٣", "²", "１", "+5", "1.5",
    "\0", "a\0b", "\r\nSet-Cookie: a=b", "%00", "%s%n", "../../etc/passwd", "<script>alert(1)</script>", "{{7*7}}",
    "'; drop table child; --", '"', "=1+1", "@SUM(A1)", "0000-00-00", "2026-02-30", "0001-01-01", "9999-12-31",
    "2026-13-01", "2026-11-24", "1969-12-31", "24:00", "00:00", "23:59:60", "-00:01", "12:30:00", "on", "y", "true",
    "null", "[]", '{"a":1}', "left_behind", "high", "close", "erase", "add", "remove-0", "remove-999999", "remove-²",
    "女" * 41, "x" * 201, "y" * 5000, "z" * 300_000, "\u202eabc", "😀", "e\u0301" * 30, "\ufeff", "Ａ" * 20,
    "aaaaaaaaaaaaaaaaaaaaaaaaaa",
)  # fmt: skip
HEADERS: Sequence[dict[str, str]] = (
    {}, {}, {}, {"HX-Request": "true"}, {"HX-Request": "true", "HX-Boosted": "true"}, {"HX-Request": "\xff"},
    {"HX-Request": "true", "HX-Current-URL": "http://[::1"}, {"Accept-Language": ",;q=x,*;q=9"},
    {"Host": "evil.example"},
    {"Cookie": "weibao=eyJhIjoxfQ.x.y; language=\xe9"}, {"Referer": "javascript:1"}, {"X-Forwarded-For": "a,b,c"},
    {"If-None-Match": '"' + "x" * 2000}, {"If-Modified-Since": "yesterday"}, {"Range": "bytes=-5-,"},
    {"Accept": "*/*;q=z"}, {"User-Agent": "u" * 5000},
)  # fmt: skip
BODIES: Sequence[tuple[str, bytes]] = (
    ("application/json", b'{"a":'), ("text/plain", b"\xff\xfe"), ("", b"a=1&csrf_token=x"),
    ("application/x-www-form-urlencoded", b"\xff=%ff&%zz=%&a[]=1&&&="), ("multipart/form-data", b"--x"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a\r\n\r\n--x--'),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"+ADw-a=1"),
    ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(1500))),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Target:
    """An address with the names and possible values of its fields, as a page shows them."""

    method: str
    path: str
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One hostile request."""

    who: int
    target: Target
    path: str
    fields: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    token: bool
    body: tuple[str, bytes] | None
    file: tuple[str, bytes] | None = None
    """The field and the content of a file that is sent."""


@dataclass(kw_only=True)
class Catch:
    """What a flood has shown."""

    requests: int = 0
    slowest: float = 0.0
    answers: Counter[int] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)

    def fault(self, kind: str, detail: str) -> None:
        """Keep one example of each kind."""
        self.faults.setdefault(kind, detail)


class _Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, list[str]]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or a field of the present one."""
        facts = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.found.append((facts.get("method", "get").upper(), facts.get("action", ""), {}))
        if not self.found:
            return
        fields = self.found[-1][2]
        name = facts.get("name", "")
        if tag == "select":
            self._select = name
        if tag == "option" and self._select:
            fields.setdefault(self._select, []).append(facts.get("value", ""))
        if tag in {"input", "textarea", "button"} and name and name != "csrf_token":
            fields.setdefault(name, []).append(facts.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """A select's options end with it."""
        if tag == "select":
            self._select = ""


def targets(addresses: Iterable[tuple[str, str]], shown_to: Callable[[str], FlaskClient | None]) -> list[Target]:
    """Every address (method and path), with its fields where a page shows a form for it.

    ``shown_to`` gives the browser of somebody who may see a page.
    """
    found: dict[tuple[str, str], dict[str, list[str]]] = {address: {} for address in addresses}
    for page in [path for method, path in found if method == "GET"]:
        client = shown_to(page)
        for method, action, fields in _forms(client, page) if client else ():
            known = found.setdefault((method, action.split("?")[0]), {})
            for name, values in fields.items():
                known.setdefault(name, []).extend(values)
    return [
        Target(method=method, path=path, fields=tuple((name, tuple(sorted(set(v)))) for name, v in fields.items()))
        for (method, path), fields in sorted(found.items())
    ]


def _forms(client: FlaskClient, path: str) -> list[tuple[str, str, dict[str, list[str]]]]:
    answer = client.get(path)
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return []
    parser = _Forms()
    parser.feed(answer.text)
    return [(method, action or path, fields) for method, action, fields in parser.found if action.startswith("/")]


_TEXT = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.integers().map(str)
_ODD_NAMES = st.sampled_from(
    ["page", "next", "from", "day", "home", "tab", "in", "step", "revision", "roles-0-role", "x"]
)


@st.composite
def shots(draw: st.DrawFn, people: int, known: Sequence[Target]) -> Shot:
    """A request that is mostly right, and wrong in one to four places."""
    target = draw(st.sampled_from(known))
    fields = [(name, draw(st.sampled_from(values)) if values else "") for name, values in target.fields]
    for _ in range(draw(st.integers(0, 3))):
        fields = _spoilt(draw, fields)
    return Shot(
        who=draw(st.integers(0, people - 1)),
        target=target,
        path=_path(draw, target.path),
        fields=tuple(fields),
        headers=draw(st.sampled_from(HEADERS)),
        token=draw(st.integers(0, 9)) > 0,
        body=draw(st.sampled_from(BODIES)) if draw(st.integers(0, 11)) == 0 else None,
    )


def _spoilt(draw: st.DrawFn, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """One field replaced, dropped or doubled, or one more."""
    how = draw(st.integers(0, 5)) if fields else 5
    if how == 5:
        return [*fields, (draw(_ODD_NAMES), draw(_TEXT))]
    place = draw(st.integers(0, len(fields) - 1))
    if how == 4:
        return fields[:place] + fields[place + 1 :]
    if how == 3:
        return [*fields, fields[place]]
    return [*fields[:place], (fields[place][0], draw(_TEXT)), *fields[place + 1 :]]


def _path(draw: st.DrawFn, path: str) -> str:
    """The path, with one of its parts spoilt now and then."""
    if draw(st.integers(0, 7)):
        return path
    parts = path.split("/")
    place = draw(st.integers(1, len(parts) - 1))
    parts[place] = quote(draw(_TEXT)[:300], safe="")
    return "/".join(parts)


def processor_time() -> float:
    """Seconds of processor that this process and the ones that it has waited for have used."""
    return sum(os.times()[:4])


class Flood:
    """Clients over a program whose database can be put back; counts what comes of each shot."""

    def __init__(
        self,
        app: Flask,
        subjects: Sequence[Subject],
        catch: Catch,
        seconds: float = SECONDS,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.app, self.catch, self.seconds, self._clock = app, catch, seconds, clock
        self.clients = [self._client(subject) for subject in subjects]
        self.tokens = [csrf_token(client) for client in self.clients]
        self._raised = ""
        got_request_exception.connect(self._note, app)
        self._settle()
        self._put_back = databases.kept(app.config["SQLALCHEMY_DATABASE_URI"])

    def _client(self, subject: Subject) -> FlaskClient:
        client = self.app.test_client()
        if subject.role is not None:
            assert post(client, "/login", {"username": subject.name, "password": PASSWORD}).status_code == 303
        self.cookie = client.get_cookie("weibao")
        return client

    def _note(self, sender: Flask, exception: BaseException, **_: Any) -> None:
        self._raised = "".join(traceback.format_exception(exception)[-3:])

    def _settle(self) -> None:
        """Let go of the database."""
        with self.app.app_context():
            db.engine.dispose()

    def renew(self) -> None:
        """Put the database back; everybody is logged in as at the beginning."""
        self._settle()
        self._put_back()

    def fire(self, shot: Shot) -> TestResponse:
        """Send it, look at what comes back, and return that."""
        client, catch = self.clients[shot.who], self.catch
        kept = client.get_cookie("weibao")
        self._raised, begun = "", self._clock()
        answer = client.open(shot.path, method=shot.target.method, **self._content(shot))
        taken = self._clock() - begun
        if kept is not None:
            client.set_cookie("weibao", kept.value)
        catch.requests += 1
        catch.answers[answer.status_code] += 1
        catch.slowest = max(catch.slowest, taken)
        self._look(shot, answer.status_code, taken)
        if catch.requests % RENEWED == 0:
            self.renew()
        return answer

    def _look(self, shot: Shot, status: int, taken: float) -> None:
        where = f"{shot.target.method} {re.sub(r'[a-z2-7]{26}', 'ID', shot.target.path)}"
        if status >= 500 or self._raised:
            last = self._raised.strip().splitlines()[-1:] or ["?"]
            self.catch.fault(f"{where}: {status}: {last[0][:120]}", f"{_told(shot)}\n{self._raised}")
        if taken > self.seconds:
            self.catch.fault(f"{where}: over {self.seconds} s", _told(shot))

    def _content(self, shot: Shot) -> dict[str, Any]:
        if shot.target.method == "GET":
            return {"query_string": _pairs(shot.fields), "headers": shot.headers}
        if shot.file is not None:
            name, content = shot.file
            data = {**dict(shot.fields), name: (BytesIO(content), "file")}
            return {"data": data, "content_type": "multipart/form-data", "headers": self._headers(shot)}
        if shot.body is not None:
            return {"data": shot.body[1], "content_type": shot.body[0], "headers": self._headers(shot)}
        return {"data": _pairs(shot.fields), "headers": self._headers(shot),
                "content_type": "application/x-www-form-urlencoded"}  # fmt: skip

    def _headers(self, shot: Shot) -> dict[str, str]:
        return shot.headers | ({"X-CSRFToken": self.tokens[shot.who]} if shot.token else {})


def _pairs(fields: Sequence[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in fields)


def _told(shot: Shot) -> str:
    fields = [(name, value[:60]) for name, value in shot.fields]
    return (
        f"{shot.target.method} {shot.path} {fields} {shot.headers} body={shot.body and shot.body[0]} "
        f"file={shot.file and (shot.file[0], shot.file[1][:200])} who={shot.who}"
    )
