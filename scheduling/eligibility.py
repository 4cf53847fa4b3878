"""Who could do a task, every other task put aside: the ranges of starts at which a person could fill a seat.

This is the "looked at alone" of the reasons (FORMAT, "Roster"); the audit has its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice

from scheduling.problem import DAY, DEDICATED_SERVICES, Person, PersonKind, Problem, Role, Span, Task


class Eligibility:
    """People of a problem by what roles ask for."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._qualified: dict[tuple[frozenset[PersonKind], frozenset[str]], tuple[Person, ...]] = {}

    def qualified(self, role: Role) -> tuple[Person, ...]:
        """People of one of the role's kinds with all of its skills."""
        key = (role.kinds, role.skills)
        if key not in self._qualified:
            self._qualified[key] = tuple(p for p in self.problem.people if fits_role(p, role))
        return self._qualified[key]

    def candidates(self, task: Task) -> "Candidates":
        """The people who could do the task alone."""
        return Candidates(self, task)


class Candidates:
    """Who could do one task alone, and from when to when it could start with them."""

    def __init__(self, eligibility: Eligibility, task: Task) -> None:
        self.task = task
        self._eligibility = eligibility
        self._windows = sorted(task.windows)
        self._ranges: dict[str, tuple[Span, ...]] = {}

    def ranges(self, person: Person) -> tuple[Span, ...]:
        """The [earliest, latest] ranges of starts, in minutes, at which nothing but a role could forbid the seat."""
        if person.id not in self._ranges:
            able = may_do(person, self.task)
            found = _ranges(self._eligibility.problem, self.task, self._windows, person) if able else ()
            self._ranges[person.id] = tuple(found)
        return self._ranges[person.id]

    def able(self, role: Role) -> Iterator[Person]:
        """People who could fill the role at some start."""
        return (person for person in self._eligibility.qualified(role) if self.ranges(person))

    @cached_property
    def able_by_role(self) -> dict[str, tuple[Person, ...]]:
        """People who could fill each role at some start, by the role's id."""
        return {role.id: tuple(self.able(role)) for role in self.task.roles}

    def few(self, most: int) -> "Candidates":
        """Only the first ``most`` able people of each role: enough to say yes for most tasks, and much sooner."""
        few = Candidates(self._eligibility, self.task)
        few._ranges = self._ranges
        few.able_by_role = {role.id: tuple(islice(self.able(role), most)) for role in self.task.roles}
        return few

    def enough(self, role: Role) -> bool:
        """True if the role's min could be found, each person looked at alone."""
        able = self.able(role)
        return all(next(able, None) is not None for _ in range(role.min))

    def here(self, start: int) -> dict[str, list[Person]]:
        """People who could fill each role at this start."""
        return {
            role: [person for person in able if within(start, self.ranges(person))]
            for role, able in self.able_by_role.items()
        }

    def first_starts(self) -> list[int]:
        """The earliest starts of all ranges, ascending: if a team can come together at all, it can at one of these.

        A feasible start can be moved back to the latest of its people's earliest starts and stays feasible.
        """
        everyone = {person.id: person for able in self.able_by_role.values() for person in able}
        return sorted({first for person in everyone.values() for first, _ in self.ranges(person)})


def start_ranges(problem: Problem, task: Task, person: Person) -> tuple[Span, ...]:
    """The [earliest, latest] ranges of starts, in minutes, at which nothing but a role could forbid the seat."""
    return tuple(_ranges(problem, task, sorted(task.windows), person)) if may_do(person, task) else ()


def _ranges(problem: Problem, task: Task, windows: Sequence[Span], person: Person) -> Iterator[Span]:
    """Availability and windows are sorted and disjoint, so one pass over both meets every pair that overlaps."""
    out, back = problem.travel(person.base, task.place), problem.travel(task.place, person.base)
    last = last_vetted_start(person, task)
    i = j = 0
    while i < len(person.availability) and j < len(windows):
        (begin, end), (opens, closes) = person.availability[i], windows[j]
        earliest, latest = max(opens, begin + out), min(closes, end - back) - task.minutes
        latest = latest if last is None else min(latest, last)
        if earliest <= latest:
            yield earliest, latest
        if end <= closes:
            i += 1
        else:
            j += 1


def fits_role(person: Person, role: Role) -> bool:
    """True if the person is of one of the role's kinds and has all of its skills."""
    return person.kind in role.kinds and role.skills <= person.skills


def may_do(person: Person, task: Task) -> bool:
    """False if the person is barred, dedicated to other services, never vetted, or a limit is below this one task."""
    if task.id in person.barred_tasks or (person.dedicated and task.service not in DEDICATED_SERVICES):
        return False
    if task.with_children and person.vetted_through is None:
        return False
    limits = ((person.max_tasks_per_day, 1), (person.max_minutes_per_day, task.minutes))
    return all(most is None or most >= n for most, n in (*limits, (person.max_minutes_per_week, task.minutes)))


def last_vetted_start(person: Person, task: Task) -> int | None:
    """Last minute at which the task may start with this person on the team; None: no matter, or never vetted."""
    if not task.with_children or person.vetted_through is None:
        return None
    return (person.vetted_through + 1) * DAY - 1


def within(start: int, ranges: Iterable[Span]) -> bool:
    """True if the start lies in one of the ranges, both ends included."""
    return any(first <= start <= last for first, last in ranges)
