"""What a visit rule would do, told before it is kept, of children who are guessed."""

from tenants.enums import ChildCategory, Familiarity, Priority, RiskLevel, Service
from tenants.models import VisitRule
from tests.world import VISIT_ROLES
from weibao.previews import DAYS, Estimate, RuleEffect, rule_effects, whole_county

PAIR = ChildCategory.SCATTERED_ORPHAN, RiskLevel.HIGH
GUESSED = {"a": Estimate(files=9, classes={(PAIR[0].value, PAIR[1].value): 4.0, (PAIR[0].value, "none"): 2.0})}


def rule(*, interval: int = 10, minutes: int = 40, people: int = 1) -> VisitRule:
    return VisitRule(
        category=PAIR[0], risk=PAIR[1], interval_days=interval, minutes=minutes, priority=Priority.HIGH,
        service=Service.CHILD_PROTECTION, known_by=Familiarity.VILLAGE_DIRECTOR,
        roles=[{**VISIT_ROLES[0], "min": people}],
    )  # fmt: skip


def effect(changed: VisitRule) -> RuleEffect:
    (found,) = rule_effects(GUESSED, {PAIR: rule()}, changed, {"a": 2})
    return found


def test_the_same_rule_changes_nothing() -> None:
    row = effect(rule())
    assert row.visits_before == row.visits_after == 4 * DAYS // 10
    assert row.minutes_before == row.minutes_after == row.visits_before * 40


def test_a_shorter_interval_makes_more_visits() -> None:
    row = effect(rule(interval=3))
    assert (row.visits_before, row.visits_after) == (12, 40)


def test_a_rule_where_there_was_none_begins_at_nothing() -> None:
    (row,) = rule_effects(GUESSED, {}, rule(), {})
    assert (row.visits_before, row.visits_after) == (0, 12)


def test_length_and_team_count_in_the_staffs_minutes() -> None:
    row = effect(rule(minutes=60, people=2))
    assert row.visits_after == row.visits_before
    assert row.minutes_after - row.minutes_before == 12 * (2 * 60 - 40)


def test_load_is_told_for_each_worker_and_week_of_the_places_that_workers_may_take() -> None:
    """Twelve visits of 40 minutes in 30 days, from a team of one worker and one volunteer: 56 minutes each of two."""
    team = [{**VISIT_ROLES[0], "kinds": ["social_worker"]}, {**VISIT_ROLES[0], "id": "helper", "kinds": ["volunteer"]}]
    changed = rule(minutes=80)
    changed.roles = team
    (row,) = rule_effects(GUESSED, {PAIR: rule()}, changed, {"a": 2})
    assert (row.minutes_after, row.workers_after) == (12 * 80 * 2, 12 * 80)
    assert (row.each_before, row.each_after) == (12 * 40 * 7 / 30 / 2, 12 * 80 * 7 / 30 / 2)


def test_township_without_a_worker_has_no_load_for_each_and_counts_in_the_whole() -> None:
    guessed = GUESSED | {"b": GUESSED["a"]}
    rows = rule_effects(guessed, {PAIR: rule()}, rule(), {"a": 2})
    whole = whole_county(rows)
    assert (rows[1].each_before, whole.staff, whole.visits_after) == (None, 2, 24)
    assert whole.each_after == 24 * 40 * 7 / 30 / 2
