"""Periods, proposals, certificates, consents and holds through their pages."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, ChildCategory, DisposalState, PersonKind
from tenants.models import Account, AuditEntry, Child, Consent, Disposal, Hold, RetentionRule
from tenants.queries.retention import months_after
from tests.conftest import LogIn, post
from tests.drafts import today
from tests.world import World
from weibao.db import db

CODE, PSEUDONYM = "C-001", "EgretPseudonym"


@pytest.fixture
def due(session: Session, world: World) -> Child:
    """A file that is due for anonymising by the county's decision; the head and the staff are two people."""
    session.add(
        RetentionRule(county_id=world.county, category=ChildCategory.LEFT_BEHIND, close_months=0, anonymise_months=12,
                      erase_months=24, decided_on=date(2026, 1, 5), source="县民政发〔2026〕1号")
    )  # fmt: skip
    staff = session.scalars(select(Account).where(Account.username == world.usernames[AccountRole.STATION_STAFF])).one()
    staff.person_id = world.first.people[PersonKind.SOCIAL_WORKER]
    child = session.get_one(Child, (world.first.township, world.first.children[1]))
    child.closed_on, child.pseudonym = months_after(today(), -13), PSEUDONYM
    session.commit()
    return child


@pytest.fixture
def head(world: World, log_in: LogIn) -> FlaskClient:
    """The station's head."""
    return log_in(AccountRole.STATION_HEAD)


def propose(client: FlaskClient, child: Child, step: str = "anonymise") -> str:
    """The address of a proposal for one file."""
    answer = post(client, "/retention", {"step": step, "files": [child.id]})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_list_counts_what_is_due_and_offers_it(due: Child, head: FlaskClient) -> None:
    page = head.get("/retention").text
    assert "Anonymise: 1 file due" in page
    assert CODE in page
    assert f'value="{due.id}"' in page
    assert "县民政发〔2026〕1号" in page


def test_one_proposes_another_carries_out_and_the_certificate_names_both(
    due: Child, head: FlaskClient, log_in: LogIn, session: Session, world: World
) -> None:
    staff = log_in(AccountRole.STATION_STAFF)
    address = propose(staff, due)
    assert "your own proposal" in staff.get(address).text
    assert post(staff, f"{address}/carry-out").status_code == 403
    assert "Waiting for a second person" in head.get("/retention").text
    assert head.get(f"{address}/certificate").status_code == 404
    done = post(head, f"{address}/carry-out")
    assert done.headers["Location"] == f"{address}/certificate"
    page = head.get(f"{address}/certificate").text
    assert "no. 0001" in page
    for role in (AccountRole.STATION_HEAD, AccountRole.STATION_STAFF):
        assert f"{world.usernames[role]} CANARY-ALPHA" in page
    assert CODE not in page
    assert PSEUDONYM not in page
    shown = head.get(f"/children/{due.id}").text
    assert "Anonymised on" in shown
    assert PSEUDONYM not in shown
    assert post(head, f"/children/{due.id}/reopen").status_code == 409


def test_erased_text_is_gone_from_the_database_file(due: Child, head: FlaskClient, log_in: LogIn, app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("the file is SQLite's")
        file = Path(db.engine.url.database or "")
    address = propose(log_in(AccountRole.STATION_STAFF), due)
    held = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert PSEUDONYM.encode() in held
    post(head, f"{address}/carry-out")
    held = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert PSEUDONYM.encode() not in held


def test_declined_proposal_changes_nothing(due: Child, head: FlaskClient, log_in: LogIn, session: Session) -> None:
    address = propose(log_in(AccountRole.STATION_STAFF), due)
    assert post(head, f"{address}/decline").status_code == 303
    assert session.scalars(select(Disposal.state)).all() == [DisposalState.DECLINED]
    assert "Declined: nothing was changed." in head.get(address).text


def test_file_that_is_not_due_is_refused_in_words(due: Child, head: FlaskClient) -> None:
    answer = post(head, "/retention", {"step": "erase", "files": [due.id]})
    assert answer.status_code == 422
    assert "One of these files is not due" in answer.text


def test_county_decides_a_period_and_examples_are_marked(log_in: LogIn, session: Session, world: World) -> None:
    officer = log_in(AccountRole.COUNTY_OFFICER)
    assert "5 rows are examples." in officer.get("/retention/periods").text
    terms = {"close": "6", "anonymise": "36", "erase": "", "decided_on": "2026-03-01", "source": "县民政发〔2026〕1号"}
    assert post(officer, "/retention/periods/disabled", terms).status_code == 303
    page = officer.get("/retention/periods").text
    assert "4 rows are examples." in page
    assert "县民政发〔2026〕1号 · 2026-03-01" in page
    refused = post(officer, "/retention/periods/disabled", {**terms, "erase": "12"})
    assert refused.status_code == 422
    assert "A file is anonymised before it is erased" in refused.text
    assert officer.get("/retention/periods/x").status_code == 404


def consent(**changes: object) -> dict[str, object]:
    """A signed form, filled in."""
    facts = {
        "purposes": ["file", "identity"], "given_on": str(today()), "given_by": "parent", "giver": "CanaryParent",
        "form_kept_at": "cabinet 2",
    }  # fmt: skip
    return {f"consent-{name}": value for name, value in {**facts, **changes}.items()}


def test_consent_is_entered_read_and_withdrawn_with_what_follows(
    head: FlaskClient, session: Session, world: World
) -> None:
    path = f"/children/{world.first.children[0]}/consents"
    assert "No consent is entered" in head.get(path).text
    assert post(head, path, consent()).status_code == 303
    assert "CanaryParent" in head.get(path).text
    row = session.scalars(select(Consent).where(Consent.purpose == "identity")).one()
    before = f"withdraw-{row.id}-withdrawn_on"
    late = post(head, f"{path}/{row.id}/withdraw", {before: str(today() - timedelta(days=3))})
    assert late.status_code == 422
    assert "CanaryParent" not in late.text  # what is refused is rolled back, the audit line of reading with it
    answer = post(head, f"{path}/{row.id}/withdraw", {before: str(today())}, follow_redirects=True)
    assert "Withdrawn. The identity stands on the list" in answer.text
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("consent."))).all()
    assert set(actions) == {"consent.record", "consent.read", "consent.withdraw"}


def test_refused_consent_keeps_what_was_typed(head: FlaskClient, world: World) -> None:
    path = f"/children/{world.first.children[0]}/consents"
    answer = post(head, path, consent(given_by="child"))
    assert answer.status_code == 422
    assert "For a child under 14 a parent or other guardian signs." in answer.text
    assert "cabinet 2" in answer.text


@pytest.mark.parametrize(
    ("asked", "words"), [("zh", "未成年人个人信息处理同意书"), ("en", "Consent to the handling of a minor")]
)
def test_form_to_be_signed_comes_in_both_languages(
    asked: str, words: str, head: FlaskClient, log_in: LogIn, world: World
) -> None:
    path = f"/children/{world.first.children[0]}/consents/form?in={asked}"
    for client in (head, log_in(AccountRole.CHILD_DIRECTOR)):
        page = client.get(path).text
        assert words in page
        assert "C-000" in page
        assert "PSEUDONYM-" not in page


def test_hold_is_placed_and_ended(head: FlaskClient, session: Session, world: World) -> None:
    path = f"/children/{world.first.children[0]}/consents"
    assert post(head, f"{path}/holds", {"hold-kind": "legal", "hold-reason": " "}).status_code == 422
    post(head, f"{path}/holds", {"hold-kind": "legal", "hold-reason": "县法院来函"})
    hold = session.scalars(select(Hold)).one()
    assert "县法院来函" in head.get(path).text
    assert post(head, f"{path}/holds/{hold.id}/lift").status_code == 303
    assert post(head, f"{path}/holds/{hold.id}/lift").status_code == 404
