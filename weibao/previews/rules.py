"""What a visit rule would do before it is kept: about how many visits in 30 days, and what they ask of the staff.

As it would be in the long run: each child of a category and risk is visited once in an interval. What is overdue, and
what is already planned, is not looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from tenants.enums import ChildCategory, PersonKind, RiskLevel
from tenants.models import VisitRule
from tenants.queries.due import Rules
from tenants.roles import smallest_team
from weibao.previews.estimate import Estimate

DAYS = 30


@dataclass(frozen=True, kw_only=True)
class RuleEffect:
    """One township's visits in 30 days and their minutes, now and then; about.

    Minutes are those of everybody on the smallest team; the workers' are those of the places on it that social workers
    may take. ``staff`` are the township's purchased-service workers.
    """

    township: str
    staff: int
    visits_before: int
    visits_after: int
    minutes_before: int
    minutes_after: int
    workers_before: int
    workers_after: int

    @property
    def each_before(self) -> float | None:
        """Minutes of each worker in a week by the rules as they are; None without a worker."""
        return _weekly(self.workers_before, self.staff)

    @property
    def each_after(self) -> float | None:
        """The same with the changed rule."""
        return _weekly(self.workers_after, self.staff)


def rule_effects(
    children: Mapping[str, Estimate], rules: Rules, changed: VisitRule, staff: Mapping[str, int]
) -> list[RuleEffect]:
    """What each township, in the order of ``children``, would have to do by its rules and by the changed one.

    Parameters
    ----------
    children : what is guessed of each township; nothing is read of its files beside it.
    rules : those that hold on the changed one's first day.
    changed : in no session.
    staff : purchased-service workers by township on that day; none: it is not in it.

    """
    then: Rules = {**rules, (changed.category, changed.risk): changed}
    return [_effect(township, _work(one, rules), _work(one, then), staff) for township, one in children.items()]


def whole_county(effects: Sequence[RuleEffect]) -> RuleEffect:
    """All townships together."""
    numbers = [field.name for field in fields(RuleEffect) if field.name != "township"]
    return RuleEffect(township="", **{name: sum(getattr(row, name) for row in effects) for name in numbers})


Work = tuple[int, int, int]
"""Visits, minutes of everybody for them, and of these the workers'."""


def _effect(township: str, before: Work, after: Work, staff: Mapping[str, int]) -> RuleEffect:
    return RuleEffect(
        township=township,
        staff=staff.get(township, 0),
        visits_before=before[0],
        visits_after=after[0],
        minutes_before=before[1],
        minutes_after=after[1],
        workers_before=before[2],
        workers_after=after[2],
    )


def _work(one: Estimate, rules: Rules) -> Work:
    visits = minutes = workers = 0.0
    for (category, risk), about in one.classes.items():
        rule = rules.get((ChildCategory(category), RiskLevel(risk))) if risk in set(RiskLevel) else None
        if rule is not None:
            number = about * DAYS / rule.interval_days
            visits += number
            minutes += number * rule.minutes * smallest_team(rule.roles)
            theirs = [role for role in rule.roles if PersonKind.SOCIAL_WORKER in role["kinds"]]
            workers += number * rule.minutes * smallest_team(theirs)
    return round(visits), round(minutes), round(workers)


def _weekly(minutes: int, staff: int) -> float | None:
    return minutes * 7 / DAYS / staff if staff else None
