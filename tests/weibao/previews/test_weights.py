"""What a new table of weights would do, told before it is kept, of children who are guessed."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tenants.enums import PersonKind
from tenants.models import StaffMember
from tenants.queries.due import county_today
from tenants.scope import Scope
from tests.staff import WEIGHTS, contract, newcomer, register, serve_under, weights
from tests.world import World
from weibao import previews
from weibao.db import session_for
from weibao.previews import Estimate, WeightsEffect

DAYS = 20
Table = dict[str, dict[str, int]]


def table(*, disabled: int, unsupported: int) -> Table:
    """A table in which children of two categories that nobody has assessed weigh something, and no others do."""
    row = dict.fromkeys(("high", "medium", "low"), 0)
    return {"disabled": {**row, "none": disabled}, "de_facto_unsupported": {**row, "none": unsupported}}


HELD = table(disabled=9, unsupported=3)


@pytest.fixture
def desk(session: Session, world: World) -> Session:
    """A worker in each of the two townships, and one without a post."""
    for place in (world.first, world.second):
        register(session, world.county, place)
    newcomer(session, world.county, contract(session, world.county))
    weights(session, world.county).weights = HELD
    return session


def guessed(world: World) -> dict[str, Estimate]:
    """Five children in each: two disabled and one unsupported in the first, the other way round in the second."""
    one, other = ("disabled", "none"), ("de_facto_unsupported", "none")
    return {
        world.first.township: Estimate(files=5, classes={one: 2.0, other: 1.0}),
        world.second.township: Estimate(files=5, classes={one: 1.0, other: 2.0}),
    }


def effects(session: Session, world: World, new: Table, *, days: int = DAYS) -> dict[str, WeightsEffect]:
    """By township, as a county officer's session reads it."""
    session.commit()
    townships = frozenset({world.first.township, world.second.township})
    scope = Scope.of_county(world.county, townships, reason="test")
    with session_for(scope, reading=True) as own:
        day = county_today(own, world.county) + timedelta(days=days)
        found = previews.weights_effects(own, world.county, guessed(world), new, day)
    return {row.then.township: row for row in found}


def test_a_changed_weight_moves_a_seat_of_both_baselines(desk: Session, world: World) -> None:
    """Three workers for 21 : 15 are 1.8 : 1.3, for 15 : 21 the other way round."""
    found = effects(desk, world, table(disabled=3, unsupported=9))
    first, second = found[world.first.township], found[world.second.township]
    assert first.now is not None
    assert second.now is not None
    assert [(row.demand, row.remainder, row.webster) for row in (first.now, first.then)] == [(21, 2, 2), (15, 1, 1)]
    assert [(row.demand, row.remainder, row.webster) for row in (second.now, second.then)] == [(15, 1, 1), (21, 2, 2)]
    assert [(row.staff_now, row.now, row.children) for row in (first.now, first.then)] == [(1, 21.0, 5), (1, 15.0, 5)]


def test_staff_are_those_of_the_first_day(desk: Session, world: World) -> None:
    """A worker whose contract is over by then does not count."""
    worker = desk.query(StaffMember).filter_by(person_id=world.first.people[PersonKind.SOCIAL_WORKER]).one()
    serve_under(desk, worker, contract(desk, world.county, number="HT-OVER", days=(-100, DAYS - 1)))
    before = effects(desk, world, HELD, days=DAYS - 1)[world.first.township]
    after = effects(desk, world, HELD)[world.first.township]
    assert (before.then.staff_now, before.then.now) == (1, 21.0)
    assert (after.then.staff_now, after.then.now) == (0, None)


def test_the_same_table_changes_nothing(desk: Session, world: World) -> None:
    assert all(row.now == row.then for row in effects(desk, world, HELD).values())


def test_a_first_table_has_nothing_before_it(desk: Session, world: World) -> None:
    desk.delete(weights(desk, world.county))
    found = effects(desk, world, table(disabled=3, unsupported=9))
    assert [(row.now, row.then.demand) for row in found.values()] == [(None, 15), (None, 21)]


def test_a_county_without_staff_is_told_the_weights_alone(session: Session, world: World) -> None:
    weights(session, world.county)
    found = effects(session, world, WEIGHTS)
    assert [(row.then.demand, row.then.now, row.then.webster) for row in found.values()] == 2 * [(9, None, 0)]
