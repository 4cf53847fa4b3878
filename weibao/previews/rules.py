"""What a visit rule would do before it is kept: about how many visits in 30 days, and what they ask of the staff.

As it would be in the long run: each child of a category and risk is visited once in an interval. What is overdue, and
what is already planned, is not looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tenants.enums import ChildCategory, RiskLevel
from tenants.models import VisitRule
from tenants.queries.due import Rules
from tenants.roles import smallest_team
from weibao.previews.estimate import Estimate

DAYS = 30


@dataclass(frozen=True, kw_only=True)
class RuleEffect:
    """One township's visits in 30 days and their minutes (of everybody on the smallest team), now and then; about."""

    township: str
    visits_before: int
    visits_after: int
    minutes_before: int
    minutes_after: int


def rule_effects(children: Mapping[str, Estimate], rules: Rules, changed: VisitRule) -> list[RuleEffect]:
    """What each township, in the order of ``children``, would have to do by its rules and by the changed one.

    Parameters
    ----------
    children : what is guessed of each township; nothing is read of its files beside it.
    rules : those that hold on the changed one's first day.
    changed : in no session.

    """
    then: Rules = {**rules, (changed.category, changed.risk): changed}
    found = []
    for township, one in children.items():
        (visits_before, minutes_before), (visits_after, minutes_after) = _work(one, rules), _work(one, then)
        found.append(
            RuleEffect(
                township=township,
                visits_before=visits_before,
                visits_after=visits_after,
                minutes_before=minutes_before,
                minutes_after=minutes_after,
            )
        )
    return found


def _work(one: Estimate, rules: Rules) -> tuple[int, int]:
    """Visits, and the staff's minutes for them."""
    visits = minutes = 0.0
    for (category, risk), about in one.classes.items():
        rule = rules.get((ChildCategory(category), RiskLevel(risk))) if risk in set(RiskLevel) else None
        if rule is not None:
            visits += about * DAYS / rule.interval_days
            minutes += about * DAYS / rule.interval_days * rule.minutes * smallest_team(rule.roles)
    return round(visits), round(minutes)
