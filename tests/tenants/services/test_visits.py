"""Due visits follow the county's rules; every day below is counted by hand from TODAY."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.crypto import SealError
from tenants.enums import ChildCategory, Gender, Priority, RiskLevel, VisitState
from tenants.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tenants.models import AuditEntry, Child, ChildCategoryPeriod, ChildRiskPeriod, Visit, VisitRule
from tenants.queries import due
from tenants.queries.due import county_today
from tenants.services import keys, visit_notes
from tenants.services.visits import record_done, record_visit, refresh_due, take_back
from tests.keys import KEYRING, NEWER, ONLY_NEW
from tests.world import World

TODAY = date(2026, 3, 2)


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def two_months_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The county's own day, on which all of them can be recorded."""
    monkeypatch.setattr(due, "county_today", lambda *_: in_days(60))


@pytest.fixture
def child(session: Session, world: World, two_months_on: None) -> Child:
    """The only child with a category and a risk: left behind and at medium risk (every 14 days) since today."""
    for period in [*session.scalars(select(ChildCategoryPeriod)), *session.scalars(select(ChildRiskPeriod))]:
        session.delete(period)
    session.flush()
    session.expire_all()
    child = session.get_one(Child, (world.first.township, world.first.children[0]))
    enter(session, child, ChildCategory.LEFT_BEHIND, TODAY)
    assess(session, child, RiskLevel.MEDIUM, TODAY)
    return child


def enter(session: Session, child: Child, category: ChildCategory, day: date) -> ChildCategoryPeriod:
    period = ChildCategoryPeriod(township_id=child.township_id, category=category, from_day=day)
    child.categories.append(period)
    session.flush()
    return period


def assess(session: Session, child: Child, level: RiskLevel, day: date) -> None:
    child.risks.append(ChildRiskPeriod(township_id=child.township_id, level=level, from_day=day))
    session.flush()


def rule(session: Session, world: World, category: ChildCategory, level: RiskLevel) -> VisitRule:
    return session.scalars(
        select(VisitRule).where(
            VisitRule.county_id == world.county, VisitRule.category == category, VisitRule.risk == level
        )
    ).one()


def visits(session: Session, child: Child) -> list[tuple[date, VisitState]]:
    rows = session.scalars(select(Visit).where(Visit.child_id == child.id).order_by(Visit.due_on))
    return [(visit.due_on, visit.state) for visit in rows]


def only_visit(session: Session, child: Child) -> Visit:
    return session.scalars(select(Visit).where(Visit.child_id == child.id)).one()


def refresh(session: Session, world: World, day: int = 0, *, horizon: int = 60) -> int:
    return refresh_due(session, world.head, in_days(day + horizon), today=in_days(day))


def test_first_visit_falls_due_an_interval_after_the_rule_began(session: Session, world: World, child: Child) -> None:
    assert refresh(session, world) == 1
    assert visits(session, child) == [(in_days(14), VisitState.DUE)]


def test_first_visit_of_a_child_long_in_the_ledger_is_due_today(session: Session, world: World, child: Child) -> None:
    refresh(session, world, day=40)
    assert visits(session, child) == [(in_days(40), VisitState.DUE)]


def test_a_first_visit_that_is_due_does_not_slip_with_the_days(session: Session, world: World, child: Child) -> None:
    refresh(session, world, day=40)
    assert refresh(session, world, day=47) == 0
    assert visits(session, child) == [(in_days(40), VisitState.DUE)]


def test_a_visit_beyond_the_horizon_is_not_made(session: Session, world: World, child: Child) -> None:
    assert refresh(session, world, horizon=13) == 0
    assert visits(session, child) == []


def test_the_last_day_of_the_horizon_belongs_to_it(session: Session, world: World, child: Child) -> None:
    assert refresh(session, world, horizon=14) == 1


def test_refreshing_twice_changes_nothing(session: Session, world: World, child: Child) -> None:
    refresh(session, world)
    assert refresh(session, world) == 0
    assert len(visits(session, child)) == 1


def test_next_visit_counts_from_the_day_the_last_was_done(session: Session, world: World, child: Child) -> None:
    refresh(session, world)
    record_done(session, world.head, only_visit(session, child), in_days(10))
    refresh(session, world, day=11)
    assert visits(session, child) == [(in_days(14), VisitState.DONE), (in_days(24), VisitState.DUE)]


def test_a_visit_missed_stays_due_in_the_past(session: Session, world: World, child: Child) -> None:
    refresh(session, world)
    record_done(session, world.head, only_visit(session, child), in_days(10))
    refresh(session, world, day=50)
    assert visits(session, child)[-1] == (in_days(24), VisitState.DUE)


def test_a_visit_done_so_early_that_the_next_falls_on_its_due_day_gives_the_day_after(
    session: Session, world: World, child: Child
) -> None:
    refresh(session, world)
    record_done(session, world.head, only_visit(session, child), TODAY)
    # Done on day 0, so due again on day 14: that is the due day of the visit just done.
    assert refresh(session, world, day=1) == 1
    assert refresh(session, world, day=1) == 0
    assert visits(session, child) == [(in_days(14), VisitState.DONE), (in_days(15), VisitState.DUE)]


def test_the_shortest_interval_among_the_categories_holds(session: Session, world: World, child: Child) -> None:
    enter(session, child, ChildCategory.DISABLED, TODAY)
    rule(session, world, ChildCategory.DISABLED, RiskLevel.MEDIUM).interval_days = 5
    refresh(session, world)
    visit = only_visit(session, child)
    assert (visit.due_on, visit.category) == (in_days(5), ChildCategory.DISABLED)


def test_the_weightier_priority_holds_among_equal_intervals(session: Session, world: World, child: Child) -> None:
    enter(session, child, ChildCategory.DISABLED, TODAY)
    rule(session, world, ChildCategory.DISABLED, RiskLevel.MEDIUM).priority = Priority.CRITICAL
    refresh(session, world)
    assert only_visit(session, child).priority is Priority.CRITICAL


def test_an_ended_category_no_longer_counts(session: Session, world: World, child: Child) -> None:
    rule(session, world, ChildCategory.DISABLED, RiskLevel.MEDIUM).interval_days = 5
    enter(session, child, ChildCategory.DISABLED, TODAY).to_day = in_days(2)
    refresh(session, world, day=2)
    assert only_visit(session, child).category is ChildCategory.DISABLED
    refresh(session, world, day=3)
    assert only_visit(session, child).category is ChildCategory.LEFT_BEHIND


def test_a_higher_risk_brings_the_due_visit_forward_on_the_same_row(
    session: Session, world: World, child: Child
) -> None:
    refresh(session, world)
    before = only_visit(session, child).id
    assess(session, child, RiskLevel.HIGH, in_days(3))
    assert refresh(session, world, day=3) == 1
    visit = only_visit(session, child)
    # High risk since day 3, every 7 days.
    assert (visit.id, visit.due_on, visit.priority) == (before, in_days(10), Priority.HIGH)


def test_an_assessment_that_confirms_the_level_does_not_put_the_visit_off(
    session: Session, world: World, child: Child
) -> None:
    refresh(session, world)
    assess(session, child, RiskLevel.MEDIUM, in_days(10))
    assert refresh(session, world, day=10) == 0


def test_terms_are_the_rules_and_the_childs(session: Session, world: World, child: Child) -> None:
    child.needs_gender = Gender.FEMALE
    held = rule(session, world, ChildCategory.LEFT_BEHIND, RiskLevel.MEDIUM)
    refresh(session, world)
    visit = only_visit(session, child)
    assert (visit.minutes, visit.service, visit.known_by) == (held.minutes, held.service, held.known_by)
    assert (visit.roles, visit.needs_gender) == (held.roles, Gender.FEMALE)


def test_a_changed_rule_reaches_the_due_visit_and_leaves_the_done_one(
    session: Session, world: World, child: Child
) -> None:
    refresh(session, world)
    record_done(session, world.head, only_visit(session, child), in_days(14))
    refresh(session, world, day=15)
    rule(session, world, ChildCategory.LEFT_BEHIND, RiskLevel.MEDIUM).minutes = 55
    assert refresh(session, world, day=15) == 1
    rows = session.scalars(select(Visit).where(Visit.child_id == child.id).order_by(Visit.due_on)).all()
    assert [visit.minutes for visit in rows] == [40, 55]


def test_closing_a_file_calls_its_due_visit_off_and_reopening_brings_it_back(
    session: Session, world: World, child: Child
) -> None:
    refresh(session, world)
    before = only_visit(session, child).id
    child.closed_on = in_days(1)
    assert refresh(session, world, day=1) == 1
    assert visits(session, child) == [(in_days(14), VisitState.CANCELLED)]
    child.closed_on = None
    refresh(session, world, day=2)
    visit = only_visit(session, child)
    assert (visit.id, visit.state) == (before, VisitState.DUE)


def test_a_second_due_visit_of_a_child_is_called_off(session: Session, world: World, child: Child) -> None:
    refresh(session, world)
    first = only_visit(session, child)
    session.add(
        Visit(
            township_id=child.township_id, child_id=child.id, due_on=in_days(30), category=first.category,
            risk=first.risk, minutes=40, priority=first.priority, service=first.service, known_by=first.known_by,
            roles=first.roles,
        )
    )  # fmt: skip
    session.flush()
    assert refresh(session, world) == 1
    assert visits(session, child) == [(in_days(14), VisitState.DUE), (in_days(30), VisitState.CANCELLED)]


def test_only_the_actors_township_is_touched(session: Session, world: World) -> None:
    refresh_due(session, world.head, county_today(session, world.county))
    townships = set(session.scalars(select(Visit.township_id)))
    assert townships == {world.first.township}


def test_an_actor_without_a_township_is_refused(session: Session, world: World) -> None:
    with pytest.raises(ForbiddenError):
        refresh_due(session, Actor(county_id=world.county), TODAY)


def test_refreshing_leaves_one_line_without_a_childs_data(session: Session, world: World, child: Child) -> None:
    refresh(session, world)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "visit.refresh")).one()
    assert entry.details == {"changed": 1}


def test_a_visit_cannot_be_done_in_the_future(session: Session, world: World, child: Child) -> None:
    refresh(session, world)
    tomorrow = county_today(session, world.county) + timedelta(days=1)
    with pytest.raises(InvalidError) as caught:
        record_done(session, world.head, only_visit(session, child), tomorrow)
    assert caught.value.field == "done_on"


def test_a_note_is_held_to_its_length(session: Session, world: World, child: Child) -> None:
    refresh(session, world)
    with pytest.raises(InvalidError) as caught:
        record_done(session, world.head, only_visit(session, child), TODAY, "字" * 501)
    assert caught.value.field == "note"


def test_a_visit_is_done_once(session: Session, world: World, child: Child) -> None:
    refresh(session, world)
    record_done(session, world.head, only_visit(session, child), TODAY, " seen ", keyring=KEYRING)
    assert visit_notes.note_of(KEYRING, only_visit(session, child)) == "seen"
    with pytest.raises(ConflictError):
        record_done(session, world.head, only_visit(session, child), TODAY)


def test_a_visit_of_long_ago_is_entered_by_the_station_alone(
    session: Session, world: World, child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh(session, world)
    monkeypatch.setattr(due, "county_today", lambda *_: in_days(92))
    with pytest.raises(InvalidError, match="within 92 days") as caught:
        record_done(session, world.head, only_visit(session, child), in_days(-1))
    assert caught.value.field == "done_on"
    with pytest.raises(InvalidError, match="No visit rule held") as caught:
        record_visit(session, world.head, child, in_days(-1))
    assert caught.value.field == "done_on"
    monkeypatch.setattr(due, "county_today", lambda *_: in_days(200))
    assert record_visit(session, world.head, child, in_days(1)).done_on == in_days(1)


def test_a_visit_is_recorded_at_the_very_end_of_its_time(session: Session, world: World, child: Child) -> None:
    refresh(session, world)
    record_done(session, world.head, only_visit(session, child), in_days(60 - 92))
    assert only_visit(session, child).done_on == in_days(-32)


def test_a_due_visit_is_not_done_before_one_that_is_recorded(session: Session, world: World, child: Child) -> None:
    record_visit(session, world.head, child, in_days(5))
    waiting = session.scalars(select(Visit).where(Visit.state == VisitState.DUE)).one()
    for day in (in_days(4), in_days(5)):
        with pytest.raises(ConflictError, match="or of a later one") as caught:
            record_done(session, world.head, waiting, day)
        assert caught.value.field == "done_on"
    record_done(session, world.head, waiting, in_days(6))


def test_a_note_is_sealed_to_its_visit_and_sealed_anew(session: Session, world: World, child: Child) -> None:
    first = record_visit(session, world.head, child, in_days(5), "KANARI", keyring=KEYRING)
    second = record_visit(session, world.head, child, in_days(6), "other", keyring=KEYRING)
    assert first.note_sealed is not None
    assert b"KANARI" not in first.note_sealed
    assert visit_notes.notes_of(KEYRING, [first, second]) == {first.id: "KANARI", second.id: "other"}
    mine = [(child.township_id, child.id)]
    assert [keys.reseal_children(session, NEWER, mine) for _turn in range(2)] == [1, 0]
    assert visit_notes.note_of(ONLY_NEW, first) == "KANARI"
    second.note_sealed = first.note_sealed
    assert isinstance(visit_notes.note_of(NEWER, second), SealError)


def test_a_note_without_keys_is_not_kept(session: Session, world: World, child: Child) -> None:
    with pytest.raises(ValueError, match="keys"):
        record_visit(session, world.head, child, in_days(5), "seen")


def test_recording_a_visit_by_hand_fulfils_the_due_one(session: Session, world: World, child: Child) -> None:
    refresh(session, world)
    record_visit(session, world.head, child, in_days(5))
    assert visits(session, child) == [(in_days(14), VisitState.DONE), (in_days(19), VisitState.DUE)]


def test_a_visit_taken_back_is_due_again_and_its_successor_called_off(
    session: Session, world: World, child: Child
) -> None:
    refresh(session, world)
    first = record_visit(session, world.head, child, in_days(5), "seen", keyring=KEYRING)
    assert first.note_sealed
    take_back(session, world.head, child, first.id)
    assert (first.state, first.done_on, first.note_sealed) == (VisitState.DUE, None, None)
    assert visits(session, child) == [(in_days(14), VisitState.DUE), (in_days(19), VisitState.CANCELLED)]
    with pytest.raises(NotFoundError):
        take_back(session, world.head, child, first.id)


def test_a_visit_beyond_the_plan_is_entered_with_the_rules_terms(session: Session, world: World, child: Child) -> None:
    visit = record_visit(session, world.head, child, in_days(5))
    assert (visit.due_on, visit.done_on, visit.risk) == (in_days(5), in_days(5), RiskLevel.MEDIUM)
    with pytest.raises(ConflictError):
        record_visit(session, world.head, child, in_days(5))


def test_a_visit_entered_late_leaves_the_due_one_alone(session: Session, world: World, child: Child) -> None:
    refresh(session, world)
    record_visit(session, world.head, child, in_days(10))
    record_visit(session, world.head, child, in_days(3))
    assert visits(session, child) == [
        (in_days(3), VisitState.DONE),
        (in_days(14), VisitState.DONE),
        (in_days(24), VisitState.DUE),
    ]


def test_a_visit_before_the_child_was_in_the_ledger_is_refused(session: Session, world: World, child: Child) -> None:
    with pytest.raises(InvalidError) as caught:
        record_visit(session, world.head, child, in_days(-1))
    assert caught.value.field == "done_on"
