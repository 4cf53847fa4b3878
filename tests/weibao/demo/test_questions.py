"""No page asks the database one thing for each of many rows: a long list costs as many questions as a short one."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.models import Activity
from tests.conftest import post
from tests.databases import asked
from weibao import demo_accounts

OF_A_KIND = 3
AGAIN = 6
"""Equal questions that a page may ask: for the account, the frame and each part that stands on its own."""
_ID = re.compile(r"[0-9a-z]{26}")
_DAY = re.compile(r"\d{4}-\d\d(-\d\d)?")
_LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)"')
_PARTS = ("/static/", "/logout", "/feeds/")


def kind_of(path: str) -> str:
    """The page behind an address, whatever rows and days it is of."""
    return _DAY.sub("D", _ID.sub("ID", path.partition("?")[0]))


def commonest(client: FlaskClient) -> Iterator[tuple[str, tuple[int, str]]]:
    """What links lead to from the start page, three of each kind, with the question that each asks most often."""
    waiting, kinds = ["/"], Counter[str]()
    seen: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        if path in seen or kinds[kind_of(path)] == OF_A_KIND or path.startswith(_PARTS):
            continue
        seen.add(path)
        kinds[kind_of(path)] += 1
        with asked() as found:
            answer = client.get(path)
        yield path, max(((times, statement) for statement, times in found.items()), default=(0, ""))
        if answer.mimetype == "text/html":
            waiting += [link.replace("&amp;", "&") for link in _LINK.findall(answer.text)]


@pytest.mark.parametrize("username", ["head", "director", "volunteer", "county"])
def test_no_page_asks_the_same_for_each_of_its_rows(today_app: Flask, username: str) -> None:
    client = today_app.test_client()
    assert post(client, "/login", {"username": username, "password": demo_accounts.PASSWORD}).status_code == 303

    found = dict(commonest(client))

    assert len(found) > 10
    assert {path: one for path, one in found.items() if one[0] > AGAIN} == {}


@pytest.mark.parametrize(("loaded", "expected"), [(False, 10), (True, 1)])
def test_a_question_for_each_row_is_heard(county_of_today: Session, *, loaded: bool, expected: int) -> None:
    query = select(Activity).order_by(Activity.id).limit(10)
    with asked() as found:
        for activity in county_of_today.scalars(query.options(selectinload(Activity.roles)) if loaded else query):
            assert activity.roles
    assert max(found.values()) == expected
