"""What people already do in a roster, and which of it would have to go for them to do one task more."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scheduling.problem import DAY, WEEK_DAYS, Assignment, Person, Problem, Span, Task


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One task that a person does, in minutes from ``start`` to ``end``."""

    start: int
    end: int
    task: Task

    @property
    def day(self) -> int:
        """Day index of the start, by which limits count."""
        return self.start // DAY


class Duties:
    """The tasks of each person in a valid roster, by their starts."""

    def __init__(self, problem: Problem, assignments: Iterable[Assignment]) -> None:
        self.problem = problem
        self.starts: dict[str, int] = {}
        self._of: dict[str, list[Duty]] = defaultdict(list)
        self._sizes: dict[str, int] = {}
        for row in assignments:
            self.add(row)

    def add(self, row: Assignment) -> None:
        """Take a row into account."""
        task = self.problem.task_of[row.task]
        self.starts[row.task] = row.start
        self._sizes[row.task] = len(row.people)
        for seat in row.people:
            mine = self._of[seat.person]
            mine.append(Duty(start=row.start, end=row.start + task.minutes, task=task))
            mine.sort(key=lambda duty: duty.start)

    def of(self, person: str) -> Sequence[Duty]:
        """The person's tasks, by their starts."""
        return self._of.get(person, ())

    def team_size(self, task: str) -> int:
        """People on a served task's team."""
        return self._sizes[task]

    def in_the_way(self, person: Person, task: Task, start: int) -> tuple[str, ...]:
        """Fewest tasks of the person that would have to go so that they could do this one; () if none.

        The start must be one at which the person could do the task alone.
        """
        mine = self.of(person.id)
        if not mine:
            return ()
        going = self.clashing(person, task, start)
        return (*going, *self._over_limits(person, [d for d in mine if d.task.id not in going], task, start))

    def clashing(self, person: Person, task: Task, start: int) -> list[str]:
        """Tasks of the same trip that leave no time for this one and the way to it (R4), the nearest ones first."""
        begin, end = trip_window(person, start, start + task.minutes)
        trip = [duty for duty in self.of(person.id) if begin <= duty.start and duty.end <= end]
        going = []
        for duty in reversed([duty for duty in trip if duty.start <= start]):
            if duty.end + self.problem.travel(duty.task.place, task.place) <= start:
                break
            going.append(duty.task.id)
        for duty in trip:
            if duty.start > start:
                if start + task.minutes + self.problem.travel(task.place, duty.task.place) <= duty.start:
                    break
                going.append(duty.task.id)
        return going

    def _over_limits(self, person: Person, mine: Sequence[Duty], task: Task, start: int) -> list[str]:
        """Fewest tasks to drop to stay within the limits of the day, then of the week (R5): the longest first."""
        going: list[str] = []
        day, week = start // DAY, start // DAY // WEEK_DAYS
        today = sorted((duty for duty in mine if duty.day == day), key=lambda d: d.start - d.end)
        if person.max_tasks_per_day is not None:
            going += [duty.task.id for duty in today[: max(0, len(today) + 1 - person.max_tasks_per_day)]]
        going += _longest_over(today, going, person.max_minutes_per_day, task)
        this_week = sorted((duty for duty in mine if duty.day // WEEK_DAYS == week), key=lambda d: d.start - d.end)
        return going + _longest_over(this_week, going, person.max_minutes_per_week, task)


def trip_window(person: Person, start: int, end: int) -> Span:
    """The availability window that holds these minutes; (start, end) if there is none."""
    return next((span for span in person.availability if span[0] <= start and end <= span[1]), (start, end))


def _longest_over(duties: Sequence[Duty], gone: Sequence[str], limit: int | None, task: Task) -> list[str]:
    """The longest tasks, as many as go over the limit once the task is added; ``gone`` are counted as dropped."""
    if limit is None:
        return []
    kept = [duty for duty in duties if duty.task.id not in gone]
    over = sum(duty.task.minutes for duty in kept) + task.minutes - limit
    going = []
    for duty in kept:
        if over <= 0:
            break
        going.append(duty.task.id)
        over -= duty.task.minutes
    return going
