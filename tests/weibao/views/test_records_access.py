"""The record pages, one line each: who may reach them, and that another township's ids answer like unknown ones."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenants.enums import AccountRole as Role
from tenants.enums import PersonKind
from tenants.models import (
    Activity,
    ActivityRole,
    AuditEntry,
    AvailabilityException,
    Child,
    ChildCategoryPeriod,
    ChildRiskPeriod,
    FamiliarPerson,
    Home,
    Person,
    Vetting,
    Visit,
    VisitRule,
    WeeklyAvailability,
)
from tests.conftest import LogIn, csrf_token
from tests.world import Place, World

HEAD = {Role.STATION_HEAD}
STATION = HEAD | {Role.STATION_STAFF}
READERS = STATION | {Role.SOCIAL_WORKER}
LEDGER = READERS | {Role.CHILD_DIRECTOR}
TOWNSHIP = LEDGER | {Role.VOLUNTEER}
EVERYBODY = TOWNSHIP | {Role.COUNTY_OFFICER}
COUNTY = {Role.COUNTY_OFFICER}
UNKNOWN = "a" * 26


@dataclass(frozen=True)
class Page:
    """A page by method and path; ``{person}`` and the like stand for an id of the township that is asked about."""

    method: str
    path: str
    allowed: set[Role]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


PAGES = [
    Page("GET", "/people", READERS),
    Page("GET", "/people/{person}", READERS),
    Page("GET", "/people/new", STATION),
    Page("POST", "/people/new", STATION),
    Page("GET", "/people/{person}/edit", STATION),
    Page("POST", "/people/{person}/edit", STATION),
    Page("POST", "/people/{person}/deactivate", STATION),
    Page("POST", "/people/{person}/reactivate", STATION),
    Page("POST", "/people/{person}/checks", STATION),
    Page("POST", "/people/{person}/checks/{check}/remove", HEAD),
    Page("GET", "/availability", TOWNSHIP),
    Page("POST", "/availability", TOWNSHIP),
    Page("POST", "/availability/exceptions", TOWNSHIP),
    Page("POST", "/availability/exceptions/{exception}/remove", TOWNSHIP),
    Page("GET", "/people/{person}/availability", STATION),
    Page("POST", "/people/{person}/availability", STATION),
    Page("POST", "/people/{person}/availability/exceptions", STATION),
    Page("POST", "/people/{person}/availability/exceptions/{exception}/remove", STATION),
    Page("GET", "/children", LEDGER),
    Page("GET", "/children/{child}", LEDGER),
    Page("GET", "/children/new", STATION),
    Page("POST", "/children/new", STATION),
    Page("GET", "/children/{child}/edit", STATION),
    Page("POST", "/children/{child}/edit", STATION),
    Page("POST", "/children/{child}/confirm", STATION),
    Page("POST", "/children/{child}/close", STATION),
    Page("POST", "/children/{child}/reopen", STATION),
    Page("POST", "/children/{child}/categories", STATION),
    Page("POST", "/children/{child}/categories/{period}/end", STATION),
    Page("POST", "/children/{child}/risks", STATION),
    Page("POST", "/children/{child}/familiar", STATION),
    Page("POST", "/children/{child}/familiar/{director}/remove", STATION),
    Page("POST", "/children/{child}/visits", STATION),
    Page("POST", "/children/{child}/visits/{visit}/take-back", STATION),
    Page("GET", "/homes", EVERYBODY),
    Page("GET", "/homes/{village}", STATION),
    Page("POST", "/homes/{village}", STATION),
    Page("GET", "/activities", TOWNSHIP),
    Page("GET", "/activities/{activity}", TOWNSHIP),
    Page("GET", "/activities/new", STATION),
    Page("POST", "/activities/new", STATION),
    Page("GET", "/activities/{activity}/edit", STATION),
    Page("POST", "/activities/{activity}/edit", STATION),
    Page("POST", "/activities/{activity}/cancel", STATION),
    Page("POST", "/activities/{activity}/restore", STATION),
    Page("POST", "/activities/{activity}/repeat", STATION),
    Page("GET", "/rules", STATION | COUNTY),
    Page("GET", "/rules/disabled/high", COUNTY),
    Page("POST", "/rules/disabled/high", COUNTY),
]
WITH_IDS = [page for page in PAGES if "{" in page.path and "{exception}" not in page.path]
KEPT = (
    Person,
    Vetting,
    WeeklyAvailability,
    AvailabilityException,
    Child,
    ChildCategoryPeriod,
    ChildRiskPeriod,
    FamiliarPerson,
    Visit,
    Home,
    Activity,
    ActivityRole,
    VisitRule,
)


def path_for(page: Page, place: Place, session: Session) -> str:
    child = place.children[0]
    check = session.scalars(select(Vetting).where(Vetting.person_id == place.people[PersonKind.VOLUNTEER])).first()
    period = session.scalars(select(ChildCategoryPeriod).where(ChildCategoryPeriod.child_id == child)).first()
    return page.path.format(
        person=place.people[PersonKind.VOLUNTEER],
        director=place.people[PersonKind.CHILD_DIRECTOR],
        check=check.id if check else UNKNOWN,
        exception=UNKNOWN,
        child=child,
        period=period.id if period else UNKNOWN,
        visit=UNKNOWN,
        village=place.villages[0],
        activity=place.activity,
    )


def rows(session: Session) -> list[tuple[object, ...]]:
    """Every column of every row that the record pages keep."""
    return sorted(
        (model.__name__, *(str(getattr(row, column.key)) for column in model.__mapper__.column_attrs))
        for model in KEPT
        for row in session.scalars(select(model))
    )


def answer(client: FlaskClient, page: Page, path: str, token: str) -> TestResponse:
    return client.get(path) if page.method == "GET" else client.post(path, data={"csrf_token": token})


@pytest.mark.parametrize("role", list(Role))
def test_pages_are_closed_to_all_but_their_roles(log_in: LogIn, world: World, session: Session, role: Role) -> None:
    closed = [(page, path_for(page, world.first, session)) for page in PAGES if role not in page.allowed]
    before = rows(session)
    client = log_in(role)
    token = csrf_token(client)
    assert {str(page): answer(client, page, path, token).status_code for page, path in closed} == {
        str(page): 403 for page, _ in closed
    }
    assert rows(session) == before


@pytest.mark.parametrize("role", list(Role))
def test_pages_are_open_to_their_roles(log_in: LogIn, world: World, session: Session, role: Role) -> None:
    opened = [(page, path_for(page, world.first, session)) for page in PAGES if role in page.allowed]
    client = log_in(role)
    token = csrf_token(client)
    for page, path in opened:
        # An empty form is refused (422), a row that is not there is not found (404): the door itself is open.
        expected = {200} if page.method == "GET" else {303, 404, 422}
        assert answer(client, page, path, token).status_code in expected, str(page)


def test_nobody_reaches_a_page_without_logging_in(app: Flask, world: World, session: Session) -> None:
    paths = [(page, path_for(page, world.first, session)) for page in PAGES]
    client = app.test_client()
    token = csrf_token(client)
    for page, path in paths:
        found = answer(client, page, path, token)
        assert (found.status_code, "/login" in found.headers["Location"]) == (303, True), str(page)


def body_without(text: str, path: str) -> str:
    """A page without its address and its token."""
    return re.sub(r'(csrf[-_]token"[^>]*(?:value|content)=)"[^"]*"', r"\1", text.replace(path, "PATH"))


def test_another_townships_ids_answer_exactly_like_unknown_ones(log_in: LogIn, world: World, session: Session) -> None:
    foreign = (world.second, world.foreign)
    asked = [
        (page, [*(path_for(page, place, session) for place in foreign), re.sub(r"\{\w+\}", UNKNOWN, page.path)])
        for page in WITH_IDS
    ]
    before = rows(session)
    client = log_in(Role.STATION_HEAD)
    token = csrf_token(client)
    written = len(session.scalars(select(AuditEntry.number)).all())
    for page, paths in asked:
        answers = [answer(client, page, path, token) for path in paths]
        assert [found.status_code for found in answers] == [404, 404, 404], str(page)
        assert not any(place.canary in found.text for found in answers for place in foreign), str(page)
        assert len({body_without(found.text, path) for found, path in zip(answers, paths, strict=True)}) == 1, str(page)
    assert rows(session) == before
    assert len(session.scalars(select(AuditEntry.number)).all()) == written


@pytest.mark.parametrize("role", list(Role))
def test_no_page_shows_a_neighbours_row(log_in: LogIn, world: World, session: Session, role: Role) -> None:
    pages = [page for page in PAGES if page.method == "GET" and role in page.allowed]
    paths = [path_for(page, world.first, session) for page in pages]
    client = log_in(role)
    hidden = [world.foreign.canary] if role is Role.COUNTY_OFFICER else [world.second.canary, world.foreign.canary]
    for path in paths:
        text = client.get(path).text
        assert not any(canary in text for canary in hidden), path
