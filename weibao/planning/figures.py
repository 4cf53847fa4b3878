"""Weeks as the planner sees them: hours there are against hours needed, and minutes on the road."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduling.eligibility import fits_role
from scheduling.problem import DAY, Person, Role, Span
from tenants.enums import ActivityState, VisitState
from tenants.models import Activity, Visit
from tenants.queries.figures import HeldDuty, Weeks
from tenants.spans import merged
from weibao.planning.clock import Clock, clock_for, county_of
from weibao.planning.people import people_of
from weibao.planning.roads import SEAT, places_of
from weibao.planning.tasks import as_role, roles_in, visit_windows


@dataclass(frozen=True, kw_only=True)
class WeekBalance:
    """Person-minutes of a week: free ones, and those that its visits and its activities need."""

    monday: date
    free: int
    visits: int
    activities: int

    @property
    def needed(self) -> int:
        """Of visits and activities together."""
        return self.visits + self.activities

    @property
    def is_short(self) -> bool:
        """Whether fewer are free than are needed."""
        return self.free < self.needed


@dataclass(frozen=True, kw_only=True)
class _Work:
    """What lies in the weeks: needs by Monday, the roles asked for, the hours of activities by day index."""

    visits: dict[date, int]
    activities: dict[date, int]
    roles: frozenset[Role]
    hours: dict[int, list[Span]]


def balance_by_week(session: Session, township_id: str, weeks: Weeks) -> list[WeekBalance]:
    """Each week's balance.

    A visit, done or not, needs the least team of its rule in the week of its due day; an activity in that of its day.
    Free is what the availability of people who fit some role of this work shares with visiting hours and with the
    hours of activities, within their limits for a day and for a week and with a valid check. Availability and checks
    are today's: they have no history.
    """
    county = county_of(session, township_id)
    clock = clock_for(session, county, weeks.first, 7 * weeks.number)
    work = _work(session, clock, weeks)
    hours: dict[int, list[Span]] = defaultdict(list)
    for span in visit_windows(county, clock, 0):
        hours[span[0] // DAY].append(span)
    open_hours = {day: merged([*hours[day], *work.hours.get(day, ())]) for day in range(clock.days)}
    people = [p for p in people_of(session, clock, ()) if any(fits_role(p, role) for role in work.roles)]
    each = [_free(person, open_hours) for person in people]
    free = [sum(minutes[week] for minutes in each) for week in range(weeks.number)]
    return [
        WeekBalance(
            monday=monday, free=minutes, visits=work.visits.get(monday, 0), activities=work.activities.get(monday, 0)
        )
        for monday, minutes in zip(weeks, free, strict=True)
    ]


def _work(session: Session, clock: Clock, weeks: Weeks) -> _Work:
    visits, activities, roles = defaultdict[date, int](int), defaultdict[date, int](int), set[Role]()
    query = select(Visit.due_on, Visit.minutes, Visit.roles).where(
        Visit.state != VisitState.CANCELLED, Visit.due_on >= weeks.first, Visit.due_on < weeks.until
    )
    for due_on, minutes, asked in session.execute(query):
        team = [as_role(role) for role in asked]
        roles |= set(team)
        visits[weeks.monday_of(due_on)] += minutes * sum(role.min for role in team)
    hours: dict[int, list[Span]] = defaultdict(list)
    for activity in _activities(session, clock):
        begin, end = clock.minute(activity.starts_at), clock.minute(activity.ends_at)
        team = list(roles_in(activity))
        roles |= set(team)
        day = clock.start + timedelta(days=begin // DAY)
        activities[weeks.monday_of(day)] += (end - begin) * sum(role.min for role in team)
        hours[begin // DAY].append((begin, end))
    return _Work(visits=visits, activities=activities, roles=frozenset(roles), hours=hours)


def _activities(session: Session, clock: Clock) -> Sequence[Activity]:
    begin, end = clock.moment(0), clock.moment(clock.days * DAY)
    query = select(Activity).where(
        Activity.state != ActivityState.CANCELLED, Activity.starts_at >= begin, Activity.starts_at < end
    )
    return session.scalars(query.options(selectinload(Activity.roles))).all()


def _free(person: Person, hours: dict[int, list[Span]]) -> list[int]:
    """A person's free minutes in each week."""
    mine: dict[int, list[Span]] = defaultdict(list)
    for span in person.availability:
        mine[span[0] // DAY].append(span)
    last = -1 if person.vetted_through is None else person.vetted_through
    days = [_shared(mine[day], hours[day]) if day <= last else 0 for day in range(len(hours))]
    most = person.max_minutes_per_day
    days = days if most is None else [min(most, minutes) for minutes in days]
    weeks = [sum(days[begin : begin + 7]) for begin in range(0, len(days), 7)]
    limit = person.max_minutes_per_week
    return weeks if limit is None else [min(limit, minutes) for minutes in weeks]


def _shared(some: Iterable[Span], others: Sequence[Span]) -> int:
    """Minutes that two sets of spans have in common; each set is disjoint."""
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in some for b in others)


def travel_by_week(session: Session, township_id: str, weeks: Weeks, duties: Iterable[HeldDuty]) -> dict[date, int]:
    """Person-minutes on the road in each week, by the planner's road model.

    The ways of a person's day count as one trip: from their village, or the seat, from place to place, and back.
    """
    county = county_of(session, township_id)
    zone = clock_for(session, county, weeks.first, 1).zone
    places, matrix = places_of(session, county, township_id)
    index = {place.id: number for number, place in enumerate(places)}
    trips: dict[tuple[str, date], list[HeldDuty]] = defaultdict(list)
    for duty in sorted(duties, key=lambda duty: duty.starts_at):
        trips[duty.person_id, duty.starts_at.astimezone(zone).date()].append(duty)
    found = dict.fromkeys(weeks, 0)
    for (_person, day), trip in trips.items():
        base = trip[0].base_village_id or SEAT
        stops = [index[stop] for stop in (base, *(duty.village_id for duty in trip), base)]
        found[weeks.monday_of(day)] += sum(matrix[a][b] for a, b in pairwise(stops))
    return found
