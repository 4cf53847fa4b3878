"""Visit rules to begin with: an example for a county to change, since no national interval was found.

The law asks for regular visits (定期走访, notice 2.1 no. 4) and names no number of days; every row made from here is
marked as an example until the county has decided it.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from tenants.enums import ChildCategory, Familiarity, PersonKind, Priority, RiskLevel, Service
from tenants.models import CategoryWeights, VisitRule
from tenants.roles import smallest_team

SOURCE = "example"
_WORKER, _DIRECTOR = PersonKind.SOCIAL_WORKER.value, PersonKind.CHILD_DIRECTOR.value
_VOLUNTEER, _STAFF = PersonKind.VOLUNTEER.value, PersonKind.STATION_STAFF.value

# category -> days between visits at high, medium and low risk
_INTERVALS = {
    ChildCategory.LEFT_BEHIND: (10, 21, 30),
    ChildCategory.IN_DIFFICULTY: (7, 21, 30),
    ChildCategory.DISABLED: (7, 14, 30),
    ChildCategory.SCATTERED_ORPHAN: (7, 14, 30),
    ChildCategory.DE_FACTO_UNSUPPORTED: (7, 14, 30),
}
_MINUTES = {RiskLevel.HIGH: 60, RiskLevel.MEDIUM: 45, RiskLevel.LOW: 30}
_ORPHANED = {ChildCategory.SCATTERED_ORPHAN, ChildCategory.DE_FACTO_UNSUPPORTED}


def _role(role: str, kinds: list[str], skills: list[str] | None = None) -> dict[str, Any]:
    return {"id": role, "min": 1, "max": 1, "kinds": kinds, "skills": skills or []}


def _priority(category: ChildCategory, risk: RiskLevel) -> Priority:
    """One step higher where no parent is there to look after the child."""
    step = tuple(RiskLevel).index(risk)
    return tuple(Priority)[step if category in _ORPHANED else step + 1]


def _roles(category: ChildCategory, risk: RiskLevel) -> list[dict[str, Any]]:
    if risk is RiskLevel.HIGH:
        return [
            _role("lead", [_WORKER], ["case_work"]),
            _role("companion", [_DIRECTOR, _STAFF, _VOLUNTEER]),
        ]
    lead = _role("lead", [_WORKER, _DIRECTOR], ["case_work"])
    if risk is RiskLevel.MEDIUM and category is ChildCategory.IN_DIFFICULTY:
        return [lead, _role("specialist", [_WORKER, _VOLUNTEER], ["counselling"])]
    if risk is RiskLevel.MEDIUM and category is not ChildCategory.LEFT_BEHIND:
        return [lead, _role("companion", [_VOLUNTEER, _DIRECTOR])]
    return [lead]


def example_rule(county_id: str, category: ChildCategory, risk: RiskLevel, rule_id: str) -> VisitRule:
    """The example for a category and a risk level."""
    return VisitRule(
        county_id=county_id,
        id=rule_id,
        category=category,
        risk=risk,
        interval_days=_INTERVALS[category][tuple(RiskLevel).index(risk)],
        minutes=_MINUTES[risk],
        priority=_priority(category, risk),
        service=Service.CHILD_PROTECTION,
        known_by=Familiarity.NOBODY if risk is RiskLevel.LOW else Familiarity.VILLAGE_DIRECTOR,
        roles=_roles(category, risk),
        is_example=True,
        source=SOURCE,
    )


QUARTER, MONTH = 15, 30


def weights_from(rules: Iterable[VisitRule]) -> dict[str, dict[str, int]]:
    """Weights that a county's visit rules suggest: quarters of an hour that a child's visits take in 30 days.

    The team is counted, the way is not; a child who is not assessed weighs what a medium risk weighs.
    """
    table: dict[str, dict[str, int]] = {category.value: {} for category in ChildCategory}
    for rule in rules:
        team = smallest_team(rule.roles) or 1
        minutes = rule.minutes * team * MONTH / rule.interval_days
        table[rule.category.value][rule.risk.value] = max(1, round(minutes / QUARTER))
    for row in table.values():
        row["none"] = row.get(RiskLevel.MEDIUM.value, 0)
    return table


def example_weights(county_id: str, rules: Iterable[VisitRule], row_id: str) -> CategoryWeights:
    """A county's first table, until it has decided its own."""
    return CategoryWeights(
        county_id=county_id,
        id=row_id,
        from_day=date(2022, 1, 30),
        weights=weights_from(rules),
        source=SOURCE,
        is_example=True,
        created_at=datetime(2022, 1, 30, tzinfo=UTC),
    )
