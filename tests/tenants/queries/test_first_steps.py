"""The way to the first roster is told from what is there, and of the own township alone."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tenants.enums import PersonKind, RosterState, VettingResult
from tenants.models import Activity, Assignment, Child, Home, Person, Roster, Vetting, WeeklyAvailability, utc_now
from tenants.queries.first_steps import first_steps, has_published
from tests.world import World

NOW = datetime.now(UTC)
TODAY = NOW.date()


def counts(session: Session) -> dict[str, int]:
    return {step.name: step.count for step in first_steps(session, TODAY, NOW).steps}


def test_an_empty_station_begins_with_its_homes(station: Session, world: World) -> None:
    # The neighbour has people, files and an activity: none of it counts here.
    for model in (WeeklyAvailability, Vetting):
        station.execute(delete(model))
    for person in station.scalars(select(Person)):
        person.active = False
    for child in station.scalars(select(Child)):
        child.closed_on = TODAY
    for activity in station.scalars(select(Activity)):
        activity.starts_at, activity.ends_at = NOW - timedelta(days=2), NOW - timedelta(days=1)
    station.flush()
    steps = first_steps(station, TODAY, NOW)
    assert [step.name for step in steps.steps if step.done] == ["rules"]  # the county's
    assert steps.next is not None
    assert steps.next.name == "homes"
    assert not has_published(station)


def test_each_step_counts_what_is_there(station: Session, world: World) -> None:
    station.scalars(select(Home)).first().opening_hours = "周六"
    station.flush()
    found = counts(station)
    assert found == {
        "homes": 1,
        "people": 3,
        "checks": 4,
        "availability": 4,
        "rules": 15,
        "tasks": 5,
        "draft": 0,
        "publish": 0,
    }


def test_checks_that_are_over_or_barring_do_not_count(station: Session, world: World) -> None:
    people = world.first.people
    over = station.get_one(Person, (world.first.township, people[PersonKind.VOLUNTEER]))
    over.vettings[0].checked_on, over.vettings[0].valid_through = TODAY - timedelta(days=300), TODAY - timedelta(days=1)
    barred = station.get_one(Person, (world.first.township, people[PersonKind.SOCIAL_WORKER]))
    barred.vettings.append(
        Vetting(township_id=barred.township_id, checked_on=TODAY, valid_through=TODAY, result=VettingResult.BARRED)
    )
    station.flush()
    assert counts(station)["checks"] == 2


def test_the_way_is_over_with_the_first_published_version(station: Session, world: World) -> None:
    draft = Roster(township_id=world.first.township, starts_on=TODAY, days=7)
    station.add(draft)
    station.flush()
    steps = first_steps(station, TODAY, NOW)
    assert (steps.done, steps.draft_id, has_published(station)) == (5, None, False)
    station.add(
        Assignment(
            township_id=draft.township_id, roster_id=draft.id, activity_id=world.first.activity, starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
        )
    )  # fmt: skip
    station.flush()
    steps = first_steps(station, TODAY, NOW)
    assert (steps.done, steps.draft_id, has_published(station)) == (6, draft.id, False)
    draft.state, draft.version, draft.published_at = RosterState.PUBLISHED, 1, utc_now()
    station.flush()
    assert first_steps(station, TODAY, NOW).steps[-1].done
    assert has_published(station)
