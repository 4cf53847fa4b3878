"""What a visit rule would do before it is kept: visits that fall due in the next days, and what they ask of the staff.

Counted from the files as they stand, by the same rule that makes visits due; what is already planned is not looked at.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.models import Child, Township, VisitRule
from tenants.queries import due
from tenants.queries.due import Rules
from tenants.roles import smallest_team

DAYS = 30


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One township's visits of the next days and their minutes (of everybody on the smallest team), now and then."""

    township: Township
    visits_before: int
    visits_after: int
    minutes_before: int
    minutes_after: int


def effects(session: Session, county_id: str, changed: VisitRule, today: date) -> list[Effect]:
    """What each township would have to do in the days from ``today`` on, by that day's rules and by the changed one.

    ``changed`` is not in the session.
    """
    rules = due.rules_of(session, county_id, today)
    then: Rules = {**rules, (changed.category, changed.risk): changed}
    files = select(Child).where(Child.closed_on.is_(None))
    children = session.scalars(files.options(selectinload(Child.categories), selectinload(Child.risks))).all()
    last = due.last_visits(session)
    before, after = (_work(children, table, last, today) for table in (rules, then))
    townships = session.scalars(select(Township).where(Township.county_id == county_id).order_by(Township.name))
    return [
        Effect(
            township=row,
            visits_before=before[row.id, "visits"],
            visits_after=after[row.id, "visits"],
            minutes_before=before[row.id, "minutes"],
            minutes_after=after[row.id, "minutes"],
        )
        for row in townships
    ]


def _work(children: Iterable[Child], rules: Rules, last: dict[str, date], today: date) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for child in children:
        held = due.rule_in_force(child, rules, today)
        if held is None:
            continue
        visits = _visits(max(due.next_due(held, last.get(child.id), today), today), held.interval, today)
        found[child.township_id, "visits"] += visits
        found[child.township_id, "minutes"] += visits * held.rule.minutes * smallest_team(held.rule.roles)
    return found


def _visits(first: date, interval: timedelta, today: date) -> int:
    """How many fall due in the days, each an interval after the one before."""
    end = today + timedelta(days=DAYS)
    return 0 if first >= end else 1 + (end - timedelta(days=1) - first) // interval
