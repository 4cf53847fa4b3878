"""Rules that one person's tasks can break together: R4 (trips) and R5 (limits). Also the minutes travelled."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from scheduling.audit.rows import known_seats, served_rows
from scheduling.audit.violation import Violation
from scheduling.problem import DAY, WEEK_DAYS, Assignment, Person, Problem, Span, Task
from scheduling.rules import RuleId


@dataclass(frozen=True, kw_only=True)
class Job:
    """One task of one person."""

    start: int
    task: Task

    @property
    def end(self) -> int:
        """Minute at which the person is free again."""
        return self.start + self.task.minutes


@dataclass(frozen=True, kw_only=True)
class Leg:
    """One way of a trip; ``task`` None: back to base. ``ready`` is the minute of leaving, ``due`` of arriving."""

    minutes: int
    ready: int
    due: int
    task: str | None
    before: str | None


def person_violations(problem: Problem, assignments: tuple[Assignment, ...]) -> Iterator[Violation]:
    """What is wrong with each person's tasks."""
    for name, jobs in jobs_of(problem, assignments).items():
        person = problem.person_of[name]
        yield from _availability(person, jobs)
        yield from _travel(problem, person, jobs)
        yield from _limits(person, jobs)


def travelled(problem: Problem, assignments: tuple[Assignment, ...]) -> dict[str, int]:
    """Minutes of travel of each person who has a task, over all trips, base to base."""
    return {
        name: sum(leg.minutes for leg in legs_of(problem, problem.person_of[name], jobs))
        for name, jobs in jobs_of(problem, assignments).items()
    }


def jobs_of(problem: Problem, assignments: tuple[Assignment, ...]) -> dict[str, list[Job]]:
    """Each person's tasks in the order of their starts."""
    jobs: dict[str, list[Job]] = defaultdict(list)
    for row in served_rows(problem, assignments).values():
        task = problem.task_of[row.task]
        for person, _ in known_seats(problem, task, row):
            jobs[person.id].append(Job(start=row.start, task=task))
    for mine in jobs.values():
        mine.sort(key=lambda job: (job.start, job.end))
    return jobs


def _trip_of(person: Person, job: Job) -> Span | None:
    return next((span for span in person.availability if span[0] <= job.start and job.end <= span[1]), None)


def legs_of(problem: Problem, person: Person, jobs: list[Job]) -> Iterator[Leg]:
    """The ways of all of a person's trips, in minutes; a task outside every availability window belongs to none."""
    trips: dict[Span, list[Job]] = defaultdict(list)
    for job in jobs:
        span = _trip_of(person, job)
        if span is not None:
            trips[span].append(job)
    for (begin, end), trip in trips.items():
        place, free, before = person.base, begin, None
        for job in trip:
            minutes = problem.travel(place, job.task.place)
            yield Leg(minutes=minutes, ready=free, due=job.start, task=job.task.id, before=before)
            place, free, before = job.task.place, job.end, job.task.id
        yield Leg(minutes=problem.travel(place, person.base), ready=free, due=end, task=None, before=before)


def _availability(person: Person, jobs: list[Job]) -> Iterator[Violation]:
    """R4_availability: each task lies in one availability window."""
    for job in jobs:
        if _trip_of(person, job) is None:
            yield Violation(rule=RuleId.AVAILABILITY, person=person.id, task=job.task.id, minute=job.start)


def _travel(problem: Problem, person: Person, jobs: list[Job]) -> Iterator[Violation]:
    """R4_travel, R4_return: time for each way, from base to the first task and from the last one back to base."""
    for leg in legs_of(problem, person, jobs):
        arrival = leg.ready + leg.minutes
        if arrival > leg.due:
            rule = RuleId.RETURN if leg.task is None else RuleId.TRAVEL
            task, other = (leg.before, None) if leg.task is None else (leg.task, leg.before)
            yield Violation(rule=rule, person=person.id, task=task, other=other, limit=leg.due, actual=arrival)


def _limits(person: Person, jobs: list[Job]) -> Iterator[Violation]:
    """R5_day_minutes, R5_week_minutes, R5_day_tasks: by the day of the start; travel is not counted."""
    limits = (
        (RuleId.DAY_MINUTES, person.max_minutes_per_day, 1, True),
        (RuleId.WEEK_MINUTES, person.max_minutes_per_week, WEEK_DAYS, True),
        (RuleId.DAY_TASKS, person.max_tasks_per_day, 1, False),
    )
    for rule, limit, days, by_minutes in limits:
        used: dict[int, int] = defaultdict(int)
        for job in jobs:
            used[job.start // DAY // days * days] += job.task.minutes if by_minutes else 1
        for day, amount in used.items():
            if limit is not None and amount > limit:
                yield Violation(rule=rule, person=person.id, day=day, limit=limit, actual=amount)
