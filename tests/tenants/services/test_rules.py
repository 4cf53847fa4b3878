"""The county's visit rules: a decision ends an example."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import ChildCategory, Familiarity, PersonKind, Priority, RiskLevel, Service
from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.models import AuditEntry, VisitRule
from tenants.queries.due import rules_of
from tenants.queries.rules import coming, table, versions
from tenants.roles import RoleWanted
from tenants.services import rules
from tenants.services.rules import RuleTerms
from tests import drafts
from tests.world import World

PAIR = (ChildCategory.DISABLED, RiskLevel.HIGH)
TERMS = RuleTerms(
    interval_days=10,
    minutes=45,
    priority=Priority.HIGH,
    service=Service.CHILD_PROTECTION,
    known_by=Familiarity.NAMED,
    roles=[RoleWanted(role="lead", minimum=1, maximum=1, kinds=frozenset({PersonKind.SOCIAL_WORKER}))],
    source="县民政局 2026 年 1 号",
    from_day=drafts.today(),
)


def test_a_decided_rule_is_no_longer_an_example(session: Session, world: World) -> None:
    rules.save(session, world.head, *PAIR, TERMS)
    rule = table(session, world.county)[PAIR[0]][PAIR[1]]
    assert rule is not None
    assert (rule.interval_days, rule.is_example, rule.source) == (10, False, "县民政局 2026 年 1 号")
    assert rule.roles == [TERMS.roles[0].as_entry()]
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.details) == (
        "rule.save",
        {"interval_days": 10, "minutes": 45, "from": TERMS.from_day.isoformat()},
    )


def test_a_missing_rule_is_made(session: Session, world: World) -> None:
    query = select(VisitRule).where(VisitRule.county_id == world.county, VisitRule.category == PAIR[0])
    for rule in session.scalars(query):
        session.delete(rule)
    session.flush()
    assert table(session, world.county)[PAIR[0]][PAIR[1]] is None
    rules.save(session, world.head, *PAIR, TERMS)
    assert [rule.risk for rule in session.scalars(query)] == [RiskLevel.HIGH]


def test_another_countys_rule_stays(session: Session, world: World) -> None:
    rules.save(session, world.head, *PAIR, TERMS)
    other = table(session, world.other_county)[PAIR[0]][PAIR[1]]
    assert other is not None
    assert (other.interval_days, other.is_example) == (7, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"interval_days": 0}, "interval_days"),
        ({"interval_days": 367}, "interval_days"),
        ({"minutes": 9}, "minutes"),
        ({"minutes": 481}, "minutes"),
        ({"source": " "}, "source"),
        ({"roles": []}, "roles"),
        ({"from_day": drafts.today() - timedelta(days=1)}, "from_day"),
    ],
)
def test_a_wrong_term_is_refused_at_its_field(
    session: Session, world: World, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        rules.save(session, world.head, *PAIR, replace(TERMS, **changes))
    assert caught.value.field == field


def later(days: int = 10) -> RuleTerms:
    return replace(TERMS, interval_days=5, from_day=drafts.today() + timedelta(days=days))


def test_a_version_holds_from_its_day_and_the_one_before_stays(session: Session, world: World) -> None:
    rules.save(session, world.head, *PAIR, TERMS)
    rules.save(session, world.head, *PAIR, later())
    days = {n: rules_of(session, world.county, drafts.today() + timedelta(days=n))[PAIR] for n in (-1, 0, 9, 10)}
    assert {n: rule.interval_days for n, rule in days.items()} == {-1: 7, 0: 10, 9: 10, 10: 5}
    assert [row.interval_days for row in versions(session, world.county, *PAIR)] == [5, 10, 7]
    assert rules_of(session, world.county)[PAIR].interval_days == 10
    assert coming(session, world.county, drafts.today())[PAIR].interval_days == 5


def test_a_day_is_decided_anew_in_place(session: Session, world: World) -> None:
    rules.save(session, world.head, *PAIR, TERMS)
    rules.save(session, world.head, *PAIR, replace(TERMS, minutes=60))
    assert [row.minutes for row in versions(session, world.county, *PAIR)] == [60, 40]


def test_a_version_is_taken_back_before_its_day_alone(session: Session, world: World) -> None:
    now = rules.save(session, world.head, *PAIR, TERMS)
    ahead = rules.save(session, world.head, *PAIR, later())
    rules.take_back(session, world.head, ahead.id)
    assert coming(session, world.county, drafts.today()) == {}
    with pytest.raises(ConflictError, match="holds already"):
        rules.take_back(session, world.head, now.id)
    with pytest.raises(NotFoundError):
        rules.take_back(session, world.head, ahead.id)
