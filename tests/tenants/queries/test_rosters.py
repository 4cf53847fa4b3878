"""What pages read of rosters, always beside rows of a neighbour that could leak."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import RosterState, VettingResult
from tenants.errors import NotFoundError
from tenants.models import Account, Person, Roster, Vetting, Visit
from tenants.queries import rosters
from tenants.scope import Scope
from tenants.services import publishing
from tests.drafts import DIRECTOR, VOLUNTEER, at, begin, due_visit, keep, today, visit_task
from tests.world import World
from weibao.db import session_for


def test_tasks_are_told_by_id_and_a_neighbours_are_left_out(station: Session, world: World) -> None:
    begin(station, world)
    mine, own = due_visit(station, world), world.first.activity
    found = rosters.facts_of(station, [mine, own, world.second.activity, "nothing"])
    assert set(found) == {mine, own}
    visit, activity = found[mine], found[own]
    assert (visit.is_visit, visit.case_code, visit.minutes, visit.village.id) == (
        True, "C-000", 40, world.first.villages[0],
    )  # fmt: skip
    assert (activity.is_visit, activity.minutes, [role.id for role in activity.roles]) == (
        False,
        90,
        ["lead", "helper"],
    )


def test_drafts_and_versions_are_the_townships_own(station: Session, world: World) -> None:
    first, second = begin(station, world, starts_in=20, days=2), begin(station, world, starts_in=9, days=2)
    station.commit()
    scope = Scope.of_township(world.county, world.second.township, reason="test")
    with session_for(scope) as neighbour:
        facts = {"township_id": world.second.township, "starts_on": today(), "days": 1}
        neighbour.add(Roster(**facts))
        neighbour.add(Roster(**facts, state=RosterState.PUBLISHED, version=4))
    assert rosters.drafts(station) == [second, first]
    keep(station, world, first, visit_task(world, due_visit(station, world), at(first.starts_on, 17)))
    versions = [publishing.publish(station, world.head, first)[0] for _ in range(2)]
    assert rosters.versions(station) == versions[::-1]
    assert rosters.version(station, 2) is versions[1]
    with pytest.raises(NotFoundError):
        rosters.version(station, 4)


def test_people_come_with_the_last_day_of_their_check(station: Session, world: World) -> None:
    """The director has a newer check, the volunteer one that came back barred."""
    township, day = world.first.township, today()
    director, volunteer = world.first.people[DIRECTOR], world.first.people[VOLUNTEER]
    for person, days, result in ((director, 500, VettingResult.CLEAR), (volunteer, 500, VettingResult.BARRED)):
        station.add(
            Vetting(
                township_id=township, person_id=person, checked_on=day, valid_through=day + timedelta(days=days),
                result=result,
            )
        )  # fmt: skip
    station.get_one(Person, (township, volunteer)).active = False
    station.flush()
    found = rosters.people(station)
    assert set(found) == set(world.first.people.values())
    assert found[director].checked_through == day + timedelta(days=500)
    assert found[volunteer].checked_through is None


def test_accounts_are_named_within_the_township(session: Session, station: Session, world: World) -> None:
    ids = {row.username: row.id for row in session.scalars(select(Account))}
    session.rollback()
    own, foreign = world.first.usernames.values(), world.second.usernames.values()
    found = rosters.account_names(station, [None, *(ids[name] for name in (*own, *foreign))])
    assert set(found) == {ids[name] for name in own}


def test_a_rosters_tasks_are_those_it_serves_and_those_it_leaves_open(station: Session, world: World) -> None:
    roster = begin(station, world)
    served, left = due_visit(station, world, 0), due_visit(station, world, 1)
    keep(station, world, roster, visit_task(world, served, at(roster.starts_on, 17)), left=(left,))
    assert set(rosters.tasks_of(station, roster)) == {served, left}
    assert len(station.scalars(select(Visit)).all()) == 4
