"""An activity moved to another time, and the draft that follows it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from scheduling.rules import RuleId
from tenants.actor import Actor
from tenants.enums import PersonKind
from tenants.errors import InvalidError
from tenants.models import Activity, Duty, Person, Roster
from tests.drafts import VOLUNTEER, activity_task, at, begin, keep, today
from tests.duties import add_visit, give
from tests.world import World
from weibao.planning import moves
from weibao.planning.moves import Moved


@pytest.fixture
def draft(station: Session, world: World) -> Roster:
    """A draft of a fortnight from tomorrow with the world's activity in it."""
    roster = begin(station, world)
    keep(station, world, roster, activity_task(station, world))
    return roster


def moved_to(
    session: Session, actor: Actor, activity: Activity, day: date, start: time, *, agreed: Sequence[str] = ()
) -> Moved:
    facts = moves.at_another_time(session, actor, activity, day, start)
    return moves.change(session, actor, activity, facts, agreed=agreed)


def activity_of(session: Session, world: World) -> Activity:
    return session.get_one(Activity, (world.first.township, world.first.activity))


def test_the_team_comes_along_where_it_can(station: Session, world: World, draft: Roster) -> None:
    activity = activity_of(station, world)
    day = draft.starts_on + timedelta(days=2)
    moved = moved_to(station, world.head, activity, day, time(15))
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
    moved = moved_to(station, world.head, activity_of(station, world), day, time(15))
    assert [(found.rule, found.person) for found in moved.broken] == [
        (RuleId.AVAILABILITY, world.first.people[VOLUNTEER])
    ]


def test_outside_the_drafts_days_it_leaves_it(station: Session, world: World, draft: Roster) -> None:
    activity = activity_of(station, world)
    moved = moved_to(station, world.head, activity, draft.ends_on + timedelta(days=3), time(9))
    assert moved.leaves is True
    moves.keep(station, world.head, activity, moved)
    station.expire(draft)
    assert draft.assignments == []


def test_without_a_draft_nothing_is_weighed(station: Session, world: World) -> None:
    moved = moved_to(station, world.head, activity_of(station, world), today() + timedelta(days=5), time(9))
    assert (moved.draft, moved.broken) == (None, ())


def test_a_day_that_is_over_is_refused(station: Session, world: World, draft: Roster) -> None:
    with pytest.raises(InvalidError) as caught:
        moved_to(station, world.head, activity_of(station, world), today() - timedelta(days=1), time(9))
    assert caught.value.field == "day"


def hold(session: Session, world: World) -> Duty:
    """The volunteer holds the activity as helper, by sign-up."""
    activity = activity_of(session, world)
    duty = give(session, world.first, VOLUNTEER, activity=activity.id, role="helper", starts_at=activity.starts_at)
    return session.get_one(Duty, (world.first.township, duty))


def test_a_holder_who_is_free_then_comes_along(station: Session, world: World) -> None:
    duty, day = hold(station, world), today() + timedelta(days=3)
    moved = moved_to(station, world.head, activity_of(station, world), day, time(15))
    assert (moved.carried.kept, moved.carried.freed) == ((duty,), ())
    assert duty.starts_at == at(day, 15)
    assert moved.weighed is not None
    assert [(holder.broken, holder.may_stay) for holder in moved.weighed.holders] == [((), False)]


def test_a_holder_who_is_not_free_then_loses_the_place_unless_they_have_agreed(station: Session, world: World) -> None:
    """Nobody is free at 21:00."""
    duty, day = hold(station, world), today() + timedelta(days=3)
    activity = activity_of(station, world)
    with station.begin_nested() as tried:
        moved = moved_to(station, world.head, activity, day, time(21))
        assert moved.carried.freed == (duty,)
        assert moved.weighed is not None
        (holder,) = moved.weighed.holders
        assert ({found.rule for found in holder.broken}, holder.may_stay) == ({RuleId.AVAILABILITY}, True)
        tried.rollback()
    moved = moved_to(station, world.head, activity, day, time(21), agreed=[duty.person_id])
    assert moved.carried.kept == (duty,)


def test_a_holder_without_a_check_on_the_new_day_cannot_agree(station: Session, world: World) -> None:
    duty, day = hold(station, world), today() + timedelta(days=340)  # the checks end five days before
    moved = moved_to(station, world.head, activity_of(station, world), day, time(15), agreed=[duty.person_id])
    assert moved.carried.freed == (duty,)
    assert moved.weighed is not None
    assert [RuleId.VETTING in {found.rule for found in one.broken} for one in moved.weighed.holders] == [True]
    assert not moved.weighed.holders[0].may_stay


def test_a_holder_who_cannot_be_there_in_time_loses_the_place(station: Session, world: World) -> None:
    """A visit in the first village ends at 15:00, when the activity begins in the third, some kilometres off."""
    duty, day = hold(station, world), today() + timedelta(days=3)
    visit = add_visit(station, world.first, 0)
    give(station, world.first, VOLUNTEER, visit=visit, starts_at=at(day, 14))
    activity = activity_of(station, world)
    facts = moves.at_another_time(station, world.head, activity, day, time(15))
    moved = moves.change(station, world.head, activity, replace(facts, home_id=world.first.homes[2]))
    assert moved.carried.freed == (duty,)
    assert moved.weighed is not None
    assert [[found.rule for found in one.broken] for one in moved.weighed.holders] == [[RuleId.TRAVEL]]


def test_who_loses_the_place_leaves_the_draft_and_breaks_nothing_there(
    station: Session, world: World, draft: Roster
) -> None:
    hold(station, world)
    activity, day = activity_of(station, world), draft.starts_on + timedelta(days=2)
    volunteer = station.get_one(Person, (world.first.township, world.first.people[VOLUNTEER]))
    volunteer.weekly = [row for row in volunteer.weekly if row.weekday != day.weekday()]
    station.flush()
    moved = moved_to(station, world.head, activity, day, time(15))
    assert {found.person for found in moved.broken} == {None}, "the team is short of a helper, and nobody is not free"
    moves.keep(station, world.head, activity, moved)
    (row,) = draft.assignments
    assert (row.starts_at, [seat.role for seat in row.seats]) == (at(day, 15), ["lead"])
