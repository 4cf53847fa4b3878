"""What a visit rule would do, told before it is kept."""

from sqlalchemy.orm import Session

from tenants.enums import ChildCategory, Familiarity, Priority, RiskLevel, Service
from tenants.models import VisitRule
from tenants.queries.due import rules_of
from tenants.queries.rule_effects import DAYS, Effect, effects
from tests import drafts
from tests.duties import add_visit
from tests.world import VISIT_ROLES, World


def changed(world: World, *, interval: int = 7, minutes: int = 40, people: int = 1) -> VisitRule:
    """The rule of scattered orphans at high risk: the first child of each township alone."""
    return VisitRule(
        county_id=world.county, category=ChildCategory.SCATTERED_ORPHAN, risk=RiskLevel.HIGH, interval_days=interval,
        minutes=minutes, priority=Priority.HIGH, service=Service.CHILD_PROTECTION,
        known_by=Familiarity.VILLAGE_DIRECTOR, roles=[{**VISIT_ROLES[0], "min": people}],
    )  # fmt: skip


def of_first(session: Session, world: World, rule: VisitRule) -> Effect:
    found = effects(session, world.county, rule, drafts.today())
    return next(row for row in found if row.township.id == world.first.township)


def test_the_same_rule_changes_nothing(session: Session, world: World) -> None:
    row = of_first(session, world, changed(world))
    assert row.visits_before == row.visits_after > 0
    assert row.minutes_before == row.minutes_after == row.visits_before * 40


def test_a_shorter_interval_makes_more_visits_fall_due(session: Session, world: World) -> None:
    """A child never visited is due today: every 7 days 5 times in 30 days, every 3 days 10 times."""
    row = of_first(session, world, changed(world, interval=3))
    assert DAYS == 30
    assert row.visits_after - row.visits_before == 10 - 5


def test_a_visit_that_was_made_moves_the_first_day(session: Session, world: World) -> None:
    """Made yesterday: every 10 days falls due in 9, 19 and 29 days."""
    add_visit(session, world.first, 0, done_ago=1)
    rest = of_first(session, world, changed(world, interval=366)).visits_after
    assert of_first(session, world, changed(world, interval=10)).visits_after - rest == 3


def test_length_and_team_count_in_the_staffs_minutes(session: Session, world: World) -> None:
    row = of_first(session, world, changed(world, minutes=60, people=2))
    assert row.visits_after == row.visits_before
    assert row.minutes_after - row.minutes_before == 5 * (2 * 60 - 40)


def test_looking_changes_no_rule(session: Session, world: World) -> None:
    of_first(session, world, changed(world, interval=1))
    session.flush()
    kept = rules_of(session, world.county)[ChildCategory.SCATTERED_ORPHAN, RiskLevel.HIGH]
    assert kept.interval_days == 7
