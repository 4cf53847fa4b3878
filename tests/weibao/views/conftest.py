"""The test's own session steps aside for each request."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, request_started
from sqlalchemy.orm import Session


@contextmanager
def stepping_aside(session: Session, app: Flask) -> Iterator[Session]:
    """What the test has written is there when the program is asked, and is read anew afterwards.

    SQLite has one writer at a time, so a test that still holds a transaction would keep the program waiting.
    """

    def _step_aside(_app: Flask, **_facts: object) -> None:
        session.commit()
        session.expire_all()

    with request_started.connected_to(_step_aside, app):
        yield session


@pytest.fixture
def session(session: Session, app: Flask) -> Iterator[Session]:
    """A session that steps aside."""
    with stepping_aside(session, app) as aside:
        yield aside
