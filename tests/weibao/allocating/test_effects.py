"""What a new table of weights would do, told before it is kept."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tenants.enums import ChildCategory, PersonKind
from tenants.models import StaffMember
from tenants.queries.due import county_today
from tenants.scope import Scope
from tests.staff import WEIGHTS, add_child, contract, newcomer, register, weights
from tests.world import World
from weibao import allocating
from weibao.allocating import WeightsEffect
from weibao.db import session_for

BEGINS = 20
"""Days until the two added children's categories begin."""
Table = dict[str, dict[str, int]]


def table(*, disabled: int, unsupported: int) -> Table:
    """The tests' own table, with other weights for children of two categories that nobody has assessed."""
    changed = {ChildCategory.DISABLED.value: disabled, ChildCategory.DE_FACTO_UNSUPPORTED.value: unsupported}
    return {name: {**row, "none": changed.get(name, row["none"])} for name, row in WEIGHTS.items()}


@pytest.fixture
def desk(session: Session, world: World) -> Session:
    """Weights of 16 in both townships; one more child in each. A worker in each, and one without a post."""
    for place in (world.first, world.second):
        register(session, world.county, place)
    newcomer(session, world.county, contract(session, world.county))
    add_child(session, world.first, ChildCategory.DISABLED)
    add_child(session, world.second, ChildCategory.DE_FACTO_UNSUPPORTED)
    weights(session, world.county).weights = table(disabled=9, unsupported=3)
    return session


def effects(session: Session, world: World, new: Table, *, days: int = BEGINS) -> dict[str, WeightsEffect]:
    """By township, as a county officer's session reads it."""
    session.commit()
    townships = frozenset({world.first.township, world.second.township})
    scope = Scope.of_county(world.county, townships, reason="test")
    with session_for(scope, reading=True) as own:
        day = county_today(own, world.county) + timedelta(days=days)
        return {row.then.township: row for row in allocating.weights_effects(own, world.county, new, day)}


def test_a_changed_weight_moves_a_seat_of_both_baselines(desk: Session, world: World) -> None:
    """Three workers for 25 : 19 are 1.7 : 1.3, for 19 : 25 the other way round; Webster's third goes to 25 / 3."""
    found = effects(desk, world, table(disabled=3, unsupported=9))
    assert list(found) == [world.second.township, world.first.township]  # by name: 乙镇, 甲镇
    first, second = found[world.first.township], found[world.second.township]
    assert first.now is not None
    assert second.now is not None
    assert [(row.demand, row.remainder, row.webster) for row in (first.now, first.then)] == [(25, 2, 2), (19, 1, 1)]
    assert [(row.demand, row.remainder, row.webster) for row in (second.now, second.then)] == [(19, 1, 1), (25, 2, 2)]
    assert [(row.staff_now, row.now, row.children) for row in (first.now, first.then)] == [(1, 25.0, 5), (1, 19.0, 5)]


def test_children_and_staff_are_those_of_the_first_day(desk: Session, world: World) -> None:
    """The day before the two categories begin four children count; a worker whose contract is over does not."""
    worker = desk.query(StaffMember).filter_by(person_id=world.first.people[PersonKind.SOCIAL_WORKER]).one()
    worker.contract_id = contract(desk, world.county, number="HT-OVER", days=(-100, BEGINS - 1))
    before = effects(desk, world, table(disabled=3, unsupported=9), days=BEGINS - 1)[world.first.township]
    after = effects(desk, world, table(disabled=3, unsupported=9))[world.first.township]
    assert (before.then.children, before.then.demand, before.then.staff_now, before.then.now) == (4, 16, 1, 16.0)
    assert (after.then.children, after.then.demand, after.then.staff_now, after.then.now) == (5, 19, 0, None)


def test_the_same_table_changes_nothing(desk: Session, world: World) -> None:
    assert all(row.now == row.then for row in effects(desk, world, table(disabled=9, unsupported=3)).values())


def test_a_first_table_has_nothing_before_it(desk: Session, world: World) -> None:
    desk.delete(weights(desk, world.county))
    found = effects(desk, world, table(disabled=3, unsupported=9))
    assert [(row.now, row.then.demand) for row in found.values()] == [(None, 25), (None, 19)]


def test_a_county_without_staff_is_told_the_weights_alone(session: Session, world: World) -> None:
    weights(session, world.county)
    found = effects(session, world, WEIGHTS)
    assert [(row.then.demand, row.then.now, row.then.webster) for row in found.values()] == 2 * [(16, None, 0)]
