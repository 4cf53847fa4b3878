"""Floods of hostile input: no fault of the program, no answer over five seconds; and planted faults are found.

A small number runs always. WEIBAO_TEST_FLOOD sets another one; docs/SECURITY.md has the figures of 20,000 of each.
"""

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Blueprint, Flask, request
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from PIL import Image

from scheduling.errors import ProblemError
from scheduling.io import problem_from_json, read_problem
from scheduling.io.fields import Fields
from tenants.enums import AccountRole, SheetKind
from tenants.models import Activity, Person, StationSetting, utc_now
from tenants.scope import Scope
from tenants.services import feed_tokens
from tests import databases, photos
from tests.conftest import BrowserLikeClient, config_for
from tests.scheduling import strategies
from tests.scheduling.io.test_problem import raw as valid_problem
from tests.security import hostile_files
from tests.security.floods import (
    HEADERS,
    NASTY,
    SECONDS,
    Catch,
    Flood,
    Shot,
    Target,
    processor_time,
    shots,
    targets,
)
from tests.security.matrix import Subject, ids_of, requests
from tests.security.test_matrix import NEAR, NOBODY, _fill, subjects
from tests.world import World, build_world
from weibao import permissions
from weibao.app import create_app
from weibao.db import db, session_for
from weibao.pictures import recoding
from weibao.sheets import parsing

NUMBER = int(os.environ.get("WEIBAO_TEST_FLOOD", "2000"))
PAGES, FEEDS = NUMBER // 4, NUMBER // 4
PROBLEMS = NUMBER - PAGES - FEEDS
FILES = NUMBER // 50
"""Beside the others: each file is read by a process of its own, which takes as long as fifty forms."""
LEFT_OUT = {"static", "account.logout"}
"""Static files are the web server's; who logs out floods no more."""


def flood_settings(number: int) -> settings:
    """The same inputs at every run, and no limit of Hypothesis' own."""
    return settings(
        max_examples=number, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )


@pytest.fixture
def full(tmp_path: Path) -> tuple[Flask, World]:
    """The program on SQLite, with rows of every kind in each township."""
    return filled("sqlite", tmp_path)


@pytest.fixture(params=databases.KINDS)
def full_of_each(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Flask, World]]:
    """The same on each database: what one of them keeps another refuses."""
    app, world = filled(request.param, tmp_path)
    yield app, world
    with app.app_context():
        db.engine.dispose()


def filled(kind: str, folder: Path) -> tuple[Flask, World]:
    """The program over a database of a kind, with rows in it."""
    with databases.fresh(kind, folder) as url:
        app = create_app(config_for(url))
    app.test_client_class = BrowserLikeClient
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context(), session_for(Scope.of_system(reason="test")) as session:
        world = build_world(session)
        for place, county in ((world.first, world.county), (world.second, world.county)):
            _fill(session, place, county, app.config["WEIBAO"].keyring)
            session.add(StationSetting(township_id=place.township, join_open=True))  # the public page is flooded too
    return app, world


def everybody(world: World) -> list[Subject]:
    """One of each role, and nobody."""
    return [NOBODY, NEAR, *subjects(world.first)]


def known_targets(app: Flask, world: World, flood: Flood, under: str = "/") -> list[Target]:
    """Every address with ids of the subjects' own township, its fields as the first who may see them does."""
    with app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        ids = ids_of(session, world.first)
    asked = [r for r in requests(app, ids) if r.endpoint not in LEFT_OUT and r.path.startswith(under)]
    people, endpoint_of = everybody(world), {request.path: request.endpoint for request in asked}

    def shown_to(path: str) -> FlaskClient | None:
        allowed = permissions.PERMISSIONS[endpoint_of[path]] if path in endpoint_of else permissions.OPEN
        roles = [person.role for person in people]
        first = next((place for place, role in enumerate(roles) if role in allowed), 0 if not allowed else None)
        return None if first is None else flood.clients[first]

    return targets([*((r.method, r.path) for r in asked), ("GET", "/link/x"), ("POST", "/link/x")], shown_to)


def flood_pages(app: Flask, world: World, number: int, seconds: float = SECONDS) -> Catch:
    """Shots at every page and form, by everybody."""
    catch, people = Catch(), everybody(world)
    flood = Flood(app, people, catch, seconds)
    known = known_targets(app, world, flood)
    flood.renew()

    @flood_settings(number)
    @given(shots(len(people), known))
    def fire(shot: Shot) -> None:
        flood.fire(shot)

    fire()
    return catch


def said(catch: Catch, what: str) -> None:
    """The figures, for the documents."""
    print(f"{what}: {catch.requests} inputs, {len(catch.faults)} faults, slowest {catch.slowest:.2f} s, "
          f"answers {dict(sorted(catch.answers.items()))}")  # fmt: skip


def test_no_form_and_no_query_string_makes_a_fault(full_of_each: tuple[Flask, World]) -> None:
    catch = flood_pages(*full_of_each, PAGES)
    said(catch, "pages")
    assert catch.faults == {}
    assert catch.requests >= PAGES
    assert {200, 303, 400, 403, 404, 422} <= set(catch.answers)  # it reaches what it floods


# Feeds


@st.composite
def _feed_shots(draw: st.DrawFn, token: str) -> tuple[str, dict[str, str], str]:
    odd = st.sampled_from(NASTY).map(lambda text: text[:2000]) | st.text(
        st.characters(exclude_categories=["Cs"]), max_size=30
    )
    held = draw(st.sampled_from([token, token, token[:-1], token + "x", token.upper()]) | odd)
    query = draw(st.sampled_from(["", "x=1", "%ff", "=", "a&b"]))
    headers = dict(draw(st.sampled_from(HEADERS)))
    if draw(st.booleans()):
        headers[draw(st.sampled_from(["If-None-Match", "If-Modified-Since", "Host", "Accept"]))] = draw(
            st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20)
        )
    return held, headers, query


def test_no_feed_address_and_no_header_makes_a_fault(full: tuple[Flask, World]) -> None:
    app, world = full
    scope = Scope.of_township(world.county, world.first.township, reason="test")
    with app.app_context(), session_for(scope) as session:
        person = next(iter(world.first.people.values()))
        actor = replace(world.head, person_id=person)
        session.get_one(Person, (world.first.township, person)).name = "a\r\nATTENDEE:mailto:x" + "长" * 30
        token = feed_tokens.issue(session, actor)
    catch = Catch()
    flood = Flood(app, [NOBODY], catch)  # keeps the database as it is now

    @flood_settings(FEEDS)
    @given(_feed_shots(token))
    def fire(drawn: tuple[str, dict[str, str], str]) -> None:
        held, headers, query = drawn
        target = Target(method="GET", path=f"/feeds/{quote(held, safe='')}.ics")
        fields = tuple(pair.partition("=")[::2] for pair in query.split("&") if pair)
        flood.fire(Shot(who=0, target=target, path=target.path, fields=fields, headers=headers, token=False, body=None))

    fire()
    said(catch, "feeds")
    assert catch.faults == {}
    assert catch.answers[200] > FEEDS // 50
    assert catch.answers[404] > FEEDS // 50


# Files


def send(who: int, path: str, field: str, content: bytes, **fields: str) -> Shot:
    """A file by its form."""
    target = Target(method="POST", path=path)
    return Shot(who=who, target=target, path=path, fields=tuple(fields.items()), headers={}, token=True, body=None,
                file=(field, content))  # fmt: skip


def ask(method: str, path: str) -> Shot:
    """A page, or a button on it."""
    target = Target(method=method, path=path)
    return Shot(who=0, target=target, path=path, fields=(), headers={}, token=True, body=None)


def flood_files(app: Flask, world: World, number: int) -> tuple[Catch, Counter[int], Counter[int]]:
    """Hostile workbooks of each kind, each looked at, marked and taken in where it is read, and hostile photos.

    Returns what was caught, and the answers to the workbooks and to the photos themselves.
    """
    with app.app_context(), session_for(Scope.of_system(reason="test")) as session:
        activity = session.get_one(Activity, (world.first.township, world.first.activity))
        activity.starts_at, activity.ends_at = utc_now() - timedelta(hours=2), utc_now() - timedelta(hours=1)
    head = next(one for one in subjects(world.first) if one.role is AccountRole.STATION_HEAD)
    catch, sheets, pictures = Catch(), Counter[int](), Counter[int]()
    flood = Flood(app, [head], catch, clock=processor_time)  # with the readers' own; keeps the database as it is now
    client, kinds = flood.clients[0], list(SheetKind)
    real = {k: [client.get(f"/sheets/{k}/{name}.xlsx").data for name in ("template", "present")] for k in kinds}

    @flood_settings(number - number // 3)
    @given(st.sampled_from(kinds).flatmap(lambda kind: st.tuples(st.just(kind), hostile_files.workbooks(real[kind]))))
    def fire_sheet(drawn: tuple[SheetKind, bytes]) -> None:
        answer = flood.fire(send(0, f"/sheets/{drawn[0]}", f"{drawn[0]}-file", drawn[1]))
        sheets[answer.status_code] += 1
        if answer.status_code == 303:
            page = answer.headers["Location"]
            for shot in (ask("GET", page), ask("GET", f"{page}/marked.xlsx"), ask("POST", f"{page}/take")):
                flood.fire(shot)

    @flood_settings(number // 3)
    @given(hostile_files.photos([photos.jpeg(), photos.jpeg(turned=True), photos.png()]))
    def fire_photo(content: bytes) -> None:
        address = f"/activities/{world.first.activity}/photos"
        pictures[flood.fire(send(0, address, "file", content, ground="consented")).status_code] += 1

    fire_sheet()
    fire_photo()
    return catch, sheets, pictures


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of a workbook, once among thousands
def test_no_workbook_and_no_photo_makes_a_fault(full: tuple[Flask, World]) -> None:
    catch, sheets, pictures = flood_files(*full, FILES)
    said(catch, f"files ({dict(sheets)} workbooks, {dict(pictures)} photos), with the pages that follow")
    assert catch.faults == {}
    assert sheets.total() + pictures.total() >= FILES
    assert {303, 422} == set(sheets) == set(pictures)  # some are read, some are not


# The problem reader

ODD_TEXTS = (
    "", "{", "[" * 100_000, '{"a":' * 50_000, '{"format":"weibao-roster-problem/1"}', "1" * 10_000, "-0", "NaN",
    "\ufeff{}",
    '{"a":1e999999}', '{"id":"\\ud800"}', "\0", "null", '"x"', "{}" * 3, '{"tasks":' + "[" * 900 + "]" * 900 + "}",
)  # fmt: skip


@st.composite
def _values(draw: st.DrawFn) -> Any:
    """The JSON of a valid problem with none to four values replaced, dropped or doubled anywhere in it."""
    data: Any = valid_problem()
    for _ in range(draw(st.integers(0, 4))):
        data = strategies.mutated(draw, data)
    return data


@st.composite
def _texts(draw: st.DrawFn) -> str | bytes:
    """The JSON text of such a problem, its bytes changed in a few places."""
    raw = bytearray(json.dumps(draw(_values())).encode())
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, max(0, len(raw) - 1)))
        raw[place : place + draw(st.integers(0, 3))] = draw(
            st.binary(max_size=4) | st.sampled_from([b"]", b"{", b"9" * 400])
        )
    return bytes(raw)


def flood_reader(number: int, read: Callable[[Any], object], seconds: float = SECONDS) -> Catch:
    """Odd texts, broken problems as text and as values; a ProblemError is the only answer but a problem."""
    catch = Catch()

    @flood_settings(number)
    @given(st.sampled_from(ODD_TEXTS) | _texts() | _values())
    def fire(source: Any) -> None:
        begun = time.perf_counter()
        try:
            (read if isinstance(source, str | bytes) else problem_from_json)(source)
            catch.answers[200] += 1
        except ProblemError:
            catch.answers[422] += 1
        except Exception as error:
            catch.fault(f"{type(error).__name__}: {error}"[:120], repr(source)[:300])
        taken = time.perf_counter() - begun
        catch.requests, catch.slowest = catch.requests + 1, max(catch.slowest, taken)
        if taken > seconds:
            catch.fault(f"over {seconds} s", repr(source)[:300])

    fire()
    return catch


def test_no_problem_file_makes_a_fault() -> None:
    catch = flood_reader(PROBLEMS, read_problem)
    said(catch, "problems")
    assert catch.faults == {}
    assert set(catch.answers) == {200, 422}


# The floods can fail


def planted(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page with a form, and handlers with faults that a hasty hand would leave."""
    blueprint = Blueprint("planted", __name__, url_prefix="/planted")

    @blueprint.get("/<child_id>")
    def show(child_id: str) -> str:
        here = f"/planted/{child_id}"
        return f'<form method="post" action="{here}/count"><input name="count" value="1"></form>' + (
            f'<form method="post" action="{here}/nap"><input name="nap" value="no"></form>'
        )

    @blueprint.post("/<child_id>/count")
    def count(child_id: str) -> str:
        return str(int(request.form.get("count", "1")))

    @blueprint.post("/<child_id>/nap")
    def nap(child_id: str) -> str:
        time.sleep(0.25 if request.form.get("nap") != "no" else 0)
        return "slept"

    app.register_blueprint(blueprint)
    for name in ("show", "count", "nap"):
        monkeypatch.setitem(permissions.PERMISSIONS, f"planted.{name}", permissions.EVERYBODY)


def test_planted_faults_are_found(full: tuple[Flask, World], monkeypatch: pytest.MonkeyPatch) -> None:
    app, world = full
    planted(app, world, monkeypatch)
    catch = Catch()
    people = everybody(world)
    flood = Flood(app, people, catch, seconds=0.2)
    known = [t for t in known_targets(app, world, flood, "/planted/") if t.path.startswith("/planted/")]
    assert [[name for name, _ in target.fields] for target in known] == [[], ["count"], ["nap"]]

    @flood_settings(60)
    @given(shots(len(people), known))
    def fire(shot: Shot) -> None:
        flood.fire(shot)

    fire()
    found = " ".join(catch.faults)
    assert "POST /planted/ID/count: 500: ValueError" in found
    assert "POST /planted/ID/nap: over 0.2 s" in found


def test_readers_that_trust_a_file_are_found(full: tuple[Flask, World], monkeypatch: pytest.MonkeyPatch) -> None:
    def _trusting(content: bytes) -> list[parsing.Sheet]:
        book = load_workbook(BytesIO(content))
        return [parsing.Sheet(name=sheet.title, rows=()) for sheet in book.worksheets]

    def _shown(content: bytes) -> bytes:
        Image.open(BytesIO(content)).load()
        return content

    monkeypatch.setattr(parsing, "parse", _trusting)
    monkeypatch.setattr(recoding, "recode", _shown)
    found = " ".join(flood_files(*full, 60)[0].faults)
    assert "POST /sheets/" in found
    assert "POST /activities/ID/photos: 500" in found


def test_planted_fault_of_the_reader_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def _hasty(source: str | bytes) -> object:
        return problem_from_json(json.loads(source))

    assert any("JSONDecodeError" in fault for fault in flood_reader(20, _hasty).faults)
    monkeypatch.setattr(Fields, "text", lambda self, key: self._values[key])
    assert any("KeyError" in fault for fault in flood_reader(20, read_problem).faults)
