"""Files whose period is over, and a hold: what the page *Retention* is for."""

from sqlalchemy.orm import Session

from tenants.enums import ChildCategory, HoldKind, RiskLevel
from tenants.models import Child, ChildCategoryPeriod, ChildRiskPeriod, Hold, RetentionRule
from tenants.queries.retention import months_after
from weibao.demo.names import pseudonym
from weibao.demo.rows import Ground, seeded_id

SOURCE = "演示：虚构的决定"
_DECIDED = {ChildCategory.LEFT_BEHIND: (3, 24, 60), ChildCategory.IN_DIFFICULTY: (6, 36, 120)}
# category, months since the file was closed; None: open still, though its category ended
_OLD = (
    (ChildCategory.LEFT_BEHIND, 26),
    (ChildCategory.LEFT_BEHIND, 31),
    (ChildCategory.IN_DIFFICULTY, 40),
    (ChildCategory.LEFT_BEHIND, 61),
    (ChildCategory.DISABLED, 37),
    (ChildCategory.LEFT_BEHIND, None),
    (ChildCategory.LEFT_BEHIND, None),
)


def decide_periods(session: Session, county_id: str, ground: Ground) -> None:
    """The county has decided two categories; the others are examples still."""
    for category, (close, anonymise, erase) in _DECIDED.items():
        rule = RetentionRule(
            county_id=county_id, id=seeded_id(ground.rng), category=category, close_months=close,
            anonymise_months=anonymise, erase_months=erase, decided_on=ground.day(-90), source=SOURCE,
        )  # fmt: skip
        session.add(rule)


def add_old_files(ground: Ground, first: int) -> None:
    """Files of former years, numbered from ``first``; the first one is held."""
    files = [_add_file(ground, first + place, *facts) for place, facts in enumerate(_OLD)]
    ground.add(
        Hold, child_id=files[0].id, kind=HoldKind.ARCHIVE, reason="县审计局抽查，暂留（演示）",
        placed_at=ground.at(ground.day(-9), 600), placed_by="",
    )  # fmt: skip


def _add_file(ground: Ground, number: int, category: ChildCategory, months: int | None) -> Child:
    ended = months_after(ground.today, -(months if months is not None else 4))
    child = ground.add(
        Child,
        case_code=f"D{ground.number:02}-{number:03}",
        pseudonym=pseudonym(ground.rng, number),
        village_id=ground.villages[number % len(ground.villages)].id,
        birth_year=ended.year - 9,
        closed_on=None if months is None else ended,
    )
    began = months_after(ended, -30)
    ground.add(ChildCategoryPeriod, child_id=child.id, category=category, from_day=began, to_day=ended)
    ground.add(ChildRiskPeriod, child_id=child.id, level=RiskLevel.LOW, from_day=began)
    return child
