"""The county opens a file on a stated purpose, and the township reads it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, Purpose
from tenants.models import AuditEntry, Child
from tests.conftest import LogIn, post
from tests.pages import in_english
from tests.world import World

ASKED = {"purpose": Purpose.REPORT.value, "words": "a report of the school to follow"}


@pytest.fixture
def officer(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.COUNTY_OFFICER))


@pytest.fixture
def code(session: Session, world: World) -> str:
    return session.get_one(Child, (world.first.township, world.first.children[0])).case_code


def path(world: World) -> str:
    return f"/county/townships/{world.first.township}/file"


def test_file_is_shown_once_and_written_down_for_the_township(
    session: Session, world: World, officer: FlaskClient, code: str, log_in: LogIn
) -> None:
    answer = post(officer, path(world), {"case_code": code, **ASKED})
    assert answer.status_code == 200
    assert code in answer.text
    assert "Opened for: " in answer.text
    line = session.scalars(select(AuditEntry).where(AuditEntry.action == "child.county_read")).one()
    assert (line.township_id, line.subject_id) == (world.first.township, world.first.children[0])
    assert line.details == ASKED
    head = log_in(AccountRole.STATION_HEAD)
    assert ASKED["words"] in head.get(f"/audit/?subject={world.first.children[0]}", follow_redirects=True).text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"case_code": "no-such-code"}, "This township has no file with this code."),
        ({"purpose": ""}, "Please state a purpose."),
        ({"words": "  "}, "State the reason in 1 to 200 characters."),
    ],
)
def test_without_code_purpose_or_reason_nothing_is_shown_and_what_was_typed_stays(
    session: Session, world: World, officer: FlaskClient, code: str, changed: dict[str, str], said: str
) -> None:
    answer = post(officer, path(world), {"case_code": code, **ASKED} | changed)
    assert answer.status_code == 422
    assert said in answer.text
    assert changed.get("case_code", code) in answer.text
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "child.county_read")).all() == []


def test_township_of_another_county_is_unknown(world: World, officer: FlaskClient, code: str) -> None:
    other = f"/county/townships/{world.foreign.township}/file"
    assert officer.get(other).status_code == 404
    assert post(officer, other, {"case_code": code, **ASKED}).status_code == 404
