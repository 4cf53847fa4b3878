"""Backups, logs and jobs hold no child's identity: it is typed into the real program, then looked for everywhere."""

import json
import re
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.crypto import Keyring, Place
from tenants.enums import AccountRole
from tenants.models import Account, AuditEntry, Child, FeedToken, RosterEdit, SolveRun, Visit
from tests import databases, drafts, duties
from tests.command_line import free_port, serving, settings_for
from tests.conftest import LogIn, post
from tests.security.canaries import CHILD, Canaries, codings, dumps_of, found_in
from tests.visitor import Visitor
from tests.world import PASSWORD, World

WRONG_NUMBER = CHILD.id_number[:-1] + "5"
PLANNED = re.compile(r'name="revision"[^>]*value="(\d+)"')


@dataclass(kw_only=True)
class Told:
    """What the program gave away while it was used: answers that leave the child's own pages, and its log."""

    answers: dict[str, bytes] = field(default_factory=dict)
    log: bytes = b""


def file_of(world: World, child: Canaries) -> dict[str, object]:
    """The form of a new file, filled in."""
    return {
        "case_code": child.case_code, "pseudonym": child.pseudonym, "village_id": world.first.villages[0],
        "birth_year": "2015", "gender": "", "needs_gender": "", "categories": ["left_behind"], "level": "high",
        "since": str(datetime.now(UTC).date() - timedelta(days=60)),
    }  # fmt: skip


def identity_of(child: Canaries) -> dict[str, object]:
    """The form of an identity, filled in."""
    return {name: getattr(child, name) for name in ("name", "id_number", "address", "guardian_phone")}


def keep_a_child(visitor: Visitor, world: World) -> str:
    """Open a file and keep an identity; a wrong number, a number that is taken and a search go with it."""
    visitor.get("/children/new")
    visitor.post("/children/new", file_of(world, CHILD))
    child = visitor.url.rsplit("/", 1)[1]
    visitor.get(f"/children/{child}/identity/edit")
    refused = visitor.post(f"/children/{child}/identity/edit", {**identity_of(CHILD), "id_number": WRONG_NUMBER})
    assert CHILD.name in refused
    visitor.post(f"/children/{child}/identity/edit", identity_of(CHILD))
    other = f"/children/{world.first.children[0]}/identity/edit"
    visitor.get(other)
    assert "another file of this township has this number" in visitor.post(other, identity_of(CHILD))
    shown = visitor.post(f"/children/{child}/identity", {"purpose": "visit"})
    assert all(word in shown for word in CHILD.sealed)  # it is kept, and opens
    visitor.get(f"/children?text={CHILD.id_number}")
    return child


def plan_and_publish(visitor: Visitor, told: Told) -> None:
    """Plan a week with the embedded worker, take its problem as a file, and publish."""
    visitor.get("/planner/")
    first = datetime.now(UTC).date() + timedelta(days=1)
    page = visitor.post("/planner/", {"starts_on": str(first), "days": "7"})
    draft = visitor.url.removeprefix(visitor.address)
    weights = dict(re.findall(r'name="(weight_\w+)"[^>]*value="(\d+)"', page))
    visitor.post(f"{draft}/plan", {"revision": PLANNED.findall(page)[0], "seconds": "10", **weights})
    until = time.monotonic() + 240
    while f"{draft}/progress" in (page := visitor.get(draft)):
        assert time.monotonic() < until, page
        time.sleep(0.5)
    told.answers["problem"] = visitor.get(f"{draft}/problem.json").encode()
    page = visitor.get(f"{draft}/review")
    visitor.post(f"{draft}/publish", {"revision": PLANNED.findall(page)[0], "confirmed": "y"})
    told.answers["version"] = visitor.get("/roster/1").encode()


def subscribe(visitor: Visitor, told: Told) -> None:
    """A calendar feed."""
    visitor.get("/mine/calendar")
    page = visitor.post("/mine/calendar", {})
    path = re.findall(r"/feeds/[\w-]+\.ics", page)[0]
    told.answers["feed"] = visitor.get(path).encode()


@contextmanager
def served(url: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """The program with its worker in processes of their own at the most talkative level: address and log."""
    port, log = free_port(), folder / "log"
    settings = settings_for(url) | {
        "WEIBAO_PORT": str(port), "WEIBAO_LOG_LEVEL": "DEBUG", "WEIBAO_LANGUAGE": "en", "PYTHONWARNINGS": "default",
        "WEIBAO_REQUIRE_SECOND_FACTOR": "false",
    }  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    with (
        log.open("w", encoding="utf-8") as stream,
        serving("serve", cwd=folder, path=f"{address}/health", within=60, settings=settings, log=stream) as server,
    ):
        try:
            yield address, log
        finally:
            server.send_signal(signal.SIGTERM)  # so that its worker ends too
            server.wait(20)


@pytest.fixture
def used(app: Flask, world: World, database_url: str, tmp_path: Path) -> Told:
    """The program, used through its own pages by a station head and a child director."""
    told = Told()
    with served(database_url, tmp_path) as (address, log):
        head, director = Visitor(address), Visitor(address)
        head.log_in(world.usernames[AccountRole.STATION_HEAD], PASSWORD)
        keep_a_child(head, world)
        plan_and_publish(head, told)
        director.log_in(world.usernames[AccountRole.CHILD_DIRECTOR], PASSWORD)
        subscribe(director, told)
        told.answers["audit log"] = head.get("/audit/").encode()
    told.log = log.read_bytes()
    return told


def jobs_of(session: Session) -> dict[str, bytes]:
    """All that a job was given or has told, and the edits and audit lines about it."""
    rows: dict[str, bytes] = {}
    for model in (SolveRun, RosterEdit, AuditEntry):
        found = [
            {column.name: getattr(row, column.key) for column in model.__table__.columns}
            for row in session.scalars(select(model))
        ]
        assert found, model
        rows[model.__tablename__] = json.dumps(found, default=str).encode()
    return rows


@pytest.mark.timeout(600)  # a first start compiles the scheduler
def test_identities_stand_nowhere_but_on_the_page_that_opens_them(
    used: Told, session: Session, database_url: str, tmp_path: Path
) -> None:
    visits = session.scalars(select(Visit.id).join(Child).where(Child.case_code == CHILD.case_code)).all()
    run, feed = session.scalars(select(SolveRun)).one(), session.scalars(select(FeedToken)).one()
    texts = jobs_of(session) | used.answers | {"log": used.log}
    session.rollback()
    texts |= dumps_of(database_url, databases.owner_url(database_url), tmp_path)

    assert {word: found_in(word, texts) for word in CHILD.sealed} == {word: [] for word in CHILD.sealed}
    # The search sees: words kept in clear are found in each whole copy, ids in the problem, the log and the job's rows.
    whole = {"dump", "backup.sqlite", "test.sqlite", "rows of child", "pg_dump"} & set(texts)
    assert len(whole) >= 1
    assert {word: whole - set(found_in(word, texts)) for word in CHILD.clear} == {word: set() for word in CHILD.clear}
    assert any(visit in used.answers["problem"].decode() for visit in visits)
    assert run.id in used.log.decode()
    assert run.id in texts["solve_run"].decode()
    assert b" INFO " in used.log
    assert feed.token_hash.encode() not in used.log


def test_planted_identity_in_clear_is_found(
    app: Flask, world: World, log_in: LogIn, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Keyring, "seal", lambda self, text, place: text.encode())
    client = log_in(AccountRole.STATION_HEAD)
    post(client, f"/children/{world.first.children[0]}/identity/edit", identity_of(CHILD))
    dumps = dumps_of(database_url, databases.owner_url(database_url), tmp_path)
    assert all(found_in(word, dumps) for word in CHILD.sealed)


def record_visits(world: World, log_in: LogIn, session: Session) -> list[str]:
    """A note by each form that takes one: the file's, the village's, a phone's; returns the notes."""
    notes = [f"CanaryNote {way} 家里很冷" for way in ("file", "village", "phone")]
    today, place = str(drafts.today()), world.first
    due = [duties.add_visit(session, place, child, due_in=-3) for child in (0, 3)]
    director = session.scalars(select(Account.id).where(Account.username == "child_director-alpha")).one()
    session.commit()
    client, station = log_in(AccountRole.CHILD_DIRECTOR), log_in(AccountRole.STATION_HEAD)
    village = {f"{due[0]}-done_on": today, f"{due[0]}-note": notes[1]}
    assert post(client, f"/village/visits/{due[0]}/done", village).status_code == 303
    phone = {"key": str(uuid.uuid4()), "account": director, "done_on": today, "note": notes[2]}
    assert post(client, f"/phone/visits/{due[1]}", phone).status_code == 200
    file = f"/children/{place.children[2]}"
    assert post(station, f"{file}/visits", {"visit-done_on": today, "visit-note": notes[0]}).status_code == 303
    shown = "".join(station.get(f"/children/{place.children[child]}").text for child in (0, 2, 3))
    assert all(note in shown for note in notes)  # they are kept, and open
    return notes


def test_notes_of_visits_stand_nowhere_in_clear(
    app: Flask, world: World, log_in: LogIn, session: Session, database_url: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    notes = record_visits(world, log_in, session)
    session.rollback()
    dumps = dumps_of(database_url, databases.owner_url(database_url), tmp_path)
    assert {note: found_in(note, dumps) for note in notes} == {note: [] for note in notes}
    monkeypatch.setattr(Keyring, "seal", lambda self, text, place: text.encode())
    planted = {"visit-done_on": str(drafts.today() - timedelta(days=1)), "visit-note": "CanaryPlanted"}
    child = world.first.children[2]
    assert post(log_in(AccountRole.STATION_HEAD), f"/children/{child}/visits", planted).status_code == 303
    assert found_in("CanaryPlanted", dumps_of(database_url, databases.owner_url(database_url), tmp_path))


@pytest.mark.parametrize("word", [CHILD.name, CHILD.guardian_phone])
def test_each_coding_of_a_word_is_found_inside_other_text(word: str) -> None:
    before = {"utf-8": b"x" + word.encode() + b"y", "log": f"name={word!a}".encode().replace(b"\\\\", b"\\")}
    for coded in codings(word):
        assert found_in(word, {"text": b"\0before" + coded + b"after\0"}) == ["text"]
    assert set(found_in(word, before)) == set(before)
    assert found_in(word, {"none": b"nothing of it", "near": word[:-1].encode()}) == []


def test_sealed_value_holds_none_of_the_codings() -> None:
    keyring = Keyring(keys={1: bytes(range(32))}, index_key=bytes(32))
    place = Place(table="child", column="name_sealed", tenant="t", row="r")
    sealed = keyring.seal(CHILD.name, place)
    assert found_in(CHILD.name, {"sealed": sealed}) == []
    assert keyring.open(sealed, place) == CHILD.name
