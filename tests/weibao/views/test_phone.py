"""What a phone is given to keep, and what it sends later."""

import hashlib
import json
import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenants.enums import AccountRole, PersonKind, VisitState
from tenants.models import Account, Person, Visit, VisitReceipt
from tenants.services import visit_notes
from tests import drafts
from tests.conftest import LogIn, csrf_token, post
from tests.duties import add_visit, give
from tests.keys import KEYRING
from tests.pages import in_english
from tests.world import World
from weibao import phone
from weibao.resources import STATIC

SECRETS = ("CANARY", "PSEUDONYM", "C-000", "甲镇", "child_director")


@pytest.fixture
def director(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.CHILD_DIRECTOR))


@pytest.fixture
def account(session: Session, world: World) -> str:
    return session.scalars(select(Account.id).where(Account.username == "child_director-alpha")).one()


def shell_of(text: str) -> dict[str, Any]:
    """The facts that stand above the worker's code."""
    found: dict[str, Any] = json.loads(re.match(r"const SHELL = (\{.*\});\n", text)[1])  # type: ignore[index]
    return found


def send(client: FlaskClient, visit: str, **facts: object) -> TestResponse:
    body = {"key": str(uuid.uuid4()), "done_on": drafts.today().isoformat(), "note": "all is well", **facts}
    answer: TestResponse = post(client, f"/phone/visits/{visit}", body)
    return answer


def test_the_manifest_speaks_the_users_language_and_its_icons_exist(app: Flask, world: World) -> None:
    client = app.test_client()
    for language, name in (("zh", "未保"), ("en", "Weibao")):
        answer = client.get(f"/manifest.webmanifest?lang={language}")
        assert answer.mimetype == "application/manifest+json"
        held = json.loads(answer.text)
        assert held["short_name"] == name
        assert (held["start_url"], held["scope"], held["display"]) == ("/", "/", "standalone")
    sizes = {(icon["sizes"], icon.get("purpose")) for icon in held["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= sizes
    for icon in held["icons"]:
        drawn = client.get(icon["src"], buffered=True)
        assert (drawn.status_code, drawn.mimetype) == (200, icon["type"])
        if icon["type"] == "image/png":
            width, height = (int.from_bytes(drawn.data[at : at + 4]) for at in (16, 20))
            assert f"{width}x{height}" == icon["sizes"]
    assert 'rel="manifest" href="/manifest.webmanifest?lang=en"' in in_english(client).get("/login").text


def test_the_worker_lies_at_the_root_and_is_asked_for_anew(app: Flask, world: World) -> None:
    answer = app.test_client().get("/worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    held = shell_of(answer.text)
    client = app.test_client()
    answers = [client.get(address, buffered=True) for address in [*held["files"], *held["pages"].values()]]
    assert {answer.status_code for answer in answers} == {200}
    assert all(address.startswith("/static/") for address in held["files"])


def test_what_the_phone_keeps_is_the_same_for_everybody(app: Flask, director: FlaskClient) -> None:
    visitor = app.test_client()
    for address in ("/worker.js", "/offline?lang=zh", "/offline?lang=en", "/manifest.webmanifest?lang=zh"):
        seen = director.get(address).text
        assert seen == visitor.get(address).text
        assert not any(word in seen for word in SECRETS)
        assert "csrf" not in seen.lower().replace("x-csrftoken", "")


def test_another_file_makes_another_version(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = shell_of(app.test_client().get("/worker.js").text)["version"]
    assert before == shell_of(app.test_client().get("/worker.js").text)["version"]
    for name in (*phone.SHELL, "worker.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((STATIC / name).read_bytes())
    (tmp_path / "weibao.css").write_bytes(b"/* new */")
    monkeypatch.setattr(phone, "STATIC", tmp_path)
    phone._version.cache_clear()
    after = shell_of(app.test_client().get("/worker.js").text)["version"]
    phone._version.cache_clear()
    assert after != before
    assert re.fullmatch(r"[0-9a-f]{16}", after)
    assert hashlib.sha256().hexdigest()[:16] not in {before, after}


def test_the_list_holds_the_case_codes_of_the_page_my_village_and_nothing_else_of_a_child(
    session: Session, world: World, director: FlaskClient, account: str
) -> None:
    late = add_visit(session, world.first, 0, due_in=-5)
    planned = add_visit(session, world.first, 3, due_in=12)
    give(session, world.first, PersonKind.CHILD_DIRECTOR, visit=planned)
    unplanned = add_visit(session, world.first, 0, due_in=13)
    add_visit(session, world.first, 3, due_in=14)
    other = add_visit(session, world.first, 1)
    session.commit()
    page = director.get("/village").text
    answer = director.get("/phone/visits")
    held = answer.get_json()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert held["account"] == account
    assert {visit["id"] for visit in held["visits"]} == {late, planned, unplanned}
    assert set(re.findall(r'id="visit-(\w+)"', page)) == {late, planned, unplanned}
    assert other not in answer.text
    assert {key for visit in held["visits"] for key in visit} == {"id", "code", "planned"}
    assert [visit["planned"] is None for visit in held["visits"]] == [True, False, True]
    assert not re.search(r"PSEUDONYM|CANARY|orphan|high|甲镇", answer.text)


def test_the_list_of_a_director_without_a_village_is_empty(
    session: Session, world: World, director: FlaskClient
) -> None:
    visit = add_visit(session, world.first, 0)
    person = session.get_one(Person, (world.first.township, world.first.people[PersonKind.CHILD_DIRECTOR]))
    person.base_village_id = None
    session.commit()
    assert director.get("/phone/visits").get_json()["visits"] == []
    assert send(director, visit, account="x").status_code == 409


def test_a_record_is_taken_in_once(session: Session, world: World, director: FlaskClient, account: str) -> None:
    visit = add_visit(session, world.first, 0)
    session.commit()
    key = str(uuid.uuid4())
    first = send(director, visit, account=account, key=key)
    again = send(director, visit, account=account, key=key, note="other words")
    assert (first.status_code, first.get_json()["state"]) == (200, "recorded")
    assert (again.status_code, again.get_json()["state"]) == (200, "already")
    assert first.get_json()["at"] == again.get_json()["at"]
    row = session.get_one(Visit, (world.first.township, visit), populate_existing=True)
    assert (row.state, row.done_on) == (VisitState.DONE, drafts.today())
    assert visit_notes.note_of(KEYRING, row) == "all is well"
    assert len(session.scalars(select(VisitReceipt)).all()) == 1


def test_what_has_arrived_is_answered_though_the_village_is_another_one_now(
    session: Session, world: World, director: FlaskClient, account: str
) -> None:
    visit, key = add_visit(session, world.first, 0), str(uuid.uuid4())
    session.commit()
    send(director, visit, account=account, key=key)
    person = session.get_one(Person, (world.first.township, world.first.people[PersonKind.CHILD_DIRECTOR]))
    person.base_village_id = world.first.villages[1]
    session.commit()
    assert send(director, visit, account=account, key=key).get_json()["state"] == "already"
    assert send(director, visit, account=account).status_code == 404


def test_a_record_of_another_account_is_not_taken_under_this_ones_name(
    session: Session, world: World, director: FlaskClient
) -> None:
    visit = add_visit(session, world.first, 0)
    session.commit()
    other = session.scalars(select(Account.id).where(Account.username == "social_worker-alpha")).one()
    session.commit()
    assert send(director, visit, account=other).status_code == 409
    assert session.get_one(Visit, (world.first.township, visit), populate_existing=True).state is VisitState.DUE


@pytest.mark.parametrize(
    ("facts", "field", "reason"),
    [
        ({"done_on": (drafts.today() + timedelta(days=2)).isoformat()}, "done_on", "has not come yet"),
        ({"done_on": ""}, "done_on", "required"),
        ({"note": "x" * 501}, "note", "500"),
        ({"key": "1"}, "key", "Invalid"),
    ],
)
def test_a_refusal_names_the_field_and_the_reason(
    session: Session,
    world: World,
    director: FlaskClient,
    account: str,
    facts: dict[str, object],
    field: str,
    reason: str,
) -> None:
    visit = add_visit(session, world.first, 0)
    session.commit()
    answer = send(director, visit, account=account, **facts)
    assert answer.status_code == 422
    assert reason in " ".join(answer.get_json()["errors"][field])
    assert session.scalars(select(VisitReceipt)).all() == []


def test_a_visit_that_was_done_meanwhile_is_refused_in_words(
    session: Session, world: World, director: FlaskClient, account: str
) -> None:
    visit = add_visit(session, world.first, 0, done_ago=1)
    session.commit()
    answer = send(director, visit, account=account)
    assert (answer.status_code, answer.get_json()["others"]) == (422, ["This visit is no longer due."])
    assert session.scalars(select(VisitReceipt)).all() == []


def test_without_a_log_in_a_phone_is_sent_to_the_log_in(app: Flask, world: World) -> None:
    visitor = app.test_client()
    assert visitor.get("/phone/visits").status_code == 303
    answer = visitor.post("/phone/visits/x", headers={"X-CSRFToken": csrf_token(visitor)})
    assert answer.status_code == 303
