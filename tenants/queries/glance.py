"""The county's indicators by month and township: a fixed handful of grouped queries, however many months they are.

Definitions stand beside the numbers on the pages (weibao/indicators.py); they and these queries are to agree. What
holds on a day (open files, categories, risks) is read once and counted for each month's last day; what happens in a
month is counted by the database. No query reads a code, a pseudonym or a name of a child.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, extract, func, or_, select
from sqlalchemy.orm import Session

from tenants.enums import ActivityState, ChildCategory, DutyState, PersonKind, RiskLevel, VisitState
from tenants.models import (
    Activity,
    ActivityRecord,
    Child,
    ChildCategoryPeriod,
    ChildRiskPeriod,
    Duty,
    Person,
    StaffMember,
    StaffPosting,
    TownshipOwned,
    Visit,
)
from tenants.queries import county

NOT_ASSESSED = "none"
RISKS = (*(risk.value for risk in RiskLevel), NOT_ASSESSED)


@dataclass(frozen=True, kw_only=True)
class Month:
    """A calendar month; ``until`` is the first day after it, ``as_of`` its last day or today, whichever is earlier."""

    first: date
    until: date
    as_of: date

    @classmethod
    def of(cls, day: date, today: date) -> "Month":
        """The month of a day."""
        first = day.replace(day=1)
        until = (first + timedelta(days=32)).replace(day=1)
        return cls(first=first, until=until, as_of=min(until - timedelta(days=1), today))

    def before(self, today: date) -> "Month":
        """The month before."""
        return Month.of(self.first - timedelta(days=1), today)

    def year_before(self, today: date) -> "Month":
        """The same month of the year before."""
        return Month.of(self.first.replace(year=self.first.year - 1), today)

    @classmethod
    def last(cls, number: int, today: date) -> "list[Month]":
        """The present month and those before it, so many in all, the oldest first."""
        months = [cls.of(today, today)]
        while len(months) < number:
            months.insert(0, months[0].before(today))
        return months


@dataclass(kw_only=True)
class Counts:
    """A township's numbers of a month."""

    children: int = 0
    categories: Counter[str] = field(default_factory=Counter)
    risks: Counter[str] = field(default_factory=Counter)
    due: int = 0
    done: int = 0
    overdue: int = 0
    activities: int = 0
    heads: int = 0
    came: int = 0
    guardians: int = 0
    unrecorded: int = 0
    volunteers: int = 0
    vetted: int = 0
    minutes: int = 0


Table = Mapping[Month, defaultdict[str, Counts]]
"""Counts by month and township."""


def months(
    session: Session, spans: Sequence[Month], zone: tzinfo, *, parts: frozenset[str] | None = None, township: str = ""
) -> Table:
    """Numbers of some months, in their order, by township: the parts that are asked for, of one township if named.

    Volunteers and their checks have no history and are not among them, see ``month``.
    """
    reading = _Reading(session=session, spans=spans, zone=zone, township=township)
    for name, read in PARTS.items():
        if spans and (parts is None or name in parts):
            read(reading)
    return reading.found


def month(session: Session, span: Month, today: date, zone: tzinfo) -> defaultdict[str, Counts]:
    """Every township's numbers of a month; volunteers and their checks are today's, for they have no history."""
    found = months(session, [span], zone)[span]
    for row in county.townships(session, today, datetime.combine(today, time(), tzinfo=zone)):
        found[row.id].volunteers, found[row.id].vetted = row.figures.volunteers, row.figures.vetted
    return found


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """The days of a township's first file, and of its first visit, activity or duty; None: there is none."""

    files: date | None = None
    work: date | None = None


def beginnings(session: Session, zone: tzinfo) -> defaultdict[str, Beginning]:
    """When each township's numbers begin: before it nothing was counted, which is not the same as none."""
    work: defaultdict[str, list[date]] = defaultdict(list)
    for column in (Visit.due_on, Activity.starts_at, Duty.starts_at):
        owner = column.class_.township_id
        for township, first in session.execute(select(owner, func.min(column)).group_by(owner)):
            work[township].append(first.astimezone(zone).date() if isinstance(first, datetime) else first)
    period = ChildCategoryPeriod
    query = select(period.township_id, func.min(period.from_day)).group_by(period.township_id)
    files: dict[str, date] = {row.township_id: row[1] for row in session.execute(query)}
    found = {one: Beginning(files=files.get(one), work=min(work[one], default=None)) for one in {*work, *files}}
    return defaultdict(Beginning, found)


class _Reading:
    """The months that are read, and what has been found."""

    def __init__(self, *, session: Session, spans: Sequence[Month], zone: tzinfo, township: str) -> None:
        self.session, self.spans, self.zone, self.township = session, spans, zone, township
        self.days = [span.as_of for span in spans]
        self.found: dict[Month, defaultdict[str, Counts]] = {span: defaultdict(Counts) for span in spans}

    def of(self, model: type[TownshipOwned]) -> ColumnElement[bool]:
        """The township that is asked for, or all."""
        return model.township_id == self.township if self.township else model.township_id.is_not(None)

    def standing(self, begun: date, ended: date | None) -> Sequence[Month]:
        """The months on whose day something stands that has begun on a day, and is over on another."""
        until = len(self.days) if ended is None else bisect_left(self.days, ended)
        return self.spans[bisect_left(self.days, begun) : until]

    def moments(self, span: Month) -> tuple[datetime, datetime]:
        """The month's moments, and nothing that has not begun yet."""
        begin, end = (datetime.combine(day, time(), tzinfo=self.zone) for day in (span.first, span.until))
        return begin, min(end, datetime.now(self.zone))

    def within(self, start: Any, end: Any) -> ColumnElement[int]:
        """Which month holds both moments, by its place; none: null."""
        spans = [self.moments(span) for span in self.spans]
        return case(*[(and_(start >= first, end <= last), place) for place, (first, last) in enumerate(spans)])

    def counted(self, rows: Select[*tuple[Any, ...]]) -> Iterator[tuple[Counts, int, Sequence[int]]]:
        """Rows of a township, a month's place and amounts: whose numbers they are, how many, and the sums.

        The month is worked out in a subquery, since PostgreSQL takes the same expression with other parameters for
        another one in GROUP BY.
        """
        inner = rows.subquery()
        township, place, *amounts = inner.c
        sums = [func.sum(amount) for amount in amounts]
        query = select(township, place, func.count(), *sums).where(place.is_not(None)).group_by(township, place)
        for one, at, number, *totals in self.session.execute(query):
            yield self.found[self.spans[at]][one], number, [int(total or 0) for total in totals]


def _begun(reading: _Reading) -> Subquery:
    """Since when each file is open: its first category."""
    period = ChildCategoryPeriod
    query = select(period.township_id, period.child_id, func.min(period.from_day).label("day")).where(
        reading.of(period)
    )
    return query.group_by(period.township_id, period.child_id).subquery()


def _children(reading: _Reading) -> None:
    begun = _begun(reading)
    query = (
        select(Child.township_id, begun.c.day, Child.closed_on, func.count())
        .join(begun, and_(begun.c.township_id == Child.township_id, begun.c.child_id == Child.id))
        .where(reading.of(Child))
        .group_by(Child.township_id, begun.c.day, Child.closed_on)
    )
    for township, day, closed_on, number in reading.session.execute(query):
        for span in reading.standing(day, closed_on):
            reading.found[span][township].children += number


def _risks(reading: _Reading) -> None:
    assessed: defaultdict[str, list[tuple[date, RiskLevel]]] = defaultdict(list)
    risk, begun = ChildRiskPeriod, _begun(reading)
    history = select(risk.child_id, risk.from_day, risk.level).where(reading.of(risk)).order_by(risk.from_day)
    for child, day, level in reading.session.execute(history):
        assessed[child].append((day, level))
    query = (
        select(Child.township_id, Child.id, begun.c.day, Child.closed_on)
        .join(begun, and_(begun.c.township_id == Child.township_id, begun.c.child_id == Child.id))
        .where(reading.of(Child))
    )
    for township, child, since, closed_on in reading.session.execute(query):
        for span in reading.standing(since, closed_on):
            last = bisect_right(assessed[child], span.as_of, key=lambda one: one[0])
            reading.found[span][township].risks[assessed[child][last - 1][1].value if last else NOT_ASSESSED] += 1


def _categories(reading: _Reading) -> None:
    """A child whose periods of one category overlap is counted once."""
    period = ChildCategoryPeriod
    query = (
        select(period.township_id, period.category, period.child_id, period.from_day, period.to_day, Child.closed_on)
        .join(Child, and_(Child.township_id == period.township_id, Child.id == period.child_id))
        .where(reading.of(period))
    )
    seen: defaultdict[tuple[Month, str, str], set[str]] = defaultdict(set)
    for township, kind, child, since, through, closed_on in reading.session.execute(query):
        over = min([*([through + timedelta(1)] if through else []), *([closed_on] if closed_on else [])], default=None)
        for span in reading.standing(since, over):
            seen[span, township, ChildCategory(kind).value].add(child)
    for (span, township, category), children in seen.items():
        reading.found[span][township].categories[category] = len(children)


def _visits(reading: _Reading) -> None:
    """Grouped by days, which an index serves; a day's month is found sooner here than by the database."""
    for counts, number in _by_day(reading, Visit.due_on, Visit.state != VisitState.CANCELLED):
        counts.due += number
    for counts, number in _by_day(reading, Visit.done_on, Visit.state == VisitState.DONE):
        counts.done += number
    _overdue(reading)


def _by_day(reading: _Reading, day: Any, only: ColumnElement[bool]) -> Iterator[tuple[Counts, int]]:
    spans = {(span.first.year, span.first.month): span for span in reading.spans}
    within = reading.of(Visit), day >= reading.spans[0].first, day < reading.spans[-1].until
    query = select(Visit.township_id, day, func.count()).where(only, *within).group_by(Visit.township_id, day)
    for township, one, number in reading.session.execute(query):
        span = spans.get((one.year, one.month))
        if span is not None:
            yield reading.found[span][township], number


def _overdue(reading: _Reading) -> None:
    """Overdue on a month's day: due before it, and not done by it."""
    first, last = reading.days[0], reading.days[-1]
    late = and_(Visit.state == VisitState.DONE, Visit.done_on > first, Visit.done_on > Visit.due_on)
    query = (
        select(Visit.township_id, Visit.due_on, Visit.done_on, func.count())
        .where(reading.of(Visit), Visit.due_on < last, or_(Visit.state == VisitState.DUE, late))
        .group_by(Visit.township_id, Visit.due_on, Visit.done_on)
    )
    for township, due_on, done_on, number in reading.session.execute(query):
        for span in reading.standing(due_on + timedelta(days=1), done_on):
            reading.found[span][township].overdue += number


def _activities(reading: _Reading) -> None:
    place = reading.within(Activity.starts_at, Activity.ends_at)
    record = ActivityRecord
    missing = case((record.id.is_(None), 1), else_=0)
    query = (
        select(Activity.township_id, place, Activity.children_expected, record.children, record.guardians, missing)
        .outerjoin(record, and_(record.township_id == Activity.township_id, record.activity_id == Activity.id))
        .where(reading.of(Activity), Activity.state != ActivityState.CANCELLED)
    )
    for counts, number, (heads, came, guardians, unrecorded) in reading.counted(query):
        counts.activities, counts.heads = number, heads
        counts.came, counts.guardians, counts.unrecorded = came, guardians, unrecorded


def _hours(reading: _Reading) -> None:
    place = reading.within(Duty.starts_at, Duty.ends_at)
    query = (
        select(Duty.township_id, place, extract("epoch", Duty.ends_at) - extract("epoch", Duty.starts_at))
        .join(Person, and_(Person.township_id == Duty.township_id, Person.id == Duty.person_id))
        .where(reading.of(Duty), Person.kind == PersonKind.VOLUNTEER, Duty.state == DutyState.CONFIRMED)
    )
    for counts, _number, (seconds,) in reading.counted(query):
        counts.minutes = seconds // 60


PARTS: dict[str, Callable[[_Reading], None]] = {
    "children": _children,
    "risks": _risks,
    "categories": _categories,
    "visits": _visits,
    "activities": _activities,
    "hours": _hours,
}


def workers(session: Session, spans: Sequence[Month]) -> Mapping[Month, Counter[str]]:
    """Staff of the register under contract who served each township on a month's day, by the moves since."""
    moves: defaultdict[str, list[tuple[date, str | None]]] = defaultdict(list)
    query = select(StaffPosting.staff_id, StaffPosting.from_day, StaffPosting.from_township_id)
    for staff, day, left in session.execute(
        query.where(StaffPosting.begun_at.is_not(None)).order_by(StaffPosting.from_day)
    ):
        moves[staff].append((day, left))
    found: dict[Month, Counter[str]] = {span: Counter() for span in spans}
    for member in session.scalars(select(StaffMember)):
        present = None if member.left else member.township_id
        for span in spans:
            place = next((left for day, left in moves[member.id] if day > span.as_of), present)
            if place and member.contract_on(span.as_of):
                found[span][place] += 1
    return found
