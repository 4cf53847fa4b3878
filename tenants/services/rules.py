"""Writes to the county's visit rules."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ChildCategory, Familiarity, Priority, RiskLevel, Service
from tenants.errors import InvalidError
from tenants.models import VisitRule
from tenants.queries.due import rules_of
from tenants.roles import RoleWanted, check_roles
from tenants.services import audit_log


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


def save(session: Session, actor: Actor, category: ChildCategory, risk: RiskLevel, terms: RuleTerms) -> VisitRule:
    """Decide the rule of a category and risk; it is no longer an example, whatever it was before.

    Raises:
        InvalidError: a term breaks a rule.

    """
    _check(terms)
    rule = rules_of(session, actor.county_id).get((category, risk))
    if rule is None:
        rule = VisitRule(county_id=actor.county_id, category=category, risk=risk)
        session.add(rule)
    _fill(rule, terms)
    session.flush()
    facts = {"interval_days": rule.interval_days, "minutes": rule.minutes}
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


def mark_of(terms: RuleTerms) -> str:
    """A short digest of the terms: what was looked at is what is kept."""
    facts = (terms.interval_days, terms.minutes, terms.priority, terms.service, terms.known_by, terms.source.strip())
    team = [sorted(map(str, wanted.as_entry().items())) for wanted in terms.roles]
    return hashlib.sha256(repr((facts, team)).encode()).hexdigest()[:16]


def _fill(rule: VisitRule, terms: RuleTerms) -> None:
    rule.interval_days, rule.minutes = terms.interval_days, terms.minutes
    rule.priority, rule.service, rule.known_by = terms.priority, terms.service, terms.known_by
    rule.roles = [wanted.as_entry() for wanted in terms.roles]
    rule.source, rule.is_example = terms.source.strip(), False


def _check(terms: RuleTerms) -> None:
    if not 1 <= terms.interval_days <= 366:
        raise InvalidError("The interval is 1 to 366 days.", field="interval_days")
    if not 10 <= terms.minutes <= 480:
        raise InvalidError("A visit takes 10 to 480 minutes.", field="minutes")
    if not terms.source.strip():
        raise InvalidError("Name the decision or document that sets this rule.", field="source")
    check_roles(terms.roles)
