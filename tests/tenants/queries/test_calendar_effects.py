"""What another calendar would do to the work of the townships, told before it is kept; in March there is no holiday."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.calendar import DayKind, Span, SpanKind, Subject
from tenants.enums import AccountRole, PersonKind
from tenants.models import Activity, Assignment, HolidayPlan, Person, Roster, Vetting, Visit
from tenants.queries.calendar import versions
from tenants.queries.calendar_effects import CalendarEffect, TownshipEffect, effect_of
from tenants.scope import Scope
from tenants.services import calendar
from tenants.services.calendar import TableFacts
from tests import drafts
from tests.duties import add_visit, give
from tests.world import Place, World, next_saturday
from weibao.db import session_for

YEAR = drafts.today().year + 1
MONDAY = next_saturday(date(YEAR, 2, 27)) + timedelta(days=2)
"""The first Monday of March: by one table the second term begins on it, by the other a week later."""
WEEK = timedelta(days=7)
WORKER, DIRECTOR = PersonKind.SOCIAL_WORKER, PersonKind.CHILD_DIRECTOR


def terms(begins: date) -> TableFacts:
    winter = Span(kind=SpanKind.WINTER, first=date(YEAR, 1, 20), last=begins - timedelta(days=1), name="寒假")
    return TableFacts(since=date(YEAR, 1, 1), provisional=False, source="教育局", spans=[winter])


def officer(world: World) -> Actor:
    return Actor(county_id=world.county, role=AccountRole.COUNTY_OFFICER)


@pytest.fixture
def late(session: Session, world: World) -> Session:
    """The term begins a week after Monday; everybody's check is valid until then."""
    calendar.decide(session, officer(world), Subject.TERMS, YEAR - 1, terms(MONDAY + WEEK))
    for check in session.scalars(select(Vetting)):
        check.valid_through = MONDAY + 4 * WEEK
    return session


def moved(session: Session, world: World, begins: date = MONDAY) -> CalendarEffect:
    """What a beginning of term on another day would do, as a county officer's session reads it."""
    session.commit()
    townships = frozenset({world.first.township, world.second.township})
    with session_for(Scope.of_county(world.county, townships, reason="test")) as county:
        new = calendar.proposed(county, officer(world), Subject.TERMS, YEAR - 1, terms(begins))
        found = effect_of(county, world.county, new, today=drafts.today(), most=800)
        assert len(versions(county, world.county)) == 1
    return found


def of_first(effect: CalendarEffect, world: World) -> TownshipEffect:
    return next(row for row in effect.townships if row.township_id == world.first.township)


def hold_on_monday(session: Session, place: Place, *, hour: int = 9) -> None:
    activity = session.get_one(Activity, (place.township, place.activity))
    activity.starts_at = drafts.at(MONDAY, hour)
    activity.ends_at = activity.starts_at + timedelta(hours=1)


def draft_with(session: Session, place: Place, visit: str, starts_at: datetime) -> None:
    roster = Roster(township_id=place.township, starts_on=MONDAY, days=7)
    session.add(roster)
    session.flush()
    ends_at = starts_at + timedelta(minutes=40)
    session.add(
        Assignment(
            township_id=place.township, roster_id=roster.id, visit_id=visit, starts_at=starts_at, ends_at=ends_at
        )
    )


def test_a_term_a_week_earlier_makes_five_school_days(late: Session, world: World) -> None:
    """Its weekend is free as before; the visiting hours of a day become 2.75 instead of 7."""
    effect = moved(late, world)
    assert [row.day for row in effect.days] == [MONDAY + timedelta(days=n) for n in range(5)]
    assert {(row.before, row.after, row.minutes) for row in effect.days} == {(DayKind.FREE, DayKind.SCHOOL, (420, 165))}


def test_activities_with_children_on_what_becomes_a_school_day_are_told(late: Session, world: World) -> None:
    for place in (world.first, world.second, world.foreign):
        hold_on_monday(late, place)
    late.get_one(Activity, (world.second.township, world.second.activity)).with_children = False
    effect = moved(late, world)
    assert {row.township_id: (row.activities, row.at_school) for row in effect.townships} == {
        world.first.township: (1, 1),
        world.second.township: (1, 0),
    }
    assert [row.activities for row in effect.days] == [2, 0, 0, 0, 0]


def test_published_duties_and_visits_outside_the_new_hours_are_told(late: Session, world: World) -> None:
    """Two people at 10:00, one of them on a visit beyond a school day's hours; another visit at 17:00 stays within."""
    hold_on_monday(late, world.first)
    early, fits = (add_visit(late, world.first, child) for child in (0, 1))
    give(late, world.first, DIRECTOR, activity=world.first.activity, starts_at=drafts.at(MONDAY, 10))
    give(late, world.first, WORKER, visit=early, starts_at=drafts.at(MONDAY, 10))
    give(late, world.first, WORKER, visit=fits, starts_at=drafts.at(MONDAY, 17))
    give(late, world.first, WORKER, visit=add_visit(late, world.first, 2), starts_at=drafts.at(MONDAY + WEEK, 17))
    row = of_first(moved(late, world), world)
    assert (row.duties, row.duty_minutes, row.planned, row.outside) == (3, 180, 2, 1)


def test_a_draft_counts_where_it_places_a_visit(late: Session, world: World) -> None:
    draft_with(late, world.first, add_visit(late, world.first), drafts.at(MONDAY, 9))
    row = of_first(moved(late, world), world)
    assert (row.planned, row.outside, row.duties) == (1, 1, 0)


def test_visits_due_are_told_with_the_minutes_of_their_teams(late: Session, world: World) -> None:
    visit = late.get_one(Visit, (world.first.township, add_visit(late, world.first)))
    visit.due_on = MONDAY
    visit.roles = [{**visit.roles[0], "min": 2}]
    effect = moved(late, world)
    row = of_first(effect, world)
    assert (row.due, row.due_minutes, row.stands) == (1, 80, True)
    assert [day.visits for day in effect.days] == [1, 0, 0, 0, 0]


def test_the_time_of_the_staff_within_the_visiting_hours_is_told(late: Session, world: World) -> None:
    """Whom the rules send: the social worker and the child director, free from 8 to 20 on five days.

    The director takes 5 hours a day at most.
    """
    director = world.first.people[DIRECTOR]
    both = of_first(moved(late, world), world)
    assert both.free == (2 * 5 * 420, 2 * 5 * 165)
    late.get_one(Person, (world.first.township, director)).max_minutes_per_day = 300
    assert of_first(moved(late, world), world).free == (5 * (420 + 300), 2 * 5 * 165)
    for check in late.scalars(select(Vetting).where(Vetting.person_id == director)):
        check.valid_through = MONDAY
    assert of_first(moved(late, world), world).free == (5 * 420 + 300, 6 * 165)


def test_a_planned_holiday_that_loses_its_days_is_told(late: Session, world: World) -> None:
    for place in (world.first, world.second):
        late.add(
            HolidayPlan(
                township_id=place.township, kind=SpanKind.WINTER, name="寒假", first=date(YEAR, 1, 20),
                last=MONDAY + timedelta(days=6), draft_ids=[],
            )
        )  # fmt: skip
    late.flush()
    gone = late.scalars(select(HolidayPlan).where(HolidayPlan.township_id == world.second.township)).one()
    gone.withdrawn_at = datetime.now(drafts.CHINA)
    effect = moved(late, world)
    assert {row.township_id: row.plans for row in effect.townships} == {
        world.first.township: 1,
        world.second.township: 0,
    }


def test_the_same_table_does_nothing(late: Session, world: World) -> None:
    hold_on_monday(late, world.first)
    effect = moved(late, world, MONDAY + WEEK)
    assert effect.days == []
    assert not any(row.stands for row in effect.townships)
    assert {row.free for row in effect.townships} == {(0, 0)}
