"""Which visit rule holds for a child, and when its next visit falls due; nothing is written here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.enums import ChildCategory, Priority, RiskLevel, VisitState
from tenants.models import Child, ChildCategoryPeriod, ChildRiskPeriod, County, Visit, VisitRule

_WEIGHTIEST_FIRST = tuple(Priority)
Rules = Mapping[tuple[ChildCategory, RiskLevel], VisitRule]


@dataclass(frozen=True, kw_only=True)
class RuleInForce:
    """The strictest rule that holds for a child, and the day its category and risk came together."""

    rule: VisitRule
    since: date

    @property
    def interval(self) -> timedelta:
        """From one visit to the next."""
        return timedelta(days=self.rule.interval_days)


def county_zone(session: Session, county_id: str) -> ZoneInfo:
    """The county's time zone."""
    return ZoneInfo(session.get_one(County, county_id).timezone)


def county_today(session: Session, county_id: str) -> date:
    """The present day in the county's own zone."""
    return datetime.now(UTC).astimezone(county_zone(session, county_id)).date()


def rules_of(session: Session, county_id: str, day: date | None = None) -> Rules:
    """The county's visit rules by category and risk, as they hold on a day (today when None)."""
    day = day or county_today(session, county_id)
    held = select(VisitRule).where(VisitRule.county_id == county_id, VisitRule.from_day <= day)
    return {(rule.category, rule.risk): rule for rule in session.scalars(held.order_by(VisitRule.from_day))}


def categories_on(child: Child, day: date) -> list[ChildCategoryPeriod]:
    """The categories that a child is in on a day; the last day of a period counts."""
    return [p for p in child.categories if p.from_day <= day and (p.to_day is None or day <= p.to_day)]


def risk_on(child: Child, day: date) -> ChildRiskPeriod | None:
    """The assessment that holds on a day."""
    return max((p for p in child.risks if p.from_day <= day), key=lambda p: p.from_day, default=None)


def _level_since(child: Child, day: date) -> date:
    """When the present level began: an assessment that confirms the level does not begin it anew."""
    past = sorted((p for p in child.risks if p.from_day <= day), key=lambda p: p.from_day, reverse=True)
    since = past[0].from_day
    for period in past:
        if period.level is not past[0].level:
            break
        since = period.from_day
    return since


def rule_in_force(child: Child, rules: Rules, day: date) -> RuleInForce | None:
    """The rule with the shortest interval among the child's categories at its risk level.

    None: the child is closed, in no category, not assessed, or the county has no such rule. Among equal intervals the
    weightier priority holds, then the order of the categories.
    """
    risk = risk_on(child, day)
    if child.closed_on is not None or risk is None:
        return None
    began = _level_since(child, day)
    found = [
        RuleInForce(rule=rules[period.category, risk.level], since=max(period.from_day, began))
        for period in categories_on(child, day)
        if (period.category, risk.level) in rules
    ]
    return min(found, key=_strictness, default=None)


def _strictness(held: RuleInForce) -> tuple[int, int, int, date]:
    rule = held.rule
    categories = tuple(ChildCategory)
    return rule.interval_days, _WEIGHTIEST_FIRST.index(rule.priority), categories.index(rule.category), held.since


def last_visits(session: Session, child_ids: Iterable[str] | None = None) -> dict[str, date]:
    """The day of each child's latest visit that was done."""
    query = select(Visit.child_id, func.max(Visit.done_on)).where(Visit.state == VisitState.DONE)
    if child_ids is not None:
        query = query.where(Visit.child_id.in_(list(child_ids)))
    return {child: done_on for child, done_on in session.execute(query.group_by(Visit.child_id)) if done_on}


def next_due(held: RuleInForce, last_done: date | None, today: date, present: date | None = None) -> date:
    """The day on which the next visit falls due.

    After a visit it is that visit's day plus the interval, and may lie in the past. A child who was never visited is
    due an interval after the rule began to hold, but not before today; a visit that is already due on ``present``
    does not slip with the days that pass.
    """
    if last_done is not None:
        return last_done + held.interval
    floor = today if present is None else min(today, present)
    return max(held.since + held.interval, floor)


def terms_of(child: Child, rule: VisitRule) -> dict[str, Any]:
    """What a visit copies from the rule that makes it due, by column."""
    return {
        "category": rule.category,
        "risk": rule.risk,
        "minutes": rule.minutes,
        "priority": rule.priority,
        "service": rule.service,
        "known_by": rule.known_by,
        "needs_gender": child.needs_gender,
        "roles": rule.roles,
    }
