"""Visits due and activities -> scheduling.Task."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduling import problem as p
from tenants.enums import ActivityState, DutyState, Familiarity, PersonKind, VisitState
from tenants.models import Activity, Child, County, Duty, Person, Visit, utc_now
from tenants.services.rosters import NOTICE
from weibao.planning.clock import Clock
from weibao.planning.roads import STEP

REPORT_DAYS = timedelta(days=2)
_RAISED = {"low": "normal", "normal": "high", "high": "critical", "critical": "critical"}
Span = tuple[int, int]


def tasks_of(session: Session, county: County, clock: Clock) -> tuple[p.Task, ...]:
    floor = STEP * -(-clock.minute(utc_now() + NOTICE) // STEP)
    tasks = [*_visit_tasks(session, county, clock, floor), *_activity_tasks(session, clock, floor)]
    return tuple(task for task in tasks if task.windows)


def due_visits(session: Session, clock: Clock) -> list[Visit]:
    """Visits to plan in the period: due by its end, and not promised by a published roster.

    A promise in the period itself can still be planned anew, unless it begins within the hour. One that is over holds
    the visit for two days, in which its report may come; then the visit is planned again.
    """
    now = utc_now()
    begun = max(clock.moment(0), now + NOTICE)
    outside = select(Duty.visit_id).where(
        Duty.state == DutyState.CONFIRMED,
        Duty.visit_id.is_not(None),
        Duty.starts_at >= now - REPORT_DAYS,
        (Duty.starts_at < begun) | (Duty.starts_at >= clock.moment(clock.days * p.DAY)),
    )
    return list(
        session.scalars(
            select(Visit)
            .where(Visit.state == VisitState.DUE, Visit.due_on < clock.end, Visit.id.not_in(outside))
            .options(selectinload(Visit.child).selectinload(Child.familiar))
            .order_by(Visit.due_on, Visit.id)
        )
    )


def _visit_tasks(session: Session, county: County, clock: Clock, floor: int) -> list[p.Task]:
    windows, directors = visit_windows(county, clock, floor), directors_of(session)
    return [
        visit_task(visit, clock, windows, directors[visit.child.village_id]) for visit in due_visits(session, clock)
    ]


def directors_of(session: Session) -> dict[str | None, set[str]]:
    """Ids of the active child directors by their village."""
    directors: dict[str | None, set[str]] = defaultdict(set)
    query = select(Person).where(Person.kind == PersonKind.CHILD_DIRECTOR, Person.active)
    for director in session.scalars(query):
        directors[director.base_village_id].add(director.id)
    return directors


def visit_task(visit: Visit, clock: Clock, windows: list[Span], directors: set[str]) -> p.Task:
    """A visit as a task, to be made in one of the windows."""
    named = {row.person_id for row in visit.child.familiar}
    known = {
        Familiarity.NOBODY: set[str](),
        Familiarity.NAMED: named,
        Familiarity.VILLAGE_DIRECTOR: named | directors,
    }[visit.known_by]
    priority = _RAISED[visit.priority.value] if visit.due_on < clock.start else visit.priority.value
    return p.Task(
        id=visit.id,
        name=visit.id,
        kind=p.TaskKind.VISIT,
        service=p.Service(visit.service.value),
        place=visit.child.village_id,
        minutes=visit.minutes,
        windows=tuple((a, b) for a, b in windows if b - a >= visit.minutes),
        priority=p.Priority(priority),
        with_children=True,
        roles=tuple(as_role(role) for role in visit.roles),
        needs_gender=visit.needs_gender.value if visit.needs_gender else None,
        known_by=frozenset(known),
        due=max(0, clock.day(visit.due_on)),
    )


def as_role(role: dict[str, Any]) -> p.Role:
    """A role as a visit rule or a template has it, for the scheduler."""
    return p.Role(
        id=role["id"],
        min=role["min"],
        max=role["max"],
        kinds=frozenset(p.PersonKind(kind) for kind in role["kinds"]),
        skills=frozenset(role["skills"]),
    )


def roles_in(activity: Activity) -> tuple[p.Role, ...]:
    """An activity's roles, for the scheduler."""
    return tuple(
        p.Role(
            id=role.role,
            min=role.minimum,
            max=role.maximum,
            kinds=frozenset(p.PersonKind(kind) for kind in role.kinds),
            skills=frozenset(role.skills),
        )
        for role in activity.roles
    )


def visit_windows(county: County, clock: Clock, floor: int) -> list[Span]:
    """The county's visiting hours on each day, by whether it is a school day; nothing before ``floor`` (minutes)."""
    spans = []
    for index in range(clock.days):
        kind = clock.calendar.kind(clock.start + timedelta(days=index))
        for opening, closing in county.visit_hours[kind.value]:
            a, b = index * p.DAY + _minutes(opening), index * p.DAY + _minutes(closing)
            spans.append((max(a, floor), b))
    return [(a, b) for a, b in spans if a < b]


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def coming_activities(session: Session, clock: Clock) -> list[Activity]:
    """Activities planned in the period."""
    return list(
        session.scalars(
            select(Activity)
            .where(
                Activity.state == ActivityState.PLANNED,
                Activity.starts_at >= clock.moment(0),
                Activity.ends_at <= clock.moment(clock.days * p.DAY),
            )
            .options(selectinload(Activity.roles), selectinload(Activity.home))
            .order_by(Activity.starts_at, Activity.id)
        )
    )


def _activity_tasks(session: Session, clock: Clock, floor: int) -> list[p.Task]:
    return [
        activity_task(activity, clock)
        for activity in coming_activities(session, clock)
        if clock.minute(activity.starts_at) >= floor and activity.roles
    ]


def activity_task(activity: Activity, clock: Clock) -> p.Task:
    """An activity as a task at its time."""
    begin, end = clock.minute(activity.starts_at), clock.minute(activity.ends_at)
    return p.Task(
        id=activity.id,
        name=activity.id,
        kind=p.TaskKind.ACTIVITY,
        service=p.Service(activity.service.value),
        place=activity.home.village_id,
        minutes=end - begin,
        windows=((begin, end),),
        priority=p.Priority(activity.priority.value),
        with_children=activity.with_children,
        roles=roles_in(activity),
    )
