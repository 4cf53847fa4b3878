"""An activity moved to another time, and the draft that follows it."""

from datetime import time, timedelta

import pytest
from sqlalchemy.orm import Session

from scheduling.rules import RuleId
from tenants.enums import PersonKind
from tenants.errors import InvalidError
from tenants.models import Activity, Person, Roster
from tests.drafts import VOLUNTEER, activity_task, at, begin, keep, today
from tests.world import World
from weibao.planning import moves


@pytest.fixture
def draft(station: Session, world: World) -> Roster:
    """A draft of a fortnight from tomorrow with the world's activity in it."""
    roster = begin(station, world)
    keep(station, world, roster, activity_task(station, world))
    return roster


def activity_of(session: Session, world: World) -> Activity:
    return session.get_one(Activity, (world.first.township, world.first.activity))


def test_the_team_comes_along_where_it_can(station: Session, world: World, draft: Roster) -> None:
    activity = activity_of(station, world)
    day = draft.starts_on + timedelta(days=2)
    moved = moves.move(station, world.head, activity, day, time(15))
    assert (moved.broken, moved.leaves) == ((), False)
    moves.keep(station, world.head, activity, moved)
    (row,) = draft.assignments
    assert (activity.starts_at, row.starts_at, row.ends_at) == (at(day, 15), at(day, 15), at(day, 16, 30))
    assert len(row.seats) == 2


def test_what_the_new_time_breaks_is_told(station: Session, world: World, draft: Roster) -> None:
    """The volunteer is free from 8:00 to 20:00 on Wednesdays no more."""
    day = next(d for d in (draft.starts_on + timedelta(days=n) for n in range(7)) if d.weekday() == 2)
    volunteer = station.get_one(Person, (world.first.township, world.first.people[PersonKind.VOLUNTEER]))
    volunteer.weekly = [row for row in volunteer.weekly if row.weekday != 2]
    station.flush()
    moved = moves.move(station, world.head, activity_of(station, world), day, time(15))
    assert [(found.rule, found.person) for found in moved.broken] == [
        (RuleId.AVAILABILITY, world.first.people[VOLUNTEER])
    ]


def test_outside_the_drafts_days_it_leaves_it(station: Session, world: World, draft: Roster) -> None:
    activity = activity_of(station, world)
    moved = moves.move(station, world.head, activity, draft.ends_on + timedelta(days=3), time(9))
    assert moved.leaves is True
    moves.keep(station, world.head, activity, moved)
    station.expire(draft)
    assert draft.assignments == []


def test_without_a_draft_nothing_is_weighed(station: Session, world: World) -> None:
    moved = moves.move(station, world.head, activity_of(station, world), today() + timedelta(days=5), time(9))
    assert (moved.draft, moved.broken) == (None, ())


def test_a_day_that_is_over_is_refused(station: Session, world: World, draft: Roster) -> None:
    with pytest.raises(InvalidError) as caught:
        moves.move(station, world.head, activity_of(station, world), today() - timedelta(days=1), time(9))
    assert caught.value.field == "day"
