"""The matrix can fail: one planted bug for each defence, and each is caught."""

from collections.abc import Callable

import pytest
from flask import Flask, Response
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tenants import errors, fields
from tenants.actor import Actor
from tenants.enums import AccountRole
from tenants.models import Child
from tenants.queries import children
from tenants.scope import Scope
from tests.conftest import post
from tests.security.matrix import Subject, Tally, client_of
from tests.security.test_matrix import NOBODY, full, owner, subjects, walk_foreign, walk_own
from tests.security.test_probes import digest_by
from tests.world import Place, World
from weibao import access, permissions
from weibao.db import session_for
from weibao.views import errors as answers

__all__ = ["full", "owner"]  # fixtures of the matrix
Plant = Callable[[Flask, World, pytest.MonkeyPatch], None]
PLANTS: dict[str, Plant] = {}


def plant(bug: Plant) -> Plant:
    """Register a bug."""
    PLANTS[bug.__name__] = bug
    return bug


@plant
def table_lets_volunteers_open_files(app: Flask, world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setitem(permissions.PERMISSIONS, "children.show", permissions.EVERYBODY)
    patch.setattr(children, "may_see", lambda actor: Child.id.is_not(None))


@plant
def table_of_facts_gives_volunteers_the_file(app: Flask, world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setitem(permissions.PERMISSIONS, "children.show", permissions.EVERYBODY)
    patch.setitem(fields.TABLE, AccountRole.VOLUNTEER, fields.TABLE[AccountRole.STATION_STAFF])


@plant
def roles_are_not_asked(app: Flask, world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(access, "may", lambda endpoint: True)


@plant
def nobody_is_let_in(app: Flask, world: World, patch: pytest.MonkeyPatch) -> None:
    rules = app.before_request_funcs[None]
    patch.setitem(app.before_request_funcs, None, [rule for rule in rules if rule is not access._let_in])


@plant
def scope_holds_the_neighbour_too(app: Flask, world: World, patch: pytest.MonkeyPatch) -> None:
    both = frozenset({world.first.township, world.second.township})
    wide = Scope(reason="planted", county_id=world.county, read=both)
    patch.setattr(access.LoginUser, "scope", property(lambda self: wide))


@plant
def scope_holds_everything(app: Flask, world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(access.LoginUser, "scope", property(lambda self: Scope.of_system(reason="planted")))


@plant
def foreign_rows_answer_forbidden(app: Flask, world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setitem(answers.ANSWERS, errors.NotFoundError, 403)


@plant
def answer_tells_whether_a_row_exists(app: Flask, world: World, patch: pytest.MonkeyPatch) -> None:
    real = children.one

    def _telling(session: Session, actor: Actor, child_id: str) -> Child:
        with session_for(Scope.of_system(reason="planted"), reading=True) as work:
            if work.scalar(select(Child.township_id).where(Child.id == child_id)) not in {None, actor.township_id}:
                raise errors.ConflictError("it exists elsewhere")
        return real(session, actor, child_id)

    patch.setattr(children, "one", _telling)


@plant
def header_tells_a_name(app: Flask, world: World, patch: pytest.MonkeyPatch) -> None:
    def _telling(response: Response) -> Response:
        response.headers["X-Debug"] = world.first.canary
        return response

    patch.setitem(app.after_request_funcs, None, [*app.after_request_funcs[None], _telling])


def head_of(place: Place) -> Subject:
    """A township's station head."""
    return next(s for s in subjects(place) if s.role is AccountRole.STATION_HEAD)


def caught(app: Flask, world: World) -> list[str]:
    """What a short walk of the matrix finds: the nouns that the bugs are about."""
    tally, nouns = Tally(), {"children", "people", "desk", "planner", "mine"}
    walk_foreign(app, head_of(world.second), world.first, tally, nouns)
    volunteer = next(s for s in subjects(world.first) if s.role is AccountRole.VOLUNTEER)
    for subject in (NOBODY, volunteer):
        walk_own(app, subject, world.first, ["PSEUDONYM-"], tally, nouns)
    return tally.faults


def test_short_walk_finds_nothing_where_nothing_is_planted(app: Flask, full: World) -> None:
    assert caught(app, full) == []


@pytest.mark.parametrize("name", PLANTS)
def test_planted_bug_is_caught(name: str, app: Flask, full: World, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTS[name](app, full, monkeypatch)
    assert caught(app, full) != []


def test_planted_missing_token_check_is_caught(app: Flask, full: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client, _ = client_of(app, head_of(full.first))
    assert client.post("/language", data={"lang": "en"}).status_code != 400


def test_planted_write_across_the_border_is_seen_by_the_digest(
    app: Flask, full: World, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access.LoginUser, "scope", property(lambda self: Scope.of_system(reason="planted")))
    before = digest_by(owner, full.first.township)
    client, _ = client_of(app, head_of(full.second))
    post(client, f"/people/{next(iter(full.first.people.values()))}/deactivate")
    assert digest_by(owner, full.first.township) != before
