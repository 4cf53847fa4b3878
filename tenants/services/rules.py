"""Writes to the county's visit rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ChildCategory, Familiarity, Priority, RiskLevel, Service
from tenants.errors import InvalidError
from tenants.marks import mark_of
from tenants.models import VisitRule, utc_now
from tenants.queries.due import county_today
from tenants.roles import RoleWanted, check_roles
from tenants.services import audit_log
from tenants.services.versions import still_to_come


@dataclass(frozen=True, kw_only=True)
class RuleTerms:
    """What a rule asks: a visit of ``minutes`` every ``interval_days``; ``source`` says who decided it and when."""

    interval_days: int
    minutes: int
    priority: Priority
    service: Service
    known_by: Familiarity
    roles: Sequence[RoleWanted]
    source: str
    from_day: date


def save(session: Session, actor: Actor, category: ChildCategory, risk: RiskLevel, terms: RuleTerms) -> VisitRule:
    """Decide the rule of a category and risk from a day on: a new version, or anew that of the same day.

    What held before stays for the days before. A decided rule is no example, whatever it was before.

    Raises:
        InvalidError: a term breaks a rule, or the day lies in the past.

    """
    _check(terms)
    if terms.from_day < county_today(session, actor.county_id):
        raise InvalidError("must not lie in the past", field="from_day")
    mine = VisitRule.county_id == actor.county_id, VisitRule.category == category, VisitRule.risk == risk
    rule = session.scalar(select(VisitRule).where(*mine, VisitRule.from_day == terms.from_day))
    if rule is None:
        rule = VisitRule(county_id=actor.county_id, category=category, risk=risk)
        session.add(rule)
    _fill(rule, terms)
    rule.decided_by, rule.decided_at = actor.account_id, utc_now()
    session.flush()
    facts = {"interval_days": rule.interval_days, "minutes": rule.minutes, "from": rule.from_day.isoformat()}
    audit_log.record(session, actor, "rule.save", "visit_rule", rule.id, details=facts)
    return rule


def proposed(actor: Actor, category: ChildCategory, risk: RiskLevel, terms: RuleTerms) -> VisitRule:
    """The rule as it would be, in no session, to see what it would do.

    Raises:
        InvalidError: a term breaks a rule.

    """
    _check(terms)
    rule = VisitRule(county_id=actor.county_id, category=category, risk=risk)
    _fill(rule, terms)
    return rule


def looked_at(session: Session, actor: Actor, category: ChildCategory, risk: RiskLevel, terms: RuleTerms) -> None:
    """Write down that somebody looked at what a rule would do; the mark of its terms tells it from others."""
    facts = {"category": category.value, "risk": risk.value, "terms": mark_of_terms(terms)}
    audit_log.record(session, actor, "rule.preview", "visit_rule", details=facts)


def mark_of_terms(terms: RuleTerms) -> str:
    """The mark of the terms: what was looked at is what is kept."""
    facts = (
        terms.interval_days,
        terms.minutes,
        terms.priority,
        terms.service,
        terms.known_by,
        terms.source.strip(),
        terms.from_day,
    )
    team = [sorted(map(str, wanted.as_entry().items())) for wanted in terms.roles]
    return mark_of(facts, team)


def _fill(rule: VisitRule, terms: RuleTerms) -> None:
    rule.interval_days, rule.minutes = terms.interval_days, terms.minutes
    rule.priority, rule.service, rule.known_by = terms.priority, terms.service, terms.known_by
    rule.roles = [wanted.as_entry() for wanted in terms.roles]
    rule.source, rule.is_example, rule.from_day = terms.source.strip(), False, terms.from_day


def take_back(session: Session, actor: Actor, rule_id: str) -> VisitRule:
    """Drop a version that does not hold yet.

    Raises:
        NotFoundError: the county has no such version.
        ConflictError: it holds already, so it stays in the history.

    """
    rule = still_to_come(session, actor, VisitRule, rule_id, lambda row: row.from_day)
    session.delete(rule)
    session.flush()
    facts = {"from": rule.from_day.isoformat()}
    audit_log.record(session, actor, "rule.take_back", "visit_rule", rule.id, details=facts)
    return rule


def _check(terms: RuleTerms) -> None:
    if not 1 <= terms.interval_days <= 366:
        raise InvalidError("The interval is 1 to 366 days.", field="interval_days")
    if not 10 <= terms.minutes <= 480:
        raise InvalidError("A visit takes 10 to 480 minutes.", field="minutes")
    if not terms.source.strip():
        raise InvalidError("Name the decision or document that sets this rule.", field="source")
    check_roles(terms.roles)
