"""Writes about activities: plan, change, call off, copy."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ActivityKind, ActivityState, Priority, Service
from tenants.errors import ConflictError, ForbiddenError, InvalidError
from tenants.models import Activity, ActivityResource, ActivityRole, Home
from tenants.queries.due import county_today, county_zone
from tenants.roles import RoleWanted, check_roles
from tenants.services import audit_log, calling_off, carrying, diversions, duties, resources
from tenants.services.carrying import Carried, Judge


@dataclass(frozen=True, kw_only=True)
class ActivityFacts:
    """What is known of an activity; day and times are on the county's clock, ``resources`` are ids."""

    home_id: str
    title: str
    kind: ActivityKind
    service: Service
    priority: Priority
    day: date
    start: time
    end: time
    roles: Sequence[RoleWanted]
    title_en: str = ""
    with_children: bool = True
    children_expected: int = 0
    open_to_public: bool = False
    resources: Sequence[str] = ()


Edit = Callable[[Session, Actor, Activity, ActivityFacts], Carried]
"""A way to change an activity: ``edit`` itself, or one that weighs first who of its holders can come."""


def create(session: Session, actor: Actor, facts: ActivityFacts) -> Activity:
    """Plan an activity in the actor's township.

    Raises:
        InvalidError: a fact breaks a rule.

    """
    if actor.township_id is None:
        raise ForbiddenError("Activities are planned by a township's station.")
    _check(session, actor.township_id, facts)
    _not_past(session, actor, facts.day)
    zone = county_zone(session, actor.county_id)
    resources.need_free(session, _use(actor.township_id, facts, zone))
    activity = Activity(township_id=actor.township_id)
    _fill(activity, facts, zone)
    session.add(activity)
    session.flush()
    audit_log.record(session, actor, "activity.create", "activity", activity.id)
    return activity


def edit(
    session: Session, actor: Actor, activity: Activity, facts: ActivityFacts, *, judge: Judge = carrying.all_can
) -> Carried:
    """Change an activity; it may not be moved into the past.

    The duties that people hold of it go along with a new time or home, and everybody concerned is told; ``judge`` says
    who of them cannot come then, besides those who have another duty.

    Raises:
        InvalidError: a fact breaks a rule.
        ConflictError: it is called off; it was held, and would get another time or place.
        DiversionError: it becomes other work, and purchased-service staff hold it.

    """
    if activity.state is ActivityState.CANCELLED:
        raise ConflictError("This activity is called off; put it back first.")
    zone = county_zone(session, actor.county_id)
    _check(session, activity.township_id, facts)
    if moves(session, actor, activity, facts):
        _not_held(activity)
    if facts.day != activity.starts_at.astimezone(zone).date():
        _not_past(session, actor, facts.day)
    diversions.refuse_service(session, activity.id, facts.service)
    names, before = (activity.title, activity.title_en), carrying.whereabouts_of(activity)
    resources.need_free(session, _use(activity.township_id, facts, zone, activity))
    _fill(activity, facts, zone)
    session.flush()
    session.expire(activity, ["home"])
    carried = Carried()
    if carrying.whereabouts_of(activity) != before:
        carried = carrying.carry(session, actor, activity, before, judge)
    elif (activity.title, activity.title_en) != names:
        duties.activity_renamed(session, activity.id)
    details = {"kept": len(carried.kept), "freed": len(carried.freed)} if carried.kept or carried.freed else None
    audit_log.record(session, actor, "activity.edit", "activity", activity.id, details=details)
    return carried


def moves(session: Session, actor: Actor, activity: Activity, facts: ActivityFacts) -> bool:
    """Whether a change would give an activity another time or home."""
    zone = county_zone(session, actor.county_id)
    begin, end = (_moment(facts.day, clock, zone) for clock in (facts.start, facts.end))
    wanted = carrying.Whereabouts(starts_at=begin, ends_at=end, home_id=facts.home_id)
    return wanted != carrying.whereabouts_of(activity)


def set_cancelled(session: Session, actor: Actor, activity: Activity, cancelled: bool) -> None:
    """Call an activity off (see ``call_off``); or put it back, for the next publication to give anew.

    Raises:
        ConflictError: it was held.

    """
    if cancelled:
        _not_held(activity)
        call_off(session, actor, [activity])
    elif activity.state is ActivityState.CANCELLED:
        _need_room(session, activity)
        activity.state = ActivityState.PLANNED
        session.flush()
        audit_log.record(session, actor, "activity.restore", "activity", activity.id)


def call_off(session: Session, actor: Actor, rows: Sequence[Activity]) -> None:
    """Call activities off with the duties and the wishes for a place, and tell whoever had one; those held stay."""
    off = [row for row in rows if row.state is ActivityState.PLANNED]
    for row in off:
        row.state = ActivityState.CANCELLED
    session.flush()
    lost = Counter(duty.activity_id for duty in calling_off.call_off(session))
    for row in off:
        wishes = calling_off.end_wishes(session, row)
        details = {"duties": lost[row.id], "wishes": wishes} if lost[row.id] or wishes else None
        audit_log.record(session, actor, "activity.cancel", "activity", row.id, details=details)


def copy_to(session: Session, activity: Activity, facts: ActivityFacts, zone: ZoneInfo) -> Activity | None:
    """Another activity by the facts in the same township; None where there is the same one already.

    Raises:
        InvalidError: a room or a thing is taken.

    """
    if _exists(session, facts, zone):
        return None
    resources.need_free(session, _use(activity.township_id, facts, zone))
    copy = Activity(township_id=activity.township_id)
    _fill(copy, facts, zone)
    session.add(copy)
    session.flush()
    return copy


def facts_of(activity: Activity, zone: ZoneInfo) -> ActivityFacts:
    """An activity's facts, for a form or a copy."""
    start, end = activity.starts_at.astimezone(zone), activity.ends_at.astimezone(zone)
    return ActivityFacts(
        home_id=activity.home_id,
        title=activity.title,
        title_en=activity.title_en,
        kind=activity.kind,
        service=activity.service,
        priority=activity.priority,
        day=start.date(),
        start=start.time(),
        end=end.time(),
        with_children=activity.with_children,
        children_expected=activity.children_expected,
        open_to_public=activity.open_to_public,
        roles=[_wanted(row) for row in activity.roles],
        resources=tuple(row.resource_id for row in activity.resources),
    )


def _wanted(row: ActivityRole) -> RoleWanted:
    entry = {"id": row.role, "min": row.minimum, "max": row.maximum, "kinds": row.kinds, "skills": row.skills}
    return RoleWanted.of_rule(entry)


def _exists(session: Session, facts: ActivityFacts, zone: ZoneInfo) -> bool:
    same = select(Activity.id).where(
        Activity.home_id == facts.home_id,
        Activity.title == facts.title,
        Activity.starts_at == _moment(facts.day, facts.start, zone),
        Activity.state != ActivityState.CANCELLED,
    )
    return session.scalar(same) is not None


def _check(session: Session, township_id: str, facts: ActivityFacts) -> None:
    if not facts.title.strip():
        raise InvalidError("An activity needs a title.", field="title")
    home = session.get(Home, (township_id, facts.home_id))
    if home is None:
        raise InvalidError("Choose a Children's Home of the township.", field="home_id")
    if facts.end <= facts.start:
        raise InvalidError("The end must come after the beginning, on the same day.", field="end")
    if facts.children_expected < 0:
        raise InvalidError("A number of children cannot be negative.", field="children_expected")
    check_roles(facts.roles)


def _use(township_id: str, facts: ActivityFacts, zone: ZoneInfo, activity: Activity | None = None) -> resources.Use:
    return resources.Use(
        township_id=township_id,
        home_id=facts.home_id,
        starts_at=_moment(facts.day, facts.start, zone),
        ends_at=_moment(facts.day, facts.end, zone),
        wanted=facts.resources,
        activity=activity,
    )


def _need_room(session: Session, activity: Activity) -> None:
    """Refuse to put back what has lost its room meanwhile."""
    try:
        resources.need_free(session, resources.Use.of(activity))
    except InvalidError as error:
        raise ConflictError(error.message, facts=error.facts) from None


def _not_held(activity: Activity) -> None:
    if activity.state is ActivityState.HELD:
        raise ConflictError("This activity was held and is on record; take the record back first.")


def _not_past(session: Session, actor: Actor, day: date) -> None:
    if day < county_today(session, actor.county_id):
        raise InvalidError("An activity is planned for today or later.", field="day")


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def _fill(activity: Activity, facts: ActivityFacts, zone: ZoneInfo) -> None:
    activity.home_id, activity.title, activity.title_en = facts.home_id, facts.title.strip(), facts.title_en.strip()
    activity.kind, activity.service, activity.priority = facts.kind, facts.service, facts.priority
    activity.starts_at, activity.ends_at = _moment(facts.day, facts.start, zone), _moment(facts.day, facts.end, zone)
    activity.with_children, activity.children_expected = facts.with_children, facts.children_expected
    activity.open_to_public = facts.open_to_public
    taken = {row.resource_id: row for row in activity.resources}
    activity.resources = [
        taken.get(resource) or ActivityResource(township_id=activity.township_id, resource_id=resource)
        for resource in sorted(set(facts.resources))
    ]
    held = {row.role: row for row in activity.roles}
    activity.roles = [
        _role(held.get(wanted.role) or ActivityRole(township_id=activity.township_id), place, wanted)
        for place, wanted in enumerate(facts.roles)
    ]


def _role(row: ActivityRole, place: int, wanted: RoleWanted) -> ActivityRole:
    row.position, row.role = place, wanted.role
    row.minimum, row.maximum = wanted.minimum, wanted.maximum
    row.kinds, row.skills = sorted(wanted.kinds), sorted(wanted.skills)
    return row
