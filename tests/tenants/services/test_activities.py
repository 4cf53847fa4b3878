"""Activities: the county's clock, the team, repeating."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ActivityKind, ActivityState, PersonKind, Priority, Service
from tenants.errors import ConflictError, ForbiddenError, InvalidError
from tenants.models import Activity, AuditEntry, County, Home
from tenants.queries.due import county_today
from tenants.roles import RoleWanted
from tenants.services import activities, series
from tenants.services.activities import ActivityFacts, facts_of
from tenants.services.series import SeriesFacts
from tests.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")
LEAD = RoleWanted(role="lead", minimum=1, maximum=1, kinds=frozenset({PersonKind.CHILD_DIRECTOR}))
HELPER = RoleWanted(role="helper", minimum=0, maximum=2, kinds=frozenset({PersonKind.VOLUNTEER}))


@pytest.fixture
def facts(session: Session, world: World) -> ActivityFacts:
    return ActivityFacts(
        home_id=world.first.homes[0],
        title="唱歌",
        kind=ActivityKind.ARTS,
        service=Service.CHILD_PROTECTION,
        priority=Priority.NORMAL,
        day=county_today(session, world.county) + timedelta(days=3),
        start=time(9, 0),
        end=time(10, 30),
        roles=[LEAD, HELPER],
    )


def titled(session: Session, title: str) -> list[Activity]:
    return list(session.scalars(select(Activity).where(Activity.title == title).order_by(Activity.starts_at)))


def test_times_are_kept_in_utc_from_the_countys_clock(session: Session, world: World, facts: ActivityFacts) -> None:
    activity = activities.create(session, world.head, facts)
    assert activity.starts_at == datetime.combine(facts.day, time(1, 0), tzinfo=UTC)
    assert facts_of(activity, SHANGHAI) == facts


def test_a_county_with_summer_time_repeats_at_the_same_hour_of_its_clock(
    session: Session, world: World, facts: ActivityFacts
) -> None:
    # Central European summer time ends on 31 October 2027: 9:00 is 7:00 UTC before and 8:00 UTC after.
    session.get_one(County, world.county).timezone = "Europe/Berlin"
    activity = activities.create(session, world.head, replace(facts, day=date(2027, 10, 30)))
    series.repeat(session, world.head, activity, SeriesFacts(times=1))
    assert [row.starts_at.hour for row in titled(session, "唱歌")] == [7, 8]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"home_id": "a" * 26}, "home_id"),
        ({"end": time(9, 0)}, "end"),
        ({"children_expected": -1}, "children_expected"),
        ({"day": date(2026, 1, 1)}, "day"),
        ({"roles": []}, "roles"),
        ({"roles": [LEAD, LEAD]}, "roles-1-role"),
    ],
)
def test_a_wrong_fact_is_refused_at_its_field(
    session: Session, world: World, facts: ActivityFacts, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        activities.create(session, world.head, replace(facts, **changes))
    assert caught.value.field == field


def test_a_neighbours_home_is_refused(session: Session, world: World, facts: ActivityFacts) -> None:
    with pytest.raises(InvalidError):
        activities.create(session, world.head, replace(facts, home_id=world.second.homes[0]))


def test_a_county_officer_plans_no_activity(session: Session, world: World, facts: ActivityFacts) -> None:
    with pytest.raises(ForbiddenError):
        activities.create(session, Actor(county_id=world.county), facts)


def test_editing_changes_the_team_in_place(session: Session, world: World, facts: ActivityFacts) -> None:
    activity = activities.create(session, world.head, facts)
    kept = activity.roles[0].id
    first_aid = replace(HELPER, role="first_aid", minimum=1)
    activities.edit(session, world.head, activity, replace(facts, roles=[first_aid, replace(LEAD, maximum=2)]))
    session.expire_all()
    assert [(row.role, row.maximum) for row in activity.roles] == [("first_aid", 2), ("lead", 2)]
    assert activity.roles[1].id == kept


def test_a_past_activity_keeps_its_day_but_is_not_moved_into_the_past(
    session: Session, world: World, facts: ActivityFacts
) -> None:
    activity = activities.create(session, world.head, facts)
    activity.starts_at -= timedelta(days=30)
    activity.ends_at -= timedelta(days=30)
    session.flush()
    past = facts_of(activity, SHANGHAI)
    activities.edit(session, world.head, activity, replace(past, title="合唱"))
    assert activity.title == "合唱"
    with pytest.raises(InvalidError) as caught:
        activities.edit(session, world.head, activity, replace(past, day=past.day - timedelta(days=1)))
    assert caught.value.field == "day"


def test_calling_off_and_putting_back_are_written_down_once_each(
    session: Session, world: World, facts: ActivityFacts
) -> None:
    activity = activities.create(session, world.head, facts)
    for cancelled in (True, True):
        activities.set_cancelled(session, world.head, activity, cancelled)
    assert activity.state is ActivityState.CANCELLED
    with pytest.raises(ConflictError):
        activities.edit(session, world.head, activity, facts)
    activities.set_cancelled(session, world.head, activity, False)
    written = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert written == ["activity.create", "activity.cancel", "activity.restore"]


def test_repeating_copies_the_team_and_leaves_present_weeks_alone(
    session: Session, world: World, facts: ActivityFacts
) -> None:
    activity = activities.create(session, world.head, facts)
    assert series.repeat(session, world.head, activity, SeriesFacts(times=2)) == 2
    assert series.repeat(session, world.head, activity, SeriesFacts(times=3)) == 1
    rows = titled(session, "唱歌")
    days = [row.starts_at.astimezone(SHANGHAI).date() for row in rows]
    assert days == [facts.day + timedelta(weeks=week) for week in range(4)]
    assert [[role.role for role in row.roles] for row in rows] == [["lead", "helper"]] * 4


@pytest.mark.parametrize("weeks", [0, 27])
def test_repeating_has_bounds(session: Session, world: World, facts: ActivityFacts, weeks: int) -> None:
    activity = activities.create(session, world.head, facts)
    with pytest.raises(InvalidError) as caught:
        series.repeat(session, world.head, activity, SeriesFacts(times=weeks))
    assert caught.value.field == "weeks"


def test_a_home_that_is_closed_still_holds_what_was_planned(
    session: Session, world: World, facts: ActivityFacts
) -> None:
    activity = activities.create(session, world.head, facts)
    session.get_one(Home, (world.first.township, facts.home_id)).opened = False
    activities.edit(session, world.head, activity, replace(facts, title="合唱"))
    assert activity.title == "合唱"
