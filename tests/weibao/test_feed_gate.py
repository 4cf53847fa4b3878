"""What a calendar is told before the program: the program's own answer, so long as nothing has changed."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, Response
from flask.ctx import RequestContext
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, ActivityState, FeedKind, PersonKind
from tenants.models import Account, Activity, County, Duty, FeedToken, Person, Township
from tenants.services import feed_tokens
from tenants.services.feed_tokens import Shown
from tests.conftest import LogIn
from tests.duties import add_visit, give
from tests.world import World
from weibao import feed_gate
from weibao.feed_gate import Facts

Ask = Callable[..., tuple[int, bool]]
"""Ask with the last tag: the status, and whether the program itself was asked."""


@pytest.fixture(params=list(FeedKind))
def kind(request: pytest.FixtureRequest) -> FeedKind:
    return FeedKind(request.param)


@pytest.fixture
def path(session: Session, world: World, kind: FeedKind) -> str:
    """The path of a feed of that kind, which shows an activity and what else its owner holds."""
    place = world.first
    activity = session.scalars(select(Activity).where(Activity.id == place.activity)).one()
    owner, role = (
        (PersonKind.VOLUNTEER, AccountRole.VOLUNTEER)
        if kind is FeedKind.PERSON
        else (PersonKind.SOCIAL_WORKER, AccountRole.SOCIAL_WORKER)
    )
    give(session, place, owner, activity=activity.id)
    actor = Actor(county_id=world.county, township_id=place.township, person_id=place.people[owner], role=role)
    token = feed_tokens.issue(session, actor, Shown(kind=kind, home_id=activity.home_id))
    session.commit()
    return f"/feeds/{token}.ics"


@pytest.fixture
def asked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that the program itself was asked for."""
    paths: list[str] = []
    inner = app.request_context

    def begun(environ: dict[str, Any]) -> RequestContext:
        paths.append(environ["PATH_INFO"])
        return inner(environ)

    monkeypatch.setattr(app, "request_context", begun)
    return paths


@pytest.fixture
def ask(app: Flask, path: str, asked: list[str]) -> Ask:
    client = app.test_client()
    tag = client.get(path).headers["ETag"]

    def _ask(**headers: str) -> tuple[int, bool]:
        asked.clear()
        answer = client.get(path, headers={"If-None-Match": tag, **headers}, buffered=True)
        return answer.status_code, bool(asked)

    return _ask


def test_the_first_question_goes_to_the_program_and_the_next_ones_need_not(ask: Ask) -> None:
    assert [ask(), ask(), ask()] == [(304, True), (304, False), (304, False)]


def test_the_gates_answer_is_the_programs_own(app: Flask, path: str, asked: list[str]) -> None:
    client = app.test_client()
    known = {"If-None-Match": client.get(path).headers["ETag"]}
    first, again = client.get(path, headers=known), client.get(path, headers=known)
    assert len(asked) == 2
    assert again.status == first.status == "304 NOT MODIFIED"
    assert [*again.headers] == [*first.headers]
    assert again.data == b""


def test_a_calendar_that_does_not_say_what_it_has_gets_the_same_text_again(
    app: Flask, session: Session, world: World, path: str, asked: list[str]
) -> None:
    client = app.test_client()
    first, again = client.get(path), client.get(path)
    assert len(asked) == 1
    assert (again.status, again.data, [*again.headers]) == (first.status, first.data, [*first.headers])
    _reminded(session, world)
    session.commit()
    assert client.get(path).data != first.data
    assert len(asked) == 2


def _given(session: Session, world: World) -> None:
    give(session, world.first, PersonKind.VOLUNTEER, visit=add_visit(session, world.first))


def _renamed(session: Session, world: World) -> None:
    for row in session.scalars(select(Person)):
        row.name = "改名"


def _called_off(session: Session, world: World) -> None:
    row = session.scalars(select(Activity).where(Activity.id == world.first.activity)).one()
    row.state, row.changed_at = ActivityState.CANCELLED, datetime.now(UTC)


def _township_renamed(session: Session, world: World) -> None:
    row = session.scalars(select(Township).where(Township.id == world.first.township)).one()
    row.name, row.name_en = "新镇", "Newtown"


def _zone_moved(session: Session, world: World) -> None:
    session.scalars(select(County).where(County.id == world.county)).one().timezone = "Asia/Urumqi"


def _reminded(session: Session, world: World) -> None:
    session.scalars(select(FeedToken)).one().alarm_minutes = 30


def _said_otherwise(session: Session, world: World) -> None:
    row = session.scalars(select(FeedToken)).one()
    row.language = "en" if row.home_id else "zh"  # the accounts' is English, a home's Chinese


BOTH = (FeedKind.PERSON, FeedKind.TOWNSHIP)
CHANGES: dict[Callable[..., None], Iterable[FeedKind]] = {
    _given: BOTH,
    _renamed: (FeedKind.PERSON,),
    _called_off: (FeedKind.HOME, FeedKind.TOWNSHIP),
    _township_renamed: BOTH,
    _zone_moved: FeedKind,
    _reminded: FeedKind,
    _said_otherwise: FeedKind,
}
CASES = [pytest.param(kind, change, id=f"{kind}{change.__name__}") for change in CHANGES for kind in CHANGES[change]]
of_a_person = pytest.mark.parametrize("kind", [FeedKind.PERSON])


@pytest.mark.parametrize(("kind", "change"), CASES)
def test_whatever_changes_the_text_is_asked_of_the_program(
    session: Session, world: World, ask: Ask, change: Callable[..., None]
) -> None:
    assert [ask(), ask()] == [(304, True), (304, False)]
    change(session, world)
    session.commit()
    assert ask() == (200, True)


@of_a_person
def test_a_gate_that_did_not_compare_would_miss_a_change(
    session: Session, world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    _said_otherwise(session, world)
    session.commit()
    with monkeypatch.context() as patch:
        patch.setattr(Facts, "__eq__", lambda self, other: True)
        assert ask() == (304, False)
    assert ask() == (200, True)


@of_a_person
def test_an_answer_during_which_something_changed_is_not_remembered(
    app: Flask, session: Session, world: World, ask: Ask, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = app.full_dispatch_request

    def changed_meanwhile() -> Response:
        answer = inner()
        _reminded(session, world)
        session.commit()
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(app, "full_dispatch_request", changed_meanwhile)
        assert ask() == (304, True)
    assert ask() == (200, True)


def test_a_revoked_address_and_one_whose_account_was_closed_are_gone_at_once(
    session: Session, ask: Ask, kind: FeedKind
) -> None:
    ask()
    for account in session.scalars(select(Account)):
        account.disabled = True
    session.commit()
    assert ask() == ((304, False) if kind is FeedKind.HOME else (404, True))
    session.scalars(select(FeedToken)).one().revoked_at = datetime.now(UTC)
    session.commit()
    assert ask() == (404, True)


@of_a_person
def test_another_address_of_the_server_is_another_feed(ask: Ask) -> None:
    assert [ask(), ask()] == [(304, True), (304, False)]
    assert ask(Host="weibao.example.gov.cn") == (200, True)


@of_a_person
def test_a_date_is_as_good_as_a_tag(app: Flask, session: Session, path: str, asked: list[str]) -> None:
    for model in (Duty, Activity):
        session.execute(update(model).values(changed_at=datetime.now(UTC) - timedelta(minutes=1)))
    session.commit()
    client = app.test_client()
    first = client.get(path)
    dated = {"If-Modified-Since": first.headers["Last-Modified"]}
    old = {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}
    asked.clear()
    assert [client.get(path, headers=each).status_code for each in (dated, dated, old)] == [304, 304, 200]
    assert len(asked) == 2


@of_a_person
def test_a_question_that_no_calendar_asks_takes_no_memory(app: Flask, path: str, asked: list[str]) -> None:
    client = app.test_client()
    tag = client.get(path).headers["ETag"]
    asked.clear()
    for known, times in ((f'{tag}, "{"x" * 2000}"', 2), (f'{tag}, "x"', 1)):
        assert {client.get(path, headers={"If-None-Match": known}).status_code for _ in range(2)} == {304}
        assert len(asked) == times
        asked.clear()


@of_a_person
def test_a_fetch_that_the_gate_answers_is_noted_too(session: Session, ask: Ask) -> None:
    ask()
    row = session.scalars(select(FeedToken)).one()
    session.refresh(row)
    row.last_fetched_at = datetime.now(UTC) - timedelta(hours=2)
    session.commit()
    assert ask()[0] == 304
    session.refresh(row)
    assert row.last_fetched_at is not None
    assert datetime.now(UTC) - row.last_fetched_at < timedelta(minutes=1)


@of_a_person
def test_nobodys_cookie_is_remembered(path: str, log_in: LogIn, app: Flask, asked: list[str]) -> None:
    browser = log_in(AccountRole.VOLUNTEER)
    known = {"If-None-Match": browser.get(path).headers["ETag"]}
    asked.clear()
    assert [browser.get(path, headers=known).status_code for _ in range(2)] == [304, 304]
    assert len(asked) == 2
    calendar = app.test_client()
    answers = [calendar.get(path, headers=known) for _ in range(2)]
    assert [("Set-Cookie" in answer.headers, answer.status_code) for answer in answers] == [(False, 304)] * 2


@of_a_person
def test_a_full_memory_is_emptied_and_filled_anew(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_gate, "REMEMBERED", -1)
    assert [ask(), ask()] == [(304, True), (304, False)]
