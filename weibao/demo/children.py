"""The ledger of a township: pseudonymous children, their categories and risks, visits done and the next one due."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from tenants.enums import ChildCategory, Gender, Priority, RiskLevel, VisitState
from tenants.models import Child, ChildCategoryPeriod, ChildRiskPeriod, FamiliarPerson, Visit, VisitRule
from tenants.queries import due
from weibao.demo.names import pseudonym
from weibao.demo.people import Cast
from weibao.demo.rows import Ground

HORIZON = 28  # days ahead for which the next visits are already entered
_CATEGORIES = (
    (ChildCategory.LEFT_BEHIND, 45),
    (ChildCategory.IN_DIFFICULTY, 25),
    (ChildCategory.DISABLED, 14),
    (ChildCategory.SCATTERED_ORPHAN, 6),
    (ChildCategory.DE_FACTO_UNSUPPORTED, 10),
)
_RISKS = ((RiskLevel.HIGH, 15), (RiskLevel.MEDIUM, 38), (RiskLevel.LOW, 47))


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is to be put into the ledger for one child, beyond what chance decides."""

    number: int
    risk: RiskLevel | None = None
    category: ChildCategory | None = None
    gender: Gender | None = None
    needs_gender: Gender | None = None
    due_in: int | None = None


def add_children(ground: Ground, cast: Cast, rules: due.Rules) -> list[Child]:
    """Fill a township's ledger; every fifteenth child or so is new, every twentieth file is closed."""
    wanted = 68 if ground.main else int(len(ground.villages) * ground.rng.uniform(1.7, 3.0))
    return [add_child(ground, cast, rules, Entry(number=n + 1)) for n in range(max(15, min(70, wanted)))]


def add_child(ground: Ground, cast: Cast, rules: due.Rules, entry: Entry) -> Child:
    """One child, with its file and its visits."""
    rng, village = ground.rng, ground.rng.randrange(len(ground.villages))
    gender = entry.gender or rng.choice((Gender.FEMALE, Gender.MALE))
    by_chance = Gender.FEMALE if gender is Gender.FEMALE and rng.random() < 0.25 else None
    closed = entry.due_in is None and entry.number % 20 == 0
    child = ground.add(
        Child,
        case_code=f"D{ground.number:02}-{entry.number:03}",
        pseudonym=pseudonym(rng, entry.number),
        village_id=ground.villages[village].id,
        birth_year=ground.today.year - rng.randint(3, 16),
        gender=gender,
        needs_gender=entry.needs_gender or by_chance,
        confirmed_on=ground.day(-rng.randint(5, 420)) if rng.random() < 0.9 else None,
        closed_on=ground.day(-rng.randint(5, 60)) if closed else None,
    )
    new = entry.due_in is None and entry.number % 15 == 0
    since = ground.day(-rng.randint(1, 6) if new else -rng.randint(150, 900))
    category = entry.category or _drawn(rng, _CATEGORIES)
    risk = entry.risk or _drawn(rng, _RISKS)
    held = _add_file(ground, child, category, risk, since)
    _add_familiar(ground, cast, child, village)
    strictest = min((rules[c, risk] for c in held), key=_strictness)
    if not new:
        _add_visits(ground, child, strictest, entry.due_in)
    elif not closed:
        _add_due(ground, child, strictest, max(since + timedelta(days=strictest.interval_days), ground.today))
    return child


def _strictness(rule: VisitRule) -> tuple[int, int, int]:
    return rule.interval_days, tuple(Priority).index(rule.priority), tuple(ChildCategory).index(rule.category)


def _drawn(rng: Random, table: Any) -> Any:
    values, weights = zip(*table, strict=True)
    return rng.choices(values, weights)[0]


def _add_file(
    ground: Ground, child: Child, category: ChildCategory, risk: RiskLevel, since: date
) -> list[ChildCategory]:
    """Dated categories and risks; returns the categories that hold today."""
    rng = ground.rng
    ground.add(ChildCategoryPeriod, child_id=child.id, category=category, from_day=since)
    ground.add(ChildRiskPeriod, child_id=child.id, level=risk, from_day=since)
    held = [category]
    days = (ground.today - since).days
    other = _drawn(rng, _CATEGORIES)
    if days > 140 and other is not category and rng.random() < 0.25:
        ended = ground.day(-rng.randint(10, 80)) if rng.random() < 0.4 else None
        ground.add(ChildCategoryPeriod, child_id=child.id, category=other, from_day=since, to_day=ended)
        held += [] if ended else [other]
    if days > 140 and rng.random() < 0.3:
        before = since - timedelta(days=rng.randint(60, 200))
        level = rng.choice([level for level in RiskLevel if level is not risk])
        ground.add(ChildRiskPeriod, child_id=child.id, level=level, from_day=before)
    return held


def _add_familiar(ground: Ground, cast: Cast, child: Child, village: int) -> None:
    """Often a social worker, sometimes another village's director or a volunteer."""
    rng = ground.rng
    known = [member for member in cast.workers if rng.random() < 0.3]
    known += rng.sample(cast.volunteers, rng.choice((0, 0, 1, 1, 2)))
    if rng.random() < 0.5:
        known.append(cast.directors[village])
    for member in known:
        ground.add(FamiliarPerson, child_id=child.id, person_id=member.person.id)


def _add_visits(ground: Ground, child: Child, rule: VisitRule, due_in: int | None) -> None:
    """One to three visits done, and the next one due; about every ninth one is overdue."""
    rng, interval = ground.rng, rule.interval_days
    if due_in is None:
        due_in = -rng.randint(1, 8) if rng.random() < 0.11 else rng.randint(0, interval - 1)
    done_on, next_due = ground.day(due_in - interval), ground.day(due_in)
    if child.closed_on is not None:
        done_on = child.closed_on - timedelta(days=rng.randint(3, 20))
    for _ in range(rng.randint(1, 3)):
        terms = due.terms_of(child, rule)
        due_on = done_on + timedelta(days=rng.randint(-1, 2))
        ground.add(Visit, child_id=child.id, due_on=due_on, state=VisitState.DONE, done_on=done_on, **terms)
        done_on -= timedelta(days=interval + rng.randint(-2, 2))
    if child.closed_on is None:
        _add_due(ground, child, rule, next_due)


def _add_due(ground: Ground, child: Child, rule: VisitRule, due_on: date) -> None:
    if due_on <= ground.day(HORIZON):
        ground.add(Visit, child_id=child.id, due_on=due_on, state=VisitState.DUE, **due.terms_of(child, rule))
