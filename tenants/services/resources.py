"""Rooms and equipment: entered, put out of use, and never given to two activities at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ActivityState, ResourceKind
from tenants.errors import ForbiddenError, InvalidError, Named
from tenants.models import Activity, ActivityResource, Home, Resource
from tenants.services import audit_log


@dataclass(frozen=True, kw_only=True)
class ResourceFacts:
    """A room of a home, or ``quantity`` pieces of equipment of a home or of the township."""

    kind: ResourceKind
    name: str
    name_en: str = ""
    home_id: str | None = None
    quantity: int = 1


def save(session: Session, actor: Actor, resource: Resource | None, facts: ResourceFacts) -> Resource:
    """Enter a resource, or change one.

    Raises:
        InvalidError: a fact breaks a rule.

    """
    if actor.township_id is None:
        raise ForbiddenError("Rooms and equipment are kept by a township's station.")
    _check(session, actor.township_id, facts)
    _need_name(session, actor.township_id, facts, resource)
    row = resource or Resource(township_id=actor.township_id)
    row.kind, row.name, row.name_en = facts.kind, facts.name.strip(), facts.name_en.strip()
    row.home_id, row.quantity = facts.home_id, facts.quantity
    session.add(row)
    session.flush()
    audit_log.record(session, actor, "resource.edit" if resource else "resource.create", "resource", row.id)
    return row


def set_in_use(session: Session, actor: Actor, resource: Resource, *, in_use: bool) -> None:
    """Put a resource out of use, or back; activities that have it keep it."""
    resource.in_use = in_use
    session.flush()
    audit_log.record(session, actor, "resource.use" if in_use else "resource.put_away", "resource", resource.id)


@dataclass(frozen=True, kw_only=True)
class Use:
    """A home and a time for which rooms and things are wanted (ids); ``activity`` asks, where it is there already."""

    township_id: str
    home_id: str
    starts_at: datetime
    ends_at: datetime
    wanted: Sequence[str]
    activity: Activity | None = None

    @classmethod
    def of(cls, activity: Activity) -> "Use":
        """What an activity has."""
        return cls(
            township_id=activity.township_id,
            home_id=activity.home_id,
            starts_at=activity.starts_at,
            ends_at=activity.ends_at,
            wanted=[row.resource_id for row in activity.resources],
            activity=activity,
        )


def need_free(session: Session, use: Use) -> None:
    """Refuse resources that are out of use, of another home, or taken at the time; asked before they are given.

    Raises:
        InvalidError: with field ``resources``, for the first that cannot be had.

    """
    if not use.wanted:
        return
    mine = select(Resource).where(Resource.id.in_(use.wanted), Resource.township_id == use.township_id)
    found = {row.id: row for row in session.scalars(mine)}
    held = {row.resource_id for row in use.activity.resources} if use.activity else set()
    taken = _taken(session, use)
    for resource_id in use.wanted:
        row = found.get(resource_id)
        if row is None or (not row.in_use and row.id not in held):
            raise InvalidError("Choose rooms and equipment of the township that are in use.", field="resources")
        if row.home_id is not None and row.home_id != use.home_id:
            raise InvalidError("A room or a thing of another Children's Home cannot be used here.", field="resources")
        if len(taken[row.id]) >= row.quantity:
            raise InvalidError(
                "%(thing)s is taken at this time by: %(others)s.",
                field="resources",
                facts={"thing": Named(name=row.name, name_en=row.name_en), "others": tuple(taken[row.id])},
            )


def _taken(session: Session, use: Use) -> dict[str, list[Named]]:
    """The other activities that use each resource at the time, in their order."""
    query = (
        select(ActivityResource.resource_id, Activity.id, Activity.title, Activity.title_en)
        .join(Activity, Activity.id == ActivityResource.activity_id)
        .where(Activity.state != ActivityState.CANCELLED, Activity.starts_at < use.ends_at)
        .where(Activity.ends_at > use.starts_at)
        .where(Activity.township_id == use.township_id, ActivityResource.township_id == use.township_id)
        .order_by(Activity.starts_at, Activity.id)
    )
    own = use.activity.id if use.activity else None
    taken = defaultdict[str, list[Named]](list)
    for resource, activity, title, title_en in session.execute(query):
        if activity != own:
            taken[resource].append(Named(name=title, name_en=title_en))
    return taken


def _need_name(session: Session, township_id: str, facts: ResourceFacts, own: Resource | None) -> None:
    """Refuse a second room or thing of one name in a home: nobody could tell them apart when choosing."""
    same = select(Resource.id).where(Resource.township_id == township_id, Resource.name == facts.name.strip())
    same = same.where(Resource.home_id.is_(None) if facts.home_id is None else Resource.home_id == facts.home_id)
    if own is not None:
        same = same.where(Resource.id != own.id)
    if session.scalar(same.limit(1)) is not None:
        raise InvalidError("There is a room or a thing of this name here already.", field="name")


def _check(session: Session, township_id: str, facts: ResourceFacts) -> None:
    if not facts.name.strip():
        raise InvalidError("A room or a thing needs a name.", field="name")
    if facts.home_id is not None and session.get(Home, (township_id, facts.home_id)) is None:
        raise InvalidError("Choose a Children's Home of the township.", field="home_id")
    if facts.kind is ResourceKind.ROOM and facts.home_id is None:
        raise InvalidError("A room belongs to a Children's Home.", field="home_id")
    if not 1 <= facts.quantity <= 99 or (facts.kind is ResourceKind.ROOM and facts.quantity != 1):
        raise InvalidError("Of equipment there are 1 to 99, of a room one.", field="quantity")
