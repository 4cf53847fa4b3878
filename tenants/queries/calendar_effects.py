"""What a new version of the holidays or terms would do before it is kept: which days change, and what stands on them.

A changed day changes the hours in which households can be visited, and with them the time that the staff has for it;
an activity with children may come to lie on a school day; a planned holiday may lose its days. Due days follow the
visit rules alone, so no visit falls due on another day. Counts alone: nothing here names a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.calendar import CountyCalendar, DayKind, Table
from tenants.models import County, HolidayPlan, Township
from tenants.queries.calendar import calendar_of
from tenants.queries.day_stock import DueVisit, Slot, Stock, stock_of
from tenants.queries.visit_hours import free_staff, hours_on, length

Days = Mapping[date, tuple[DayKind, DayKind]]
"""What each changed day is, before and after."""


@dataclass(frozen=True, kw_only=True)
class ChangedDay:
    """A day that would become a school day or a free one; ``minutes`` of visiting hours, before and after."""

    day: date
    before: DayKind
    after: DayKind
    minutes: tuple[int, int]
    visits: int
    activities: int
    duties: int


@dataclass(frozen=True, kw_only=True)
class TownshipEffect:
    """What stands in a township on the days that change.

    ``due`` visits fall due on them and ask for ``due_minutes`` of the smallest teams; ``planned`` ones have a place
    there in a roster or a draft, ``outside`` of them beyond the new visiting hours. ``at_school`` of the ``activities``
    are with children, on what becomes a school day. ``plans`` are planned holidays whose days are no longer the
    table's. ``free`` is the staff's time within the visiting hours, in minutes, before and after.
    """

    township_id: str
    due: int
    due_minutes: int
    planned: int
    outside: int
    activities: int
    at_school: int
    duties: int
    duty_minutes: int
    plans: int
    free: tuple[int, int]

    @property
    def stands(self) -> bool:
        """Whether anything is due, planned or published on the days."""
        return any((self.due, self.planned, self.activities, self.duties, self.plans))


@dataclass(frozen=True, kw_only=True)
class CalendarEffect:
    """Every day that changes, in order, and every township, by name."""

    days: Sequence[ChangedDay]
    townships: Sequence[TownshipEffect]


def effect_of(session: Session, county_id: str, new: Table, *, today: date, most: int = 400) -> CalendarEffect:
    """What a version would do from today on, in the townships that the session reads.

    Parameters
    ----------
    new : the version as it would be kept.
    most : days looked at, from today.

    """
    county = session.scalars(select(County).where(County.id == county_id)).one()
    before = calendar_of(session, county_id)
    after = CountyCalendar(tables=(*before.tables, new))
    ahead = [today + timedelta(days=number) for number in range(most)]
    days = {day: (before.kind(day), after.kind(day)) for day in ahead if before.kind(day) is not after.kind(day)}
    stock = stock_of(session, days.keys(), ZoneInfo(county.timezone))
    free = free_staff(session, county, days, today)
    plans = _lost_plans(session, before, after, today)
    order = select(Township.id).where(Township.county_id == county_id).order_by(Township.name, Township.id)
    return CalendarEffect(
        days=[_changed(county, day, days[day], stock) for day in days],
        townships=[
            _township(county, row, days, stock, plans=plans.count(row), free=free.get(row, (0, 0)))
            for row in session.scalars(order)
        ],
    )


def _changed(county: County, day: date, kinds: tuple[DayKind, DayKind], stock: Stock) -> ChangedDay:
    def on(rows: Iterable[Slot | DueVisit]) -> int:
        return sum(row.day == day for row in rows)

    before, after = kinds
    return ChangedDay(
        day=day,
        before=before,
        after=after,
        minutes=(length(hours_on(county, before)), length(hours_on(county, after))),
        visits=on(stock.due),
        activities=on(stock.activities),
        duties=on(stock.duties),
    )


def _township(
    county: County, township: str, days: Days, stock: Stock, *, plans: int, free: tuple[int, int]
) -> TownshipEffect:
    def outside(slot: Slot) -> bool:
        hours = hours_on(county, days[slot.day][1])
        return not any(opens <= slot.begin and slot.end <= closes for opens, closes in hours)

    due = [visit for visit in stock.due if visit.township == township]
    visits, activities, duties = (_of(rows, township) for rows in (stock.visits, stock.activities, stock.duties))
    return TownshipEffect(
        township_id=township,
        due=len(due),
        due_minutes=sum(visit.minutes for visit in due),
        planned=len({slot.visit for slot in visits}),
        outside=len({slot.visit for slot in visits if outside(slot)}),
        activities=len(activities),
        at_school=sum(slot.with_children and days[slot.day][1] is DayKind.SCHOOL for slot in activities),
        duties=len(duties),
        duty_minutes=sum(slot.minutes for slot in duties),
        plans=plans,
        free=free,
    )


def _of(slots: Iterable[Slot], township: str) -> list[Slot]:
    return [slot for slot in slots if slot.township == township]


def _lost_plans(session: Session, before: CountyCalendar, after: CountyCalendar, today: date) -> list[str]:
    """The townships of planned holidays that are not over and stand in the table as it is, but not as it would be."""
    query = select(HolidayPlan).where(HolidayPlan.withdrawn_at.is_(None), HolidayPlan.last >= today)
    plans = session.scalars(query)
    return [plan.township_id for plan in plans if _stands(plan, before, today) and not _stands(plan, after, today)]


def _stands(plan: HolidayPlan, calendar: CountyCalendar, today: date) -> bool:
    """Whether the table has the plan's days as one holiday, on its first day from today on and on its last."""
    own = (plan.kind, plan.first, plan.last)
    days = max(plan.first, today), plan.last
    return all(any((s.kind, s.first, s.last) == own for s in calendar.spans_on(day)) for day in days)
