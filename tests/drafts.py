"""Drafts with a plan made by hand, for tests that need no solver."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import PersonKind, VisitState
from tenants.models import Activity, Roster, Visit
from tenants.services import rosters, visits
from tenants.services.rosters import OpenTask, Plan, PlannedSeat, PlannedTask
from tests.world import World

CHINA = ZoneInfo("Asia/Shanghai")
DIRECTOR, WORKER = PersonKind.CHILD_DIRECTOR, PersonKind.SOCIAL_WORKER
VOLUNTEER, STAFF = PersonKind.VOLUNTEER, PersonKind.STATION_STAFF


def today() -> date:
    """The present day in China."""
    return datetime.now(UTC).astimezone(CHINA).date()


def begin(session: Session, world: World, *, starts_in: int = 1, days: int = 14) -> Roster:
    """A new draft of the first township, its visits entered."""
    first = today() + timedelta(days=starts_in)
    roster = rosters.begin_draft(session, world.head, starts_on=first, days=days, today=today())
    visits.refresh_due(session, world.head, roster.ends_on)
    session.flush()
    return roster


def due_visit(session: Session, world: World, child: int = 0) -> str:
    """The due visit of the first township's child by number."""
    due = Visit.child_id == world.first.children[child], Visit.state == VisitState.DUE
    return session.scalars(select(Visit.id).where(*due)).one()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of the Chinese clock."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA)


def visit_task(world: World, visit: str, starts_at: datetime, *kinds: PersonKind) -> PlannedTask:
    """A visit of forty minutes by people of the first township, all of them leads."""
    seats = tuple(PlannedSeat(person_id=world.first.people[kind], role="lead") for kind in kinds or (DIRECTOR,))
    return PlannedTask(
        visit_id=visit, activity_id=None, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=40), seats=seats
    )


def activity_task(session: Session, world: World, *, lead: PersonKind = DIRECTOR) -> PlannedTask:
    """The first township's activity, with a volunteer as helper."""
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    people = world.first.people
    return PlannedTask(
        visit_id=None,
        activity_id=activity.id,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        seats=(
            PlannedSeat(person_id=people[lead], role="lead"),
            PlannedSeat(person_id=people[VOLUNTEER], role="helper"),
        ),
    )


def plan(*tasks: PlannedTask, left: tuple[str, ...] = (), medium: int = 0, soft: int = 0) -> Plan:
    """A plan of these tasks, that leaves some visits open."""
    reasons: list[Any] = [{"code": "no_possible_team", "role": None, "instead": []}]
    unserved = tuple(OpenTask(visit_id=visit, activity_id=None, reasons=reasons) for visit in left)
    return Plan(tasks=tasks, unserved=unserved, medium=medium, soft=soft, bound_medium=medium, bound_soft=soft)


def keep(session: Session, world: World, roster: Roster, *tasks: PlannedTask, left: tuple[str, ...] = ()) -> None:
    """Let a draft hold a plan."""
    rosters.keep_plan(session, world.head, roster, plan(*tasks, left=left))
    session.expire(roster)
