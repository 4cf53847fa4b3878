"""A visit record that a phone sends is taken in once, however often and however closely it arrives."""

import threading
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, PersonKind, VisitState
from tenants.errors import ConflictError, ForbiddenError, InvalidError
from tenants.models import Account, AuditEntry, Visit, VisitReceipt
from tenants.scope import Scope
from tenants.services import visit_notes, visit_receipts
from tests import drafts
from tests.duties import add_visit
from tests.keys import KEYRING
from tests.world import World
from weibao.db import session_for

THREADS = 8


@pytest.fixture
def director(session: Session, world: World) -> Actor:
    account = session.scalars(select(Account).where(Account.username == "child_director-alpha")).one()
    session.commit()
    return Actor(
        county_id=world.county, account_id=account.id, township_id=world.first.township,
        person_id=world.first.people[PersonKind.CHILD_DIRECTOR], role=AccountRole.CHILD_DIRECTOR,
    )  # fmt: skip


@pytest.fixture
def visit(session: Session, world: World) -> str:
    visit = add_visit(session, world.first)
    session.commit()
    return visit


def counted(session: Session) -> tuple[int, int]:
    """Records by the audit log, and keys."""
    audited = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "visit.done")
    return session.scalar(audited) or 0, session.scalar(select(func.count()).select_from(VisitReceipt)) or 0


def test_the_same_key_again_is_answered_as_before_and_changes_nothing(
    station: Session, world: World, director: Actor, visit: str
) -> None:
    row, key = station.get_one(Visit, (world.first.township, visit)), str(uuid.uuid4())
    first, fresh = visit_receipts.record_once(
        station, director, row, key=key, done_on=drafts.today(), note="first", keyring=KEYRING
    )
    again, renewed = visit_receipts.record_once(
        station, director, row, key=key, done_on=drafts.today(), note="second", keyring=KEYRING
    )
    assert (fresh, renewed) == (True, False)
    assert first == again == visit_receipts.find(station, director, key)
    assert (row.state, visit_notes.note_of(KEYRING, row)) == (VisitState.DONE, "first")
    assert counted(station) == (1, 1)


def test_another_key_for_a_visit_that_is_done_is_refused(
    station: Session, world: World, director: Actor, visit: str
) -> None:
    row = station.get_one(Visit, (world.first.township, visit))
    visit_receipts.record_once(station, director, row, key=str(uuid.uuid4()), done_on=drafts.today())
    with pytest.raises(ConflictError, match="no longer due"):
        visit_receipts.record_once(station, director, row, key=str(uuid.uuid4()), done_on=drafts.today())


def test_a_refused_record_leaves_no_key_behind(
    app: Flask, session: Session, world: World, director: Actor, visit: str
) -> None:
    key = str(uuid.uuid4())

    def send() -> None:
        with session_for(scope_of(world)) as own:
            row = own.get_one(Visit, (world.first.township, visit))
            visit_receipts.record_once(own, director, row, key=key, done_on=drafts.today() + timedelta(days=9))

    with pytest.raises(InvalidError):
        send()
    assert counted(session) == (0, 0)


def test_one_account_does_not_hold_anothers_key(station: Session, world: World, director: Actor, visit: str) -> None:
    row, key = station.get_one(Visit, (world.first.township, visit)), str(uuid.uuid4())
    visit_receipts.record_once(station, director, row, key=key, done_on=drafts.today())
    other = Actor(
        county_id=world.county, account_id="b" * 26, township_id=world.first.township, role=AccountRole.CHILD_DIRECTOR
    )
    assert visit_receipts.find(station, other, key) is None
    with pytest.raises(ForbiddenError):
        visit_receipts.record_once(station, world.head, row, key=key, done_on=drafts.today())


def scope_of(world: World) -> Scope:
    return Scope.of_township(world.county, world.first.township, reason="test")


@pytest.mark.parametrize("same_key", [True, False])
def test_eight_at_once_record_one_visit(
    app: Flask, session: Session, world: World, director: Actor, visit: str, same_key: bool
) -> None:
    one, begin = str(uuid.uuid4()), threading.Barrier(THREADS)
    answers: list[str] = []

    def send() -> None:
        key = one if same_key else str(uuid.uuid4())
        with app.app_context():
            begin.wait()
            try:
                with session_for(scope_of(world)) as own:
                    row = own.get_one(Visit, (world.first.township, visit))
                    _, fresh = visit_receipts.record_once(own, director, row, key=key, done_on=drafts.today())
                answers.append("recorded" if fresh else "already")
            except ConflictError:
                answers.append("refused")
            except Exception as error:
                answers.append(repr(error))

    threads = [threading.Thread(target=send) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted(["recorded", *["already" if same_key else "refused"] * (THREADS - 1)])
    assert counted(session) == (1, 1)


def test_a_receipt_goes_with_its_visit(station: Session, world: World, director: Actor, visit: str) -> None:
    row = station.get_one(Visit, (world.first.township, visit))
    visit_receipts.record_once(station, director, row, key=str(uuid.uuid4()), done_on=drafts.today())
    station.delete(row)
    station.flush()
    assert counted(station)[1] == 0
