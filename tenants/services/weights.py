"""Writes to the county's table of weights: decide a version, take one back that does not hold yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.errors import ConflictError, InvalidError
from tenants.marks import mark_of
from tenants.models import CategoryWeights
from tenants.queries import staffing as queries
from tenants.queries.due import county_today
from tenants.services import audit_log
from tenants.services.staffing import need_officer
from tenants.services.versions import still_to_come

MOST_WEIGHT = 1000
SOURCE_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class WeightsTerms:
    """A version: ``{category: {risk: weight}}`` from a day on; ``source`` says who decided it and when."""

    from_day: date
    weights: Mapping[str, Mapping[str, int]]
    source: str


def check(session: Session, actor: Actor, terms: WeightsTerms) -> None:
    """Whether ``decide`` would keep the version.

    Raises:
        ForbiddenError: the actor is no county officer.
        InvalidError: a weight, the day or the source breaks a rule.
        ConflictError: a version holds from that day already and is no example.

    """
    need_officer(actor)
    if not terms.source.strip():
        raise InvalidError("Name the decision or document that sets this table.", field="source")
    if terms.from_day < county_today(session, actor.county_id):
        raise InvalidError("A version holds from today on at the earliest.", field="from_day")
    table = queries.as_weights(terms.weights)
    if any(not 0 <= weight <= MOST_WEIGHT for row in table.values() for weight in row.values()):
        raise InvalidError("A weight is 0 to 1000.", field="weights")
    if not any(weight for row in table.values() for weight in row.values()):
        raise InvalidError("One weight at least is above 0.", field="weights")
    row = _of_day(session, actor, terms.from_day)
    if row is not None and not row.is_example:
        raise ConflictError("A version holds from that day already.", field="from_day")


def decide(session: Session, actor: Actor, terms: WeightsTerms) -> CategoryWeights:
    """Set a new version of the table; what holds already is not rewritten.

    Raises:
        ForbiddenError, InvalidError, ConflictError: see ``check``.

    """
    check(session, actor, terms)
    row = _of_day(session, actor, terms.from_day)
    if row is None:
        row = CategoryWeights(county_id=actor.county_id, from_day=terms.from_day)
        session.add(row)
    row.weights, row.is_example = queries.as_weights(terms.weights), False
    row.source, row.decided_by = terms.source.strip()[:SOURCE_LENGTH], actor.account_id
    session.flush()
    facts = {"from_day": terms.from_day.isoformat(), "table": _mark(row.weights)}
    audit_log.record(session, actor, "weights.decide", "category_weights", row.id, details=facts)
    return row


def looked_at(session: Session, actor: Actor, terms: WeightsTerms) -> None:
    """Write down that somebody looked at what a table would do; the table's mark tells it from others."""
    facts = {"from_day": terms.from_day.isoformat(), "table": _mark(queries.as_weights(terms.weights))}
    audit_log.record(session, actor, "weights.preview", "category_weights", details=facts)


def take_back(session: Session, actor: Actor, weights_id: str) -> CategoryWeights:
    """Drop a version that does not hold yet.

    Raises:
        ForbiddenError: the actor is no county officer.
        NotFoundError: the county has no such version.
        ConflictError: it holds already, so it stays in the history.

    """
    need_officer(actor)
    row = still_to_come(session, actor, CategoryWeights, weights_id, lambda row: row.from_day)
    session.delete(row)
    session.flush()
    facts = {"from_day": row.from_day.isoformat(), "table": _mark(row.weights)}
    audit_log.record(session, actor, "weights.take_back", "category_weights", row.id, details=facts)
    return row


def _mark(weights: Mapping[str, Mapping[str, int]]) -> str:
    """The mark of a table, by which one that was not kept, or was taken back, is known again in the log."""
    return mark_of({category: dict(row) for category, row in weights.items()})


def _of_day(session: Session, actor: Actor, day: date) -> CategoryWeights | None:
    mine = CategoryWeights.county_id == actor.county_id, CategoryWeights.from_day == day
    return session.scalar(select(CategoryWeights).where(*mine))
