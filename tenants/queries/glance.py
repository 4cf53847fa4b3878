"""The county's indicators of a month by township: a fixed handful of grouped queries. Counts alone, no child's row.

Definitions stand beside the numbers on the page (weibao/views/glance.py); they and these queries are to agree.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from tenants.enums import ActivityState, ChildCategory, DutyState, PersonKind, RiskLevel, VisitState
from tenants.models import Activity, Child, ChildCategoryPeriod, ChildRiskPeriod, Duty, Person, Visit
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
    volunteers: int = 0
    vetted: int = 0
    minutes: int = 0


def month(session: Session, span: Month, today: date, zone: tzinfo) -> defaultdict[str, Counts]:
    """Every township's numbers of a month; volunteers and their checks are today's, for they have no history."""
    found: defaultdict[str, Counts] = defaultdict(Counts)
    _children(session, span, found)
    _visits(session, span, found)
    _activities(session, span, found, zone)
    _volunteers(session, today, zone, found)
    _hours(session, span, found, zone)
    return found


def _open_on(day: date) -> tuple[object, ...]:
    """An open file on a day: in a category by then, and not closed by then."""
    begun = select(ChildCategoryPeriod.child_id).where(ChildCategoryPeriod.from_day <= day)
    return or_(Child.closed_on.is_(None), Child.closed_on > day), Child.id.in_(begun)


def _children(session: Session, span: Month, found: defaultdict[str, Counts]) -> None:
    day, period, risk = span.as_of, ChildCategoryPeriod, ChildRiskPeriod
    levels = dict(
        session.execute(select(risk.child_id, risk.level).where(risk.from_day <= day).order_by(risk.from_day)).all()
    )
    for township, child in session.execute(select(Child.township_id, Child.id).where(*_open_on(day))):  # type: ignore[arg-type]
        level = levels.get(child)
        found[township].children += 1
        found[township].risks[level.value if level else NOT_ASSESSED] += 1
    query = (
        select(period.township_id, period.category, func.count(period.child_id.distinct()))
        .join(Child, and_(Child.township_id == period.township_id, Child.id == period.child_id))
        .where(period.from_day <= day, or_(period.to_day.is_(None), period.to_day >= day))
        .where(or_(Child.closed_on.is_(None), Child.closed_on > day))
    )
    for township, category, count in session.execute(query.group_by(period.township_id, period.category)):
        found[township].categories[ChildCategory(category).value] = count


def _visits(session: Session, span: Month, found: defaultdict[str, Counts]) -> None:
    in_month = and_(Visit.due_on >= span.first, Visit.due_on < span.until, Visit.state != VisitState.CANCELLED)
    done = and_(Visit.state == VisitState.DONE, Visit.done_on >= span.first, Visit.done_on < span.until)
    late = and_(
        Visit.due_on < span.as_of,
        or_(Visit.state == VisitState.DUE, and_(Visit.state == VisitState.DONE, Visit.done_on > span.as_of)),
    )
    query = select(
        Visit.township_id, func.count().filter(in_month), func.count().filter(done), func.count().filter(late)
    ).where(or_(in_month, done, late))
    for township, due, made, overdue in session.execute(query.group_by(Visit.township_id)):
        found[township].due, found[township].done, found[township].overdue = due, made, overdue


def _span(span: Month, zone: tzinfo) -> tuple[datetime, datetime]:
    """The month's moments, and nothing that has not begun yet."""
    begin, end = (datetime.combine(day, time(), tzinfo=zone) for day in (span.first, span.until))
    return begin, min(end, datetime.now(zone))


def _activities(session: Session, span: Month, found: defaultdict[str, Counts], zone: tzinfo) -> None:
    begin, end = _span(span, zone)
    query = (
        select(Activity.township_id, func.count(), func.sum(Activity.children_expected))
        .where(Activity.state != ActivityState.CANCELLED, Activity.starts_at >= begin, Activity.ends_at <= end)
        .group_by(Activity.township_id)
    )
    for township, count, heads in session.execute(query):
        found[township].activities, found[township].heads = count, heads or 0


def _volunteers(session: Session, today: date, zone: tzinfo, found: defaultdict[str, Counts]) -> None:
    for row in county.townships(session, today, datetime.combine(today, time(), tzinfo=zone)):
        found[row.id].volunteers, found[row.id].vetted = row.figures.volunteers, row.figures.vetted


def _hours(session: Session, span: Month, found: defaultdict[str, Counts], zone: tzinfo) -> None:
    begin, end = _span(span, zone)
    query = (
        select(Duty.township_id, Duty.starts_at, Duty.ends_at)
        .join(Person, and_(Person.township_id == Duty.township_id, Person.id == Duty.person_id))
        .where(Person.kind == PersonKind.VOLUNTEER, Duty.state == DutyState.CONFIRMED)
        .where(Duty.starts_at >= begin, Duty.ends_at <= end)
    )
    for township, starts_at, ends_at in session.execute(query):
        found[township].minutes += int((ends_at - starts_at).total_seconds()) // 60
