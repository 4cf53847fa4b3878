"""A sealed text whose key is missing, or that was moved: its page says so, and hides nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenants.enums import AccountRole, ConsentGiver, ConsentPurpose, PersonKind, VisitState
from tenants.fields import Fact
from tenants.models import Account, Attendance, Base, Child, Consent, FileOpening, Visit, new_id, utc_now
from tenants.services import (
    attendance,
    audit_log,
    concerns,
    consents,
    county_files,
    day_needs,
    identities,
    visit_notes,
)
from tests.conftest import LogIn, post
from tests.drafts import today
from tests.duties import HOUR, add_visit, give
from tests.keys import KEYRING, NEWER
from tests.pages import in_english, text_of
from tests.weibao.views.test_sheets import ledger, look
from tests.world import World

MISSING = "Cannot be opened: it is sealed under key 2, which is not in the program's settings."
MOVED = "Cannot be opened: it is damaged, or was sealed for another place."
Plant = Callable[[Session, World], str]
ELSEWHERE = {
    "account.totp_sealed",  # no code is right then: tests/weibao/test_account.py
    "activity_photo.sealed",  # no picture: tests/tenants/services/test_photos.py
    "sheet_upload.sealed",  # to be sent again: tests/tenants/services/test_uploads.py
}


def _child(session: Session, world: World) -> Child:
    return session.get_one(Child, (world.first.township, world.first.children[0]))


def _identity(session: Session, world: World) -> str:
    child = _child(session, world)
    for fact in ("name", "id_number", "address", "guardian_phone"):
        setattr(child, f"{fact}_sealed", NEWER.seal("KANARI", identities.place_of(child, fact)))
    return child.id


def _visit_today(session: Session, world: World) -> Visit:
    visit = session.get_one(Visit, (world.first.township, add_visit(session, world.first)))
    visit.day_facts = [Fact.ADDRESS.value, Fact.GUARDIAN_PHONE.value]
    visit.day_note_sealed = NEWER.seal("KANARI", day_needs.place_of(visit))
    return visit


def _needed(session: Session, world: World) -> str:
    _identity(session, world)
    visit = _visit_today(session, world)
    return give(session, world.first, PersonKind.VOLUNTEER, visit=visit.id, starts_at=datetime.now(UTC))


def _done(session: Session, world: World) -> str:
    visit = session.get_one(Visit, (world.first.township, add_visit(session, world.first, due_in=4)))
    visit.state, visit.done_on = VisitState.DONE, today()
    visit.note_sealed = NEWER.seal("KANARI", visit_notes.place_of(visit))
    return visit.child_id


def _consent(session: Session, world: World) -> str:
    row = Consent(
        township_id=world.first.township, id=new_id(), child_id=_child(session, world).id, purpose=ConsentPurpose.FILE,
        given_on=today(), given_by=ConsentGiver.PARENT,
    )  # fmt: skip
    row.giver_sealed = NEWER.seal("KANARI", consents.place_of(row))
    session.add(row)
    return row.child_id


def _opening(session: Session, world: World) -> str:
    row = FileOpening(
        county_id=world.county, township_id=world.first.township, id=new_id(), child_id=_child(session, world).id
    )
    row.reason_sealed = NEWER.seal("KANARI", county_files.place_of(row))
    session.add(row)
    facts = {"purpose": "report", county_files.OPENING: row.id}
    audit_log.record(session, world.head, "child.county_read", "child", row.child_id, details=facts)
    return ""


def _duty_note(session: Session, world: World) -> str:
    visit = add_visit(session, world.first, 1)
    duty = give(session, world.first, PersonKind.VOLUNTEER, visit=visit, starts_at=utc_now() - 3 * HOUR)
    row = Attendance(township_id=world.first.township, id=new_id(), duty_id=duty)
    row.note_sealed = NEWER.seal("KANARI", attendance.place_of(row))
    session.add(row)
    return duty


def _concern(session: Session, world: World) -> str:
    account = session.scalars(select(Account.id).where(Account.township_id == world.first.township)).first()
    raised = concerns.raise_concern(
        session,
        replace(world.head, account_id=account),
        KEYRING,
        village_id=world.first.villages[0],
        text="KANARI text",
    )
    raised.text_sealed = NEWER.seal("KANARI", concerns.place_of(raised))
    return raised.id


@dataclass(frozen=True, kw_only=True)
class Page:
    """Who opens it, and how; ``columns`` are those that its texts are kept in."""

    columns: tuple[str, ...]
    plant: Plant
    path: str
    who: AccountRole = AccountRole.STATION_HEAD
    method: str = "GET"
    form: tuple[tuple[str, object], ...] = ()

    def asked(self, client: FlaskClient, row: str) -> TestResponse:
        path = self.path.format(row=row)
        return client.get(path) if self.method == "GET" else post(client, path, dict(self.form))


IDENTITY = tuple(f"child.{fact}_sealed" for fact in ("name", "id_number", "address", "guardian_phone"))
PAGES = [
    Page(columns=IDENTITY, plant=_identity, path="/children/{row}/identity", method="POST",
         form=(("purpose", "visit"),)),
    Page(columns=("visit.day_note_sealed", "child.address_sealed", "child.guardian_phone_sealed"), plant=_needed,
         path="/mine/duties/{row}/needed", method="POST", who=AccountRole.VOLUNTEER),
    Page(columns=("visit.day_note_sealed",), plant=lambda s, w: _visit_today(s, w).id, path="/visits/{row}/needed"),
    Page(columns=("visit.note_sealed",), plant=_done, path="/children/{row}"),
    Page(columns=("consent.giver_sealed",), plant=_consent, path="/children/{row}/consents"),
    Page(columns=("file_opening.reason_sealed",), plant=_opening, path="/audit/"),
    Page(columns=("file_opening.reason_sealed",), plant=_opening, path="/audit/", who=AccountRole.COUNTY_OFFICER),
    Page(columns=("attendance.note_sealed",), plant=_duty_note, path="/attendance/{row}/note", method="POST"),
    Page(columns=("concern.text_sealed",), plant=_concern, path="/concerns/{row}", method="POST"),
]  # fmt: skip


def test_every_sealed_column_has_its_page_here() -> None:
    sealed = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.name.endswith("sealed")
    }
    assert sealed - ELSEWHERE == {column for page in PAGES for column in page.columns}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.path}-{page.who.value}")
def test_a_page_says_that_a_text_cannot_be_opened_and_why(
    session: Session, world: World, log_in: LogIn, page: Page
) -> None:
    row = page.plant(session, world)
    answer = page.asked(in_english(log_in(page.who)), row)
    assert answer.status_code == 200
    assert text_of(answer).count(MISSING) == len(page.columns)
    assert "KANARI" not in answer.text


def test_a_text_that_was_moved_is_told_apart_from_a_missing_key(session: Session, world: World, log_in: LogIn) -> None:
    child, other = _child(session, world), session.get_one(Child, (world.first.township, world.first.children[1]))
    child.name_sealed = KEYRING.seal("KANARI", identities.place_of(other, "name"))
    child.address_sealed = KEYRING.seal("the blue gate", identities.place_of(child, "address"))
    head = in_english(log_in(AccountRole.STATION_HEAD))
    shown = text_of(post(head, f"/children/{child.id}/identity", {"purpose": "visit"}))
    assert f"Name {MOVED}" in shown
    assert "Address the blue gate" in shown


def test_a_note_that_cannot_be_opened_is_not_replaced_unnoticed(session: Session, world: World, log_in: LogIn) -> None:
    visit = _visit_today(session, world).id
    page = in_english(log_in(AccountRole.STATION_HEAD)).get(f"/visits/{visit}/needed")
    assert "What you save here replaces it." in text_of(page)


def test_a_file_that_meets_an_identity_which_does_not_open_is_refused_with_its_row(
    session: Session, world: World, log_in: LogIn
) -> None:
    code = session.scalars(select(Child.case_code).where(Child.id == _identity(session, world))).one()
    content = ledger(session, world, 档案编号=code)
    assert "The identity that is kept here cannot be opened." in look(
        in_english(log_in(AccountRole.STATION_STAFF)), "children", content
    )


def test_a_number_that_is_no_seal_at_all_is_told_too(session: Session, world: World, log_in: LogIn) -> None:
    child: Any = _child(session, world)
    child.name_sealed = b"\x01"
    head = in_english(log_in(AccountRole.STATION_HEAD))
    shown = text_of(post(head, f"/children/{child.id}/identity", {"purpose": "visit"}))
    assert "Name Cannot be opened: what is kept is no sealed text." in shown
