"""The county opens a file on a stated purpose, and the township reads it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, DisposalStep, Purpose
from tenants.models import AuditEntry, Child, FileOpening
from tenants.queries import audit
from tenants.services import county_files, forgetting, keys
from tests.conftest import LogIn, post
from tests.drafts import today
from tests.keys import NEWER, ONLY_NEW
from tests.pages import in_english
from tests.world import World

ASKED = {"purpose": Purpose.REPORT.value, "words": "a report of the school to follow"}


@pytest.fixture
def officer(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.COUNTY_OFFICER))


@pytest.fixture
def code(session: Session, world: World) -> str:
    return session.get_one(Child, (world.first.township, world.first.children[0])).case_code


def history(reader: FlaskClient, world: World) -> str:
    """The access history of the file's child, in English."""
    return in_english(reader).get(f"/audit/?subject={world.first.children[0]}").text


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
    kept = session.scalars(select(FileOpening)).one()
    assert (kept.township_id, kept.child_id) == (world.first.township, world.first.children[0])
    assert line.details == {"purpose": ASKED["purpose"], "opening": kept.id}
    for reader in (log_in(AccountRole.STATION_HEAD), officer):
        assert f"reason: {ASKED['words']}" in history(reader, world)
    assert ASKED["words"] not in history(log_in(world.second.usernames[AccountRole.STATION_HEAD]), world)


@pytest.mark.parametrize("step", [DisposalStep.ANONYMISE, DisposalStep.ERASE])
def test_the_reason_goes_with_the_file_and_the_log_says_so(
    session: Session, world: World, officer: FlaskClient, code: str, log_in: LogIn, step: DisposalStep
) -> None:
    post(officer, path(world), {"case_code": code, **ASKED})
    forgetting.forget(session, session.get_one(Child, (world.first.township, world.first.children[0])), step, today())
    session.commit()
    assert session.scalars(select(FileOpening)).all() == []
    for reader in (log_in(AccountRole.STATION_HEAD), officer):
        shown = history(reader, world)
        assert "reason: erased with the file" in shown
        assert ASKED["words"] not in shown
    assert audit.verify(session, world.county).faults == ()


def test_the_reason_is_sealed_and_sealed_anew(session: Session, world: World, officer: FlaskClient, code: str) -> None:
    post(officer, path(world), {"case_code": code, **ASKED})
    mine = [(world.first.township, world.first.children[0])]
    assert [keys.reseal_children(session, NEWER, mine) for _turn in range(2)] == [1, 0]
    lines = session.scalars(select(AuditEntry)).all()
    assert list(county_files.reasons(session, ONLY_NEW, lines).values()) == [ASKED["words"]]


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
