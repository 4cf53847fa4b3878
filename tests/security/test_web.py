"""What a browser is told, what is refused before it is read, and what no page holds (issue 4, no. 7)."""

import json
import re
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from scheduling import limits
from tenants.enums import AccountRole, PersonKind
from tenants.models import Village
from tenants.queries.people import villages
from tenants.scope import Scope
from tests import databases
from tests.conftest import BrowserLikeClient, LogIn, config_for, csrf_token, post
from tests.drafts import begin
from tests.security.matrix import Subject, client_of, ids_of, requests
from tests.security.test_matrix import NEAR, NOBODY, full, owner, subjects
from tests.security.test_probes import digest_by
from tests.world import Place, World
from weibao import request_limits
from weibao.app import create_app
from weibao.db import session_for, write_on_read
from weibao.permissions import OPEN, PERMISSIONS
from weibao.planning import build_problem

__all__ = ["full", "owner"]  # fixtures of the matrix
PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
HTTPS = "https://desk.example"
DIRECTIVES = {
    "default-src 'self'", "img-src 'self' data:", "style-src 'self'", "script-src 'self'", "object-src 'none'",
    "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "worker-src 'self'", "manifest-src 'self'",
}  # fmt: skip


class Inline(HTMLParser):
    """What the content policy would stop: scripts and styles in the page itself, handlers, addresses of scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.forms: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        facts = {name: value or "" for name, value in attrs}
        if tag == "style" or (tag == "script" and "src" not in facts):
            self.found.append(f"<{tag}>")
        self.found += [name for name in facts if name == "style" or re.match(r"on|hx-on", name)]
        self.found += [v for n, v in facts.items() if n in {"href", "src", "action"} and v.startswith("javascript:")]
        if tag == "form":
            self.forms.append((facts.get("method", "get").lower(), False))
        if tag == "input" and facts.get("name", "").endswith("csrf_token") and self.forms:
            self.forms[-1] = (self.forms[-1][0], True)


def pages(app: Flask, world: World) -> list[tuple[str, str]]:
    """Every page that anybody of the first township, the county or nobody may see, as it comes."""
    with app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        asked = [request for request in requests(app, ids_of(session, world.first)) if request.method == "GET"]
    shown = []
    for subject in [NOBODY, NEAR, *subjects(world.first)]:
        client, _ = client_of(app, subject)
        for request in asked:
            allowed = PERMISSIONS[request.endpoint]
            if allowed == OPEN or subject.role in allowed:
                answer = client.get(request.path)
                if answer.mimetype == "text/html":
                    assert set(answer.headers["Content-Security-Policy"].split("; ")) == DIRECTIVES
                    shown.append((f"{subject.name} {request.endpoint}", answer.text))
    return shown


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_page_holds_a_script_or_a_style_and_every_form_its_token(app: Flask, full: World) -> None:
    shown = pages(app, full)
    assert len({where.split(" ")[1] for where, _ in shown}) > 40
    faults = []
    for where, text in shown:
        parser = Inline()
        parser.feed(text)
        faults += [f"{where}: {what}" for what in parser.found]
        faults += [
            f"{where}: a form without a token" for method, token in parser.forms if method == "post" and not token
        ]
    assert faults == []


def test_search_for_what_stands_inline_finds_it() -> None:
    parser = Inline()
    parser.feed('<p style="x"><script>1</script><a href="javascript:1" onclick="2"></a><form method="post"></form>')
    assert parser.found == ["style", "<script>", "onclick", "javascript:1"]
    assert parser.forms == [("post", False)]


def test_htmx_evaluates_nothing(app: Flask) -> None:
    config = re.search(r"name=\"htmx-config\" content='([^']+)'", app.test_client().get("/login").text)
    assert config is not None
    held = json.loads(config[1])
    assert {name: held[name] for name in ("allowEval", "allowScriptTags", "includeIndicatorStyles")} == {
        "allowEval": False, "allowScriptTags": False, "includeIndicatorStyles": False,
    }  # fmt: skip
    assert held.get("selfRequestsOnly", True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_unsafe_request_without_its_token_changes_a_row(app: Flask, full: World, owner: Engine) -> None:
    with app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        asked = [r for r in requests(app, ids_of(session, full.first)) if r.method == "POST"]
    before, answers = digest_by(owner, full.first.township), []
    for subject in [NOBODY, NEAR, *subjects(full.first)]:
        client, _ = client_of(app, subject)
        for request in asked:
            for headers in ({}, {"HX-Request": "true"}, {"HX-Request": "true", "X-CSRFToken": "x"}):
                answers.append(client.post(request.path, headers=headers).status_code)
    assert set(answers) == {400}
    assert digest_by(owner, full.first.township) == before
    print(f"{len(answers)} unsafe requests without a token, all refused")


# Behind TLS


@pytest.fixture
def secure(database_url: str, world: World) -> FlaskClient:
    """A client of the program as it is set up behind TLS."""
    app = create_app(config_for(database_url, secure_cookies=True, proxy_hops=1))
    app.test_client_class = BrowserLikeClient
    return app.test_client()


def proxied(**headers: str) -> dict[str, str]:
    """What a proxy that speaks TLS adds."""
    return {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "desk.example", "X-Forwarded-For": "10.0.0.1", **headers}


def test_behind_tls_the_cookie_is_bound_and_the_browser_told_to_stay_there(secure: FlaskClient) -> None:
    answer = secure.get("/login", headers=proxied())
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-weibao=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie


def test_without_tls_nothing_is_promised(app: Flask) -> None:
    answer = app.test_client().get("/login")
    assert "Strict-Transport-Security" not in answer.headers
    assert "HttpOnly" in answer.headers["Set-Cookie"]


def test_form_over_tls_needs_a_referrer_of_its_own_place(secure: FlaskClient) -> None:
    """The page's policy is same-origin: no-referrer would break every form here, an open one would tell addresses."""
    page = secure.get("/login", headers=proxied(), base_url=HTTPS)
    assert page.headers["Referrer-Policy"] == "same-origin"
    token = page.text.split('name="csrf-token" content="')[1].split('"', maxsplit=1)[0]

    def sent(referrer: str | None) -> int:
        headers = proxied(**({"Referer": referrer} if referrer else {}))
        data = {"csrf_token": token, "lang": "en", "next": "/login"}
        return secure.post("/language", data=data, headers=headers, base_url=HTTPS).status_code

    assert [sent(f"{HTTPS}/login"), sent("https://evil.example/"), sent(None)] == [303, 400, 400]


# What a link, an image or a browser that fetches ahead can bring about

KEPT_OF_READING = {"audit_entry", "audit_head", "account_session"}
"""The log of what was opened, and the log-ins of this test itself."""


def every_row(engine: Engine) -> set[tuple[str, ...]]:
    return {(table, *map(str, row)) for table, row in databases.rows(engine, but=KEPT_OF_READING)}


def changed_by_opening(app: Flask, subject: Subject, place: Place, owner: Engine) -> tuple[int, set[str]]:
    """How many pages were opened, and the tables that are other than before."""
    client, _token = client_of(app, subject)
    with app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        paths = [r.path for r in requests(app, ids_of(session, place)) if r.method == "GET"]
    before = every_row(owner)
    opened = [client.get(path).status_code for path in paths]
    return opened.count(200), {row[0] for row in before ^ every_row(owner)}


@pytest.mark.timeout(600)
def test_opening_pages_writes_nothing_but_the_log(app: Flask, full: World, owner: Engine) -> None:
    found = {s.name: changed_by_opening(app, s, full.first, owner) for s in [NOBODY, NEAR, *subjects(full.first)]}
    assert {name: tables for name, (_opened, tables) in found.items() if tables} == {}
    assert all(opened > 5 for name, (opened, _tables) in found.items() if name != NOBODY.name), found


def test_a_page_that_writes_when_opened_is_found(
    app: Flask, full: World, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def _hasty(villages_of: Session) -> list[Village]:
        write_on_read()
        for village in villages_of.scalars(select(Village)):
            village.name_en = "written"
        return villages(villages_of)

    monkeypatch.setattr("weibao.views.children.villages", _hasty)
    head = next(one for one in subjects(full.first) if one.role is AccountRole.STATION_HEAD)
    assert changed_by_opening(app, head, full.first, owner)[1] == {"village"}


# Too large


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"a=" + b"x" * request_limits.MAX_BYTES, "application/x-www-form-urlencoded"),
        (b"a=" + b"x" * (request_limits.MAX_TEXT + 1), "application/x-www-form-urlencoded"),
        (b"&".join([b"a=1"] * (request_limits.MAX_FIELDS + 1)), "application/x-www-form-urlencoded"),
        (PART * (request_limits.MAX_FIELDS + 1) + b"--x--", "multipart/form-data; boundary=x"),
    ],
    ids=["bytes", "text", "fields", "parts"],
)  # fmt: skip
def test_too_much_is_refused_in_words_that_name_the_limit(data: bytes, content_type: str, log_in: LogIn) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    headers = {"X-CSRFToken": csrf_token(client)}
    answer = client.post("/children/new", data=data, content_type=content_type, headers=headers)
    assert answer.status_code == 413
    assert "at most 8 MB in all, and in one form at most 500 kB of text in 1000 fields" in answer.text


def test_host_that_cannot_be_one_is_refused_in_words(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().get("/login", headers={"Host": "."})
    assert answer.status_code == 400
    assert "The request could not be read" in answer.text


def test_part_without_a_name_is_refused(log_in: LogIn) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    body = b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n"
    answer = client.post("/children/new", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400


NUL = [
    "/children/%00",
    "/children?village=%00",
    "/activities?home=a%00",
    "/search?q=%00",
    "/people?%00=1",
    "/login?next=%00",
]


@pytest.mark.parametrize("path", NUL)
def test_an_address_with_a_nul_is_refused_before_the_database_is_asked(log_in: LogIn, path: str) -> None:
    answer = log_in(AccountRole.STATION_HEAD).get(path)
    assert answer.status_code == 400
    assert "The request could not be read" in answer.text


def test_a_form_with_a_nul_is_refused_before_the_database_is_asked(app: Flask, log_in: LogIn, world: World) -> None:
    person = f"/people/{world.first.people[PersonKind.VOLUNTEER]}/edit"
    assert post(log_in(AccountRole.STATION_HEAD), person, {"name": "a\0b"}).status_code == 400
    assert post(app.test_client(), "/login", {"username": "\0", "password": "x"}).status_code == 400
    assert post(app.test_client(), "/login", {"username": "a", "password": "x", "\0": "x"}).status_code == 400


def test_a_file_whose_name_holds_a_nul_is_refused_before_the_database_is_asked(log_in: LogIn) -> None:
    client = log_in(AccountRole.STATION_STAFF)
    head = b'--x\r\nContent-Disposition: form-data; name="people-file"; filename="a\0b.xlsx"\r\n\r\n'
    answer = client.post(
        "/sheets/people", data=head + b"PK\r\n--x--\r\n", content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": csrf_token(client)},
    )  # fmt: skip
    assert answer.status_code == 400


def test_period_beyond_the_schedulers_limits_is_refused_before_anything_is_built(
    station: Session, world: World, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = begin(station, world)
    station.commit()
    client = log_in(AccountRole.STATION_HEAD)
    assert client.get(f"/planner/{draft.id}").status_code == 200
    assert len(build_problem(station, draft).tasks) > 2
    station.rollback()
    monkeypatch.setattr(limits, "MAX_TASKS", 2)
    monkeypatch.setattr("scheduling.problem.Problem.__post_init__", lambda self: pytest.fail("it was built"))
    answer = client.get(f"/planner/{draft.id}")
    assert answer.status_code == 422
    assert "choose a shorter one" in answer.text


def test_activity_is_repeated_a_bounded_number_of_times(log_in: LogIn, world: World) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    path = f"/activities/{world.first.activity}/repeat"
    assert [post(client, path, {"weeks": weeks}).status_code for weeks in ("27", "999999999", "0", "26")] == [
        422, 422, 422, 303,
    ]  # fmt: skip
