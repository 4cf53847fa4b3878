"""The demonstration county, loaded once for the tests that only read it."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tenants.scope import Scope
from tests import databases
from tests.conftest import config_for
from weibao.app import create_app
from weibao.db import db, session_for
from weibao.demo import load

TODAY = date(2030, 3, 4)  # a Monday that is always ahead, so that nothing of a plan lies in the past
SEED = 1


@pytest.fixture(scope="module")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The program over a demonstration county of TODAY and SEED, on SQLite."""
    with databases.fresh("sqlite", tmp_path_factory.mktemp("demo")) as url:
        app = create_app(config_for(url, demo=True))
        with app.app_context(), session_for(Scope.of_system(reason="test")) as session:
            load(session, today=TODAY, seed=SEED)
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def county(demo_app: Flask) -> Iterator[Session]:
    """A session that sees the whole demonstration."""
    with demo_app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        yield session
