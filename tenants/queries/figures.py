"""A township's work by week, village, person and household: pure reads, a fixed number of queries each.

Definitions stand beside the figures on the page (templates/figures/page.html); they and these queries are to agree.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from tenants.enums import DutyState, PersonKind, VisitState
from tenants.models import Activity, Attendance, Child, Duty, FamiliarPerson, Home, Person, Village, Visit

WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Weeks:
    """Whole weeks; ``first`` is a Monday."""

    first: date
    number: int

    @classmethod
    def over(cls, since: date, until: date) -> "Weeks":
        """The weeks that hold the days from ``since`` to ``until``."""
        first = since - timedelta(days=since.weekday())
        return cls(first=first, number=(until - first).days // 7 + 1)

    @property
    def until(self) -> date:
        """The first day after them."""
        return self.first + self.number * WEEK

    @property
    def last(self) -> date:
        """The last day, a Sunday."""
        return self.until - timedelta(days=1)

    def __iter__(self) -> Iterator[date]:
        """The Mondays."""
        return (self.first + index * WEEK for index in range(self.number))

    def monday_of(self, day: date) -> date:
        """The Monday of a day."""
        return day - timedelta(days=day.weekday())

    def as_of(self, today: date) -> date:
        """The day on which they are looked at: their last one, or today."""
        return min(self.last, today)

    def moments(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Their first moment, and the first one after them."""
        begin, end = (datetime.combine(day, time(), tzinfo=zone) for day in (self.first, self.until))
        return begin, end


@dataclass(frozen=True, kw_only=True)
class VillageVisits:
    """A village's visits of the weeks."""

    village: Village
    done: int = 0
    due: int = 0
    overdue: int = 0


@dataclass(frozen=True, kw_only=True)
class HeldDuty:
    """One duty in the weeks: whose, when, and in which village."""

    person_id: str
    starts_at: datetime
    minutes: int
    village_id: str
    base_village_id: str | None


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody who was on duty in the weeks, or could have been."""

    id: str
    name: str
    name_en: str
    kind: PersonKind


@dataclass(frozen=True, kw_only=True)
class Household:
    """A household's visits that were done: how many, by known people, and how many different people came.

    ``visits`` counts those of which it is known who came; ``untold`` the others.
    """

    child_id: str
    case_code: str
    village: str
    village_en: str
    visits: int
    known: int
    faces: int
    untold: int


def _late(day: date) -> ColumnElement[bool]:
    """Due before a day, and not done by the end of it."""
    open_then = or_(Visit.state == VisitState.DUE, and_(Visit.state == VisitState.DONE, Visit.done_on > day))
    return and_(Visit.due_on < day, open_then)


def village_visits(session: Session, weeks: Weeks, today: date) -> list[VillageVisits]:
    """Every village with its visits done in the weeks, still due in them, and overdue at their end or today."""
    day = weeks.as_of(today)
    done = and_(Visit.state == VisitState.DONE, Visit.done_on >= weeks.first, Visit.done_on < weeks.until)
    not_done = or_(Visit.state == VisitState.DUE, and_(Visit.state == VisitState.DONE, Visit.done_on > day))
    due = and_(Visit.due_on >= max(day, weeks.first), Visit.due_on < weeks.until, not_done)
    query = (
        select(Child.village_id, func.count().filter(done), func.count().filter(due), func.count().filter(_late(day)))
        .join(Visit, and_(Visit.township_id == Child.township_id, Visit.child_id == Child.id))
        .group_by(Child.village_id)
    )
    found = {village: (made, waiting, late) for village, made, waiting, late in session.execute(query)}
    villages = session.scalars(select(Village).order_by(Village.name))
    return [
        VillageVisits(village=village, done=made, due=waiting, overdue=late)
        for village in villages
        for made, waiting, late in (found.get(village.id, (0, 0, 0)),)
    ]


def overdue_by_week(session: Session, weeks: Weeks, today: date) -> list[tuple[date, int]]:
    """Visits overdue at the end of each week (its Sunday), and today for the running one; weeks to come have none.

    Visits that were called off are left out: the day on which they were is not kept.
    """
    days = [min(monday + timedelta(days=6), today) for monday in weeks if monday <= today]
    if not days:
        return []
    wanted = and_(Visit.due_on < days[-1], or_(Visit.state == VisitState.DUE, Visit.done_on > days[0]))
    query = select(Visit.due_on, Visit.done_on).where(wanted, Visit.state != VisitState.CANCELLED)
    rows = session.execute(query).all()
    return [(day, sum(due < day and (done is None or done > day) for due, done in rows)) for day in days]


def _came() -> ColumnElement[bool]:
    """A duty that holds, and that nobody has noted as missed."""
    missed = select(Attendance.id).where(
        Attendance.township_id == Duty.township_id, Attendance.duty_id == Duty.id, Attendance.no_show
    )
    return and_(Duty.state == DutyState.CONFIRMED, ~missed.exists())


def held_duties(session: Session, weeks: Weeks, zone: tzinfo) -> list[HeldDuty]:
    """The published duties that begin in the weeks, by time; those noted as missed are left out."""
    begin, end = weeks.moments(zone)
    query = (
        select(
            Duty.person_id,
            Duty.starts_at,
            Duty.ends_at,
            func.coalesce(Child.village_id, Home.village_id),
            Person.base_village_id,
        )
        .join(Person, and_(Person.township_id == Duty.township_id, Person.id == Duty.person_id))
        .outerjoin(Visit, and_(Visit.township_id == Duty.township_id, Visit.id == Duty.visit_id))
        .outerjoin(Child, and_(Child.township_id == Duty.township_id, Child.id == Visit.child_id))
        .outerjoin(Activity, and_(Activity.township_id == Duty.township_id, Activity.id == Duty.activity_id))
        .outerjoin(Home, and_(Home.township_id == Duty.township_id, Home.id == Activity.home_id))
        .where(_came(), Duty.starts_at >= begin, Duty.starts_at < end)
        .order_by(Duty.starts_at, Duty.id)
    )
    return [
        HeldDuty(
            person_id=person,
            starts_at=starts_at,
            minutes=int((ends_at - starts_at).total_seconds()) // 60,
            village_id=village,
            base_village_id=base,
        )
        for person, starts_at, ends_at, village, base in session.execute(query)
    ]


def members(session: Session, also: Iterable[str]) -> list[Member]:
    """Everybody active, and some others by their ids, by name."""
    query = select(Person.id, Person.name, Person.name_en, Person.kind)
    rows = session.execute(query.where(or_(Person.active, Person.id.in_(set(also)))).order_by(Person.name, Person.id))
    return [Member(**row._mapping) for row in rows]


def households(session: Session, weeks: Weeks) -> list[Household]:
    """Each household that was visited in the weeks.

    A visit was made by somebody who knew the household if one of its team is named as familiar, is the child director
    of its village, or had made an earlier visit to it.
    """
    children = _visited(session, weeks)
    teams, familiar, directors = _teams(session, weeks, children), _familiar(session), _directors(session)
    found = []
    for child, (code, village_id, village, village_en) in children.items():
        known_to = familiar[child] | directors[village_id]
        before, faces, counts = set[str](), set[str](), [0, 0, 0]
        for done_on, team in teams[child]:
            if done_on >= weeks.first:
                place = 2 if not team else int(not team.isdisjoint(known_to | before))
                counts[place] += 1
                faces |= team
            before |= team
        strange, known, untold = counts
        found.append(
            Household(
                child_id=child,
                case_code=code,
                village=village,
                village_en=village_en,
                visits=strange + known,
                known=known,
                faces=len(faces),
                untold=untold,
            )
        )
    return sorted(found, key=lambda row: (-row.faces, row.case_code))


def _visited(session: Session, weeks: Weeks) -> dict[str, tuple[str, str, str, str]]:
    """Code and village of each child that was visited in the weeks."""
    query = (
        select(Child.id, Child.case_code, Child.village_id, Village.name, Village.name_en)
        .join(Visit, and_(Visit.township_id == Child.township_id, Visit.child_id == Child.id))
        .join(Village, and_(Village.township_id == Child.township_id, Village.id == Child.village_id))
        .where(Visit.state == VisitState.DONE, Visit.done_on >= weeks.first, Visit.done_on < weeks.until)
        .distinct()
    )
    return {
        child: (code, village_id, name, name_en) for child, code, village_id, name, name_en in session.execute(query)
    }


def _teams(session: Session, weeks: Weeks, children: Iterable[str]) -> defaultdict[str, list[tuple[date, set[str]]]]:
    """The visits of each child that were done before the weeks' end, in order, each with who came."""
    came = and_(Duty.township_id == Visit.township_id, Duty.visit_id == Visit.id, _came())
    query = (
        select(Visit.child_id, Visit.id, Visit.done_on, Duty.person_id)
        .outerjoin(Duty, came)
        .where(Visit.state == VisitState.DONE, Visit.done_on < weeks.until, Visit.child_id.in_(list(children)))
        .order_by(Visit.done_on, Visit.id)
    )
    visits: defaultdict[str, dict[str, tuple[date, set[str]]]] = defaultdict(dict)
    for child, visit, done_on, person in session.execute(query):
        _day, team = visits[child].setdefault(visit, (done_on or weeks.first, set()))
        team |= {person} if person else set()
    return defaultdict(list, {child: list(rows.values()) for child, rows in visits.items()})


def _familiar(session: Session) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for child, person in session.execute(select(FamiliarPerson.child_id, FamiliarPerson.person_id)):
        found[child].add(person)
    return found


def _directors(session: Session) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    query = select(Person.base_village_id, Person.id).where(Person.kind == PersonKind.CHILD_DIRECTOR, Person.active)
    for village, person in session.execute(query):
        found[village or ""].add(person)
    return found
