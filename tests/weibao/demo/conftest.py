"""The demonstration county, loaded once for the tests that only read it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tenants.scope import Scope
from tests import databases, drafts
from tests.conftest import config_for
from weibao.app import create_app
from weibao.db import db, session_for
from weibao.demo import load

TODAY = date(2030, 3, 4)  # a Monday that is always ahead, so that nothing of a plan lies in the past
SEED = 1


@contextmanager
def over(folder: Path, today: date) -> Iterator[Flask]:
    """The program over a demonstration county of a day and SEED, on SQLite."""
    with databases.fresh("sqlite", folder) as url:
        app = create_app(config_for(url, demo=True))
        with app.app_context(), session_for(Scope.of_system(reason="test")) as session:
            load(session, today=today, seed=SEED)
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The county of TODAY."""
    with over(tmp_path_factory.mktemp("demo"), TODAY) as app:
        yield app


@pytest.fixture(scope="module")
def today_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The county of today: what is over can be told from what is to come."""
    with over(tmp_path_factory.mktemp("today"), drafts.today()) as app:
        yield app


@pytest.fixture
def county(demo_app: Flask) -> Iterator[Session]:
    """A session that sees the whole demonstration."""
    with demo_app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        yield session


@pytest.fixture
def county_of_today(today_app: Flask) -> Iterator[Session]:
    """The same of today's."""
    with today_app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        yield session
