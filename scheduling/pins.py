"""Pins against the hard rules: a pin that cannot hold is named with the rule that it breaks.

Rules 1 to 9 are looked at for each pin, then the pins of one person together (rules 4 and 5). Pins whose conflict
needs a search to see are for the solver to refuse.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from scheduling.eligibility import Candidates, Eligibility, last_vetted_start, within
from scheduling.errors import Fault
from scheduling.problem import DAY, DEDICATED_SERVICES, WEEK_DAYS, Person, Pin, Problem, Role, Seat, Task
from scheduling.rules import RuleId
from scheduling.teams import cheapest_team

Pins = Sequence[tuple[int, Pin]]


def pin_faults(problem: Problem, pins: Pins, *, whole: bool) -> Iterator[Fault]:
    """Faults of pins, given with their places in the list, against the hard rules.

    Pins that name something unknown, or a task that is pinned before, are passed over. ``whole`` is False where people
    of the problem are missing, so that nothing can be said about the rest of a team.
    """
    eligibility = Eligibility(problem)
    first = {pin.task: i for i, pin in reversed(pins)}
    sound = [(i, pin) for i, pin in pins if _is_known(problem, pin) and first[pin.task] == i]
    starts: dict[str, int] = {}
    for i, pin in sound:
        check = _PinCheck(problem, eligibility.candidates(problem.task_of[pin.task]), pin)
        found = list(check.faults(whole=whole))
        yield from (fault.under(f"pins[{i}]") for fault in found)
        start = check.only_start()
        if start is not None and not found:
            starts[pin.task] = start
    fixed = [(i, pin) for i, pin in sound if pin.task in starts]
    yield from _after_faults(problem, fixed, starts)
    yield from _shared_faults(problem, fixed, starts)


def _is_known(problem: Problem, pin: Pin) -> bool:
    task = problem.task_of.get(pin.task)
    return task is not None and all(s.person in problem.person_of and s.role in task.role_of for s in pin.people)


class _PinCheck:
    """One pin against the rules that one task can break."""

    def __init__(self, problem: Problem, candidates: Candidates, pin: Pin) -> None:
        self.problem, self.candidates, self.pin = problem, candidates, pin
        self.task = candidates.task
        self.people = [problem.person_of[seat.person] for seat in pin.people]

    def faults(self, *, whole: bool) -> Iterator[Fault]:
        """The faults of this pin; the team as a whole is looked at only where each seat is sound."""
        wrong_start = list(self._start_faults())
        start = None if wrong_start else self.pin.start
        found = [*wrong_start, *self._seat_faults(start), *self._room_faults()]
        if not found:
            found = list(self._team_faults(whole=whole))
        yield from found

    def only_start(self) -> int | None:
        """The start, where the pin or the windows leave just one."""
        if self.pin.start is not None:
            return self.pin.start
        windows = self.task.windows
        return windows[0][0] if len(windows) == 1 and windows[0][1] - windows[0][0] == self.task.minutes else None

    def _start_faults(self) -> Iterator[Fault]:
        start, task = self.pin.start, self.task
        if not task.windows:
            yield Fault(path="task", message=f"{task.id} has no window", rule=RuleId.WINDOW)
        elif start is not None and not any(o <= start and start + task.minutes <= c for o, c in task.windows):
            yield Fault(path="start", message=f"{start} fits no window of {task.id}", rule=RuleId.WINDOW)

    def _seat_faults(self, start: int | None) -> Iterator[Fault]:
        for i, (seat, person) in enumerate(zip(self.pin.people, self.people, strict=True)):
            fault = self._seat_fault(seat, person, start)
            if fault is not None:
                yield fault.under(f"people[{i}]")
            if person in self.people[:i]:
                yield Fault(path=f"people[{i}]", message=f"{person.id} stands twice", rule=RuleId.TWICE)

    def _seat_fault(self, seat: Seat, person: Person, start: int | None) -> Fault | None:
        """The first rule that keeps the person from the seat; None as start: from any start."""
        task, role = self.task, self.task.role_of[seat.role]
        wrong = _qualification(person, role, task) or _vetting(person, task, start) or _limit(person, task)
        if wrong is not None:
            return Fault(path="", message=wrong[1], rule=wrong[0])
        ranges = self.candidates.ranges(person)
        if ranges and (start is None or within(start, ranges)):
            return None
        when = "at any start" if start is None else f"at {start}"
        message = f"{person.id} has no window that holds travel to {task.id}, the task and travel back {when}"
        return Fault(path="", message=message, rule=RuleId.AVAILABILITY)

    def _room_faults(self) -> Iterator[Fault]:
        for role in self.task.roles:
            pinned = sum(seat.role == role.id for seat in self.pin.people)
            if pinned > role.max:
                message = f"{pinned} people are pinned in role {role.id}, which has room for {role.max}"
                yield Fault(path="people", message=message, rule=RuleId.ROLE_COUNT)

    def _team_faults(self, *, whole: bool) -> Iterator[Fault]:
        """A start at which all pinned people can come and the rest of the team be found."""
        starts = [self.pin.start] if self.pin.start is not None else self._joint_starts()
        if not starts:
            message = f"at no start can all people pinned on {self.task.id} come"
            yield Fault(path="people", message=message, rule=RuleId.AVAILABILITY)
        elif whole and not any(self._team_at(start) for start in starts):
            lacks = self.task.needs_gender is not None and any(self._team_at(s, gender=False) for s in starts)
            rule = RuleId.GENDER if lacks else RuleId.ROLE_COUNT
            who = f"{self.task.needs_gender} on the" if lacks else "whole"
            yield Fault(path="", message=f"no {who} team can come together on {self.task.id}", rule=rule)

    def _joint_starts(self) -> list[int]:
        """First starts that suit all pinned people (see Candidates.first_starts)."""
        pinned = [self.candidates.ranges(person) for person in self.people]
        firsts = {first for ranges in pinned for first, _ in ranges} | set(self.candidates.first_starts())
        return sorted(start for start in firsts if all(within(start, ranges) for ranges in pinned))

    def _team_at(self, start: int, *, gender: bool = True) -> bool:
        here = self.candidates.here(start)
        genders = [person.gender for person in self.people] if gender else [self.task.needs_gender]
        return cheapest_team(self.task, here, {}, self.pin.people, genders) is not None


Wrong = tuple[RuleId, str]


def _qualification(person: Person, role: Role, task: Task) -> Wrong | None:
    if person.kind not in role.kinds:
        return RuleId.KIND, f"{person.id} is a {person.kind}, role {role.id} asks for {', '.join(sorted(role.kinds))}"
    if not role.skills <= person.skills:
        return RuleId.SKILL, f"{person.id} lacks {', '.join(sorted(role.skills - person.skills))}"
    if task.id in person.barred_tasks:
        return RuleId.BARRED, f"{person.id} is barred from {task.id}"
    if person.dedicated and task.service not in DEDICATED_SERVICES:
        return RuleId.DEDICATED, f"{person.id} is dedicated staff and {task.id} is {task.service}"
    return None


def _vetting(person: Person, task: Task, start: int | None) -> Wrong | None:
    if not task.with_children:
        return None
    last = last_vetted_start(person, task)
    first = min((opens for opens, _ in task.windows), default=0) if start is None else start
    if last is None or last < first:
        ended = "never vetted" if last is None else f"vetted through day {person.vetted_through}"
        return RuleId.VETTING, f"{person.id} is {ended}, the earliest day is {first // DAY}"
    return None


def _limit(person: Person, task: Task) -> Wrong | None:
    limits = (
        (RuleId.DAY_TASKS, person.max_tasks_per_day, 1, "tasks a day"),
        (RuleId.DAY_MINUTES, person.max_minutes_per_day, task.minutes, "minutes a day"),
        (RuleId.WEEK_MINUTES, person.max_minutes_per_week, task.minutes, "minutes a week"),
    )
    for rule, most, used, unit in limits:
        if most is not None and used > most:
            return rule, f"{person.id} may do {most} {unit}, {task.id} alone is {used}"
    return None


def _after_faults(problem: Problem, pins: Pins, starts: dict[str, int]) -> Iterator[Fault]:
    """R9: a pinned task whose predecessor can start at no time that keeps the gap."""
    for i, pin in pins:
        task = problem.task_of[pin.task]
        before = problem.task_of.get(task.after.task) if task.after else None
        if task.after is None or before is None:
            continue
        latest = starts[pin.task] - task.after.min_gap
        earliest = -1 if task.after.max_gap is None else starts[pin.task] - task.after.max_gap
        possible = [(o, c - before.minutes) for o, c in before.windows]
        if before.id in starts:
            possible = [(starts[before.id], starts[before.id])]
        if not any(first <= latest and last >= earliest for first, last in possible):
            message = f"{before.id} cannot start in time before {task.id} at {starts[pin.task]}"
            yield Fault(path=f"pins[{i}].start", message=message, rule=RuleId.AFTER)


def _shared_faults(problem: Problem, pins: Pins, starts: dict[str, int]) -> Iterator[Fault]:
    """R4 and R5: the pins of one person against each other, as far as their starts are fixed."""
    jobs: dict[str, list[tuple[int, int, Task]]] = defaultdict(list)
    for i, pin in pins:
        for seat in pin.people:
            jobs[seat.person].append((starts[pin.task], i, problem.task_of[pin.task]))
    for name, rows in jobs.items():
        rows.sort(key=lambda row: row[:2])
        person = problem.person_of[name]
        yield from _clash_faults(problem, person, rows)
        yield from _sum_faults(person, rows)


def _clash_faults(problem: Problem, person: Person, rows: list[tuple[int, int, Task]]) -> Iterator[Fault]:
    for (start, _, task), (next_start, i, next_task) in pairwise(rows):
        leg = problem.travel(task.place, next_task.place)
        together = any(begin <= start and next_start + next_task.minutes <= end for begin, end in person.availability)
        if next_start < start + task.minutes or (together and next_start < start + task.minutes + leg):
            message = f"{person.id} cannot reach {next_task.id} at {next_start} after {task.id}"
            yield Fault(path=f"pins[{i}]", message=message, rule=RuleId.TRAVEL)


def _sum_faults(person: Person, rows: list[tuple[int, int, Task]]) -> Iterator[Fault]:
    units = (
        (RuleId.DAY_TASKS, person.max_tasks_per_day, 1, "tasks a day"),
        (RuleId.DAY_MINUTES, person.max_minutes_per_day, 1, "minutes a day"),
        (RuleId.WEEK_MINUTES, person.max_minutes_per_week, WEEK_DAYS, "minutes a week"),
    )
    for rule, most, days, unit in units:
        used: dict[int, int] = defaultdict(int)
        for start, i, task in rows:
            period = start // DAY // days
            used[period] += 1 if rule is RuleId.DAY_TASKS else task.minutes
            if most is not None and used[period] > most:
                message = f"{person.id} may do {most} {unit}, the pins come to {used[period]}"
                yield Fault(path=f"pins[{i}]", message=message, rule=rule)
