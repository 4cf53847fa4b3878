"""Whatever shows a child's file, or a text that was sealed, leaves a line in the log: beside a refusal too."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole
from tenants.models import AuditEntry, Visit
from tenants.scope import Scope
from tenants.services import day_needs
from tests.security.matrix import ask, client_of
from tests.security.test_matrix import full, subjects, targets  # noqa: F401 -- the fixture
from tests.world import World
from weibao.db import apart, session_for
from weibao.views import openings

NOTE = "CANARY-NOTE"
SECRETS = ("PSEUDONYM-", "worried CANARY", NOTE)
READERS = (AccountRole.STATION_HEAD, AccountRole.CHILD_DIRECTOR)
NOUNS = {"children", "concerns", "consents", "day_needs", "desk", "identities", "planner", "search", "village"}
"""Where a child's file could be shown; all addresses take four times as long and show it nowhere else."""


@pytest.fixture
def noted(app: Flask, full: World) -> World:  # noqa: F811
    """The world with a sealed note for a visit's day."""
    with app.app_context(), session_for(Scope.of_system(reason="test")) as session:
        visit = session.scalars(select(Visit).where(Visit.township_id == full.first.township)).first()
        assert visit is not None
        day_needs.mark(session, full.head, app.config["WEIBAO"].keyring, visit, [], NOTE)
    return full


def lines(app: Flask) -> int:
    with app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        return session.scalars(select(func.count()).select_from(AuditEntry)).one()


def walk(app: Flask, world: World) -> tuple[set[str], set[str]]:
    """What shows something with a line, and without one: method, endpoint and status, by everybody who may see it."""
    logged, silent = set[str](), set[str]()
    for subject in subjects(world.first):
        if subject.role not in READERS:
            continue
        client, token = client_of(app, subject)
        for request in sorted(targets(app, world.first, NOUNS), key=lambda one: one.method):
            before = lines(app)
            status, text = ask(client, token, request)
            if status in {200, 422} and any(secret in text for secret in SECRETS):
                (logged if lines(app) > before else silent).add(f"{request.method} {request.endpoint} {status}")
    return logged, silent


def test_each_page_that_shows_a_childs_file_leaves_a_line(app: Flask, noted: World) -> None:
    logged, silent = walk(app, noted)
    assert silent == set()
    assert logged >= {
        "GET children.index 200",
        "GET children.show 200",
        "GET children.edit 200",
        "GET day_needs.edit 200",
        "GET planner.task 200",
        "GET village.roster 200",
        "POST children.add_category 422",
        "POST children.add_familiar 422",
        "POST children.assess 422",
        "POST children.edit 422",
        "POST children.record_visit 422",
        "POST concerns.close 422",
        "POST concerns.show 200",
    }


def test_the_walk_finds_lines_that_are_rolled_back_with_a_refusal(
    app: Flask, noted: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: written in a transaction that goes no further, as a refused request's own does."""

    @contextmanager
    def rolled_back(scope: Scope) -> Iterator[Session]:
        with apart(scope) as session:
            yield session
            session.rollback()

    monkeypatch.setattr(openings, "apart", rolled_back)
    _logged, silent = walk(app, noted)
    assert {"POST children.assess 422", "POST concerns.close 422", "GET day_needs.edit 200"} <= silent
