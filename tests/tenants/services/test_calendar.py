"""The county's tables: decided in versions, by the county alone, with their faults named by field."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.calendar import DayKind, Span, SpanKind, Subject
from tenants.enums import AccountRole
from tenants.errors import ForbiddenError, InvalidError
from tenants.models import Activity, AuditEntry, CalendarTable
from tenants.queries.calendar import calendar_of, changed_days, versions
from tenants.scope import Scope
from tenants.services import calendar
from tenants.services.calendar import TableFacts
from tests.world import World, next_saturday
from weibao.db import session_for

OFFICER = AccountRole.COUNTY_OFFICER
SATURDAY = date(2027, 1, 9)


def made_up(day: date = SATURDAY) -> Span:
    return Span(kind=SpanKind.MAKE_UP, first=day, last=day, name="调休上班日")


def facts(*spans: Span) -> TableFacts:
    return TableFacts(since=date(2027, 1, 1), provisional=False, source="通知", spans=spans or (made_up(),))


def officer(world: World) -> Actor:
    return Actor(county_id=world.county, role=OFFICER)


def test_a_decision_is_a_new_version_and_is_written_down(session: Session, world: World) -> None:
    for source in ("甲", "乙"):
        calendar.decide(session, officer(world), Subject.HOLIDAYS, 2027, replace(facts(), source=f" {source} "))
    found = versions(session, world.county, Subject.HOLIDAYS, 2027)
    assert [(row.number, row.source) for row in found] == [(2, "乙"), (1, "甲")]
    assert calendar_of(session, world.county).kind(SATURDAY) is DayKind.SCHOOL
    logged = session.scalars(select(AuditEntry).where(AuditEntry.action == "calendar.decide")).all()
    assert [entry.details["number"] for entry in logged] == [1, 2]


def test_another_county_does_not_see_it(session: Session, world: World) -> None:
    calendar.decide(session, officer(world), Subject.HOLIDAYS, 2027, facts())
    assert calendar_of(session, world.other_county).kind(SATURDAY) is DayKind.FREE


def test_a_township_sees_the_countys_table_and_may_not_decide_it(app: Flask, session: Session, world: World) -> None:
    calendar.decide(session, officer(world), Subject.HOLIDAYS, 2027, facts())
    session.commit()
    scope = Scope.of_township(world.county, world.first.township, reason="test")
    with session_for(scope) as station:
        assert calendar_of(station, world.county).kind(SATURDAY) is DayKind.SCHOOL
        assert station.scalars(select(CalendarTable).where(CalendarTable.county_id == world.other_county)).all() == []
        with pytest.raises(ForbiddenError):
            calendar.decide(station, world.head, Subject.HOLIDAYS, 2027, facts())


HOLIDAY = Span(kind=SpanKind.HOLIDAY, first=date(2027, 2, 1), last=date(2027, 2, 3), name="节")


@pytest.mark.parametrize(
    ("spans", "field"),
    [
        ((made_up(), replace(HOLIDAY, last=date(2027, 1, 31))), "spans-1-last"),
        ((replace(HOLIDAY, last=date(2027, 3, 31)),), "spans-0-last"),
        ((made_up(date(2027, 1, 11)),), "spans-0-first"),  # a Monday
        ((replace(HOLIDAY, kind=SpanKind.TERM),), "spans-0-kind"),
        ((replace(HOLIDAY, name=" "),), "spans-0-name"),
        ((HOLIDAY, replace(HOLIDAY, first=date(2027, 2, 3), last=date(2027, 2, 5))), "spans-1-first"),
        ((replace(HOLIDAY, first=date(2028, 2, 1), last=date(2028, 2, 2)),), "spans-0-first"),
    ],
)
def test_a_wrong_row_is_refused_at_its_field(session: Session, world: World, spans: Sequence[Span], field: str) -> None:
    with pytest.raises(InvalidError) as caught:
        calendar.decide(session, officer(world), Subject.HOLIDAYS, 2027, facts(*spans))
    assert caught.value.field == field


def test_a_source_is_asked_for(session: Session, world: World) -> None:
    with pytest.raises(InvalidError) as caught:
        calendar.decide(session, officer(world), Subject.HOLIDAYS, 2027, replace(facts(), source=" "))
    assert caught.value.field == "source"


def test_a_new_county_has_two_years_of_both_tables(session: Session, world: World) -> None:
    calendar.seed(session, officer(world), date(2027, 3, 1))
    assert {(row.subject, row.year) for row in versions(session, world.county)} == {
        (Subject.HOLIDAYS, 2027),
        (Subject.HOLIDAYS, 2028),
        (Subject.TERMS, 2026),
        (Subject.TERMS, 2027),
    }
    assert all(row.provisional for row in versions(session, world.county) if row.subject is Subject.TERMS)


def test_a_change_tells_what_it_does_to_visits_activities_and_duties(session: Session, world: World) -> None:
    """The Saturday of both townships' activity becomes a school day: 7 hours for visits become 2.75."""
    day = next_saturday(datetime.now(UTC).date() + timedelta(days=7))
    for place in (world.first, world.second, world.foreign):
        activity = session.get_one(Activity, (place.township, place.activity))
        activity.starts_at = datetime.combine(day, time(1), tzinfo=UTC)
        activity.ends_at = activity.starts_at + timedelta(hours=1)
    session.commit()
    townships = frozenset({world.first.township, world.second.township})
    with session_for(Scope.of_county(world.county, townships, reason="test")) as county:
        new = calendar.proposed(
            county, officer(world), Subject.HOLIDAYS, day.year, replace(facts(made_up(day)), since=date(day.year, 1, 1))
        )
        found = {row.day: row for row in changed_days(county, world.county, new, today=datetime.now(UTC).date())}
        assert versions(county, world.county) == []
    row = found[day]
    assert (row.before, row.after, row.hours) == (DayKind.FREE, DayKind.SCHOOL, (7.0, 2.75))
    assert (row.activities, row.duties, row.visits) == (2, 0, 0)
