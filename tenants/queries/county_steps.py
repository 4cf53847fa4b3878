"""How far a new county is on the way to its stations' first rosters, told from what is there."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.calendar import Subject, school_year
from tenants.enums import AccountRole, ChildCategory
from tenants.models import Account, CalendarTable, RetentionRule, Township
from tenants.queries.due import rules_of
from tenants.queries.first_steps import FirstSteps, Step

PEOPLE_TO_DECIDE = 2
"""Whoever proposes a posting does not approve it, so a county needs two officers."""


def county_steps(session: Session, county_id: str, today: date) -> FirstSteps:
    """A second officer, a head for each township, and what the county alone decides: rules, terms, periods."""
    rules = rules_of(session, county_id).values()
    steps = (
        ("officers", _officers(session, county_id), PEOPLE_TO_DECIDE),
        ("heads", *_heads(session, county_id)),
        ("rules", sum(not rule.is_example for rule in rules), max(len(rules), 1)),
        ("terms", _terms(session, county_id, today), 1),
        ("periods", _periods(session, county_id), len(ChildCategory)),
    )
    return FirstSteps(steps=tuple(Step(name=name, count=count, wanted=wanted) for name, count, wanted in steps))


def _officers(session: Session, county_id: str) -> int:
    open_ones = select(func.count(Account.id)).where(Account.county_id == county_id, Account.disabled.is_(False))
    return session.scalar(open_ones.where(Account.role == AccountRole.COUNTY_OFFICER)) or 0


def _heads(session: Session, county_id: str) -> tuple[int, int]:
    """How many townships have a head who can log in, and how many there are."""
    heads = select(func.count(Account.township_id.distinct())).where(
        Account.county_id == county_id, Account.role == AccountRole.STATION_HEAD, Account.disabled.is_(False)
    )
    townships = select(func.count(Township.id)).where(Township.county_id == county_id)
    return session.scalar(heads) or 0, session.scalar(townships) or 0


def _terms(session: Session, county_id: str, today: date) -> int:
    """Tables of terms, of this school year and later, that are no example any more."""
    decided = select(func.count(CalendarTable.id)).where(
        CalendarTable.county_id == county_id,
        CalendarTable.subject == Subject.TERMS,
        CalendarTable.provisional.is_(False),
    )
    return session.scalar(decided.where(CalendarTable.year >= school_year(today))) or 0


def _periods(session: Session, county_id: str) -> int:
    return session.scalar(select(func.count(RetentionRule.id)).where(RetentionRule.county_id == county_id)) or 0
