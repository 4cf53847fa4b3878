"""What stands in a township's calendar, and how far it is."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tenants.enums import ActivityState, VisitState
from tenants.models import Activity, Visit
from tenants.queries.township_calendar import CalendarItem, ItemState, Wanted, items
from tenants.services import publishing
from tests.drafts import DIRECTOR, VOLUNTEER, activity_task, at, begin, due_visit, keep, today, visit_task
from tests.duties import give
from tests.world import World


def found(session: Session, wanted: Wanted | None = None, *, days: int = 30) -> dict[str, CalendarItem]:
    begins = at(today(), 0)
    return {item.task_id: item for item in items(session, begins, begins + timedelta(days=days), wanted or Wanted())}


def states(session: Session) -> dict[str, ItemState]:
    return {task: item.state for task, item in found(session).items()}


def when(world: World) -> datetime:
    return at(today() + timedelta(days=3), 16, 30)


def test_a_visit_is_due_then_proposed_then_published_then_done(station: Session, world: World) -> None:
    draft = begin(station, world)
    visit = due_visit(station, world)
    station.get_one(Visit, (world.first.township, visit)).due_on = today() + timedelta(days=2)
    assert states(station)[visit] is ItemState.DUE
    keep(station, world, draft, visit_task(world, visit, when(world)))
    item = found(station)[visit]
    assert (item.state, item.starts_at, item.roster_id) == (ItemState.PROPOSED, when(world), draft.id)
    publishing.publish(station, world.head, draft)
    assert states(station)[visit] is ItemState.PUBLISHED
    row = station.get_one(Visit, (world.first.township, visit))
    row.state, row.done_on = VisitState.DONE, today() + timedelta(days=3)
    station.flush()
    item = found(station)[visit]
    assert (item.state, item.starts_at, item.people) == (
        ItemState.DONE,
        when(world),
        {world.first.people[DIRECTOR]},
    )


def test_a_draft_that_moves_what_is_published_shows_the_proposal(station: Session, world: World) -> None:
    draft = begin(station, world)
    visit = due_visit(station, world)
    keep(station, world, draft, visit_task(world, visit, when(world)))
    publishing.publish(station, world.head, draft)
    keep(station, world, draft, visit_task(world, visit, when(world) + timedelta(days=1)))
    item = found(station)[visit]
    assert (item.state, item.starts_at) == (ItemState.PROPOSED, when(world) + timedelta(days=1))


def test_a_draft_of_another_period_does_not_hide_what_people_hold(station: Session, world: World) -> None:
    week, visit = begin(station, world, days=7), due_visit(station, world)
    keep(station, world, week, visit_task(world, visit, when(world)))
    next_week = begin(station, world, starts_in=8, days=7)
    keep(station, world, next_week, visit_task(world, visit, when(world) + timedelta(days=7)))
    publishing.publish(station, world.head, week)
    item = found(station)[visit]
    assert (item.state, item.starts_at) == (ItemState.PUBLISHED, when(world))
    # a view of the next week alone shows no second one there
    begins = at(next_week.starts_on, 0)
    assert visit not in {item.task_id for item in items(station, begins, begins + timedelta(days=7), Wanted())}


def test_a_draft_shows_what_it_plans_anew_once_the_old_place_is_over(station: Session, world: World) -> None:
    draft, visit = begin(station, world), due_visit(station, world)
    give(station, world.first, DIRECTOR, visit=visit, starts_at=at(today() - timedelta(days=4), 17))
    keep(station, world, draft, visit_task(world, visit, when(world)))
    item = found(station)[visit]
    assert (item.state, item.starts_at) == (ItemState.PROPOSED, when(world))


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (ActivityState.PLANNED, ItemState.PLANNED),
        (ActivityState.HELD, ItemState.DONE),
        (ActivityState.CANCELLED, ItemState.CANCELLED),
    ],
)
def test_an_activity_without_a_team_has_its_own_state(
    station: Session, world: World, state: ActivityState, shown: ItemState
) -> None:
    station.get_one(Activity, (world.first.township, world.first.activity)).state = state
    station.flush()
    assert states(station) == {world.first.activity: shown}


def test_the_calendar_is_narrowed_by_village_person_and_state(station: Session, world: World) -> None:
    draft = begin(station, world)
    visit = due_visit(station, world)
    keep(station, world, draft, visit_task(world, visit, when(world)), activity_task(station, world))
    village, volunteer = world.first.villages[1], world.first.people[VOLUNTEER]
    assert visit not in found(station, Wanted(village_id=village))
    assert set(found(station, Wanted(person_id=volunteer))) == {world.first.activity}
    assert set(found(station, Wanted(state=ItemState.PROPOSED))) == {visit, world.first.activity}


def test_nothing_of_another_township_stands_in_it(station: Session, world: World) -> None:
    assert world.second.activity not in found(station)
