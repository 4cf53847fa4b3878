"""A version is withdrawn: its coming duties are cancelled and told, what it replaced stays away."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import DutyState, MessageKind
from tenants.errors import ConflictError, InvalidError
from tenants.models import AuditEntry, Duty, Message, Roster
from tenants.queries import station as station_queries
from tenants.services import publishing, withdrawals
from tests import drafts
from tests.drafts import WORKER, activity_task, at, due_visit, keep, visit_task
from tests.world import World


@pytest.fixture
def draft(station: Session, world: World) -> Roster:
    draft = drafts.begin(station, world)
    keep(station, world, draft, visit_task(world, due_visit(station, world), at(draft.starts_on, 17)),
         activity_task(station, world))  # fmt: skip
    return draft


@pytest.fixture
def first(station: Session, world: World, draft: Roster) -> Roster:
    return publishing.publish(station, world.head, draft)[0]


def confirmed(session: Session) -> list[Duty]:
    return list(session.scalars(select(Duty).where(Duty.state == DutyState.CONFIRMED)))


def test_coming_duties_are_cancelled_and_their_holders_told(station: Session, world: World, first: Roster) -> None:
    assert withdrawals.withdraw(station, world.head, first, "wrong week") == 3
    assert confirmed(station) == []
    assert {duty.sequence for duty in station.scalars(select(Duty))} == {1}
    told = station.scalars(select(Message).where(Message.kind == MessageKind.ROSTER_WITHDRAWN)).all()
    assert sorted(message.facts["dropped"] for message in told) == [1, 2]
    assert first.withdrawn_reason == "wrong week"
    line = station.scalars(select(AuditEntry).where(AuditEntry.action == "roster.withdraw")).one()
    assert line.details == {"version": 1, "duties": 3}
    with pytest.raises(ConflictError):
        withdrawals.withdraw(station, world.head, first, "wrong week")


def test_version_that_it_had_replaced_does_not_come_back(
    station: Session, world: World, draft: Roster, first: Roster
) -> None:
    visit = due_visit(station, world)
    keep(station, world, draft, visit_task(world, visit, at(draft.starts_on, 17), WORKER),
         activity_task(station, world))  # fmt: skip
    second, _changes = publishing.publish(station, world.head, draft)
    withdrawals.withdraw(station, world.head, second, "wrong week")
    assert confirmed(station) == []
    assert station_queries.rosters_ahead(station, drafts.today())[0] == first


def test_day_that_a_later_version_covers_stays_that_ones(
    station: Session, world: World, draft: Roster, first: Roster
) -> None:
    publishing.publish(station, world.head, draft)
    assert withdrawals.withdraw(station, world.head, first, "wrong week") == 0
    assert len(confirmed(station)) == 3


def test_what_has_begun_is_history(station: Session, world: World, first: Roster) -> None:
    visit = next(duty for duty in confirmed(station) if duty.visit_id)
    visit.starts_at -= timedelta(days=3)
    assert withdrawals.withdraw(station, world.head, first, "wrong week") == 2
    assert confirmed(station) == [visit]


@pytest.mark.parametrize("reason", ["", "  no ", "x" * 301])
def test_reason_is_asked_for(station: Session, world: World, first: Roster, reason: str) -> None:
    with pytest.raises(InvalidError) as refused:
        withdrawals.withdraw(station, world.head, first, reason)
    assert refused.value.field == "reason"
    assert len(confirmed(station)) == 3
