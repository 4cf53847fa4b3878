"""What a line of the log may hold: it can never be erased, so no text that somebody has typed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.models import AuditEntry, Roster, RosterEdit, new_id
from tenants.services import audit_log, edits
from tests import drafts
from tests.world import World


@pytest.mark.parametrize(
    "typed", ["张小花", "fell ill", ["left_behind", "张小花"], {"reason": "ill"}, "x" * 65, "a\nb"]
)
def test_typed_text_is_refused(session: Session, world: World, typed: object) -> None:
    with pytest.raises(ValueError, match="numbers alone: words"):
        audit_log.record(session, world.head, "child.read", "child", details={"words": typed, "files": 1})
    assert session.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize(
    "plain",
    [None, True, 3, 1.5, "left_behind", "holiday/2027-01-01", datetime(2027, 1, 1, tzinfo=UTC).isoformat(), ["a", 1]],
)
def test_codes_numbers_and_days_are_kept(session: Session, world: World, plain: object) -> None:
    line = audit_log.record(session, world.head, "child.read", "child", details={"role": plain})
    assert line.details == {"role": plain}


def test_a_role_in_anybodys_word_stays_with_the_draft(station: Session, world: World) -> None:
    roster: Roster = drafts.begin(station, world)
    task = new_id()
    edits.note(station, world.head, roster, "roster.assign", {"task": task, "role": "带队"})
    kept = station.scalars(select(RosterEdit).where(RosterEdit.action == "roster.assign")).one()
    line = station.scalars(select(AuditEntry).where(AuditEntry.action == "roster.assign")).one()
    assert (kept.details, line.details) == ({"task": task, "role": "带队"}, {"task": task})
