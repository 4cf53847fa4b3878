"""What somebody's weekly limit leaves at home in a week in which they are lent to a neighbour.

The neighbour's duties are not read: the lent time counts as served there, as far as the limit lets the neighbour give
it (tenants/services/guests.py leaves it what is not held at home), so that both together never go over the limit.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling import problem as p
from tenants.enums import DutyState
from tenants.models import Duty, Lending, Person
from tenants.queries.lendings import WAY
from weibao.planning.clock import Clock

Weeks = Mapping[int, int]
"""Minutes by the place of a week in the period."""


@dataclass(frozen=True, kw_only=True)
class WeekLimit:
    """A weekly limit for the period, and the weeks in which nothing of it is left."""

    minutes: int
    closed: frozenset[int]

    def on(self, person: p.Person) -> p.Person:
        """The person with it: nowhere to be had in the closed weeks."""
        free = tuple(span for span in person.availability if span[0] // (p.WEEK_DAYS * p.DAY) not in self.closed)
        return replace(person, availability=free, max_minutes_per_week=self.minutes)


def week_limits(session: Session, clock: Clock, people: Iterable[Person]) -> dict[str, WeekLimit]:
    """The limits of those of a township's own people who are lent in a period, by their ids."""
    limits = {row.id: row.max_minutes_per_week for row in people if row.max_minutes_per_week and not row.guest}
    lent = _lent(session, clock, limits)
    held = _held(session, clock, lent)
    return {who: _limit(limits[who] or 0, weeks, held[who]) for who, weeks in lent.items()}


def _limit(most: int, lent: Weeks, held: Weeks) -> WeekLimit:
    """The least that a lent week leaves, but no less than what is held already.

    The scheduler knows one limit for all weeks: a week that is used up is closed, so that it takes nothing from others.
    """
    left = {week: max(most - minutes, held.get(week, 0), 0) for week, minutes in lent.items()}
    least = min((minutes for minutes in left.values() if minutes), default=most)
    closed = frozenset(week for week, minutes in left.items() if not minutes)
    return WeekLimit(minutes=max([least, *held.values()]), closed=closed)


def _lent(session: Session, clock: Clock, people: Iterable[str]) -> dict[str, dict[int, int]]:
    """Lent minutes by person and week: of loans that have begun, to their last day or the day on which they ended."""
    found: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    query = select(Lending).where(
        Lending.person_id.in_(list(people)),
        Lending.begun_at.is_not(None),
        Lending.from_day < clock.end,
        Lending.to_day >= clock.start,
    )
    for lending in session.scalars(query):
        last = lending.to_day
        if lending.closed_at is not None:
            last = min(last, lending.closed_at.astimezone(clock.zone).date())
        first = max(lending.from_day, clock.start)
        for number in range((min(last, clock.end - timedelta(days=1)) - first).days + 1):
            week = clock.day(first + timedelta(days=number)) // p.WEEK_DAYS
            found[lending.person_id or ""][week] += _minutes(lending)
    return {who: dict(weeks) for who, weeks in found.items()}


def _minutes(lending: Lending) -> int:
    """Of a day of the loan, without the way to an activity and back."""
    way = 2 * WAY if lending.activity_id is not None else 0
    return max(0, lending.to_minute - lending.from_minute - way)


def _held(session: Session, clock: Clock, people: Iterable[str]) -> defaultdict[str, defaultdict[int, int]]:
    """Minutes that people hold at home, by person and week."""
    found: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    query = select(Duty.person_id, Duty.starts_at, Duty.ends_at).where(
        Duty.person_id.in_(list(people)),
        Duty.state == DutyState.CONFIRMED,
        Duty.starts_at >= clock.moment(0),
        Duty.starts_at < clock.moment(clock.days * p.DAY),
    )
    for who, begin, end in session.execute(query):
        week = clock.minute(begin) // p.DAY // p.WEEK_DAYS
        found[who][week] += int((end - begin).total_seconds()) // 60
    return found
