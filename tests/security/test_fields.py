"""The table of facts holds on the real pages and in the feed: a canary for each fact, looked for as each role."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.crypto import Keyring
from tenants.enums import AccountRole, Purpose
from tenants.errors import ConflictError, InvalidError
from tenants.fields import MARKABLE, TABLE, Fact, Reach
from tenants.models import AuditEntry, Child, Duty, Visit
from tenants.services import day_needs, feed_tokens, identities, visit_notes
from tests import drafts, duties
from tests.conftest import LogIn, post
from tests.drafts import VOLUNTEER
from tests.security.test_matrix import full, targets
from tests.weibao.views.conftest import session
from tests.world import World
from weibao.permissions import PERMISSIONS

__all__ = ["full", "session"]  # fixtures of the matrix and of the pages
CANARIES = {
    Fact.CASE_CODE: "KASE-4711",
    Fact.PSEUDONYM: "PSEUDONYM-0",
    Fact.BIRTH_YEAR: "<dd>2014</dd>",
    Fact.GENDER: "<dd>Male</dd>",
    Fact.CATEGORY: 'Scattered orphan <span class="text-secondary">since',
    Fact.RISK: ": High risk</li>",
    Fact.VISIT_NOTE: "KANARI-REPORT",
    Fact.NAME: "KANARI-NAME",
    Fact.ID_NUMBER: "110101201401010014",
    Fact.ADDRESS: "KANARI-ROAD",
    Fact.GUARDIAN_PHONE: "13855550000",
    Fact.DAY_NOTE: "KANARI-GATE",
}
PUBLIC = {Fact.VILLAGE, Fact.TIME, Fact.TASK_KIND, Fact.TEAM}
"""What stands on many pages for other reasons, so that no word is a canary of it."""
SEALED = (Fact.NAME, Fact.ID_NUMBER, Fact.ADDRESS, Fact.GUARDIAN_PHONE)


@pytest.fixture
def keyring(app: Flask) -> Keyring:
    ring: Keyring = app.config["WEIBAO"].keyring
    return ring


@pytest.fixture
def duty(session: Session, full: World, keyring: Keyring) -> str:
    """The volunteer's visit of today, of a child whose every fact is a canary; the station has marked all it can."""
    place = full.first
    child = session.get_one(Child, (place.township, place.children[0]))
    child.case_code, child.birth_year, child.gender = CANARIES[Fact.CASE_CODE], 2014, "male"
    identity = identities.Identity(**{fact.value: CANARIES[fact] for fact in SEALED})
    identities.keep(session, full.head, keyring, child, identity)
    done = duties.add_visit(session, place, due_in=-9, done_ago=9)
    visit_notes.keep(session, keyring, session.get_one(Visit, (place.township, done)), CANARIES[Fact.VISIT_NOTE])
    due = session.scalars(select(Visit).where(Visit.child_id == child.id, Visit.state == "due")).one()
    facts = set(MARKABLE) - {Fact.DAY_NOTE}
    day_needs.mark(session, full.head, keyring, due, facts, CANARIES[Fact.DAY_NOTE])
    given = duties.give(session, place, VOLUNTEER, visit=due.id, starts_at=drafts.at(drafts.today(), 23, 0))
    session.commit()
    return given


def pages(app: Flask, client: FlaskClient, world: World, role: AccountRole) -> str:
    """Every page of the township that the role may open."""
    mine = [t for t in targets(app, world.first) if t.method == "GET" and role in PERMISSIONS[t.endpoint]]
    return "\n".join(client.get(target.path).data.decode("utf-8", "replace") for target in mine)


def everything(app: Flask, client: FlaskClient, world: World, role: AccountRole, duty: str, visit: str) -> str:
    """All that the role can come by: its pages, the identity for a purpose, what is needed today."""
    form = client.get(f"/visits/{visit}/needed").text
    child = world.first.children[0]
    asked = post(client, f"/children/{child}/identity", {"purpose": Purpose.VISIT.value}).text
    marked = post(client, f"/mine/duties/{duty}/needed").text
    wanted = {"case_code": CANARIES[Fact.CASE_CODE], "purpose": Purpose.REPORT.value, "words": "a report to follow"}
    opened = post(client, f"/county/townships/{world.first.township}/file", wanted).text
    return "\n".join((pages(app, client, world, role), form, asked, marked, opened))


@pytest.mark.parametrize("role", list(AccountRole))
def test_each_role_comes_by_exactly_what_the_table_says(
    app: Flask, session: Session, full: World, duty: str, log_in: LogIn, role: AccountRole
) -> None:
    visit = session.get_one(Duty, (full.first.township, duty)).visit_id or ""
    text = everything(app, log_in(role), full, role, duty, visit)
    known = {fact for fact, canary in CANARIES.items() if canary in text}
    station_reads_marks = {Fact.DAY_NOTE} if role in {AccountRole.STATION_HEAD, AccountRole.STATION_STAFF} else set()
    allowed = {fact for fact in CANARIES if TABLE[role][fact] is not Reach.NEVER}
    shown = allowed - {Fact.DAY_NOTE} | ({Fact.DAY_NOTE} if role is AccountRole.VOLUNTEER else station_reads_marks)
    assert known - allowed == set()
    assert known == shown
    assert set(CANARIES) | PUBLIC == set(Fact)


def test_pages_and_feed_never_hold_what_is_for_the_day(
    app: Flask, session: Session, full: World, duty: str, log_in: LogIn
) -> None:
    actor = Actor(county_id=full.county, township_id=full.first.township, person_id=full.first.people[VOLUNTEER])
    token = feed_tokens.issue(session, actor)
    session.commit()
    feed = app.test_client().get(f"/feeds/{token}.ics").text
    text = pages(app, log_in(AccountRole.VOLUNTEER), full, AccountRole.VOLUNTEER) + feed
    assert CANARIES[Fact.CASE_CODE] in feed
    hidden = {fact for fact in CANARIES if TABLE[AccountRole.VOLUNTEER][fact] in {Reach.NEVER, Reach.ON_THE_DAY}}
    assert {fact for fact in hidden if CANARIES[fact] in text} == set()


@contextmanager
def moved(session: Session, world: World, duty: str, days: int) -> Iterator[None]:
    """The duty on another day."""
    row = session.get_one(Duty, (world.first.township, duty))
    before = row.starts_at, row.ends_at
    row.starts_at, row.ends_at = (moment + timedelta(days=days) for moment in before)
    session.commit()
    yield
    row.starts_at, row.ends_at = before
    session.commit()


def test_what_is_marked_is_shown_on_the_day_alone_and_written_down(
    session: Session, full: World, duty: str, log_in: LogIn
) -> None:
    client, path = log_in(AccountRole.VOLUNTEER), f"/mine/duties/{duty}/needed"
    assert "Show it" in client.get(f"/mine/duties/{duty}").text
    for days in (-1, 1):
        with moved(session, full, duty, days):
            assert post(client, path).status_code == 404
            assert "Show it" not in client.get(f"/mine/duties/{duty}").text
    reads = select(AuditEntry).where(AuditEntry.action == "child.need_read")
    assert session.scalars(reads).all() == []
    assert CANARIES[Fact.ADDRESS] in post(client, path).text
    (line,) = session.scalars(reads).all()
    assert line.subject_id == full.first.children[0]
    assert line.details["facts"] == [fact.value for fact in MARKABLE]
    assert not any(canary in str(line.details) for canary in CANARIES.values())
    assert post(log_in(AccountRole.SOCIAL_WORKER), path).status_code == 404  # it is not theirs


def test_the_station_marks_by_a_form_and_only_what_may_be_given(
    session: Session, full: World, duty: str, log_in: LogIn, keyring: Keyring
) -> None:
    visit = session.scalars(select(Visit).where(Visit.day_note_sealed.is_not(None))).one()
    path = f"/visits/{visit.id}/needed"
    client = log_in(AccountRole.STATION_STAFF)
    page = client.get(path).text
    assert CANARIES[Fact.DAY_NOTE] in page
    assert CANARIES[Fact.ADDRESS] not in page
    assert post(client, path, {"facts": ["name"], "note": "x"}).status_code == 422
    assert post(client, path, {"facts": ["address"], "note": ""}).status_code == 303
    session.expire_all()
    visit = session.get_one(Visit, (full.first.township, visit.id))
    assert (visit.day_facts, visit.day_note_sealed) == (["address"], None)
    assert post(log_in(AccountRole.SOCIAL_WORKER), path, {"facts": [], "note": ""}).status_code == 403
    with pytest.raises(InvalidError):
        day_needs.mark(session, full.head, keyring, visit, {Fact.NAME}, "")
    visit.state = "done"
    session.flush()
    session.expire(visit)
    with pytest.raises(ConflictError):
        day_needs.mark(session, full.head, keyring, visit, set(), "")


def test_a_note_is_sealed_and_sealed_anew(session: Session, full: World, duty: str, keyring: Keyring) -> None:
    visit = session.scalars(select(Visit).where(Visit.day_note_sealed.is_not(None))).one()
    assert CANARIES[Fact.DAY_NOTE].encode() not in visit.day_note_sealed
    newer = Keyring(keys={**keyring.keys, 2: b"n" * 32}, index_key=keyring.index_key)
    child = session.get_one(Child, (visit.township_id, visit.child_id))
    assert [day_needs.reseal(session, newer, child) for _turn in range(2)] == [True, False]
    assert newer.open(visit.day_note_sealed, day_needs.place_of(visit)) == CANARIES[Fact.DAY_NOTE]
