"""The county's visit rules as a table of category and risk."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from tenants.enums import ChildCategory, RiskLevel
from tenants.models import VisitRule
from tenants.queries.due import rules_of

Table = Mapping[ChildCategory, Mapping[RiskLevel, VisitRule | None]]


def table(session: Session, county_id: str) -> Table:
    """Every pair of category and risk, in the order of the lists; None where the county has no rule."""
    rules = rules_of(session, county_id)
    return {category: {risk: rules.get((category, risk)) for risk in RiskLevel} for category in ChildCategory}
