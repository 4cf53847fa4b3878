"""Plan a whole holiday in one go: make its activities, begin the drafts that fill them, and take all of it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.calendar import SpanKind
from tenants.enums import ActivityState, RosterState, RunState
from tenants.errors import ConflictError, ForbiddenError, InvalidError
from tenants.models import Activity, ActivitySeriesMember, HolidayPlan, HolidayPlanActivity, Roster, Wish, utc_now
from tenants.queries.holiday_plans import published
from tenants.services import activities, audit_log, edits, rosters, runs, visits
from tenants.services.activities import ActivityFacts

MOST = 200
SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """The holiday, as the county's table has it, and what is to take place in it."""

    kind: SpanKind
    name: str
    name_en: str
    first: date
    last: date
    activities: Sequence[ActivityFacts]


def make(session: Session, actor: Actor, facts: PlanFacts, *, today: date, weights: Mapping[str, int]) -> HolidayPlan:
    """Make the activities, begin drafts from the first to the last of their days, and have them planned.

    A draft that covers some of the days already is planned anew around its pins; ``weights`` are the soft costs of
    the runs.

    Raises:
        InvalidError: there is no activity or there are too many, or one of them breaks a rule; ``field`` is then
            ``rows-N-…`` with N its place.

    """
    if actor.township_id is None:
        raise ForbiddenError("Activities are planned by a township's station.")
    if not 1 <= len(facts.activities) <= MOST:
        raise InvalidError("A plan has 1 to 200 activities.", field="rows")
    plan = HolidayPlan(
        township_id=actor.township_id,
        kind=facts.kind,
        name=facts.name,
        name_en=facts.name_en,
        first=facts.first,
        last=facts.last,
        draft_ids=[],
        created_by=actor.account_id,
    )
    made = [_make_one(session, actor, facts, place, one) for place, one in enumerate(facts.activities)]
    plan.members = [HolidayPlanActivity(township_id=actor.township_id, activity_id=row.id) for row in made]
    session.add(plan)
    session.flush()
    days = [one.day for one in facts.activities]
    _fill(session, actor, plan, min(days), max(days), today=today, weights=weights)
    details = {"activities": len(made), "first": facts.first.isoformat(), "last": facts.last.isoformat()}
    audit_log.record(session, actor, "holiday_plan.make", "holiday_plan", plan.id, details=details)
    return plan


def _make_one(session: Session, actor: Actor, facts: PlanFacts, place: int, one: ActivityFacts) -> Activity:
    if not facts.first <= one.day <= facts.last:
        raise InvalidError("This day lies outside the holiday.", field=f"rows-{place}-day")
    try:
        return activities.create(session, actor, one)
    except InvalidError as error:
        name = {"end": "start", "home_id": "day"}.get(error.field or "", error.field)
        raise InvalidError(error.message, field=f"rows-{place}-{name}", facts=error.facts) from None


def _fill(
    session: Session,
    actor: Actor,
    plan: HolidayPlan,
    first: date,
    last: date,
    *,
    today: date,
    weights: Mapping[str, int],
) -> None:
    """Have every day from the first to the last planned, in the drafts that are there and in new ones between them."""
    visits.refresh_due(session, actor, last, today=today)
    begun = []
    day = first
    while day <= last:
        draft = rosters.overlapping_draft(session, day, 1)
        if draft is None:
            draft = rosters.begin_draft(
                session, actor, starts_on=day, days=rosters.room(session, day, last), today=today
            )
            begun.append(draft.id)
        if runs.active_run(session, draft) is None:
            runs.ask(session, actor, draft, seconds=SECONDS, seed=draft.revision, weights=dict(weights))
        day = draft.ends_on + timedelta(days=1)
    plan.draft_ids = begun
    session.flush()


def take_back(session: Session, actor: Actor, plan: HolidayPlan) -> int:
    """Remove everything that a plan has made, while none of it is published; returns how many activities went.

    Drafts that the plan began go with it, unless a planner has changed them by hand since.

    Raises:
        ConflictError: it was taken back already, something is published or held, or a draft is being planned.

    """
    if plan.withdrawn_at is not None:
        raise ConflictError("This plan has been taken back already.")
    ids = [member.activity_id for member in plan.members]
    if published(session, ids):
        raise ConflictError("Something of this plan is published: call the activities off one by one.")
    rows = session.scalars(select(Activity).where(Activity.id.in_(ids))).all()
    if any(row.state is ActivityState.HELD for row in rows):
        raise ConflictError("Something of this plan has been held: call the other activities off one by one.")
    _empty_drafts(session, actor, plan, set(ids))
    for model in (Wish, ActivitySeriesMember):
        for held in session.scalars(select(model).where(model.activity_id.in_(ids))):
            session.delete(held)
    plan.members, plan.withdrawn_at = [], utc_now()
    session.flush()
    for row in rows:
        session.delete(row)
    session.flush()
    audit_log.record(session, actor, "holiday_plan.take_back", "holiday_plan", plan.id, details={"removed": len(rows)})
    return len(rows)


def _empty_drafts(session: Session, actor: Actor, plan: HolidayPlan, ids: set[str]) -> None:
    drafts = session.scalars(select(Roster).where(Roster.state == RosterState.DRAFT)).all()
    mine = [draft for draft in drafts if draft.id in plan.draft_ids or _holds(draft, ids)]
    for draft in mine:
        run = runs.active_run(session, draft)
        if run is not None and run.state is RunState.QUEUED:
            runs.ask_to_stop(session, actor, run)
    session.flush()
    for draft in mine:
        runs.refuse_while_planning(session, draft)
    for draft in mine:
        by_hand = any(edit.before is not None and not edit.undone for edit in draft.edits)
        if draft.id in plan.draft_ids and not by_hand:
            rosters.throw_away(session, actor, draft)
        elif _holds(draft, ids):
            draft.assignments[:] = [row for row in draft.assignments if row.activity_id not in ids]
            draft.unserved[:] = [row for row in draft.unserved if row.activity_id not in ids]
            edits.note(session, actor, draft, edits.HOLIDAY_TAKEN_BACK, {"plan": plan.id})


def _holds(draft: Roster, ids: set[str]) -> bool:
    held = [row.activity_id for row in draft.assignments] + [row.activity_id for row in draft.unserved]
    return any(activity in ids for activity in held)
