"""A worker who is held by hand stands there, or the officer is told before the proposal that it cannot be."""

import pytest
from sqlalchemy.orm import Session

from tenants.errors import InvalidError
from tenants.models import StaffMember
from tenants.services.allocations import Wishes
from tests.staff import contract, newcomer, register
from tests.weibao.allocating.test_problem import read, worker_of
from tests.world import World
from weibao import allocating


@pytest.fixture
def three(session: Session, world: World) -> list[StaffMember]:
    """A worker in each of two townships, and one without a post."""
    for place in (world.first, world.second):
        register(session, world.county, place)
    new = newcomer(session, world.county, contract(session, world.county))
    posted = [worker_of(session, place) for place in (world.first, world.second)]
    return [*posted, session.get_one(StaffMember, (world.county, new))]


def refused(session: Session, world: World, wishes: Wishes) -> InvalidError:
    with pytest.raises(InvalidError) as caught:
        read(session, world, wishes=wishes)
    return caught.value


def told(error: InvalidError) -> dict[str, object]:
    """The facts with their names alone."""
    facts = dict(error.facts)
    facts["workers"] = {one.name for one in facts["workers"]}  # type: ignore[attr-defined]
    return facts | ({"place": facts["place"].name} if "place" in facts else {})  # type: ignore[attr-defined]


def test_more_workers_than_a_township_has_places_for_are_not_held_there(
    session: Session, world: World, three: list[StaffMember]
) -> None:
    one, two, new = three
    pins = {worker.id: world.first.township for worker in (one, two, new)}
    error = refused(session, world, Wishes(max_staff=2, pins=pins))
    assert told(error) == {"workers": {one.name, two.name, new.name}, "place": "甲镇", "most": 2}
    assert read(session, world, wishes=Wishes(max_staff=3, pins=pins)).problem["max_moves"] is None


def test_whoever_may_not_be_moved_takes_a_place(session: Session, world: World, three: list[StaffMember]) -> None:
    one, _two, new = three
    one.movable = False
    error = refused(session, world, Wishes(max_staff=1, pins={new.id: world.first.township}))
    assert told(error) == {"workers": {one.name, new.name}, "place": "甲镇", "most": 1}
    one.movable = True
    read(session, world, wishes=Wishes(max_staff=1, pins={new.id: world.first.township}))


def test_moves_that_the_held_ones_need_are_counted_with_those_who_make_room(
    session: Session, world: World, three: list[StaffMember]
) -> None:
    """The second worker comes to the first township, which has one place: the first worker must leave it."""
    _one, two, _new = three
    pins = {two.id: world.first.township}
    error = refused(session, world, Wishes(max_staff=1, max_moves=1, pins=pins))
    assert told(error) == {"workers": {two.name}, "number": 2, "most": 1}
    read(session, world, wishes=Wishes(max_staff=1, max_moves=2, pins=pins))


def test_posts_that_let_a_held_worker_go_are_noticed() -> None:
    assert allocating.unmet({"a": "t", "b": "t", "gone": "t"}, {"a": "t", "b": None}) == ["b"]
