"""Fixtures that most rooms share: a database of each kind, the program over it, a small world in it."""

import base64
from collections.abc import Callable, Iterator
from contextvars import Context
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import event
from sqlalchemy.orm import Session

from tenants.enums import AccountRole
from tenants.models import AuditEntry
from tenants.scope import Scope
from tests import chromium, databases
from tests.world import PASSWORD, World, build_world
from weibao.app import create_app
from weibao.audit_details import without_words
from weibao.config import Config
from weibao.db import db, session_for

LogIn = Callable[..., FlaskClient]
settings.register_profile("untimed", deadline=None)  # how long a case takes depends on what else the machine does
settings.load_profile("untimed")


class UnwordedError(AssertionError):
    """A test has had the log keep a key, or a code, that its page would show as it is."""


@event.listens_for(AuditEntry, "before_insert")
def _told_in_words(_mapper: object, _connection: object, line: AuditEntry) -> None:
    """Whatever any test has the log keep has words in ``weibao.audit_details``."""
    if lacking := without_words(line.details):
        raise UnwordedError(f"{line.action}: {', '.join(lacking)}")


class BrowserLikeClient(FlaskClient):
    """Each request begins without the test's own application context, whose ``g`` and session it would share."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request, as the test client does."""
        return Context().run(super().open, *args, **kwargs)


@pytest.fixture(scope="session")
def browser() -> Iterator[chromium.Browser]:
    """Debian's Chromium, one for all tests of this process: Playwright runs once in it."""
    if not chromium.EXECUTABLE:
        pytest.skip("no Chromium here (apt-get install chromium fonts-noto-cjk)")
    with chromium.launched() as browser:
        yield browser


@pytest.fixture(params=databases.KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database at head, of each kind that is to be had; its address is the same in all tests of a process."""
    with databases.fresh(request.param, tmp_path_factory.getbasetemp()) as url:
        yield url


def config_for(database_url: str, **changes: object) -> Config:
    """Settings for tests; the keys are of no worth."""
    facts: dict[str, object] = {
        "secret_key": "test" * 10,
        "data_keys": f"1:{base64.b64encode(bytes(32)).decode()}",
        "index_key": base64.b64encode(bytes(32)).decode(),
        "database_url": database_url,
        "language": "en",
        "embedded_worker": False,
        "require_second_factor": False,
    }
    return Config(**{**facts, **changes})  # type: ignore[arg-type]  # checked by Config itself


@cache
def _program(database_url: str) -> tuple[Flask, dict[str, Any]]:
    """The program over one address, and its settings: templates and statements are compiled once for all tests."""
    app = create_app(config_for(database_url))
    return app, dict(app.config)


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """The program, without its embedded worker; a test may change its settings."""
    app, settings = _program(database_url)
    app.config.clear()
    app.config.update(settings, TESTING=True, WEIBAO=config_for(database_url))
    app.test_client_class = BrowserLikeClient
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session that sees everything; a test commits what the program should see."""
    with app.app_context(), session_for(Scope.of_system(reason="test")) as session:
        yield session


_worlds: dict[tuple[str, date], tuple[World, Callable[[], None]]] = {}
"""By database and day: the world as it was built, and what puts it into the database when that is empty."""


@pytest.fixture
def world(app: Flask, database_url: str) -> World:
    """Two counties; in the first two townships with the same small cast. Ids and plain facts, no live rows."""
    key = database_url, datetime.now(UTC).date()
    with app.app_context():
        if key in _worlds:
            db.engine.dispose()
            world, put = _worlds[key]
            put()
            return world
        with session_for(Scope.of_system(reason="test")) as session:
            world = build_world(session)
        db.engine.dispose()
    _worlds[key] = world, databases.snapshot(database_url)
    return world


@pytest.fixture
def station(app: Flask, world: World) -> Iterator[Session]:
    """A session of the first township, with the scope that its station's requests have."""
    scope = Scope.of_township(world.county, world.first.township, reason="test")
    with app.app_context(), session_for(scope) as session:
        yield session


@pytest.fixture
def log_in(app: Flask, world: World) -> LogIn:
    """A client logged in by role (of the first township), or by user name; CSRF stays on, see ``post``."""

    def _log_in(who: AccountRole | str) -> FlaskClient:
        client = app.test_client()
        username = who if not isinstance(who, AccountRole) else world.usernames[who]
        response = post(client, "/login", {"username": username, "password": PASSWORD})
        assert response.status_code == 303, response.text
        return client

    return _log_in


def csrf_token(client: FlaskClient) -> str:
    """The token of the client's session, as any page carries it."""
    page = client.get("/nothing-here").text  # any page has it, and this one asks the database for little
    return page.split('name="csrf-token" content="')[1].split('"')[0]


def post(client: FlaskClient, path: str, data: dict[str, object] | None = None, **kwargs: object):
    """Post a form with the session's token."""
    return client.post(path, data={**(data or {}), "csrf_token": csrf_token(client)}, **kwargs)
