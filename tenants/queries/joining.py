"""What a township's public page for volunteers may say: nothing about any person, and of activities the open ones."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tenants.enums import ActivityState, ApplicationState, DutyState, PersonKind
from tenants.errors import NotFoundError
from tenants.models import Activity, Duty, Home, Person, StationSetting, Township, VolunteerApplication

AHEAD = timedelta(days=60)
"""How far ahead activities are shown."""
NEEDED_AHEAD = timedelta(days=28)
"""How far ahead it is looked for whom the station needs."""
MOST_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class JoinPage:
    """A page that is open: the township's, or that of one of its homes."""

    county_id: str
    township_id: str
    village_id: str | None


@dataclass(frozen=True, kw_only=True)
class Need:
    """Places of a role that nobody has yet, over several activities; everybody in it has the skills."""

    role: str
    skills: tuple[str, ...]
    places: int


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An application, and whether the station knows its telephone already: ``known`` is that person."""

    row: VolunteerApplication
    known: Person | None


def open_page(session: Session, township_id: str, village_id: str | None = None) -> JoinPage:
    """Where an address leads; for a system session.

    Raises:
        NotFoundError: nowhere, or the station has not opened its page: both alike.

    """
    query = select(Township.county_id).join(StationSetting, StationSetting.township_id == Township.id)
    county = session.scalar(query.where(Township.id == township_id, StationSetting.join_open))
    home = select(Home.id).where(Home.township_id == township_id, Home.village_id == village_id, Home.opened)
    if county is None or (village_id is not None and session.scalar(home) is None):
        raise NotFoundError("no such page")
    return JoinPage(county_id=county, township_id=township_id, village_id=village_id)


def upcoming(session: Session, now: datetime, village_id: str | None) -> list[Activity]:
    """The next activities that are open to the public, in order."""
    query = select(Activity).join(Home, (Home.township_id == Activity.township_id) & (Home.id == Activity.home_id))
    query = query.where(
        Activity.open_to_public,
        Activity.state == ActivityState.PLANNED,
        Activity.starts_at > now,
        Activity.starts_at < now + AHEAD,
    )
    if village_id is not None:
        query = query.where(Home.village_id == village_id)
    query = query.options(joinedload(Activity.home).joinedload(Home.village))
    return list(session.scalars(query.order_by(Activity.starts_at, Activity.id).limit(MOST_SHOWN)))


def needs(session: Session, now: datetime, village_id: str | None) -> list[Need]:
    """What volunteers are looked for at the activities of the next four weeks, the most wanted first."""
    query = select(Activity).join(Home, (Home.township_id == Activity.township_id) & (Home.id == Activity.home_id))
    query = query.where(
        Activity.state == ActivityState.PLANNED, Activity.starts_at > now, Activity.starts_at < now + NEEDED_AHEAD
    )
    if village_id is not None:
        query = query.where(Home.village_id == village_id)
    activities = session.scalars(query.options(selectinload(Activity.roles))).all()
    held = _held(session, [activity.id for activity in activities])
    free: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for activity in activities:
        for role in activity.roles:
            if PersonKind.VOLUNTEER.value in role.kinds:
                free[role.role, tuple(role.skills)] += max(0, role.maximum - held[activity.id, role.role])
    found = [Need(role=role, skills=skills, places=places) for (role, skills), places in free.items() if places]
    return sorted(found, key=lambda need: (-need.places, need.role, need.skills))


def _held(session: Session, activity_ids: list[str]) -> Counter[tuple[str, str]]:
    query = select(Duty.activity_id, Duty.role, func.count(Duty.id)).where(
        Duty.activity_id.in_(activity_ids), Duty.state == DutyState.CONFIRMED
    )
    rows = session.execute(query.group_by(Duty.activity_id, Duty.role))
    return Counter({(activity, role): count for activity, role, count in rows if activity is not None})


def applications(session: Session, state: ApplicationState) -> list[Listed]:
    """The applications in a state: those that wait with the oldest first, the others by the day of the decision."""
    waits = state is ApplicationState.WAITING
    order = VolunteerApplication.created_at if waits else VolunteerApplication.decided_at.desc()
    query = select(VolunteerApplication).where(VolunteerApplication.state == state)
    rows = session.scalars(query.options(selectinload(VolunteerApplication.base_village)).order_by(order)).all()
    known = _known(session, {row.phone for row in rows} if waits else set())
    return [Listed(row=row, known=known.get(row.phone)) for row in rows]


def _known(session: Session, phones: set[str]) -> dict[str, Person]:
    found = session.scalars(select(Person).where(Person.phone.in_(sorted(phones))).order_by(Person.id))
    return {person.phone: person for person in found if person.phone}


def counts(session: Session) -> Counter[ApplicationState]:
    """How many applications are in each state."""
    state = VolunteerApplication.state
    return Counter(dict(session.execute(select(state, func.count()).group_by(state)).all()))


def application(session: Session, application_id: str) -> VolunteerApplication:
    """An application by id.

    Raises:
        NotFoundError: none such in the session's scope.

    """
    row = session.scalar(select(VolunteerApplication).where(VolunteerApplication.id == application_id))
    if row is None:
        raise NotFoundError("no such application")
    return row
