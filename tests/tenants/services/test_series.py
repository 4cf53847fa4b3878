"""Series of activities: exceptions, the rest of it changed or called off."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.calendar import Span, SpanKind, Subject
from tenants.enums import ActivityState
from tenants.errors import ConflictError, InvalidError
from tenants.models import Activity, AuditEntry
from tenants.queries.due import county_zone
from tenants.services import activities, calendar, series
from tenants.services.activities import facts_of
from tenants.services.calendar import TableFacts
from tenants.services.series import SeriesFacts
from tests.world import World

Days = Callable[[], list[date]]


@pytest.fixture
def activity(session: Session, world: World) -> Activity:
    return session.get_one(Activity, (world.first.township, world.first.activity))


@pytest.fixture
def days(session: Session, world: World, activity: Activity) -> Days:
    """The planned days of the series, in order."""

    def _days() -> list[date]:
        found = series.series_of(session, activity)
        rows = series.activities_of(session, found) if found else []
        zone = county_zone(session, world.county)
        return [row.starts_at.astimezone(zone).date() for row in rows if row.state is ActivityState.PLANNED]

    return _days


def first_day(session: Session, world: World, activity: Activity) -> date:
    return facts_of(activity, county_zone(session, world.county)).day


def test_every_second_week_without_a_day_that_is_left_out(
    session: Session, world: World, activity: Activity, days: Days
) -> None:
    first = first_day(session, world, activity)
    facts = SeriesFacts(times=3, every=2, left_out=(first + timedelta(weeks=4),))
    assert series.repeat(session, world.head, activity, facts) == 2
    assert days() == [first, first + timedelta(weeks=2), first + timedelta(weeks=6)]
    held = series.series_of(session, activity)
    assert held is not None
    assert held.left_out == [(first + timedelta(weeks=4)).isoformat()]


def test_a_make_up_saturday_is_left_out_of_a_series_on_free_days(
    session: Session, world: World, activity: Activity, days: Days
) -> None:
    first = first_day(session, world, activity)
    made_up = first + timedelta(weeks=1)
    span = Span(kind=SpanKind.MAKE_UP, first=made_up, last=made_up, name="调休上班日")
    own = TableFacts(since=date(made_up.year, 1, 1), provisional=False, source="通知", spans=(span,))
    calendar.decide(session, Actor(county_id=world.county), Subject.HOLIDAYS, made_up.year, own)
    assert series.repeat(session, world.head, activity, SeriesFacts(times=2, only_free=True)) == 1
    assert days() == [first, first + timedelta(weeks=2)]


def test_repeating_again_goes_on_with_the_same_series(
    session: Session, world: World, activity: Activity, days: Days
) -> None:
    series.repeat(session, world.head, activity, SeriesFacts(times=1))
    assert series.repeat(session, world.head, activity, SeriesFacts(times=2)) == 1
    assert len(days()) == 3


@pytest.mark.parametrize(
    ("facts", "field"), [(SeriesFacts(times=0), "weeks"), (SeriesFacts(times=1, every=9), "every")]
)
def test_numbers_out_of_bounds_are_refused(
    session: Session, world: World, activity: Activity, facts: SeriesFacts, field: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        series.repeat(session, world.head, activity, facts)
    assert caught.value.field == field


def test_the_later_ones_follow_one_that_was_changed(session: Session, world: World, activity: Activity) -> None:
    """Of three later ones the first is changed and the second called off: the third alone follows, on its own day."""
    series.repeat(session, world.head, activity, SeriesFacts(times=3))
    held = series.series_of(session, activity)
    assert held is not None
    first, second, third, last = series.activities_of(session, held)
    assert first.id == activity.id
    second.title = "新题"
    activities.set_cancelled(session, world.head, third, True)
    day = last.starts_at
    assert [row.activity for row in series.change_later(session, world.head, second)] == [last]
    assert (activity.title, third.title == "新题", last.title, last.starts_at) == (activity.title, False, "新题", day)


def test_one_alone_has_no_later_ones(session: Session, world: World, activity: Activity) -> None:
    with pytest.raises(ConflictError):
        series.change_later(session, world.head, activity)


def test_the_rest_is_called_off_and_written_down(
    session: Session, world: World, activity: Activity, days: Days
) -> None:
    series.repeat(session, world.head, activity, SeriesFacts(times=2))
    held = series.series_of(session, activity)
    assert held is not None
    activity.state = ActivityState.HELD
    session.flush()
    assert series.call_off_rest(session, world.head, held) == 2
    assert (days(), activity.state) == ([], ActivityState.HELD)
    logged = session.scalars(select(AuditEntry).where(AuditEntry.action == "series.call_off")).one()
    assert logged.details == {"off": 2}
