"""The county's visit rules as a table of category and risk, and their versions."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import ChildCategory, RiskLevel
from tenants.models import VisitRule
from tenants.queries.due import rules_of

Table = Mapping[ChildCategory, Mapping[RiskLevel, VisitRule | None]]


def table(session: Session, county_id: str) -> Table:
    """Every pair of category and risk, in the order of the lists; None where the county has no rule."""
    rules = rules_of(session, county_id)
    return {category: {risk: rules.get((category, risk)) for risk in RiskLevel} for category in ChildCategory}


def versions(session: Session, county_id: str, category: ChildCategory, risk: RiskLevel) -> Sequence[VisitRule]:
    """What holds, held and will hold for a category and risk, the newest day first."""
    query = select(VisitRule).where(VisitRule.county_id == county_id, VisitRule.category == category)
    return session.scalars(query.where(VisitRule.risk == risk).order_by(VisitRule.from_day.desc())).all()


def coming(session: Session, county_id: str, today: date) -> dict[tuple[ChildCategory, RiskLevel], VisitRule]:
    """The next version of each rule that is decided and does not hold yet."""
    ahead = select(VisitRule).where(VisitRule.county_id == county_id, VisitRule.from_day > today)
    return {(row.category, row.risk): row for row in session.scalars(ahead.order_by(VisitRule.from_day.desc()))}
