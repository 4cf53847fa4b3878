"""Publish: versions are frozen and numbered, duties follow, and nobody is bothered without need."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tenants.enums import DutyState, PersonKind, RosterState, VisitState
from tenants.errors import ConflictError, InvalidError
from tenants.models import Account, Activity, Duty, Message, Roster, Visit
from tenants.scope import Scope
from tenants.services import notices, publishing, rosters, runs
from tenants.services.publishing import Changes
from tests.drafts import (
    DIRECTOR,
    STAFF,
    VOLUNTEER,
    WORKER,
    activity_task,
    at,
    begin,
    due_visit,
    keep,
    today,
    visit_task,
)
from tests.duties import give
from tests.world import World
from weibao.db import session_for

NOON = timedelta(hours=12)


def duties(session: Session) -> dict[tuple[str, str], Duty]:
    return {(duty.person_id, duty.task_id): duty for duty in session.scalars(select(Duty))}


def held(session: Session, world: World, kind: PersonKind, task: str) -> Duty:
    return duties(session)[world.first.people[kind], task]


@pytest.fixture
def draft(station: Session, world: World) -> Roster:
    return begin(station, world)


def test_a_version_is_frozen_and_numbered_and_people_get_their_duties(
    station: Session, world: World, draft: Roster
) -> None:
    visit = due_visit(station, world)
    keep(station, world, draft, visit_task(world, visit, at(draft.starts_on, 17)), activity_task(station, world))
    published, changes = publishing.publish(station, world.head, draft)
    assert (published.version, published.state, changes) == (
        1,
        RosterState.PUBLISHED,
        Changes(given=3, changed=0, dropped=0),
    )
    keep(station, world, draft)
    assert len(published.assignments) == 2
    assert held(station, world, DIRECTOR, visit).starts_at == at(draft.starts_on, 17)


def test_versions_are_numbered_within_each_township(station: Session, world: World, draft: Roster) -> None:
    station.commit()
    scope = Scope.of_township(world.county, world.second.township, reason="test")
    with session_for(scope) as neighbour:
        neighbour.add(
            Roster(township_id=world.second.township, starts_on=today(), days=1, state="published", version=7)
        )
    visit = due_visit(station, world)
    keep(station, world, draft, visit_task(world, visit, at(draft.starts_on, 17)))
    versions = [publishing.publish(station, world.head, draft)[0].version for _ in range(2)]
    assert versions == [1, 2]


def test_publishing_the_same_again_bothers_nobody(station: Session, world: World, draft: Roster) -> None:
    keep(station, world, draft, activity_task(station, world))
    publishing.publish(station, world.head, draft)
    _again, changes = publishing.publish(station, world.head, draft)
    assert changes == Changes(given=0, changed=0, dropped=0)
    assert {duty.sequence for duty in duties(station).values()} == {0}


def test_a_moved_duty_rises_in_sequence(station: Session, world: World, draft: Roster) -> None:
    visit, start = due_visit(station, world), at(draft.starts_on, 17)
    keep(station, world, draft, visit_task(world, visit, start))
    publishing.publish(station, world.head, draft)
    keep(station, world, draft, visit_task(world, visit, start + timedelta(hours=1)))
    _version, changes = publishing.publish(station, world.head, draft)
    duty = held(station, world, DIRECTOR, visit)
    assert (changes.changed, duty.sequence, duty.version) == (1, 1, 2)
    assert duty.starts_at == start + timedelta(hours=1)


def test_a_changed_team_is_told_to_those_who_stay(station: Session, world: World, draft: Roster) -> None:
    keep(station, world, draft, activity_task(station, world))
    publishing.publish(station, world.head, draft)
    keep(station, world, draft, activity_task(station, world, lead=WORKER))
    _version, changes = publishing.publish(station, world.head, draft)
    task = world.first.activity
    assert changes == Changes(given=1, changed=1, dropped=1)
    assert held(station, world, VOLUNTEER, task).sequence == 1
    assert held(station, world, DIRECTOR, task).state is DutyState.CANCELLED
    assert held(station, world, WORKER, task).sequence == 0


def test_a_dropped_duty_that_comes_back_keeps_its_row(station: Session, world: World, draft: Roster) -> None:
    visit, start = due_visit(station, world), at(draft.starts_on, 17)
    for kind in (DIRECTOR, WORKER, DIRECTOR):
        keep(station, world, draft, visit_task(world, visit, start, kind))
        publishing.publish(station, world.head, draft)
    duty = held(station, world, DIRECTOR, visit)
    assert (duty.state, duty.sequence) == (DutyState.CONFIRMED, 2)
    assert held(station, world, WORKER, visit).state is DutyState.CANCELLED


def test_what_has_begun_or_is_about_to_stays_as_people_hold_it(station: Session, world: World, draft: Roster) -> None:
    """Two duties of today, one that is over and one that begins in half an hour; neither stands in the new plan."""
    draft.starts_on = today()
    over, near = due_visit(station, world, 0), due_visit(station, world, 1)
    new = due_visit(station, world, 2)
    now = publishing.utc_now()
    give(station, world.first, DIRECTOR, visit=over, starts_at=now - timedelta(hours=3))
    give(station, world.first, STAFF, visit=near, starts_at=now + timedelta(minutes=30))
    keep(station, world, draft, visit_task(world, new, at(draft.ends_on, 17)))
    _version, changes = publishing.publish(station, world.head, draft)
    assert changes == Changes(given=1, changed=0, dropped=0)
    assert {duty.state for duty in duties(station).values()} == {DutyState.CONFIRMED}


def test_a_missed_visit_can_be_given_to_the_same_person_again(station: Session, world: World, draft: Roster) -> None:
    visit, start = due_visit(station, world), at(draft.starts_on, 17)
    give(station, world.first, DIRECTOR, visit=visit, starts_at=start - timedelta(days=8))
    keep(station, world, draft, visit_task(world, visit, start))
    _version, changes = publishing.publish(station, world.head, draft)
    duty = held(station, world, DIRECTOR, visit)
    assert (changes.changed, duty.starts_at, duty.sequence) == (1, start, 1)


def test_tasks_that_were_done_or_called_off_meanwhile_are_left_out(
    station: Session, world: World, draft: Roster
) -> None:
    visits = [due_visit(station, world, child) for child in range(2)]
    tasks = [visit_task(world, visit, at(draft.starts_on, 16 + hour)) for hour, visit in enumerate(visits)]
    keep(station, world, draft, *tasks, activity_task(station, world))
    done = station.get_one(Visit, (world.first.township, visits[0]))
    done.state, done.done_on = VisitState.DONE, today()
    station.get_one(Activity, (world.first.township, world.first.activity)).state = "cancelled"
    station.flush()
    assert publishing.compare(station, draft).gone == 2
    published, changes = publishing.publish(station, world.head, draft)
    assert [row.task_id for row in published.assignments] == [visits[1]]
    assert changes.given == 1


def test_a_later_draft_leaves_duties_outside_its_period_alone(station: Session, world: World, draft: Roster) -> None:
    first, second = due_visit(station, world, 0), due_visit(station, world, 1)
    draft.days = 2
    keep(station, world, draft, visit_task(world, first, at(draft.starts_on, 17)))
    publishing.publish(station, world.head, draft)
    later = begin(station, world, starts_in=5, days=2)
    keep(station, world, later, visit_task(world, second, at(later.starts_on, 17)))
    _version, changes = publishing.publish(station, world.head, later)
    assert changes == Changes(given=1, changed=0, dropped=0)
    assert held(station, world, DIRECTOR, first).state is DutyState.CONFIRMED


def test_the_comparison_names_everybody_who_will_be_told(station: Session, world: World, draft: Roster) -> None:
    keep(station, world, draft, activity_task(station, world))
    publishing.publish(station, world.head, draft)
    keep(station, world, draft, activity_task(station, world, lead=WORKER))
    people = world.first.people
    assert publishing.compare(station, draft).told == {people[WORKER], people[DIRECTOR], people[VOLUNTEER]}


def test_an_empty_draft_is_not_published(station: Session, world: World, draft: Roster) -> None:
    with pytest.raises(InvalidError):
        publishing.publish(station, world.head, draft)


def test_a_draft_is_not_published_while_it_is_being_planned(station: Session, world: World, draft: Roster) -> None:
    keep(station, world, draft, activity_task(station, world))
    runs.ask(station, world.head, draft, seconds=5, seed=0, weights={})
    with pytest.raises(ConflictError):
        publishing.publish(station, world.head, draft)


def test_a_published_version_is_no_draft(station: Session, world: World, draft: Roster) -> None:
    keep(station, world, draft, activity_task(station, world))
    published, _changes = publishing.publish(station, world.head, draft)
    with pytest.raises(rosters.NotFoundError):
        rosters.draft(station, published.id)


@pytest.mark.parametrize(("before", "after", "urgent"), [(9, 3, True), (3, 9, True), (9, 10, False)])
def test_a_change_is_told_at_once_where_the_time_before_or_after_it_is_near(
    station: Session, world: World, draft: Roster, before: int, after: int, urgent: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(notices, "NEAR", timedelta(days=6))
    visit, far = due_visit(station, world), due_visit(station, world, 3)
    for day, hour in ((before, 10), (after, 11)):
        station.execute(delete(Message))
        keep(
            station, world, draft, visit_task(world, visit, at(today() + timedelta(days=day), 10)),
            visit_task(world, far, at(today() + timedelta(days=9), hour), WORKER),
        )  # fmt: skip
        publishing.publish(station, world.head, draft)
    told = station.execute(select(Account.person_id, Message.urgent).join(Message, Message.account_id == Account.id))
    assert dict(told.all()) == {
        world.first.people[DIRECTOR]: urgent,
        world.first.people[WORKER]: False,
    }
