"""Who is there against what is needed, day by day, before anything is planned."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from scheduling.eligibility import fits_role
from scheduling.problem import DAY, Person, Problem, Role, Span, Task
from tenants.calendar import DayKind
from tenants.spans import merged
from weibao.planning.clock import Clock

ORDER = ("lead", "companion", "specialist", "helper", "first_aid")


@dataclass(frozen=True, kw_only=True)
class Balance:
    """Person-minutes that are free for some work, and that it needs."""

    free: int
    needed: int

    @property
    def is_short(self) -> bool:
        """Whether fewer are free than are needed."""
        return self.free < self.needed


@dataclass(frozen=True, kw_only=True)
class DayBalance:
    """A day's balance in all, and by role; somebody who can fill two roles counts in both, once in all."""

    day: date
    kind: DayKind
    total: Balance
    roles: dict[str, Balance]


@dataclass(frozen=True, kw_only=True)
class Unchecked:
    """Somebody who is free for the work but may not meet children in all of the period.

    ``through`` is the last day of their check within the period, None where they have no valid one at all.
    """

    person: str
    through: date | None


def balance_by_day(problem: Problem, clock: Clock) -> list[DayBalance]:
    """Free and needed person-minutes on each day.

    Free is what people's availability shares with the hours of that day's work, within their limit for a day and with
    a valid check. An activity needs the least of each role on its day; a visit's need is spread evenly over the days
    on which it can be made, by its due day where possible.
    """
    need = _needs(problem)
    return [_day(problem, clock, index, need[index]) for index in range(clock.days)]


def roles_of(problem: Problem) -> list[str]:
    """The ids of all roles, the customary ones first."""
    found = {role.id for task in problem.tasks for role in task.roles}
    return [role for role in ORDER if role in found] + sorted(found - set(ORDER))


def _needs(problem: Problem) -> dict[int, dict[str, float]]:
    need: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for task in problem.tasks:
        days = _days(task)
        for day in days:
            for role in task.roles:
                need[day][role.id] += role.min * task.minutes / len(days)
    return need


def _days(task: Task) -> list[int]:
    days = sorted({opens // DAY for opens, _ in task.windows})
    timely = [day for day in days if task.due is None or day <= task.due]
    return timely or days


def _day(problem: Problem, clock: Clock, index: int, need: dict[str, float]) -> DayBalance:
    today = [task for task in problem.tasks if any(opens // DAY == index for opens, _ in task.windows)]
    hours = merged([span for task in today for span in task.windows if span[0] // DAY == index])
    minutes = {person.id: _free(person, hours, index) for person in problem.people}
    by_role: dict[str, list[Role]] = defaultdict(list)
    for role in {role for task in today for role in task.roles}:
        by_role[role.id].append(role)
    able = {name: {p.id for p in problem.people if _fits(p, kinds)} for name, kinds in by_role.items()}
    day = clock.start + timedelta(days=index)
    everybody = set().union(*able.values())
    return DayBalance(
        day=day,
        kind=clock.calendar.kind(day),
        total=Balance(free=sum(minutes[p] for p in everybody), needed=round(sum(need.values()))),
        roles={
            name: Balance(free=sum(minutes[p] for p in able.get(name, ())), needed=round(need.get(name, 0)))
            for name in roles_of(problem)
        },
    )


def _fits(person: Person, roles: Iterable[Role]) -> bool:
    return any(fits_role(person, role) for role in roles)


def _free(person: Person, hours: Iterable[Span], day: int) -> int:
    if person.vetted_through is None or person.vetted_through < day:
        return 0
    shared = _shared(person, hours)
    return shared if person.max_minutes_per_day is None else min(shared, person.max_minutes_per_day)


def _shared(person: Person, hours: Iterable[Span]) -> int:
    """Minutes that the person's availability has in common with some hours."""
    return sum(
        max(0, min(end, closes) - max(begin, opens)) for begin, end in person.availability for opens, closes in hours
    )


def unchecked(problem: Problem, clock: Clock) -> list[Unchecked]:
    """People who fit some role and are free for some work, but whose check is missing or ends within the period."""
    hours = merged([span for task in problem.tasks for span in task.windows])
    roles = {role for task in problem.tasks for role in task.roles}
    found = []
    for person in problem.people:
        last = person.vetted_through
        if (last is None or last < clock.days - 1) and _fits(person, roles) and _shared(person, hours):
            through = None if last is None else clock.start + timedelta(days=last)
            found.append(Unchecked(person=person.id, through=through))
    return found
