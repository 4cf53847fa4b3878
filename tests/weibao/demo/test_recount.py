"""The county's figures counted again, row by row in plain Python, over a whole demonstration county of today."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import ActivityState, DutyState, PersonKind, VettingResult, VisitState
from tenants.models import (
    Activity,
    ActivityRecord,
    Child,
    ChildCategoryPeriod,
    ChildRiskPeriod,
    Duty,
    Person,
    Township,
    Visit,
)
from tenants.queries import glance
from tenants.queries.glance import NOT_ASSESSED, Month
from tests import drafts
from tests.drafts import CHINA
from weibao.indicators import told

Numbers = defaultdict[str, Counter[str]]
"""By township and figure."""


def visits(session: Session, span: Month, found: Numbers) -> None:
    for row in session.scalars(select(Visit).where(Visit.state != VisitState.CANCELLED)):
        numbers, is_done = found[row.township_id], row.state is VisitState.DONE
        done_on = row.done_on if is_done and row.done_on else date.max
        numbers["due"] += span.first <= row.due_on < span.until
        numbers["done"] += span.first <= done_on < span.until
        numbers["overdue"] += row.due_on < span.as_of < done_on


def within(span: Month, row: Activity | Duty) -> bool:
    """Whether it lies in the month, and is over."""
    days = (moment.astimezone(CHINA).date() for moment in (row.starts_at, row.ends_at - timedelta(microseconds=1)))
    return all(span.first <= day < span.until for day in days) and row.ends_at <= datetime.now(UTC)


def activities(session: Session, span: Month, found: Numbers) -> None:
    records = {row.activity_id: row for row in session.scalars(select(ActivityRecord))}
    for row in session.scalars(select(Activity).where(Activity.state != ActivityState.CANCELLED)):
        if within(span, row):
            numbers, record = found[row.township_id], records.get(row.id)
            numbers["activities"] += 1
            numbers["heads"] += row.children_expected
            numbers["came"] += record.children if record else 0
            numbers["guardians"] += record.guardians if record else 0
            numbers["unrecorded"] += record is None


def people(session: Session, span: Month, found: Numbers) -> None:
    today, volunteers = drafts.today(), set[tuple[str, str]]()
    for row in session.scalars(select(Person).where(Person.kind == PersonKind.VOLUNTEER)):
        volunteers.add((row.township_id, row.id))
        if row.active and not row.guest:
            clear = [check for check in row.vettings if check.result is VettingResult.CLEAR]
            valid = any(check.checked_on <= today <= (check.valid_through or date.min) for check in clear)
            barred = any(check.result is VettingResult.BARRED for check in row.vettings)
            found[row.township_id]["volunteers"] += 1
            found[row.township_id]["vetted"] += valid and not barred
    for duty in session.scalars(select(Duty).where(Duty.state == DutyState.CONFIRMED)):
        if (duty.township_id, duty.person_id) in volunteers and within(span, duty):
            found[duty.township_id]["minutes"] += int((duty.ends_at - duty.starts_at).total_seconds()) // 60


def files(session: Session, span: Month, found: Numbers) -> None:
    begun: dict[str, date] = {}
    held: defaultdict[str, set[str]] = defaultdict(set)
    levels: dict[str, str] = {}
    for period in session.scalars(select(ChildCategoryPeriod)):
        begun[period.child_id] = min(period.from_day, begun.get(period.child_id, period.from_day))
        if period.from_day <= span.as_of <= (period.to_day or date.max):
            held[period.child_id].add(period.category.value)
    for risk in session.scalars(select(ChildRiskPeriod).order_by(ChildRiskPeriod.from_day)):
        if risk.from_day <= span.as_of:
            levels[risk.child_id] = risk.level.value
    for child in session.scalars(select(Child)):
        if begun.get(child.id, date.max) <= span.as_of < (child.closed_on or date.max):
            numbers = found[child.township_id]
            numbers["children"] += 1
            numbers.update(held[child.id])
            numbers["risk " + levels.get(child.id, NOT_ASSESSED)] += 1


@pytest.mark.parametrize("back", [0, 1])
def test_every_figure_of_a_month_is_what_its_rows_come_to(county_of_today: Session, back: int) -> None:
    today = drafts.today()
    span = Month.last(2, today)[1 - back]
    expected: Numbers = defaultdict(Counter)
    for count in (visits, activities, people, files):
        count(county_of_today, span, expected)
    read, townships = (
        glance.month(county_of_today, span, today, CHINA),
        list(county_of_today.scalars(select(Township.id))),
    )
    plain = ("children", "due", "done", "overdue", "activities", "heads", "came", "guardians", "unrecorded",
             "volunteers", "vetted", "minutes")  # fmt: skip
    for one in townships:
        row, mine = read[one], expected[one]
        assert {name: getattr(row, name) for name in plain} == {name: mine[name] for name in plain}
        kept = {**row.categories, **{f"risk {level}": number for level, number in row.risks.items()}}
        assert {name: number for name, number in kept.items() if number} == {
            name: number for name, number in mine.items() if name not in plain and number
        }
    minutes = sum(numbers["minutes"] for numbers in expected.values())
    assert told("hours", read, townships).total == str(minutes // 60)
