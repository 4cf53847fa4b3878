"""Versions of a county's tables that do not hold yet, so that they could be taken back."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from tenants.calendar import Subject
from tenants.enums import ChildCategory, Familiarity, Priority, RiskLevel, Service
from tenants.models import CalendarTable, CategoryWeights, VisitRule
from tests.staff import WEIGHTS


def still_to_come(session: Session, county: str) -> None:
    """One of each kind, from next month on."""
    first = datetime.now(UTC).date() + timedelta(days=30)
    rule = VisitRule(
        category=ChildCategory.SCATTERED_ORPHAN, risk=RiskLevel.LOW, interval_days=30, minutes=40,
        priority=Priority.NORMAL, service=Service.CHILD_PROTECTION, known_by=Familiarity.NOBODY, roles=[],
        from_day=first,
    )  # fmt: skip
    table = CalendarTable(
        subject=Subject.HOLIDAYS, year=first.year, number=99, since=first, provisional=False, source="x"
    )
    for row in (rule, table, CategoryWeights(from_day=first, weights=WEIGHTS, source="x")):
        row.county_id = county
        session.add(row)
    session.flush()
