"""Rosters as pages show them: the lists of drafts and versions, a roster's rows, and plain facts of tasks and people.

A child stands here with case code and pseudonym; a page that others may see shows the case code alone.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tenants.enums import PersonKind, Priority, RosterState, VettingResult
from tenants.errors import NotFoundError
from tenants.models import Account, Activity, Assignment, Child, Home, Person, Roster, Village, Visit


@dataclass(frozen=True, kw_only=True)
class VillageFacts:
    """A village's names."""

    id: str
    name: str
    name_en: str


@dataclass(frozen=True, kw_only=True)
class RoleFacts:
    """A role of a task: from ``minimum`` to ``maximum`` people."""

    id: str
    minimum: int
    maximum: int


@dataclass(frozen=True, kw_only=True)
class TaskFacts:
    """A visit (``case_code``, ``pseudonym``, ``due_on``) or an activity (``title``, ``home``, ``starts_at``)."""

    id: str
    is_visit: bool
    minutes: int
    priority: Priority
    village: VillageFacts
    roles: tuple[RoleFacts, ...]
    case_code: str = ""
    pseudonym: str = ""
    due_on: date | None = None
    title: str = ""
    title_en: str = ""
    home: str = ""
    starts_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """A person's names and post; ``checked_through`` is the last day of the newest clear check, None without one.

    A ``guest`` is lent by a neighbouring township.
    """

    id: str
    name: str
    name_en: str
    kind: PersonKind
    checked_through: date | None
    guest: bool = False


def drafts(session: Session) -> Sequence[Roster]:
    """The township's drafts, by period."""
    return session.scalars(select(Roster).where(Roster.state == RosterState.DRAFT).order_by(Roster.starts_on)).all()


def planned_elsewhere(session: Session, roster: Roster, visit_ids: Collection[str]) -> list[tuple[Roster, int]]:
    """Other drafts that serve some of these visits, by period, and how many of them each serves."""
    mine = Assignment.visit_id.in_(visit_ids), Assignment.roster_id != roster.id
    rows = session.execute(select(Assignment.roster_id, func.count()).where(*mine).group_by(Assignment.roster_id))
    counts = dict(rows.all())
    return [(other, counts[other.id]) for other in drafts(session) if other.id in counts]


def versions(session: Session) -> Sequence[Roster]:
    """The township's published versions, newest first."""
    query = select(Roster).where(Roster.state == RosterState.PUBLISHED).order_by(Roster.version.desc())
    return session.scalars(query).all()


def version(session: Session, number: int) -> Roster:
    """One published version.

    Raises:
        NotFoundError: the township has none of that number.

    """
    query = select(Roster).where(Roster.state == RosterState.PUBLISHED, Roster.version == number)
    found = session.scalar(query)
    if found is None:
        raise NotFoundError("no such version")
    return found


def tasks_of(session: Session, roster: Roster) -> dict[str, TaskFacts]:
    """The facts of every task that a roster serves or leaves open, by id."""
    return facts_of(session, [row.task_id for row in roster.assignments] + [row.task_id for row in roster.unserved])


def facts_of(session: Session, task_ids: Collection[str]) -> dict[str, TaskFacts]:
    """The facts of visits and activities, by id; unknown ids are left out."""
    visits = session.scalars(
        select(Visit)
        .where(Visit.id.in_(task_ids))
        .options(joinedload(Visit.child).joinedload(Child.village))
        .order_by(Visit.due_on, Visit.id)
    )
    activities = session.scalars(
        select(Activity)
        .where(Activity.id.in_(task_ids))
        .options(joinedload(Activity.home).joinedload(Home.village), selectinload(Activity.roles))
        .order_by(Activity.starts_at, Activity.id)
    )
    return {facts.id: facts for facts in (*map(visit_facts, visits), *map(activity_facts, activities))}


def visit_facts(visit: Visit) -> TaskFacts:
    """The facts of a visit."""
    return TaskFacts(
        id=visit.id,
        is_visit=True,
        minutes=visit.minutes,
        priority=visit.priority,
        village=_village(visit.child.village),
        roles=tuple(RoleFacts(id=role["id"], minimum=role["min"], maximum=role["max"]) for role in visit.roles),
        case_code=visit.child.case_code,
        pseudonym=visit.child.pseudonym,
        due_on=visit.due_on,
    )


def activity_facts(activity: Activity) -> TaskFacts:
    """The facts of an activity."""
    return TaskFacts(
        id=activity.id,
        is_visit=False,
        minutes=int((activity.ends_at - activity.starts_at).total_seconds() // 60),
        priority=activity.priority,
        village=_village(activity.home.village),
        roles=tuple(RoleFacts(id=r.role, minimum=r.minimum, maximum=r.maximum) for r in activity.roles),
        title=activity.title,
        title_en=activity.title_en,
        home=activity.home.name,
        starts_at=activity.starts_at,
    )


def _village(village: Village) -> VillageFacts:
    return VillageFacts(id=village.id, name=village.name, name_en=village.name_en)


def people(session: Session) -> dict[str, PersonFacts]:
    """Everybody of the township, also those who no longer take part, by id."""
    rows = session.scalars(select(Person).options(selectinload(Person.vettings)).order_by(Person.kind, Person.name))
    return {row.id: _person(row) for row in rows}


def _person(row: Person) -> PersonFacts:
    clear = [check.valid_through for check in row.vettings if check.result is VettingResult.CLEAR]
    barred = any(check.result is VettingResult.BARRED for check in row.vettings)
    return PersonFacts(
        id=row.id,
        name=row.name,
        name_en=row.name_en,
        kind=row.kind,
        checked_through=None if barred else max(clear, default=None),
        guest=row.guest,
    )


def account_names(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """What accounts are called, by id."""
    wanted = [account_id for account_id in ids if account_id]
    rows = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(wanted)))
    return dict(rows.all())
