"""Who may see which child; every test holds rows that could leak."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, ChildCategory, PersonKind, RiskLevel
from tenants.errors import NotFoundError
from tenants.models import Child, Person, VisitRule
from tenants.queries.children import ChildFilter, listed, next_visits, one, suggested_code
from tenants.queries.due import county_today
from tenants.scope import Scope, enter
from tenants.services.visits import refresh_due
from tests.world import World
from weibao.db import ScopedSession, db


@pytest.fixture
def scoped(session: Session, world: World) -> ScopedSession:
    """A session that is held to the first township."""
    session.commit()
    held = ScopedSession(db)
    enter(held, Scope.of_township(world.county, world.first.township, reason="test"))
    return held


def actor(world: World, role: AccountRole) -> Actor:
    kind = PersonKind.STATION_STAFF if role is AccountRole.STATION_HEAD else PersonKind(role.value)
    return Actor(
        county_id=world.county, township_id=world.first.township, person_id=world.first.people[kind], role=role
    )


def ids(session: Session, who: Actor, wanted: ChildFilter | None = None, today: date | None = None) -> list[str]:
    query = listed(who, wanted or ChildFilter(), today or date(2026, 3, 2))
    with session:
        return [child.id for child in session.scalars(query)]


@pytest.mark.parametrize("role", [AccountRole.STATION_HEAD, AccountRole.STATION_STAFF, AccountRole.SOCIAL_WORKER])
def test_the_station_and_social_workers_see_the_townships_children(
    scoped: ScopedSession, world: World, role: AccountRole
) -> None:
    assert ids(scoped, actor(world, role)) == world.first.children


def test_a_child_director_sees_the_children_of_their_own_village(scoped: ScopedSession, world: World) -> None:
    # Children go round the three villages, so the first and the fourth live in the director's.
    director = actor(world, AccountRole.CHILD_DIRECTOR)
    assert ids(scoped, director) == [world.first.children[0], world.first.children[3]]


def test_a_child_director_who_has_left_sees_no_child(session: Session, world: World) -> None:
    director = actor(world, AccountRole.CHILD_DIRECTOR)
    session.get_one(Person, (world.first.township, director.person_id)).active = False
    session.flush()
    assert session.scalars(listed(director, ChildFilter(), date(2026, 3, 2))).all() == []


@pytest.mark.parametrize("role", [AccountRole.VOLUNTEER])
def test_a_volunteer_sees_no_child(scoped: ScopedSession, world: World, role: AccountRole) -> None:
    assert ids(scoped, actor(world, role)) == []


def test_a_county_officer_sees_no_child(scoped: ScopedSession, world: World) -> None:
    officer = Actor(county_id=world.county, role=AccountRole.COUNTY_OFFICER)
    assert ids(scoped, officer) == []


def test_a_neighbours_child_and_an_unknown_one_are_not_found_alike(scoped: ScopedSession, world: World) -> None:
    head = actor(world, AccountRole.STATION_HEAD)
    answers = []
    for child_id in (world.second.children[0], world.foreign.children[0], "a" * 26):
        with scoped, pytest.raises(NotFoundError) as caught:
            one(scoped, head, child_id)
        answers.append(str(caught.value))
    assert len(set(answers)) == 1


def test_the_ledger_is_narrowed_by_each_filter(session: Session, world: World) -> None:
    head = actor(world, AccountRole.STATION_HEAD)
    children = world.first.children
    today = county_today(session, world.county)
    session.get_one(Child, (world.first.township, children[3])).closed_on = today

    def found(**facts: object) -> list[str]:
        query = listed(head, ChildFilter(**facts), today).where(Child.township_id == world.first.township)
        return [child.id for child in session.scalars(query)]

    # Odd numbers are left behind, even ones scattered orphans; risk goes high, medium, low, high.
    assert found() == children[:3]
    assert found(closed=True) == [children[3]]
    assert found(closed=None) == children
    assert found(category=ChildCategory.LEFT_BEHIND) == [children[1]]
    assert found(risk=RiskLevel.LOW) == [children[2]]
    assert found(village_id=world.first.villages[1]) == [children[1]]
    assert found(text="c-002") == [children[2]]


def test_overdue_children_are_found_from_the_day_after(session: Session, world: World) -> None:
    head = actor(world, AccountRole.STATION_HEAD)
    today = county_today(session, world.county)
    refresh_due(session, head, today)
    query = ChildFilter(overdue=True)
    assert session.scalars(listed(head, query, today)).all() == []
    late = session.scalars(listed(head, query, today + timedelta(days=1))).all()
    assert [child.id for child in late] == world.first.children
    assert set(next_visits(session, world.first.children).values()) == {today}


def test_the_next_case_code_follows_the_highest_number(scoped: ScopedSession, world: World) -> None:
    with scoped:
        assert suggested_code(scoped) == "C-004"


def test_a_new_ledger_begins_with_a_code(session: Session) -> None:
    assert suggested_code(session) == "C-0001"


def test_no_rule_of_another_county_counts(session: Session, world: World) -> None:
    for rule in session.scalars(select(VisitRule).where(VisitRule.county_id == world.county)):
        session.delete(rule)
    session.flush()
    assert refresh_due(session, world.head, date(2027, 1, 1)) == 0
