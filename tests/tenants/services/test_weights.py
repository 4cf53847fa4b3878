"""The table of weights: decided in versions by the county alone; one that does not hold yet can be taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole
from tenants.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tenants.models import AuditEntry
from tenants.queries.staffing import weights_in_force, weights_versions
from tenants.services import weights
from tenants.services.weights import WeightsTerms
from tests import drafts
from tests.staff import WEIGHTS, officer
from tests.staff import weights as held_weights
from tests.world import World


def terms(*, days: int = 5) -> WeightsTerms:
    return WeightsTerms(from_day=drafts.today() + timedelta(days=days), weights=WEIGHTS, source=" 阳民发2号 ")


def test_a_decision_is_a_new_version_and_what_holds_stays(session: Session, world: World) -> None:
    held = held_weights(session, world.county)
    row = weights.decide(session, officer(session, world), terms())
    assert (row.source, row.is_example, row.decided_by) == ("阳民发2号", False, officer(session, world).account_id)
    assert list(weights_versions(session, world.county)) == [row, held]
    assert weights_in_force(session, world.county, drafts.today()) == held
    assert weights_in_force(session, world.county, drafts.today() + timedelta(days=5)) == row


def test_an_example_of_the_same_day_becomes_the_decision(session: Session, world: World) -> None:
    row = held_weights(session, world.county)
    row.is_example, row.from_day = True, drafts.today()
    assert weights.decide(session, officer(session, world), terms(days=0)) == row
    assert row.is_example is False


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"source": " "}, "source"),
        ({"from_day": drafts.today() - timedelta(days=1)}, "from_day"),
        ({"weights": {"disabled": {"high": 1001}}}, "weights"),
        ({"weights": {}}, "weights"),
    ],
)
def test_a_wrong_version_is_refused_at_its_field(
    session: Session, world: World, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        weights.decide(session, officer(session, world), replace(terms(), **wrong))  # type: ignore[arg-type]
    assert caught.value.field == field
    assert weights_versions(session, world.county) == []


def test_a_day_has_one_version(session: Session, world: World) -> None:
    weights.decide(session, officer(session, world), terms())
    with pytest.raises(ConflictError):
        weights.decide(session, officer(session, world), terms())


def test_a_coming_version_is_taken_back_and_written_down(session: Session, world: World) -> None:
    held = held_weights(session, world.county)
    row = weights.decide(session, officer(session, world), terms())
    weights.take_back(session, officer(session, world), row.id)
    assert list(weights_versions(session, world.county)) == [held]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "weights.take_back")).one()
    assert (entry.subject_id, entry.details["from_day"]) == (row.id, terms().from_day.isoformat())


def test_what_holds_is_not_taken_back_and_nobody_else_decides(session: Session, world: World) -> None:
    held = held_weights(session, world.county)
    with pytest.raises(ConflictError):
        weights.take_back(session, officer(session, world), held.id)
    with pytest.raises(NotFoundError):
        weights.take_back(session, Actor(county_id=world.other_county, role=AccountRole.COUNTY_OFFICER), held.id)
    for call in (weights.check, weights.decide):
        with pytest.raises(ForbiddenError):
            call(session, world.head, terms())
    with pytest.raises(ForbiddenError):
        weights.take_back(session, world.head, held.id)
