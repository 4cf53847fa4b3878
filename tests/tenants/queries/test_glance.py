"""Months of a county: each number by its definition, all months at once, and with as many statements as one month."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from tenants.enums import ActivityState, ChildCategory, DutyState, PersonKind, RiskLevel, TownshipKind, VisitState
from tenants.models import (
    Activity,
    ActivityRecord,
    Child,
    ChildCategoryPeriod,
    ChildRiskPeriod,
    Duty,
    StaffMember,
    StaffPosting,
    Township,
    Visit,
)
from tenants.queries import glance
from tenants.queries.glance import NOT_ASSESSED, Month
from tests.databases import statements
from tests.duties import add_visit
from tests.staff import register, waiting
from tests.world import Place, World

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 12)
"""A day on which to look back; the cast's children are put on days of their own below."""


def local(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ZONE).astimezone(UTC)


@pytest.fixture
def spans() -> list[Month]:
    """August to November 2025: all over, whenever the test runs."""
    return [Month.of(date(2025, number, 1), date(2025, 12, 31)) for number in (8, 9, 10, 11)]


@pytest.fixture
def quiet(session: Session, world: World) -> Place:
    """The first township, whose four children all came on 15 September 2025, left behind and at high risk."""
    day = date(2025, 9, 15)
    for number, child in enumerate(world.first.children):
        period = session.query(ChildCategoryPeriod).filter_by(child_id=child).one()
        period.from_day, period.category = day, ChildCategory.LEFT_BEHIND
        risk = session.query(ChildRiskPeriod).filter_by(child_id=child).one()
        risk.from_day, risk.level = day + timedelta(days=30 * number), RiskLevel.HIGH
    session.flush()
    return world.first


def read(session: Session, spans: list[Month], place: Place, what: Callable[[glance.Counts], object]) -> list[object]:
    """A number of a township by month."""
    found = glance.months(session, spans, ZONE)
    return [what(found[span][place.township]) for span in spans]


def test_last_months_end_with_the_present_one_and_know_the_year_before() -> None:
    months = Month.last(3, TODAY)
    assert [one.first for one in months] == [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]
    assert [one.as_of for one in months] == [date(2026, 9, 30), date(2026, 10, 31), TODAY]
    assert months[2].year_before(TODAY) == Month.of(date(2025, 11, 9), TODAY)


def test_open_files_are_those_of_the_months_last_day(session: Session, quiet: Place, spans: list[Month]) -> None:
    """Four from 15 September on; one is closed on 31 October, and so no longer open on it."""
    session.get_one(Child, (quiet.township, quiet.children[0])).closed_on = date(2025, 10, 31)
    session.flush()
    assert read(session, spans, quiet, lambda counts: counts.children) == [0, 4, 3, 3]


def test_child_counts_once_in_a_category_and_until_the_period_ends(
    session: Session, quiet: Place, spans: list[Month]
) -> None:
    """Of two overlapping periods of one child the later ends on 30 November; the other children's go on."""
    period = session.query(ChildCategoryPeriod).filter_by(child_id=quiet.children[0]).one()
    period.to_day = date(2025, 11, 10)
    session.add(
        ChildCategoryPeriod(
            township_id=quiet.township, child_id=quiet.children[0], category=ChildCategory.LEFT_BEHIND,
            from_day=date(2025, 10, 1), to_day=date(2025, 11, 29),
        )
    )  # fmt: skip
    session.flush()
    assert read(session, spans, quiet, lambda counts: counts.categories["left_behind"]) == [0, 4, 4, 3]


def test_level_is_the_latest_assessment_by_the_months_last_day(
    session: Session, quiet: Place, spans: list[Month]
) -> None:
    """Assessed on 15 September, 15 October, 14 November and 14 December: one, two and three are known in turn."""
    assert read(session, spans, quiet, lambda counts: (counts.risks["high"], counts.risks[NOT_ASSESSED])) == [
        (0, 0), (1, 3), (2, 2), (3, 1),
    ]  # fmt: skip


def test_visits_are_due_done_and_overdue_by_month(session: Session, quiet: Place, spans: list[Month]) -> None:
    """One due on 10 September is done on 3 November; one due on the month's last day is late from the next month on."""
    for due_on, done_on, state in (
        (date(2025, 9, 10), date(2025, 11, 3), VisitState.DONE),
        (date(2025, 9, 30), None, VisitState.DUE),
        (date(2025, 10, 5), date(2025, 10, 5), VisitState.DONE),
        (date(2025, 10, 6), None, VisitState.CANCELLED),
    ):
        visit = session.get_one(Visit, (quiet.township, add_visit(session, quiet)))
        visit.due_on, visit.done_on, visit.state = due_on, done_on, state
    session.flush()
    assert read(session, spans, quiet, lambda counts: (counts.due, counts.done, counts.overdue)) == [
        (0, 0, 0), (2, 0, 1), (1, 1, 2), (0, 1, 1),
    ]  # fmt: skip


def test_activities_and_volunteers_hours_lie_in_the_month_of_the_countys_clock(
    session: Session, quiet: Place, spans: list[Month]
) -> None:
    """From midnight to one o'clock of 1 October in the county is the last of September in UTC."""
    begin = local(date(2025, 10, 1), 0)
    activity = session.get_one(Activity, (quiet.township, quiet.activity))
    activity.starts_at, activity.ends_at = begin, begin + timedelta(hours=1)
    for kind, state, minutes in (
        (PersonKind.VOLUNTEER, DutyState.CONFIRMED, 95),
        (PersonKind.CHILD_DIRECTOR, DutyState.CONFIRMED, 95),
        (PersonKind.STATION_STAFF, DutyState.CONFIRMED, 95),
    ):
        session.add(
            Duty(township_id=quiet.township, person_id=quiet.people[kind], activity_id=quiet.activity, role="lead",
                 starts_at=begin, ends_at=begin + timedelta(minutes=minutes), state=state, version=1, sequence=0,
                 changed_at=begin, created_at=begin)
        )  # fmt: skip
    session.flush()
    assert read(session, spans, quiet, lambda counts: (counts.activities, counts.heads, counts.minutes)) == [
        (0, 0, 0), (0, 0, 0), (1, 12, 95), (0, 0, 0),
    ]  # fmt: skip
    activity.state = ActivityState.CANCELLED
    session.flush()
    assert read(session, spans, quiet, lambda counts: counts.activities) == [0, 0, 0, 0]


def test_who_came_is_read_from_the_records_and_an_activity_without_one_is_told(
    session: Session, quiet: Place, spans: list[Month]
) -> None:
    """Two activities of September, of which one is recorded; one of October that is called off."""
    planned = session.get_one(Activity, (quiet.township, quiet.activity))
    for day, state, came in (
        (date(2025, 9, 6), ActivityState.HELD, (9, 3)),
        (date(2025, 9, 7), ActivityState.PLANNED, None),
        (date(2025, 10, 4), ActivityState.CANCELLED, (8, 2)),
    ):
        row = Activity(
            township_id=quiet.township, home_id=planned.home_id, title="x", kind=planned.kind,
            service=planned.service, priority=planned.priority, starts_at=local(day), ends_at=local(day, 10),
            with_children=True, children_expected=12, state=state,
        )  # fmt: skip
        session.add(row)
        session.flush()
        if came:
            children, guardians = came
            session.add(
                ActivityRecord(township_id=quiet.township, activity_id=row.id, children=children, guardians=guardians,
                               others=0, societies=["volunteer"])
            )  # fmt: skip
    session.flush()
    assert read(
        session, spans, quiet, lambda c: (c.activities, c.heads, c.came, c.guardians, c.unrecorded)
    ) == [(0, 0, 0, 0, 0), (2, 24, 9, 3, 1), (0, 0, 0, 0, 0), (0, 0, 0, 0, 0)]  # fmt: skip


def test_one_township_is_read_without_the_others(session: Session, world: World) -> None:
    (span,) = Month.last(1, date.today())  # noqa: DTZ011 -- the cast's days lie far from any midnight
    found = glance.months(session, [span], ZONE, township=world.first.township)
    assert set(found[span]) == {world.first.township}


def test_worker_counts_where_they_served_on_the_day(session: Session, world: World, spans: list[Month]) -> None:
    """Posted from the second township to the first on 1 October, as the first's register says today."""
    staff = register(session, world.county, world.first)
    member = session.get_one(StaffMember, (world.county, staff))
    member.contracts[0].from_day, person = date(2025, 1, 1), member.person_id
    session.add(
        StaffPosting(county_id=world.county, staff_id=staff, allocation_id=waiting(session, world.county), facts={},
                     from_township_id=world.second.township, to_township_id=world.first.township, to_person_id=person,
                     from_day=date(2025, 10, 1), begun_at=local(date(2025, 10, 1)))
    )  # fmt: skip
    session.flush()
    first, second = world.first.township, world.second.township
    found = glance.workers(session, spans)
    assert [found[span] for span in spans] == [Counter({second: 1})] * 2 + [Counter({first: 1})] * 2


def test_worker_who_has_left_counts_where_they_served_before(
    session: Session, world: World, spans: list[Month]
) -> None:
    """Left the second township on 1 October."""
    staff = session.get_one(StaffMember, (world.county, register(session, world.county, world.first)))
    staff.contracts[0].from_day = date(2025, 1, 1)
    left = local(date(2025, 10, 1))
    session.add(
        StaffPosting(county_id=world.county, staff_id=staff.id, facts={}, from_township_id=world.second.township,
                     from_day=date(2025, 10, 1), begun_at=left)
    )  # fmt: skip
    staff.left = True
    session.flush()
    found = glance.workers(session, spans)
    assert [found[span] for span in spans] == [Counter({world.second.township: 1})] * 2 + [Counter()] * 2


def test_worker_counts_on_the_days_of_their_contracts_alone(session: Session, world: World, spans: list[Month]) -> None:
    """The contract began on 1 October: nobody served the township before, as far as the register knows."""
    staff = session.get_one(StaffMember, (world.county, register(session, world.county, world.first)))
    staff.contracts[0].from_day = date(2025, 10, 1)
    session.flush()
    found = glance.workers(session, spans)
    assert [found[span] for span in spans] == [Counter()] * 2 + [Counter({world.first.township: 1})] * 2


def add_townships(session: Session, county: str, number: int) -> None:
    """So many townships more, without anything in them."""
    for place in range(number):
        session.add(
            Township(county_id=county, name=f"镇{place}", name_en="", kind=TownshipKind.TOWN, lat=35.5, lon=112.4)
        )
    session.flush()


def test_thirty_six_months_take_as_many_statements_as_one(session: Session, world: World) -> None:
    def work(number: int) -> Callable[[], object]:
        return lambda: glance.months(session, Month.last(number, TODAY), ZONE)

    add_visit(session, world.second, due_in=-400)
    work(1)()  # the session's own first statements
    one = statements(session, work(1))
    add_townships(session, world.county, 16)
    assert statements(session, work(36)) == one == 9
