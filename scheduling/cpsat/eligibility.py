"""Who could do what and when, each task looked at alone: the seats and stays that the models choose from."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from scheduling.cpsat.travel import shortest_ways
from scheduling.problem import DAY, DEDICATED_SERVICES, Assignment, Person, Problem, Role, Seat, Span, Task


def kind_fits(person: Person, _: Task, role: Role) -> bool:
    """R2_kind: the person's post is one of the role's kinds."""
    return person.kind in role.kinds


def skills_fit(person: Person, _: Task, role: Role) -> bool:
    """R2_skill: the person has every skill of the role."""
    return role.skills <= person.skills


def not_barred(person: Person, task: Task, _: Role) -> bool:
    """R6_barred: nobody does a task that is barred to them."""
    return task.id not in person.barred_tasks


def not_diverted(person: Person, task: Task, _: Role) -> bool:
    """R7_dedicated: dedicated staff do child protection and social work alone (notice 3.2)."""
    return not person.dedicated or task.service in DEDICATED_SERVICES


SEAT_RULES: tuple[Callable[[Person, Task, Role], bool], ...] = (kind_fits, skills_fit, not_barred, not_diverted)


@dataclass(frozen=True, kw_only=True)
class Stay:
    """One person at one task, in one availability window, started on one day, within ``starts`` (inclusive ranges)."""

    person: str
    window: int
    task: str
    day: int
    starts: tuple[Span, ...]


def vetted_starts(person: Person, task: Task) -> Span:
    """R3_vetting: with children, the start's day is at most the last day of the person's vetting."""
    if not task.with_children:
        return (0, 1 << 40)
    return (0, -1) if person.vetted_through is None else (0, (person.vetted_through + 1) * DAY - 1)


def overlap(one: Iterable[Span], other: Span) -> tuple[Span, ...]:
    """The ranges of ``one`` cut to ``other``, empty ones dropped."""
    cut = ((max(first, other[0]), min(last, other[1])) for first, last in one)
    return tuple((first, last) for first, last in cut if first <= last)


def by_day(ranges: Iterable[Span]) -> Iterator[tuple[int, tuple[Span, ...]]]:
    """The ranges of starts, split by the day of the start."""
    ranges = tuple(ranges)
    for day in sorted({day for first, last in ranges for day in range(first // DAY, last // DAY + 1)}):
        yield day, overlap(ranges, (day * DAY, day * DAY + DAY - 1))


class Eligibility:
    """Every seat and stay that a problem allows, one task at a time.

    ``frozen`` tasks keep exactly the start and the team that they have in it. Travel to and from the base is the
    shortest way over other places: where the matrix breaks the triangle inequality, a task on the way may help.
    """

    def __init__(self, problem: Problem, frozen: Mapping[str, Assignment] | None = None) -> None:
        self.problem = problem
        self.frozen = frozen or {}
        self._pinned = {pin.task: pin.start for pin in problem.pins if pin.start is not None}

    @cached_property
    def shortest(self) -> tuple[tuple[int, ...], ...]:
        """Travel minutes closed under detours, in the order of ``problem.places``."""
        return shortest_ways(self.problem)

    def reach(self, origin: str, destination: str) -> int:
        """Least travel minutes between two places, other places on the way allowed."""
        index = self.problem.place_index
        return self.shortest[index[origin]][index[destination]]

    def task_starts(self, task: Task) -> tuple[Span, ...]:
        """R1_window: the starts that keep the task inside one of its windows (and R10_pin: the pinned one)."""
        ranges = tuple((opening, closing - task.minutes) for opening, closing in task.windows)
        fixed = self.frozen[task.id].start if task.id in self.frozen else self._pinned.get(task.id)
        return overlap(ranges, (0, 1 << 40) if fixed is None else (fixed, fixed))

    @cached_property
    def seats(self) -> tuple[tuple[str, Seat], ...]:
        """Every (task, seat) that the rules on a person and a role allow and for which a stay exists."""
        able = {(stay.person, stay.task) for stay in self.stays}
        return tuple((task, seat) for task, seat in self._allowed if (seat.person, task) in able)

    @cached_property
    def _allowed(self) -> tuple[tuple[str, Seat], ...]:
        return tuple(
            (task.id, Seat(person=person.id, role=role.id))
            for task in self.problem.tasks
            for role in task.roles
            for person in self.problem.people
            if self._may_sit(person, task, role)
        )

    def _may_sit(self, person: Person, task: Task, role: Role) -> bool:
        if task.id in self.frozen and Seat(person=person.id, role=role.id) not in self.frozen[task.id].people:
            return False
        return all(rule(person, task, role) for rule in SEAT_RULES)

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        """Every stay that the times and limits allow, in the order of tasks and people."""
        pairs = dict.fromkeys((task, seat.person) for task, seat in self._allowed)
        return tuple(
            stay
            for task, person in pairs
            for stay in self._stays_of(self.problem.person_of[person], self.problem.task_of[task])
        )

    def _stays_of(self, person: Person, task: Task) -> Iterator[Stay]:
        limits = (person.max_minutes_per_day, person.max_minutes_per_week)
        if any(limit is not None and limit < task.minutes for limit in limits) or person.max_tasks_per_day == 0:
            return
        starts = overlap(self.task_starts(task), vetted_starts(person, task))
        out, back = self.reach(person.base, task.place), self.reach(task.place, person.base)
        for window, (begin, end) in enumerate(person.availability):
            for day, ranges in by_day(overlap(starts, (begin + out, end - back - task.minutes))):
                yield Stay(person=person.id, window=window, task=task.id, day=day, starts=ranges)
