"""Fields that no page offers, and values of elsewhere in those that it does: what a form takes is what it lists."""

from datetime import date
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, PersonKind
from tenants.models import Account, Child
from tenants.queries.accounts import BELOW_HEAD
from tenants.scope import Scope
from tenants.services import children
from tests import databases
from tests.conftest import LogIn, csrf_token, post
from tests.security.floods import Target, targets
from tests.security.matrix import client_of, ids_of, requests
from tests.security.test_matrix import full, owner, subjects
from tests.world import Place, World
from weibao import access
from weibao.db import session_for

__all__ = ["full", "owner"]  # fixtures of the matrix
NOT_ASKED = {"account.logout", "account.login", "my_account.end_device", "my_account.end_others"}
TOLD_ABROAD = {"message", "delivery", "lending", "audit_entry"}
"""Another station is asked for a person by a row between the two, and by messages."""


def smuggled(world: World) -> dict[str, str]:
    """What would lead elsewhere or higher, if a form took whatever it is sent."""
    other = world.second
    return {
        "township_id": other.township, "township": other.township, "county_id": world.other_county,
        "person_id": other.people[PersonKind.VOLUNTEER], "child_id": other.children[0], "id": other.children[0],
        "village_id": other.villages[0], "home_id": other.homes[0], "base_village_id": other.villages[0],
        "activity_id": other.activity, "role": AccountRole.COUNTY_OFFICER.value, "account_id": other.township,
        "disabled": "", "password_hash": "x", "totp_since": "2026-01-01", "erased_on": "2026-01-01",
        "anonymised_on": "2026-01-01", "approved_by": other.township, "result": "clear", "guest": "1", "version": "9",
    }  # fmt: skip


def rows_of(engine: Engine, world: World) -> set[tuple[str, ...]]:
    """Every row of the neighbour and of the other county, as their owner reads them."""
    elsewhere = {world.second.township, world.foreign.township, world.other_county}
    whose = ("id", "township_id", "county_id")
    return {
        (table, *map(str, row))
        for table, row in databases.rows(engine, but=TOLD_ABROAD)
        if elsewhere & {row._mapping.get(name) for name in whose}
    }


def accounts_of(app: Flask) -> dict[str, tuple[Any, ...]]:
    """Role and place of every account."""
    with app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        held = session.execute(select(Account.id, Account.role, Account.township_id, Account.county_id))
        return {row.id: tuple(row)[1:] for row in held}


def forms_of(app: Flask, client: FlaskClient, place: Place) -> list[Target]:
    """Every form that the client's pages show, with the values that they offer, and every address that takes one."""
    with app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
        asked = [r for r in requests(app, ids_of(session, place)) if r.endpoint not in NOT_ASKED]
    return [t for t in targets([(r.method, r.path) for r in asked], lambda _path: client) if t.method == "POST"]


def send_all(app: Flask, world: World, *, in_place: bool, under: str = "/") -> int:
    """Send every form of the station head with what is smuggled, beside its own fields or in their place as well."""
    head = next(one for one in subjects(world.first) if one.role is AccountRole.STATION_HEAD)
    client, _token = client_of(app, head)
    taken = 0
    for form in (one for one in forms_of(app, client, world.first) if one.path.startswith(under)):
        offered = {name: next((value for value in values if value), "123") for name, values in form.fields}
        hidden = smuggled(world)
        data = offered | hidden if in_place else hidden | offered
        answer = client.post(form.path, data={**data, "csrf_token": csrf_token(client)})
        taken += answer.status_code == 303
        assert answer.status_code < 500, form.path
    return taken


@pytest.mark.timeout(600)
@pytest.mark.parametrize("in_place", [False, True], ids=["beside", "in place"])
def test_no_form_takes_what_it_does_not_list(app: Flask, full: World, owner: Engine, in_place: bool) -> None:
    rows, accounts = rows_of(owner, full), accounts_of(app)
    taken = send_all(app, full, in_place=in_place)
    assert rows_of(owner, full) == rows
    after = accounts_of(app)
    assert {key: after[key] for key in accounts} == accounts
    made = [after[key] for key in after.keys() - accounts.keys()]
    assert [facts for facts in made if facts[0] not in BELOW_HEAD or facts[1] != full.first.township] == []
    assert taken > 10  # the control: forms are taken
    print(f"{taken} forms taken, {len(made)} accounts made")


def test_a_head_invites_into_no_higher_role_and_no_other_township(app: Flask, full: World, log_in: LogIn) -> None:
    head, before = log_in(AccountRole.STATION_HEAD), accounts_of(app)
    wanted = {"username": "smuggled", "display_name": "x", "role": "volunteer", "township_id": "", "person_id": ""}
    for changed in (
        {"role": AccountRole.COUNTY_OFFICER.value},
        {"role": AccountRole.STATION_HEAD.value},
        {"township_id": full.second.township},
        {"person_id": full.second.people[PersonKind.VOLUNTEER]},
    ):
        assert post(head, "/accounts/new", wanted | changed).status_code == 422
    assert accounts_of(app) == before
    assert post(head, "/accounts/new", wanted).status_code == 200  # the control: that alone kept them out
    assert len(accounts_of(app)) == len(before) + 1


def test_a_form_that_takes_whatever_it_is_sent_is_found(
    app: Flask, full: World, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if a button wrote the row that a field names, in a scope that is too wide."""
    before = rows_of(owner, full)

    def _trusting(session: Session, *_rest: object) -> None:
        child = session.get_one(Child, (request.form["township_id"], request.form["child_id"]))
        child.confirmed_on = date(2026, 1, 1)

    monkeypatch.setattr(children, "confirm", _trusting)
    monkeypatch.setattr(access.LoginUser, "scope", property(lambda self: Scope.of_system(reason="planted")))
    send_all(app, full, in_place=False, under=f"/children/{full.first.children[0]}/confirm")
    assert {row[0] for row in rows_of(owner, full) ^ before} == {"child"}
