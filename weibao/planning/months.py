"""What somebody's own limits let a plan give them: duties a month, and none on less notice than they need.

The problem's format has limits by day and by week and none by month (FORMAT, "A person"). So a run keeps the greatest
number by windows and barred tasks (rules 4 and 6): whoever got more keeps the most pressing of them, and the run goes
on without the rest. What somebody holds already, or is pinned to, stays theirs first.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling import problem as p
from tenants.enums import DutyState
from tenants.models import Duty, Person
from weibao.planning.clock import Clock

Month = date
"""A month by its first day."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Somebody's own limits: days of notice, duties a month as wished and at most."""

    notice: int
    wish: int | None
    most: int | None


@dataclass(frozen=True, kw_only=True, order=True)
class Over:
    """Somebody with more duties in a month than ``limit``."""

    month: Month
    person: str
    number: int
    limit: int


@dataclass(frozen=True, kw_only=True)
class Months:
    """The limits of a period's people, and what they hold in its months outside of what is planned."""

    clock: Clock
    limits: Mapping[str, Limits] = field(default_factory=dict)
    outside: Mapping[tuple[str, Month], int] = field(default_factory=Counter)

    @property
    def is_capped(self) -> bool:
        """Whether anybody has a greatest number."""
        return any(limits.most is not None for limits in self.limits.values())

    def month(self, minute: int) -> Month:
        """The month of a minute of the period."""
        return (self.clock.start + timedelta(days=minute // p.DAY)).replace(day=1)

    def counts(self, rows: Sequence[p.Assignment]) -> Counter[tuple[str, Month]]:
        """Duties by person and month: those of a plan, and those outside of it."""
        planned = Counter((seat.person, self.month(row.start)) for row in rows for seat in row.people)
        return Counter({key: number + self.outside.get(key, 0) for key, number in planned.items()})

    def over_most(self, rows: Sequence[p.Assignment]) -> list[Over]:
        """Who has more than they take at most."""
        return self._over(rows, {who: one.most for who, one in self.limits.items()})

    def over_wish(self, rows: Sequence[p.Assignment]) -> list[Over]:
        """Who has more than they wish, though not more than they take."""
        wishes = {
            who: one.wish
            for who, one in self.limits.items()
            if one.wish is not None and (one.most is None or one.wish < one.most)
        }
        return self._over(rows, wishes)

    def _over(self, rows: Sequence[p.Assignment], limits: Mapping[str, int | None]) -> list[Over]:
        found = (
            Over(month=month, person=who, number=number, limit=limit)
            for (who, month), number in self.counts(rows).items()
            if (limit := limits.get(who)) is not None and number > limit
        )
        return sorted(found)

    def too_soon(self, before: Sequence[p.Assignment], rows: Sequence[p.Assignment], today: date) -> list[p.Seat]:
        """Seats that rows give and rows before did not, on less notice than their holders need."""
        had = {(row.task, seat.person) for row in before for seat in row.people}
        return [
            seat
            for row in rows
            for seat in row.people
            if (row.task, seat.person) not in had
            and seat.person in self.limits
            and self.clock.start + timedelta(days=row.start // p.DAY) < self._from(seat.person, today)
        ]

    def _from(self, person: str, today: date) -> date:
        return today + timedelta(days=self.limits[person].notice)

    def with_notice(self, problem: p.Problem, today: date) -> p.Problem:
        """The problem for a run of this day: nobody gets a task on less notice than they need."""
        if not any(limits.notice for limits in self.limits.values()):
            return problem
        return replace(problem, people=tuple(self._noticed(problem, person, today) for person in problem.people))

    def _noticed(self, problem: p.Problem, person: p.Person, today: date) -> p.Person:
        limits = self.limits.get(person.id)
        border = self.clock.day(self._from(person.id, today)) * p.DAY if limits and limits.notice else 0
        if border <= 0:
            return person
        mine = _held(problem, person.id)
        days = {minute // p.DAY for task in mine for minute in _minutes(problem, task, person.id)}
        free = tuple(span for span in person.availability if span[0] >= border or span[0] // p.DAY in days)
        soon = {task.id for task in problem.tasks if any(opens < border for opens, _closes in task.windows)}
        tight = {task for task in soon if _opens_on(problem.task_of[task], days)}
        return replace(person, availability=free, barred_tasks=person.barred_tasks | (tight - mine))

    def capped(self, problem: p.Problem, rows: Sequence[p.Assignment], *, strict: bool = False) -> p.Problem | None:
        """The problem that gives less to those who got too many; None where nobody did.

        In the months that are too full they keep the days of the tasks that they keep, and no task of these months
        alone. ``strict``: whoever has a greatest number keeps what they have at most, at its time, and nothing else,
        so that nobody can go over it.
        """
        over = self.over_most(rows)
        if not over:
            return None
        if strict:
            return self._strict(problem, rows)
        full = defaultdict[str, set[Month]](set)
        for one in over:
            full[one.person].add(one.month)
        people = (self._narrowed(problem, rows, one, full[one.id]) if one.id in full else one for one in problem.people)
        return replace(problem, people=tuple(people))

    def _narrowed(
        self, problem: p.Problem, rows: Sequence[p.Assignment], person: p.Person, full: set[Month]
    ) -> p.Person:
        kept = [row for month in full for row in self._kept(problem, rows, person.id, month)]
        days = {row.start // p.DAY for row in kept}
        mine = {row.task for row in kept} | _pinned(problem, person.id)
        free = (span for span in person.availability if self.month(span[0]) not in full or span[0] // p.DAY in days)
        alone = {task.id for task in problem.tasks if self._months_of(task) <= full}
        return replace(person, availability=tuple(free), barred_tasks=person.barred_tasks | (alone - mine))

    def _strict(self, problem: p.Problem, rows: Sequence[p.Assignment]) -> p.Problem:
        months = {self.month(row.start) for row in rows}
        limited = [who for who, one in self.limits.items() if one.most is not None]
        kept = {who: [row for month in months for row in self._kept(problem, rows, who, month)] for who in limited}
        tasks = frozenset(task.id for task in problem.tasks)
        barred = {who: tasks - {row.task for row in mine} - _pinned(problem, who) for who, mine in kept.items()}
        starts = {row.task: row.start for mine in kept.values() for row in mine}
        people = (replace(one, barred_tasks=one.barred_tasks | barred.get(one.id, set())) for one in problem.people)
        return replace(problem, people=tuple(people), pins=_held_in_time(problem.pins, starts))

    def _months_of(self, task: p.Task) -> set[Month]:
        return {self.month(opens) for opens, _closes in task.windows}

    def closed(self, problem: p.Problem, rows: Sequence[p.Assignment]) -> p.Problem:
        """The problem as it is beside rows: who has the greatest number in a month is asked for nothing else in it."""
        if not self.is_capped:
            return problem
        planned = Counter((seat.person, self.month(row.start)) for row in rows for seat in row.people)
        mine = {(seat.person, row.task) for row in rows for seat in row.people}
        barred = defaultdict[str, set[str]](set)
        for month in set().union(*(self._months_of(task) for task in problem.tasks)):
            for who, limits in self.limits.items():
                number = planned[who, month] + self.outside.get((who, month), 0)
                if limits.most is not None and number >= limits.most:
                    barred[who] |= {task for task in self._in_month(problem, month) if (who, task) not in mine}
        people = (replace(one, barred_tasks=one.barred_tasks | barred[one.id]) for one in problem.people)
        return replace(problem, people=tuple(people))

    def _in_month(self, problem: p.Problem, month: Month) -> set[str]:
        return {task.id for task in problem.tasks if month in self._months_of(task)}

    def _kept(self, problem: p.Problem, rows: Sequence[p.Assignment], who: str, month: Month) -> list[p.Assignment]:
        """The rows of a month that somebody keeps: what is pinned or published first, then what presses most."""
        most = self.limits[who].most or 0
        room = max(0, most - self.outside.get((who, month), 0))
        pinned, held = _pinned(problem, who), _held(problem, who)
        mine = [
            row for row in rows if self.month(row.start) == month and any(seat.person == who for seat in row.people)
        ]

        def rank(row: p.Assignment) -> tuple[bool, bool, int, int, str]:
            weight = problem.task_of[row.task].priority.weight
            return row.task not in pinned, row.task not in held, -weight, row.start, row.task

        return sorted(mine, key=rank)[:room]


def _pinned(problem: p.Problem, person: str) -> set[str]:
    return {pin.task for pin in problem.pins if any(seat.person == person for seat in pin.people)}


def _held_in_time(pins: Sequence[p.Pin], starts: Mapping[str, int]) -> tuple[p.Pin, ...]:
    """Pins, and with them the times of some tasks."""
    pinned = {pin.task: pin for pin in pins}
    for task, start in starts.items():
        pinned[task] = replace(pinned.get(task) or p.Pin(task=task), start=start)
    return tuple(pinned.values())


def _held(problem: p.Problem, person: str) -> set[str]:
    """What somebody is pinned to or holds from a published roster."""
    published = {row.task for row in problem.published if any(seat.person == person for seat in row.people)}
    return published | _pinned(problem, person)


def _minutes(problem: p.Problem, task: str, person: str) -> list[int]:
    """The minutes at which a task of somebody may begin: as published, else as its windows let it."""
    starts = [row.start for row in problem.published if row.task == task]
    return starts or [opens for opens, _closes in problem.task_of[task].windows]


def _opens_on(task: p.Task, days: set[int]) -> bool:
    return any(opens // p.DAY in days for opens, _closes in task.windows)


def months_of(session: Session, clock: Clock, tasks: Sequence[str]) -> Months:
    """The limits of the active people, and what they hold beside some tasks in the months that a period touches."""
    query = select(Person.id, Person.notice_days, Person.month_wish, Person.month_most).where(Person.active)
    limits = {
        who: Limits(notice=notice, wish=wish, most=most)
        for who, notice, wish, most in session.execute(query)
        if notice or wish is not None or most is not None
    }
    return Months(clock=clock, limits=limits, outside=_outside(session, clock, limits, set(tasks)))


def _outside(
    session: Session, clock: Clock, limits: Mapping[str, Limits], tasks: set[str]
) -> Counter[tuple[str, Month]]:
    if not limits:
        return Counter()
    first, last = span_of(clock)
    query = select(Duty).where(
        Duty.state == DutyState.CONFIRMED, Duty.starts_at >= first, Duty.starts_at < last, Duty.person_id.in_(limits)
    )
    held = (duty for duty in session.scalars(query) if duty.task_id not in tasks)
    return Counter((duty.person_id, month_at(duty.starts_at, clock)) for duty in held)


def month_at(moment: datetime, clock: Clock) -> Month:
    """The month of a time, on the county's clock."""
    return moment.astimezone(clock.zone).date().replace(day=1)


def span_of(clock: Clock) -> tuple[datetime, datetime]:
    """From the beginning of the first month that a period touches to the end of the last one."""
    after = ((clock.end - timedelta(days=1)).replace(day=1) + timedelta(days=32)).replace(day=1)
    return clock.moment(clock.day(clock.start.replace(day=1)) * p.DAY), clock.moment(clock.day(after) * p.DAY)


def full_months(session: Session, clock: Clock) -> frozenset[tuple[str, Month]]:
    """Who takes no more duties in which month, by what they hold."""
    months = months_of(session, clock, ())
    limits = months.limits
    return frozenset(
        (who, month)
        for who in limits
        if (most := limits[who].most) is not None
        for month in _months_touched(clock)
        if months.outside.get((who, month), 0) >= most
    )


def _months_touched(clock: Clock) -> set[Month]:
    return {(clock.start + timedelta(days=index)).replace(day=1) for index in range(clock.days)}
