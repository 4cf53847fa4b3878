"""The county's visit rules: a decision ends an example."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import ChildCategory, Familiarity, PersonKind, Priority, RiskLevel, Service
from tenants.errors import InvalidError
from tenants.models import AuditEntry, VisitRule
from tenants.queries.rules import table
from tenants.roles import RoleWanted
from tenants.services import rules
from tenants.services.rules import RuleTerms
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
)


def test_a_decided_rule_is_no_longer_an_example(session: Session, world: World) -> None:
    rules.save(session, world.head, *PAIR, TERMS)
    rule = table(session, world.county)[PAIR[0]][PAIR[1]]
    assert rule is not None
    assert (rule.interval_days, rule.is_example, rule.source) == (10, False, "县民政局 2026 年 1 号")
    assert rule.roles == [TERMS.roles[0].as_entry()]
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.details) == ("rule.save", {"interval_days": 10, "minutes": 45})


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
    ],
)
def test_a_wrong_term_is_refused_at_its_field(
    session: Session, world: World, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        rules.save(session, world.head, *PAIR, replace(TERMS, **changes))
    assert caught.value.field == field
