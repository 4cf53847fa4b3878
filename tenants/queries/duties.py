"""What people hold from the published rosters, with place and team. No fact about a child but the case code is read."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from tenants.enums import DutyAnswer, DutyState
from tenants.errors import NotFoundError
from tenants.models import Activity, Child, Duty, Home, Person, Village, Visit

CANCELLED_KEPT = timedelta(days=30)
PAST_KEPT = timedelta(days=180)


@dataclass(frozen=True, kw_only=True)
class TeamMember:
    """One person on a task's team, and the role they have there."""

    person_id: str
    name: str
    name_en: str
    phone: str | None
    role: str


@dataclass(frozen=True, kw_only=True)
class HeldDuty:
    """One duty as its holder may know it; either ``case_code`` (a visit) or ``title`` (an activity) is given.

    ``township`` is named where its holder is lent to it.
    """

    id: str
    person_id: str
    visit_id: str | None
    activity_id: str | None
    role: str
    state: DutyState
    starts_at: datetime
    ends_at: datetime
    sequence: int
    version: int
    created_at: datetime
    changed_at: datetime
    village_id: str
    village: str
    village_en: str
    home: str | None
    case_code: str | None
    title: str | None
    title_en: str | None
    answer: DutyAnswer | None = None
    township: str = ""
    township_en: str = ""
    team: tuple[TeamMember, ...] = ()

    @property
    def task_id(self) -> str:
        """Id of the visit or of the activity."""
        return self.visit_id or self.activity_id or ""

    @property
    def is_cancelled(self) -> bool:
        """Whether a later version took it away."""
        return self.state is DutyState.CANCELLED

    @property
    def is_changed(self) -> bool:
        """Whether something about it has changed since it was first published, and it still holds."""
        return self.sequence > 0 and not self.is_cancelled


@dataclass(frozen=True, kw_only=True)
class FeedState:
    """What a feed's validators are made of: how many events it shows, and when the newest change was made."""

    count: int
    changed_at: datetime | None

    def __add__(self, other: "FeedState") -> "FeedState":
        """The state of both together."""
        moments = [moment for moment in (self.changed_at, other.changed_at) if moment]
        return FeedState(count=self.count + other.count, changed_at=max(moments, default=None))


def kept_since(now: datetime) -> tuple[datetime, datetime]:
    """From when on feeds show what is held (180 days back), and what was cancelled (30 days back)."""
    return now - PAST_KEPT, now - CANCELLED_KEPT


def shown_in_feed(held_since: Any, cancelled_since: Any) -> ColumnElement[bool]:
    """Whether feeds show a duty; the two moments of ``kept_since``, or parameters that stand for them."""
    held = and_(Duty.state == DutyState.CONFIRMED, Duty.ends_at >= held_since)
    return or_(held, and_(Duty.state == DutyState.CANCELLED, Duty.changed_at >= cancelled_since))


def in_feed(session: Session, person_id: str, now: datetime) -> list[HeldDuty]:
    """The duties that a person's feed shows."""
    held_since, cancelled_since = kept_since(now)
    values = {"person": person_id, "held_since": held_since, "cancelled_since": cancelled_since}
    return _with_teams(session, session.execute(_IN_FEED, values).all())


def of_township_in_feed(session: Session, now: datetime) -> list[HeldDuty]:
    """The duties that the township's feed is made of."""
    return _read(session, shown_in_feed(*kept_since(now)))


def coming(session: Session, person_id: str, now: datetime) -> list[HeldDuty]:
    """A person's duties that are not over yet, cancelled ones among them, by time."""
    return _read(session, and_(Duty.person_id == person_id, Duty.ends_at >= now))


def past(session: Session, person_id: str, now: datetime) -> list[HeldDuty]:
    """A person's duties of the last 180 days that are over, newest first; cancelled ones are left out."""
    over = and_(Duty.ends_at < now, Duty.ends_at >= now - PAST_KEPT, Duty.state == DutyState.CONFIRMED)
    return _read(session, and_(Duty.person_id == person_id, over))[::-1]


def of_person(session: Session, person_id: str, duty_id: str) -> HeldDuty:
    """One duty of a person.

    Raises:
        NotFoundError: there is none, or it is somebody else's.

    """
    found = _read(session, and_(Duty.person_id == person_id, Duty.id == duty_id))
    if not found:
        raise NotFoundError("no such duty")
    return found[0]


def one(session: Session, duty_id: str) -> HeldDuty:
    """A duty of the township, whoever holds it.

    Raises:
        NotFoundError: there is none in the session's scope.

    """
    found = _read(session, Duty.id == duty_id)
    if not found:
        raise NotFoundError("no such duty")
    return found[0]


def of_ids(session: Session, duty_ids: Collection[str]) -> list[HeldDuty]:
    """Some duties of the township, by time and task."""
    return sorted(_read(session, Duty.id.in_(duty_ids)), key=lambda duty: (duty.starts_at, duty.task_id, duty.role))


def without_case(duty: HeldDuty) -> HeldDuty:
    """The duty as somebody may see it who is not on its team: no case code."""
    return replace(duty, case_code=None)


def in_village(session: Session, village_id: str, now: datetime) -> list[HeldDuty]:
    """The duties in a village that are not over yet, cancelled ones among them, by time."""
    return _read(session, and_(Village.id == village_id, Duty.ends_at >= now))


def _read(session: Session, wanted: ColumnElement[bool]) -> list[HeldDuty]:
    return _with_teams(session, session.execute(_FACTS.where(wanted).order_by(Duty.starts_at, Duty.id)).all())


def _with_teams(session: Session, rows: Sequence[Any]) -> list[HeldDuty]:
    teams = _teams(session, rows)
    return [_held(row, teams) for row in rows]


def _facts() -> Select[*tuple[Any, ...]]:
    """A duty's own facts and the plain ones of its task and place, by the names that HeldDuty has them by.

    Columns, for rows of the model would take half of a calendar's time. The keys of every join begin with the township.
    """
    village_id = func.coalesce(Child.village_id, Home.village_id)
    return (
        select(
            Duty.id,
            Duty.person_id,
            Duty.visit_id,
            Duty.activity_id,
            Duty.role,
            Duty.state,
            Duty.starts_at,
            Duty.ends_at,
            Duty.sequence,
            Duty.version,
            Duty.created_at,
            Duty.changed_at,
            Duty.answer,
            Child.case_code,
            Activity.title,
            Activity.title_en,
            Home.name.label("home"),
            Village.id.label("village_id"),
            Village.name.label("village"),
            Village.name_en.label("village_en"),
        )
        .outerjoin(Visit, and_(Visit.township_id == Duty.township_id, Visit.id == Duty.visit_id))
        .outerjoin(Child, and_(Child.township_id == Duty.township_id, Child.id == Visit.child_id))
        .outerjoin(Activity, and_(Activity.township_id == Duty.township_id, Activity.id == Duty.activity_id))
        .outerjoin(Home, and_(Home.township_id == Duty.township_id, Home.id == Activity.home_id))
        .join(Village, and_(Village.township_id == Duty.township_id, Village.id == village_id))
    )


_FACTS = _facts()
_IN_FEED = _FACTS.where(
    Duty.person_id == bindparam("person"), shown_in_feed(bindparam("held_since"), bindparam("cancelled_since"))
).order_by(Duty.starts_at, Duty.id)


def _teams(session: Session, duties: Sequence[Any]) -> dict[str, tuple[TeamMember, ...]]:
    """Who else holds each task now, leads first."""
    tasks = {
        "visits": list({duty.visit_id for duty in duties if duty.visit_id}),
        "activities": list({duty.activity_id for duty in duties if duty.activity_id}),
    }
    teams: dict[str, list[TeamMember]] = defaultdict(list)
    known: dict[tuple[str, str], TeamMember] = {}  # the same few people hold many tasks
    for visit, activity, role, person, name, name_en, phone in session.execute(_MEMBERS, tasks):
        if (person, role) not in known:
            known[person, role] = TeamMember(person_id=person, name=name, name_en=name_en, phone=phone, role=role)
        teams[str(visit or activity)].append(known[person, role])
    return {task: tuple(team) for task, team in teams.items()}


_MEMBERS = (
    select(Duty.visit_id, Duty.activity_id, Duty.role, Person.id, Person.name, Person.name_en, Person.phone)
    .join(Person, and_(Person.township_id == Duty.township_id, Person.id == Duty.person_id))
    .where(
        Duty.state == DutyState.CONFIRMED,
        or_(
            Duty.visit_id.in_(bindparam("visits", expanding=True)),
            Duty.activity_id.in_(bindparam("activities", expanding=True)),
        ),
    )
    .order_by((Duty.role != "lead"), Duty.role, Person.name, Person.id)
)


def _held(row: Any, teams: dict[str, tuple[TeamMember, ...]]) -> HeldDuty:
    facts = row._asdict()
    cancelled = facts["state"] is DutyState.CANCELLED
    team = () if cancelled else teams.get(facts["visit_id"] or facts["activity_id"], ())
    return HeldDuty(**facts, team=team)
