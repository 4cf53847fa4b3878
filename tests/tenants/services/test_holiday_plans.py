"""A holiday planned in one go, and taken back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.calendar import SpanKind
from tenants.enums import ActivityState, RunState
from tenants.errors import ConflictError, InvalidError
from tenants.models import Activity, ActivityTemplate, AuditEntry, HolidayPlan, Roster, SolveRun, Wish
from tenants.queries.holiday_plans import standing
from tenants.services import holiday_plans, publishing, rosters, runs, templates
from tenants.services.holiday_plans import PlanFacts
from tests.drafts import VOLUNTEER, activity_task, keep, today
from tests.world import World

FIRST = today() + timedelta(days=20)
LAST = FIRST + timedelta(days=39)


def template(session: Session, world: World) -> ActivityTemplate:
    templates.begin_with_examples(session, world.head)
    return session.scalars(select(ActivityTemplate).where(ActivityTemplate.title == "敬老爱亲实践")).one()  # 14:30


def facts(session: Session, world: World, days: Sequence[date]) -> PlanFacts:
    made = [templates.activity_of(template(session, world), home_id=world.first.homes[0], day=day) for day in days]
    return PlanFacts(kind=SpanKind.WINTER, name="寒假", name_en="Winter", first=FIRST, last=LAST, activities=made)


def make(session: Session, world: World, *days: date) -> HolidayPlan:
    return holiday_plans.make(
        session, world.head, facts(session, world, days or (FIRST, LAST)), today=today(), weights={}
    )


def drafts(session: Session) -> list[tuple[date, date]]:
    rows = session.scalars(select(Roster).where(Roster.version.is_(None)).order_by(Roster.starts_on))
    return [(row.starts_on, row.ends_on) for row in rows]


def made_of(session: Session, plan: HolidayPlan) -> list[Activity]:
    return list(standing(session, plan).activities)


def test_forty_days_are_two_drafts_each_with_a_run(station: Session, world: World) -> None:
    plan = make(station, world)
    middle = FIRST + timedelta(days=30)
    assert drafts(station) == [(FIRST, middle), (middle + timedelta(days=1), LAST)]
    assert [run.state for run in station.scalars(select(SolveRun))] == [RunState.QUEUED] * 2
    assert len(made_of(station, plan)) == 2
    actions = set(station.scalars(select(AuditEntry.action)))
    assert {"holiday_plan.make", "activity.create", "roster.begin", "run.ask"} <= actions


def test_a_draft_that_is_there_is_planned_too_and_new_ones_go_around_it(station: Session, world: World) -> None:
    own = rosters.begin_draft(station, world.head, starts_on=FIRST + timedelta(days=5), days=7, today=today())
    plan = make(station, world, FIRST, FIRST + timedelta(days=15))
    assert drafts(station) == [
        (FIRST, FIRST + timedelta(days=4)),
        (FIRST + timedelta(days=5), FIRST + timedelta(days=11)),
        (FIRST + timedelta(days=12), FIRST + timedelta(days=15)),
    ]
    assert own.id not in plan.draft_ids
    assert runs.active_run(station, own) is not None
    holiday_plans.take_back(station, world.head, plan)
    assert drafts(station) == [(own.starts_on, own.ends_on)]


@pytest.mark.parametrize(("day", "field"), [(LAST + timedelta(days=1), "rows-1-day")])
def test_a_wrong_row_is_named(station: Session, world: World, day: date, field: str) -> None:
    with pytest.raises(InvalidError) as caught:
        make(station, world, FIRST, day)
    assert caught.value.field == field


def test_a_plan_needs_an_activity(station: Session, world: World) -> None:
    with pytest.raises(InvalidError) as caught:
        holiday_plans.make(
            station, world.head, replace(facts(station, world, [FIRST]), activities=[]), today=today(), weights={}
        )
    assert caught.value.field == "rows"


def test_taking_back_removes_all_of_it_and_leaves_the_rest(station: Session, world: World) -> None:
    plan = make(station, world)
    first = made_of(station, plan)[0]
    volunteer = world.first.people[VOLUNTEER]
    station.add(Wish(township_id=plan.township_id, person_id=volunteer, activity_id=first.id, wants=True))
    station.flush()
    assert holiday_plans.take_back(station, world.head, plan) == 2
    assert [row.id for row in station.scalars(select(Activity))] == [world.first.activity]
    assert drafts(station) == []
    assert station.scalars(select(Wish)).all() == []
    assert plan.withdrawn_at is not None
    with pytest.raises(ConflictError):
        holiday_plans.take_back(station, world.head, plan)


def test_a_running_plan_is_waited_for(station: Session, world: World) -> None:
    plan = make(station, world, FIRST)
    station.scalars(select(SolveRun)).one().state = RunState.RUNNING
    station.flush()
    with pytest.raises(ConflictError, match="being planned"):
        holiday_plans.take_back(station, world.head, plan)
    assert len(made_of(station, plan)) == 1


def planned_by_hand(station: Session, world: World) -> tuple[HolidayPlan, Roster]:
    """The plan's only activity and the world's own one stand in its draft."""
    own = station.get_one(Activity, (world.first.township, world.first.activity))
    shift = FIRST - own.starts_at.date()
    own.starts_at, own.ends_at = own.starts_at + shift, own.ends_at + shift
    plan = make(station, world, FIRST)
    draft = station.scalars(select(Roster)).one()
    station.scalars(select(SolveRun)).one().state = RunState.DONE
    task = activity_task(station, world)
    made = made_of(station, plan)[0]
    other = replace(task, activity_id=made.id, starts_at=made.starts_at, ends_at=made.ends_at)
    keep(station, world, draft, task, other)
    return plan, draft


def test_what_is_published_is_not_taken_back(station: Session, world: World) -> None:
    plan, draft = planned_by_hand(station, world)
    publishing.publish(station, world.head, draft)
    with pytest.raises(ConflictError, match="published"):
        holiday_plans.take_back(station, world.head, plan)
    assert len(made_of(station, plan)) == 1


def test_a_draft_changed_by_hand_stays_without_the_plans_activities(station: Session, world: World) -> None:
    plan, draft = planned_by_hand(station, world)
    draft.edits[-1].before = {"task": world.first.activity}
    station.flush()
    holiday_plans.take_back(station, world.head, plan)
    assert [row.activity_id for row in draft.assignments] == [world.first.activity]
    assert drafts(station) == [(draft.starts_on, draft.ends_on)]


def test_what_was_held_is_not_taken_back(station: Session, world: World) -> None:
    plan = make(station, world)
    made_of(station, plan)[0].state = ActivityState.HELD
    station.flush()
    with pytest.raises(ConflictError, match="held"):
        holiday_plans.take_back(station, world.head, plan)
