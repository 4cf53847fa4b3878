"""Writes to the county's periods, and to the holds on a file."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ChildCategory, HoldKind
from tenants.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tenants.models import Child, Hold, RetentionRule, utc_now
from tenants.models.retention import REASON_LENGTH
from tenants.queries.due import county_today
from tenants.services import audit_log

LONGEST = 600
"""Months: fifty years."""


@dataclass(frozen=True, kw_only=True)
class PeriodTerms:
    """Months until each step, None: never; ``source`` names the decision, ``decided_on`` its day."""

    close: int | None
    anonymise: int | None
    erase: int | None
    decided_on: date
    source: str


def decide(session: Session, actor: Actor, category: ChildCategory, terms: PeriodTerms) -> RetentionRule:
    """Set the county's periods for a category.

    Raises:
        InvalidError: a period, the day or the source breaks a rule.

    """
    _check(session, actor, terms)
    rule = session.scalar(
        select(RetentionRule).where(RetentionRule.county_id == actor.county_id, RetentionRule.category == category)
    )
    if rule is None:
        rule = RetentionRule(county_id=actor.county_id, category=category)
        session.add(rule)
    rule.close_months, rule.anonymise_months, rule.erase_months = terms.close, terms.anonymise, terms.erase
    rule.decided_on, rule.source = terms.decided_on, terms.source.strip()
    session.flush()
    facts = {"close": terms.close, "anonymise": terms.anonymise, "erase": terms.erase, "on": str(terms.decided_on)}
    audit_log.record(session, actor, "retention.decide", "retention_rule", rule.id, details=facts)
    return rule


def _check(session: Session, actor: Actor, terms: PeriodTerms) -> None:
    for name in ("close", "anonymise", "erase"):
        months = getattr(terms, name)
        if months is not None and not 0 <= months <= LONGEST:
            raise InvalidError("A period is 0 to 600 months; leave it empty for never.", field=name)
    if terms.erase is not None and (terms.anonymise is None or terms.erase < terms.anonymise):
        raise InvalidError("A file is anonymised before it is erased, or on the same day.", field="erase")
    if terms.decided_on > county_today(session, actor.county_id):
        raise InvalidError("This day has not come yet.", field="decided_on")
    if not terms.source.strip():
        raise InvalidError("Name the decision or document that sets this period.", field="source")


def place_hold(session: Session, actor: Actor, child: Child, kind: HoldKind, reason: str) -> Hold:
    """Keep a file as it is from now on.

    Raises:
        InvalidError: no reason is given.
        ConflictError: nothing is left to be kept.

    """
    if actor.account_id is None:
        raise ForbiddenError("A hold is placed by a person.")
    if not reason.strip() or len(reason.strip()) > REASON_LENGTH:
        raise InvalidError("State the reason, in 200 characters at most.", field="reason")
    if child.anonymised_on is not None:
        raise ConflictError("This file is anonymised: there is nothing left to hold.", field="reason")
    hold = Hold(
        township_id=child.township_id, child_id=child.id, kind=kind, reason=reason.strip(), placed_by=actor.account_id
    )
    session.add(hold)
    session.flush()
    audit_log.record(session, actor, "retention.hold", "child", child.id, details={"kind": kind.value})
    return hold


def lift_hold(session: Session, actor: Actor, child: Child, hold_id: str) -> None:
    """End a hold.

    Raises:
        NotFoundError: no such hold stands on this file.

    """
    hold = session.get(Hold, (child.township_id, hold_id))
    if hold is None or hold.child_id != child.id or hold.lifted_at is not None:
        raise NotFoundError("no such hold")
    hold.lifted_at, hold.lifted_by = utc_now(), actor.account_id
    session.flush()
    audit_log.record(session, actor, "retention.lift", "child", child.id, details={"kind": hold.kind.value})
