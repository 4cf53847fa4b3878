"""Whatever way somebody is put on a task with children: without a check valid on the day it is refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import DutyState, VettingResult
from tenants.errors import InvalidError
from tenants.models import Activity, Assignment, Duty, Person, Roster, Seat, Vetting
from tenants.services import bookings, edits, publishing, rosters
from tests import drafts, duties
from tests.drafts import DIRECTOR, STAFF, VOLUNTEER, WORKER
from tests.world import World

LAST_VALID = 4
"""Days from today until the worker's check ends; tasks are put on the day after it."""


@pytest.fixture
def draft(session: Session, world: World) -> Roster:
    """A draft with the director on a visit; the worker's check ends before that visit's day."""
    roster = drafts.begin(session, world, days=14)
    visit = drafts.due_visit(session, world)
    drafts.keep(session, world, roster, drafts.visit_task(world, visit, _after()))
    (check,) = worker(session, world).vettings
    check.valid_through = drafts.today() + timedelta(days=LAST_VALID)
    session.flush()
    return roster


def _after(days: int = 1) -> drafts.datetime:
    return drafts.at(drafts.today() + timedelta(days=LAST_VALID + days), 10)


def worker(session: Session, world: World) -> Person:
    return session.get_one(Person, (world.first.township, world.first.people[WORKER]))


def by_plan(session: Session, world: World, draft: Roster) -> None:
    visit = drafts.due_visit(session, world)
    drafts.keep(session, world, draft, drafts.visit_task(world, visit, _after(), WORKER))


def by_hand(session: Session, world: World, draft: Roster) -> None:
    visit = drafts.due_visit(session, world)
    wanted = drafts.visit_task(world, visit, _after(), DIRECTOR, WORKER)
    standing = rosters.Standing(unserved=(), medium=0, soft=0)
    rosters.change_task(session, world.head, draft, visit, wanted, standing, action="roster.assign", details={})


def by_moving(session: Session, world: World, draft: Roster) -> None:
    visit = drafts.due_visit(session, world)
    standing = rosters.Standing(unserved=(), medium=0, soft=0)
    drafts.keep(session, world, draft, drafts.visit_task(world, visit, _after(0), WORKER))
    wanted = drafts.visit_task(world, visit, _after(), WORKER)
    rosters.change_task(session, world.head, draft, visit, wanted, standing, action="roster.move", details={})


def by_pin(session: Session, world: World, draft: Roster) -> None:
    visit = drafts.due_visit(session, world)
    worker(session, world).vettings[0].valid_through += timedelta(days=10)
    drafts.keep(session, world, draft, drafts.visit_task(world, visit, _after(), WORKER))
    worker(session, world).vettings[0].valid_through -= timedelta(days=10)
    rosters.pin_seat(session, world.head, draft, visit, world.first.people[WORKER], pinned=True)


def by_undo(session: Session, world: World, draft: Roster) -> None:
    visit = drafts.due_visit(session, world)
    worker(session, world).vettings[0].valid_through += timedelta(days=10)
    drafts.keep(session, world, draft, drafts.visit_task(world, visit, _after(), WORKER))
    standing = rosters.Standing(unserved=(), medium=0, soft=0)
    rosters.change_task(session, world.head, draft, visit, None, standing, action="roster.unassign", details={})
    worker(session, world).vettings[0].valid_through -= timedelta(days=10)
    edits.undo(session, world.head, draft)


def by_publishing(session: Session, world: World, draft: Roster) -> None:
    visit = drafts.due_visit(session, world)
    worker(session, world).vettings[0].valid_through += timedelta(days=10)
    drafts.keep(session, world, draft, drafts.visit_task(world, visit, _after(), WORKER))
    worker(session, world).vettings[0].valid_through -= timedelta(days=10)
    session.flush()
    publishing.publish(session, world.head, draft)


def by_row(session: Session, world: World, draft: Roster) -> None:
    """As a sign-up or an import would: a duty, however it came about."""
    visit = drafts.due_visit(session, world)
    duties.give(session, world.first, WORKER, visit=visit, starts_at=_after())


def by_stepping_in(session: Session, world: World, draft: Roster) -> None:
    """A sign-up and a swap book like this."""
    visit, start = drafts.due_visit(session, world), _after()
    place = bookings.Place(
        visit_id=visit, activity_id=None, role="lead", starts_at=start, ends_at=start + timedelta(minutes=40)
    )
    bookings.book(session, world.first.people[WORKER], place)


def by_row_called_on_again(session: Session, world: World, draft: Roster) -> None:
    visit = drafts.due_visit(session, world)
    cancelled = DutyState.CANCELLED
    duty = duties.give(session, world.first, WORKER, visit=visit, starts_at=_after(), state=cancelled)
    session.get_one(Duty, (world.first.township, duty)).state = DutyState.CONFIRMED
    session.flush()


def by_children_who_come_after_all(session: Session, world: World, draft: Roster) -> None:
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    activity.with_children = False
    worker(session, world).vettings[0].valid_through = drafts.today() - timedelta(days=1)
    session.flush()
    duties.give(session, world.first, WORKER, activity=activity.id, starts_at=activity.starts_at)
    activity.with_children = True
    session.flush()


WAYS: list[Callable[[Session, World, Roster], None]] = [
    by_plan,
    by_hand,
    by_moving,
    by_pin,
    by_undo,
    by_publishing,
    by_row,
    by_stepping_in,
    by_row_called_on_again,
    by_children_who_come_after_all,
]


def test_every_way_to_a_task_with_children_is_closed_without_a_valid_check(
    session: Session, world: World, draft: Roster
) -> None:
    refused = []
    for way in WAYS:
        with session.begin_nested() as attempt:
            try:
                way(session, world, draft)
            except InvalidError as error:
                refused.append((way.__name__, error.field))
            attempt.rollback()
        session.expire_all()
    assert refused == [(way.__name__, "person") for way in WAYS]


def test_the_last_day_of_a_check_and_work_without_children_are_open(
    session: Session, world: World, draft: Roster
) -> None:
    visit = drafts.due_visit(session, world)
    last_day = duties.give(session, world.first, WORKER, visit=visit, starts_at=_after(0))
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    activity.with_children = False
    session.flush()
    other = duties.give(session, world.first, WORKER, activity=activity.id, starts_at=_after(20))
    assert {last_day, other} == set(session.scalars(select(Duty.id)))


@pytest.mark.parametrize("checks", [0, 1], ids=["no check", "a bad one beside a clear one"])
def test_nobody_without_a_clear_check_comes_in(session: Session, world: World, checks: int) -> None:
    person = session.get_one(Person, (world.first.township, world.first.people[VOLUNTEER]))
    if checks:
        day = drafts.today()
        bad = Vetting(township_id=person.township_id, checked_on=day, valid_through=day, result=VettingResult.BARRED)
        person.vettings.append(bad)
    else:
        person.vettings.clear()
    session.flush()
    with pytest.raises(InvalidError), session.begin_nested():
        duties.give(session, world.first, VOLUNTEER, activity=world.first.activity)


def test_what_has_begun_is_history(session: Session, world: World, draft: Roster) -> None:
    staff = session.get_one(Person, (world.first.township, world.first.people[STAFF]))
    staff.vettings.clear()
    session.flush()
    visit = drafts.due_visit(session, world)
    held = duties.give(session, world.first, STAFF, visit=visit, starts_at=duties.soon(days=-2))
    assert session.get_one(Duty, (world.first.township, held)).state is DutyState.CONFIRMED
    assert session.scalars(select(Seat.id)).all() != []
    assert session.scalars(select(Assignment.id)).all() != []
