"""What keeps one person from a seat of a task: the first rule that stops them, with its numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace

from scheduling.duties import Duties, Duty
from scheduling.eligibility import fits_role, last_vetted_start, start_ranges
from scheduling.problem import DAY, DEDICATED_SERVICES, WEEK_DAYS, Person, Problem, Role, Span, Task
from scheduling.reasons import broken_gap
from scheduling.rules import RuleId

ORDER = (
    None,
    RuleId.AFTER,
    RuleId.TRAVEL,
    RuleId.DAY_TASKS,
    RuleId.DAY_MINUTES,
    RuleId.WEEK_MINUTES,
    RuleId.AVAILABILITY,
    RuleId.VETTING,
    RuleId.SKILL,
    RuleId.BARRED,
    RuleId.DEDICATED,
    RuleId.KIND,
)
"""From the candidate who is nearest to coming (None: could come) to the one who is farthest."""


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """The first rule that stops a person; only what the rule needs is given.

    ``minute`` is the start that was looked at, ``day`` a day index.

    - None: nothing stops them at ``minute``; others of the team are missing.
    - R9_after: they could only come at a start that breaks the gap to task ``other``.
    - R4_travel: busy with task ``other`` from ``since`` until ``until`` (minutes), the way included or not.
    - R5: would do ``actual`` of ``limit`` minutes or tasks; ``other`` is the task that fills it, if one does.
    - R4_availability: on ``day`` their time is ``missing`` minutes too short; without ``missing``: away that day;
      without ``day``: away on all days of the task.
    - R3_vetting: needed through ``day``, ``limit`` is the last day of their check (None: never vetted).
    - R2_skill: lacks ``skills``. R2_kind, R6_barred, R7_dedicated: nothing more to say.
    """

    rule: RuleId | None
    person: str
    minute: int | None = None
    day: int | None = None
    other: str | None = None
    since: int | None = None
    until: int | None = None
    limit: int | None = None
    actual: int | None = None
    missing: int | None = None
    skills: tuple[str, ...] = ()

    @property
    def distance(self) -> tuple[int, int]:
        """For ranking: how far the person is from coming, by rule and then by minutes, days or skills."""
        amount = self.missing if self.missing is not None else DAY
        if self.rule is RuleId.VETTING:
            amount = self.day - self.limit if self.limit is not None and self.day is not None else DAY
        return ORDER.index(self.rule), amount + len(self.skills)

    def to_json(self) -> dict[str, object]:
        """The fields that say something; ``rule`` always stands."""
        values = {f.name: getattr(self, f.name) for f in fields(self)} | {"skills": list(self.skills)}
        given = {name: value for name, value in values.items() if value is not None and value != []}
        return given | {"rule": self.rule.value if self.rule else None}


def obstacle(problem: Problem, duties: Duties, task: Task, role: Role, person: Person) -> Obstacle:
    """The first rule that stops the person from filling the role, in the order in which a planner would ask."""
    found = _unfit(task, role, person) or _own_limit(task, person)
    if found is not None:
        return found
    ranges = start_ranges(problem, task, person)
    if not ranges:
        return _vetting(problem, task, person) or _availability(problem, task, person)
    return _duty(problem, duties, task, person, ranges)


def _unfit(task: Task, role: Role, person: Person) -> Obstacle | None:
    if person.kind not in role.kinds:
        return Obstacle(rule=RuleId.KIND, person=person.id)
    if not fits_role(person, role):
        return Obstacle(rule=RuleId.SKILL, person=person.id, skills=tuple(sorted(role.skills - person.skills)))
    if task.id in person.barred_tasks:
        return Obstacle(rule=RuleId.BARRED, person=person.id)
    if person.dedicated and task.service not in DEDICATED_SERVICES:
        return Obstacle(rule=RuleId.DEDICATED, person=person.id)
    return None


def _own_limit(task: Task, person: Person) -> Obstacle | None:
    """A limit below this one task."""
    for rule, limit, amount in _limits(person, task):
        if limit is not None and limit < amount:
            return Obstacle(rule=rule, person=person.id, limit=limit, actual=amount)
    return None


def _limits(person: Person, task: Task) -> tuple[tuple[RuleId, int | None, int], ...]:
    return (
        (RuleId.DAY_TASKS, person.max_tasks_per_day, 1),
        (RuleId.DAY_MINUTES, person.max_minutes_per_day, task.minutes),
        (RuleId.WEEK_MINUTES, person.max_minutes_per_week, task.minutes),
    )


def _vetting(problem: Problem, task: Task, person: Person) -> Obstacle | None:
    """A check that ended, where the person could come otherwise; ``day`` is the first one on which they could."""
    if not task.with_children:
        return None
    forever = replace(person, vetted_through=problem.horizon.days)
    last = last_vetted_start(person, task)
    days = [max(first, last + 1 if last is not None else 0) // DAY for first, _ in start_ranges(problem, task, forever)]
    if not days:
        return None
    return Obstacle(rule=RuleId.VETTING, person=person.id, day=min(days), limit=person.vetted_through)


def _availability(problem: Problem, task: Task, person: Person) -> Obstacle:
    """How many minutes are missing in the person's window nearest to one of the task's, on the same day."""
    near = [gap for gap in gaps(problem, task, person) if gap[1] // DAY == gap[2][0] // DAY]
    if near:
        missing, start, _ = min(near)
        return Obstacle(rule=RuleId.AVAILABILITY, person=person.id, day=start // DAY, minute=start, missing=missing)
    days = {opens // DAY for opens, _ in task.windows}
    return Obstacle(rule=RuleId.AVAILABILITY, person=person.id, day=days.pop() if len(days) == 1 else None)


def gaps(problem: Problem, task: Task, person: Person) -> Iterator[tuple[int, int, Span]]:
    """Minutes missing, the start for which fewest are, and the window, for each pair of windows of task and person."""
    out, back = problem.travel(person.base, task.place), problem.travel(task.place, person.base)
    for opens, closes in task.windows:
        for begin, end in person.availability:
            start = min(max(begin + out, opens), closes - task.minutes)
            yield max(0, begin - (start - out)) + max(0, start + task.minutes + back - end), start, (begin, end)


def _duty(problem: Problem, duties: Duties, task: Task, person: Person, ranges: Iterable[Span]) -> Obstacle:
    """What the person already does, at the start where that is least."""
    starts = _own_starts(problem, duties, task, person, ranges)
    ways = {start: duties.in_the_way(person, task, start) for start in starts}
    start = min(starts, key=lambda s: (len(ways[s]), len(broken_gap(task, duties, s)), s))
    if not ways[start]:
        broken = broken_gap(task, duties, start)
        rule = RuleId.AFTER if broken else None
        return Obstacle(rule=rule, person=person.id, minute=start, other=broken[0] if broken else None)
    return _busy(duties, task, person, start, ways[start])


def _own_starts(problem: Problem, duties: Duties, task: Task, person: Person, ranges: Iterable[Span]) -> list[int]:
    """First starts of the person's ranges, after each of their duties, and after the gap to the predecessor."""
    free = [duty.end + problem.travel(duty.task.place, task.place) for duty in duties.of(person.id)]
    if task.after is not None and task.after.task in duties.starts:
        free.append(duties.starts[task.after.task] + task.after.min_gap)
    spans = list(ranges)
    return sorted({first for first, _ in spans} | {s for s in free if any(a <= s <= b for a, b in spans)})


def _busy(duties: Duties, task: Task, person: Person, start: int, way: tuple[str, ...]) -> Obstacle:
    clashing = duties.clashing(person, task, start)
    mine = {duty.task.id: duty for duty in duties.of(person.id)}
    if clashing:
        other = mine[clashing[0]]
        return Obstacle(
            rule=RuleId.TRAVEL, person=person.id, minute=start, other=other.task.id, since=other.start, until=other.end
        )
    rule, limit, actual = _full(person, task, start, list(mine.values()))
    return Obstacle(
        rule=rule, person=person.id, minute=start, day=start // DAY, other=way[0], limit=limit, actual=actual
    )


def _full(person: Person, task: Task, start: int, mine: list[Duty]) -> tuple[RuleId, int | None, int]:
    """The first limit that one task more would break, and what it would come to."""
    today = [duty for duty in mine if duty.day == start // DAY]
    week = [duty for duty in mine if duty.day // WEEK_DAYS == start // DAY // WEEK_DAYS]
    used = {
        RuleId.DAY_TASKS: len(today),
        RuleId.DAY_MINUTES: sum(duty.task.minutes for duty in today),
        RuleId.WEEK_MINUTES: sum(duty.task.minutes for duty in week),
    }
    sums = [(rule, limit, used[rule] + amount) for rule, limit, amount in _limits(person, task)]
    return next(found for found in sums if found[1] is not None and found[2] > found[1])
