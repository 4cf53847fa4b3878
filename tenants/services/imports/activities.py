"""Activities from rows, matched by the row's mark, else by home, title and beginning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.actor import Actor
from tenants.enums import ActivityState, Priority, Service
from tenants.models import Activity
from tenants.queries.due import county_zone
from tenants.roles import RoleWanted
from tenants.services import activities
from tenants.services.activities import ActivityFacts, Edit
from tenants.services.imports.run import Once, Outcome, Verdict, take

USUAL = {"service": Service.CHILD_PROTECTION, "priority": Priority.NORMAL}
"""What a new activity is for when its row does not say."""


@dataclass(frozen=True, kw_only=True)
class ActivityRow:
    """``facts`` holds what the row states, by the names of ``ActivityFacts``; without roles a team stays as it is."""

    mark: str | None
    facts: Mapping[str, Any]


def take_activities(
    session: Session,
    actor: Actor,
    rows: Sequence[ActivityRow],
    *,
    team: Sequence[RoleWanted],
    trial: bool,
    edit: Edit = activities.edit,
) -> Outcome:
    """Plan or change activities; ``team`` is what a new one asks for when its row names no role.

    The duties that people hold of one that is changed go along as ``edit`` has it.
    """
    once, zone = Once(), county_zone(session, actor.county_id)
    held = list(session.scalars(select(Activity).options(selectinload(Activity.roles))))
    return take(session, rows, lambda row: _one(session, actor, held, once, zone, team, edit, row), trial=trial)


def _one(
    session: Session,
    actor: Actor,
    held: list[Activity],
    once: Once,
    zone: ZoneInfo,
    team: Sequence[RoleWanted],
    edit: Edit,
    row: ActivityRow,
) -> Verdict:
    activity = _find(held, row, zone)
    if activity is None:
        activity = activities.create(session, actor, ActivityFacts(**{**USUAL, "roles": team, **row.facts}))
        held.append(activity)
        once.meet(activity.id, "title")
        return Verdict.ADDED
    once.meet(activity.id, "title")
    present = _comparable(activities.facts_of(activity, zone))
    wanted = _comparable(replace(present, **row.facts))
    if wanted == present:
        return Verdict.SAME
    edit(session, actor, activity, wanted)
    return Verdict.CHANGED


def _find(held: Sequence[Activity], row: ActivityRow, zone: ZoneInfo) -> Activity | None:
    marked = next((activity for activity in held if activity.id == row.mark), None)
    if marked is not None:
        return marked
    facts = row.facts
    begins = datetime.combine(facts["day"], facts["start"], tzinfo=zone).astimezone(UTC)
    key = (facts["home_id"], facts["title"], begins)
    same = (a for a in held if (a.home_id, a.title, a.starts_at) == key and a.state is not ActivityState.CANCELLED)
    return next(same, None)


def _comparable(facts: ActivityFacts) -> ActivityFacts:
    return replace(facts, roles=tuple(facts.roles))
