"""Rooms and equipment: no two activities have the same one at once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tenants.enums import ActivityState, ResourceKind
from tenants.errors import ConflictError, InvalidError, Named
from tenants.models import Activity, Resource
from tenants.queries.due import county_zone
from tenants.services import activities, resources
from tenants.services.activities import ActivityFacts, facts_of
from tenants.services.resources import ResourceFacts
from tests.world import World

ROOM = ResourceFacts(kind=ResourceKind.ROOM, name="大厅")


def room(session: Session, world: World, home: int = 0) -> Resource:
    return resources.save(session, world.head, None, replace(ROOM, home_id=world.first.homes[home]))


def projector(session: Session, world: World, quantity: int = 1) -> Resource:
    facts = ResourceFacts(kind=ResourceKind.EQUIPMENT, name="投影仪", quantity=quantity)
    return resources.save(session, world.head, None, facts)


def own(session: Session, world: World) -> ActivityFacts:
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    return facts_of(activity, county_zone(session, world.county))


def plan(session: Session, world: World, resource: Resource, **changes: object) -> Activity:
    facts = replace(own(session, world), title="另一场", resources=(resource.id,), **changes)  # type: ignore[arg-type]
    return activities.create(session, world.head, facts)


def test_a_room_is_given_once_at_a_time(session: Session, world: World) -> None:
    hall = room(session, world)
    first = plan(session, world, hall)
    with pytest.raises(InvalidError) as caught:
        plan(session, world, hall)
    assert (caught.value.field, "taken" in caught.value.message) == ("resources", True)
    told = (caught.value.facts["thing"], caught.value.facts["others"])
    assert told == (Named(name="大厅"), (Named(name="另一场", name_en=first.title_en),))
    later = plan(session, world, hall, day=own(session, world).day + timedelta(days=1))
    assert [row.resource_id for row in (*first.resources, *later.resources)] == [hall.id, hall.id]


def test_a_home_has_one_room_of_a_name(session: Session, world: World) -> None:
    hall = room(session, world)
    with pytest.raises(InvalidError) as caught:
        resources.save(session, world.head, None, replace(ROOM, name=" 大厅 ", home_id=hall.home_id))
    assert caught.value.field == "name"
    room(session, world, home=1)
    resources.save(session, world.head, hall, replace(ROOM, name_en="Hall", home_id=hall.home_id))
    assert hall.name_en == "Hall"


def test_of_two_projectors_two_activities_have_one_each(session: Session, world: World) -> None:
    thing = projector(session, world, quantity=2)
    plan(session, world, thing)
    plan(session, world, thing, home_id=world.first.homes[1])
    with pytest.raises(InvalidError):
        plan(session, world, thing, home_id=world.first.homes[2])


def test_what_is_called_off_frees_its_room_and_comes_back_only_if_it_is_still_free(
    session: Session, world: World
) -> None:
    hall = room(session, world)
    first = plan(session, world, hall)
    activities.set_cancelled(session, world.head, first, True)
    plan(session, world, hall)
    with pytest.raises(ConflictError, match="taken"):
        activities.set_cancelled(session, world.head, first, False)
    assert first.state is ActivityState.CANCELLED


def test_another_homes_room_and_a_neighbours_thing_are_refused(session: Session, world: World) -> None:
    foreign = Resource(township_id=world.second.township, kind=ResourceKind.EQUIPMENT, name="别镇", quantity=1)
    session.add(foreign)
    session.flush()
    for resource in (room(session, world, home=1), foreign):
        with pytest.raises(InvalidError) as caught:
            plan(session, world, resource)
        assert caught.value.field == "resources"


def test_what_is_out_of_use_is_not_given_anew(session: Session, world: World) -> None:
    hall = room(session, world)
    held = plan(session, world, hall)
    resources.set_in_use(session, world.head, hall, in_use=False)
    facts = facts_of(held, county_zone(session, world.county))
    activities.edit(session, world.head, held, replace(facts, title="改名"))  # it keeps what it has
    with pytest.raises(InvalidError):
        plan(session, world, hall, day=own(session, world).day + timedelta(days=1))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"home_id": None}, "home_id"),
        ({"home_id": "x" * 26}, "home_id"),
        ({"quantity": 2}, "quantity"),
    ],
)
def test_a_wrong_fact_is_refused_at_its_field(
    session: Session, world: World, changes: dict[str, object], field: str
) -> None:
    facts = replace(ROOM, home_id=world.first.homes[0])
    with pytest.raises(InvalidError) as caught:
        resources.save(session, world.head, None, replace(facts, **changes))  # type: ignore[arg-type]
    assert caught.value.field == field
