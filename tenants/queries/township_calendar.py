"""What stands in a township's calendar: visits and activities of some days; of a child the case code alone."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from tenants.enums import ActivityState, DutyState, RosterState, VisitState
from tenants.models import Activity, Assignment, Child, Duty, Home, Roster, Visit, utc_now


class ItemState(StrEnum):
    """How far something in the calendar is."""

    DUE = "due"
    PLANNED = "planned"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class CalendarItem:
    """A visit or an activity; ``roster_id`` and ``revision`` name the draft in which it stands, if any.

    A visit that is due and not in any roster has a day (``due_on``) and no times.
    """

    task_id: str
    state: ItemState
    village_id: str
    case_code: str = ""
    child_id: str = ""
    title: str = ""
    title_en: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    due_on: date | None = None
    roster_id: str = ""
    revision: int = 0
    people: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_visit(self) -> bool:
        """Whether it is a visit."""
        return bool(self.case_code)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the calendar is narrowed by; empty: not at all."""

    village_id: str = ""
    person_id: str = ""
    state: ItemState | None = None

    def keeps(self, item: CalendarItem) -> bool:
        """Whether an item is shown."""
        return (
            (not self.village_id or item.village_id == self.village_id)
            and (not self.person_id or self.person_id in item.people)
            and (self.state is None or item.state is self.state)
        )


def is_empty(session: Session) -> bool:
    """Whether the township has no visit and no activity at all, of whatever time."""
    return not any(session.scalar(select(model.id).limit(1)) for model in (Visit, Activity))


def items(session: Session, begin: datetime, end: datetime, wanted: Wanted) -> list[CalendarItem]:
    """Everything from ``begin`` on and before ``end``, both on the county's clock.

    A draft's place counts before the published one where that is over or lies in the draft's own period: elsewhere
    people go on holding it, whatever another draft proposes.
    """
    found = {item.task_id: item for item in _published(session, begin, end)}
    for item in _drafted(session, begin, end):
        held = found.get(item.task_id)
        same = held is not None and held.starts_at == item.starts_at and held.state is ItemState.PUBLISHED
        found[item.task_id] = _with(item, state=ItemState.PUBLISHED if same else item.state)
    placed = set(found)
    for item in (*_activities(session, begin, end), *_visits(session, begin, end)):
        if item.task_id not in placed or item.state in {ItemState.CANCELLED, ItemState.DONE}:
            found[item.task_id] = _with(item, like=found.get(item.task_id))
    rows = [item for item in found.values() if wanted.keeps(item)]
    return sorted(rows, key=lambda item: (str(item.starts_at or item.due_on), item.task_id))


def _with(item: CalendarItem, *, state: ItemState | None = None, like: CalendarItem | None = None) -> CalendarItem:
    """An item in another state, or with the time and the people of one that stands in a roster."""
    values = vars(item) | ({"state": state} if state else {})
    if like is not None:
        values |= {"starts_at": like.starts_at, "ends_at": like.ends_at, "people": like.people, "due_on": None}
    return CalendarItem(**values)


def _drafted(session: Session, begin: datetime, end: datetime) -> Iterable[CalendarItem]:
    query = (
        select(Assignment, Roster)
        .join(Roster, (Roster.id == Assignment.roster_id) & (Roster.township_id == Assignment.township_id))
        .where(Roster.state == RosterState.DRAFT, Assignment.starts_at >= begin, Assignment.starts_at < end)
        .order_by(Roster.starts_on.desc())
        .options(*_task_loads(Assignment), selectinload(Assignment.seats))
    )
    rows = session.execute(query).all()
    promised = _promised(session, [row.task_id for row, _roster in rows], begin.tzinfo)
    for row, roster in rows:
        if all(roster.starts_on <= day <= roster.ends_on for day in promised[row.task_id]):
            people = frozenset(seat.person_id for seat in row.seats)
            yield _item(row, ItemState.PROPOSED, people, roster_id=roster.id, revision=roster.revision)


def _promised(session: Session, tasks: Collection[str], zone: tzinfo | None) -> dict[str, set[date]]:
    """The days on which people hold some tasks from now on, by task."""
    days = defaultdict[str, set[date]](set)
    query = select(Duty).where(Duty.state == DutyState.CONFIRMED, Duty.ends_at > utc_now())
    for duty in session.scalars(query.where(or_(Duty.visit_id.in_(tasks), Duty.activity_id.in_(tasks)))):
        days[duty.task_id].add(duty.starts_at.astimezone(zone).date())
    return days


def _published(session: Session, begin: datetime, end: datetime) -> Iterable[CalendarItem]:
    query = select(Duty).where(Duty.state == DutyState.CONFIRMED, Duty.starts_at >= begin, Duty.starts_at < end)
    teams: dict[str, list[Duty]] = defaultdict(list)
    for duty in session.scalars(query.options(*_task_loads(Duty))):
        teams[duty.task_id].append(duty)
    for duties in teams.values():
        yield _item(duties[0], ItemState.PUBLISHED, frozenset(duty.person_id for duty in duties))


def _task_loads(model: type[Assignment] | type[Duty]) -> tuple[ExecutableOption, ...]:
    return (
        joinedload(model.visit).joinedload(Visit.child),
        joinedload(model.activity).joinedload(Activity.home),
    )


def _item(
    row: Assignment | Duty, state: ItemState, people: frozenset[str], *, roster_id: str = "", revision: int = 0
) -> CalendarItem:
    village = row.visit.child.village_id if row.visit else row.activity.home.village_id if row.activity else ""
    return CalendarItem(
        task_id=row.task_id,
        state=state,
        village_id=village,
        case_code=row.visit.child.case_code if row.visit else "",
        child_id=row.visit.child_id if row.visit else "",
        title=row.activity.title if row.activity else "",
        title_en=row.activity.title_en if row.activity else "",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        roster_id=roster_id,
        revision=revision,
        people=people,
    )


_OF_ACTIVITY = {
    ActivityState.PLANNED: ItemState.PLANNED,
    ActivityState.HELD: ItemState.DONE,
    ActivityState.CANCELLED: ItemState.CANCELLED,
}


def _activities(session: Session, begin: datetime, end: datetime) -> Iterable[CalendarItem]:
    query = (
        select(Activity, Home.village_id)
        .join(Home, (Home.id == Activity.home_id) & (Home.township_id == Activity.township_id))
        .where(Activity.starts_at >= begin, Activity.starts_at < end)
    )
    for row, village in session.execute(query):
        yield CalendarItem(
            task_id=row.id,
            state=_OF_ACTIVITY[row.state],
            village_id=village,
            title=row.title,
            title_en=row.title_en,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )


def _visits(session: Session, begin: datetime, end: datetime) -> Iterable[CalendarItem]:
    """Visits due in the days that no roster has, and visits done in them."""
    first, last = begin.date(), end.date()
    held = select(Duty.visit_id).where(Duty.state == DutyState.CONFIRMED, Duty.visit_id.is_not(None))
    drafted = (
        select(Assignment.visit_id)
        .join(Roster, (Roster.id == Assignment.roster_id) & (Roster.township_id == Assignment.township_id))
        .where(Roster.state == RosterState.DRAFT, Assignment.visit_id.is_not(None))
    )
    due = (Visit.state == VisitState.DUE) & Visit.id.not_in(held) & Visit.id.not_in(drafted)
    days = due & (Visit.due_on >= first) & (Visit.due_on < last)
    done = (Visit.state == VisitState.DONE) & (Visit.done_on >= first) & (Visit.done_on < last)
    query = select(Visit, Child).join(Child, (Child.id == Visit.child_id) & (Child.township_id == Visit.township_id))
    for visit, child in session.execute(query.where(days | done)):
        yield CalendarItem(
            task_id=visit.id,
            state=ItemState.DUE if visit.state is VisitState.DUE else ItemState.DONE,
            village_id=child.village_id,
            case_code=child.case_code,
            child_id=child.id,
            due_on=visit.due_on if visit.state is VisitState.DUE else visit.done_on,
        )
