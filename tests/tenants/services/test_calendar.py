"""The county's tables: decided in versions, by the county alone, with their faults named by field."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.calendar import DayKind, Span, SpanKind, Subject
from tenants.enums import AccountRole
from tenants.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tenants.models import AuditEntry, CalendarSpan, CalendarTable
from tenants.queries.calendar import VersionState, calendar_of, states, versions
from tenants.scope import Scope
from tenants.services import calendar
from tenants.services.calendar import TableFacts
from tests import drafts
from tests.world import World, next_saturday
from weibao.db import session_for

OFFICER = AccountRole.COUNTY_OFFICER
YEAR = drafts.today().year + 1
SATURDAY = next_saturday(date(YEAR, 3, 1))


def made_up(day: date = SATURDAY) -> Span:
    return Span(kind=SpanKind.MAKE_UP, first=day, last=day, name="调休上班日")


def facts(*spans: Span) -> TableFacts:
    return TableFacts(since=date(YEAR, 1, 1), provisional=False, source="通知", spans=spans or (made_up(),))


def officer(world: World) -> Actor:
    return Actor(county_id=world.county, role=OFFICER)


def test_a_decision_is_a_new_version_and_is_written_down(session: Session, world: World) -> None:
    for source in ("甲", "乙"):
        calendar.decide(session, officer(world), Subject.HOLIDAYS, YEAR, replace(facts(), source=f" {source} "))
    found = versions(session, world.county, Subject.HOLIDAYS, YEAR)
    assert [(row.number, row.source) for row in found] == [(2, "乙"), (1, "甲")]
    assert calendar_of(session, world.county).kind(SATURDAY) is DayKind.SCHOOL
    logged = session.scalars(select(AuditEntry).where(AuditEntry.action == "calendar.decide")).all()
    assert [entry.details["number"] for entry in logged] == [1, 2]


def test_another_county_does_not_see_it(session: Session, world: World) -> None:
    calendar.decide(session, officer(world), Subject.HOLIDAYS, YEAR, facts())
    assert calendar_of(session, world.other_county).kind(SATURDAY) is DayKind.FREE


def test_a_township_sees_the_countys_table_and_may_not_decide_it(app: Flask, session: Session, world: World) -> None:
    calendar.decide(session, officer(world), Subject.HOLIDAYS, YEAR, facts())
    session.commit()
    scope = Scope.of_township(world.county, world.first.township, reason="test")
    with session_for(scope) as station:
        assert calendar_of(station, world.county).kind(SATURDAY) is DayKind.SCHOOL
        assert station.scalars(select(CalendarTable).where(CalendarTable.county_id == world.other_county)).all() == []
        with pytest.raises(ForbiddenError):
            calendar.decide(station, world.head, Subject.HOLIDAYS, YEAR, facts())


HOLIDAY = Span(kind=SpanKind.HOLIDAY, first=date(YEAR, 2, 1), last=date(YEAR, 2, 3), name="节")


@pytest.mark.parametrize(
    ("spans", "field"),
    [
        ((made_up(), replace(HOLIDAY, last=date(YEAR, 1, 31))), "spans-1-last"),
        ((replace(HOLIDAY, last=date(YEAR, 3, 31)),), "spans-0-last"),
        ((made_up(SATURDAY + timedelta(days=2)),), "spans-0-first"),  # a Monday
        ((replace(HOLIDAY, kind=SpanKind.TERM),), "spans-0-kind"),
        ((replace(HOLIDAY, name=" "),), "spans-0-name"),
        ((HOLIDAY, replace(HOLIDAY, first=date(YEAR, 2, 3), last=date(YEAR, 2, 5))), "spans-1-first"),
        ((replace(HOLIDAY, first=date(YEAR + 1, 2, 1), last=date(YEAR + 1, 2, 2)),), "spans-0-first"),
    ],
)
def test_a_wrong_row_is_refused_at_its_field(session: Session, world: World, spans: Sequence[Span], field: str) -> None:
    with pytest.raises(InvalidError) as caught:
        calendar.decide(session, officer(world), Subject.HOLIDAYS, YEAR, facts(*spans))
    assert caught.value.field == field


def test_a_source_is_asked_for(session: Session, world: World) -> None:
    with pytest.raises(InvalidError) as caught:
        calendar.decide(session, officer(world), Subject.HOLIDAYS, YEAR, replace(facts(), source=" "))
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


def decide(session: Session, world: World, *, since: date, year: int | None = None) -> CalendarTable:
    """A version from a day on; the rows are those of its year."""
    year = year or since.year
    span = Span(kind=SpanKind.HOLIDAY, first=date(year, 1, 1), last=date(year, 1, 1), name="元旦")
    own = TableFacts(since=since, provisional=False, source="通知", spans=[span])
    return calendar.decide(session, officer(world), Subject.HOLIDAYS, year, own)


def test_a_later_version_does_not_rewrite_days_that_are_past(session: Session, world: World) -> None:
    """The first one holds for its whole year; the second from today on at the earliest."""
    today = drafts.today()
    decide(session, world, since=date(today.year, 1, 1))
    with pytest.raises(InvalidError) as caught:
        decide(session, world, since=today - timedelta(days=1), year=today.year)
    assert caught.value.field == "since"
    first = date(today.year, 1, 1)
    kind = calendar_of(session, world.county).kind(first)
    decide(session, world, since=today)
    assert calendar_of(session, world.county).kind(first) is kind
    assert len(versions(session, world.county, Subject.HOLIDAYS, today.year)) == 2


def test_each_version_tells_how_it_stands(session: Session, world: World) -> None:
    """What is decided last holds from its day on: it replaces the third, which was to begin later."""
    today = drafts.today()
    own = [
        decide(session, world, since=day, year=today.year)
        for day in (date(today.year, 1, 1), today, today + timedelta(days=20), today + timedelta(days=10))
    ]
    found = states(own, today)
    assert [found[row.id] for row in own] == [
        VersionState.REPLACED, VersionState.IN_FORCE, VersionState.REPLACED, VersionState.COMING,
    ]  # fmt: skip


def test_a_version_that_is_not_in_force_yet_is_taken_back(session: Session, world: World) -> None:
    year = drafts.today().year + 1
    first, second = (decide(session, world, since=date(year, month, 1)) for month in (1, 2))
    calendar.take_back(session, officer(world), second.id)
    assert versions(session, world.county) == [first]
    assert [span.table_id for span in session.scalars(select(CalendarSpan))] == [first.id]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "calendar.take_back")).one()
    assert (entry.subject_id, entry.details["number"]) == (second.id, 2)


def test_what_is_in_force_or_first_or_not_theirs_is_not_taken_back(session: Session, world: World) -> None:
    today = drafts.today()
    only = decide(session, world, since=date(today.year + 1, 1, 1))
    old, held = (decide(session, world, since=day, year=today.year) for day in (date(today.year, 1, 1), today))
    for row in (only, old, held):
        with pytest.raises(ConflictError):
            calendar.take_back(session, officer(world), row.id)
    with pytest.raises(ForbiddenError):
        calendar.take_back(session, world.head, held.id)
    with pytest.raises(NotFoundError):
        calendar.take_back(session, Actor(county_id=world.other_county, role=OFFICER), held.id)
    assert len(versions(session, world.county)) == 3
