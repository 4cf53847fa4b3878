"""Volunteers under 18 are never the adult of a team: in the problem, by hand, by signing up, on the day itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.explain.change import Change, ChangeKind
from tenants.errors import InvalidError
from tenants.models import Activity, ActivityRole, Person
from tenants.services import bookings
from tests import drafts
from tests.drafts import VOLUNTEER
from tests.weibao.explaining.test_rules import named
from tests.world import World
from weibao import exchange
from weibao.explaining.rules import warnings_of
from weibao.planning import build_problem, standing_of_weeks
from weibao.planning.changes import weigh
from weibao.planning.drafts import open_draft


def activity(session: Session, world: World) -> Activity:
    return session.get_one(Activity, (world.first.township, world.first.activity))


def day_of(session: Session, world: World) -> date:
    return activity(session, world).starts_at.astimezone(drafts.CHINA).date()


def born(session: Session, world: World, day: date) -> str:
    """Give the volunteer a day of birth."""
    person = session.get_one(Person, (world.first.township, world.first.people[VOLUNTEER]))
    person.birth_date = day
    session.flush()
    return person.id


def eighteen_on(day: date) -> date:
    return day.replace(day=min(day.day, 28), year=day.year - 18)


def open_lead(session: Session, world: World) -> None:
    """Let volunteers fill every role."""
    for role in session.scalars(select(ActivityRole).where(ActivityRole.activity_id == world.first.activity)):
        role.kinds = ["volunteer", "child_director"]
    session.flush()


def joins(session: Session, world: World, role: str, person: str) -> bool:
    start = activity(session, world).starts_at
    standing = standing_of_weeks(session, world.first.township, start, start)
    return standing.may_join(world.first.activity, role, person)


def test_minor_may_help_and_never_lead(station: Session, world: World) -> None:
    open_lead(station, world)
    person = born(station, world, drafts.today() - timedelta(days=17 * 365))
    assert joins(station, world, "helper", person)
    assert not joins(station, world, "lead", person)


def test_age_is_that_of_the_tasks_day(station: Session, world: World) -> None:
    open_lead(station, world)
    start = activity(station, world).starts_at
    activity(station, world).starts_at = start.replace(day=min(start.day, 28))
    day = day_of(station, world)
    person = born(station, world, eighteen_on(day))
    assert joins(station, world, "lead", person)
    born(station, world, eighteen_on(day) + timedelta(days=1))
    assert not joins(station, world, "lead", person)


def test_minor_takes_no_place_of_a_team_of_one_role(station: Session, world: World) -> None:
    person = born(station, world, drafts.today() - timedelta(days=17 * 365))
    held = activity(station, world)
    held.roles = [role for role in held.roles if role.role != "lead"]
    station.flush()
    assert not joins(station, world, "helper", person)
    assert exchange.open_places(station, person, world.first.township) == []


def test_problem_without_minors_says_nothing_of_ages(session: Session, world: World) -> None:
    roster = drafts.begin(session, world)
    plain = build_problem(session, roster)
    assert not any(skill.startswith("age:") for person in plain.people for skill in person.skills)
    person = born(session, world, drafts.today() - timedelta(days=17 * 365))
    aged = build_problem(session, roster)
    assert not any(skill.startswith("age:") for skill in aged.person_of[person].skills)
    task = aged.task_of[world.first.activity]
    assert [any(skill.startswith("age:") for skill in role.skills) for role in task.roles] == [True, False]


def test_planner_cannot_set_the_rule_aside(app, session: Session, world: World) -> None:
    open_lead(session, world)
    roster = drafts.begin(session, world)
    person = born(session, world, drafts.today() - timedelta(days=17 * 365))
    draft = open_draft(session, roster)
    task = draft.problem.task_of[world.first.activity]
    change = Change(kind=ChangeKind.ASSIGN, task=task.id, role="lead", person=person, start=task.windows[0][0])
    weighed = weigh(draft.problem, draft.rows, [change])
    assert [violation.person for violation in weighed.forbidden] == [person]
    with app.test_request_context():
        first = warnings_of(weighed.effect.broken, draft.problem, named(person, tasks=(task.id,)))[0]
    assert "18" in first.text
    assert "Civil Code" in first.law


def test_no_way_of_writing_makes_a_minor_the_lead(session: Session, world: World) -> None:
    open_lead(session, world)
    roster = drafts.begin(session, world)
    born(session, world, drafts.today() - timedelta(days=17 * 365))
    with pytest.raises(InvalidError, match="under 18"):
        drafts.keep(session, world, roster, drafts.activity_task(session, world, lead=VOLUNTEER))
    session.rollback()


def test_minor_is_booked_as_a_helper_and_refused_as_the_lead(session: Session, world: World) -> None:
    person = born(session, world, drafts.today() - timedelta(days=17 * 365))
    held = activity(session, world)
    place = bookings.Place(
        visit_id=None, activity_id=held.id, role="helper", starts_at=held.starts_at, ends_at=held.ends_at
    )
    with pytest.raises(InvalidError, match="under 18"):
        bookings.book(session, person, replace(place, role="lead"))
    session.rollback()
    born(session, world, drafts.today() - timedelta(days=17 * 365))
    assert bookings.book(session, person, place).role == "helper"
