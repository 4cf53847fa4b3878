"""What could serve a task: at each start, the seats that nobody free can fill, and what would fill them."""

from collections.abc import Iterator
from dataclasses import replace

from scheduling.duties import Duties
from scheduling.eligibility import Eligibility, fits_role, last_vetted_start, start_ranges, within
from scheduling.explain.fixes import Attempt, FixKind, Idea
from scheduling.problem import DAY, DEDICATED_SERVICES, WEEK_DAYS, Person, Problem, Role, Span, Task
from scheduling.reasons import broken_gap, starts_beside
from scheduling.teams import cheapest_team

MOST_STARTS = 40
"""Starts that are looked at, spread over all."""
MOST_PEOPLE = 150
"""People of each role who are looked at, those who live nearest."""
LONGEST_EXTENSION = 480
"""Minutes of availability that are still worth asking for."""

Here = dict[str, list[Person]]


class Ideas:
    """Ideas for one unserved task whose predecessor, if it has one, is served."""

    def __init__(self, problem: Problem, duties: Duties, task: Task) -> None:
        self.problem, self.duties, self.task = problem, duties, task
        self.candidates = Eligibility(problem).candidates(task)
        self._nearest = {role.id: self._nearest_people(role) for role in task.roles}

    def attempts(self) -> list[Attempt]:
        """All attempts, the smallest first, one for each subject."""
        best: dict[tuple[str | None, ...], Attempt] = {}
        for attempt in self._all():
            known = best.get(attempt.idea.subject)
            if known is None or attempt.idea.effort < known.idea.effort:
                best[attempt.idea.subject] = attempt
        return sorted(best.values(), key=lambda attempt: attempt.idea.effort)

    def _all(self) -> Iterator[Attempt]:
        for start in _spread(self._starts()):
            here = self.candidates.here(start)
            people = {person.id: person for able in here.values() for person in able}
            ways = {name: self.duties.in_the_way(person, self.task, start) for name, person in people.items()}
            free = {role: [person for person in able if not ways[person.id]] for role, able in here.items()}
            new = self._new_people(free)
            if new:
                yield _with_new_people(new, start)
                yield from self._for_other_tasks(here, ways, start)
            if len(new) == 1:
                yield from self._for_people(free, start)

    def _for_other_tasks(self, here: Here, ways: dict[str, tuple[str, ...]], start: int) -> Iterator[Attempt]:
        """Single tasks that free enough people if they are done at another time, by somebody else, or not at all."""
        for other in sorted({way[0] for way in ways.values() if len(way) == 1}):
            able = {role: [p for p in people if ways[p.id] in ((), (other,))] for role, people in here.items()}
            team = cheapest_team(self.task, able, {name: len(way) for name, way in ways.items()})
            freed = [seat.person for seat in team or () if ways[seat.person]]
            if not freed:
                continue
            weight, size = self.problem.task_of[other].priority.weight, self.duties.team_size(other)
            yield Attempt(idea=Idea(kind=FixKind.MOVE_TASK, effort=30 * size, other=other), at=start)
            yield Attempt(idea=Idea(kind=FixKind.DROP_TASK, effort=300 + 10 * weight, other=other), at=start)
            if len(freed) == 1:
                idea = Idea(kind=FixKind.REPLACE_PERSON, effort=90, other=other, person=freed[0])
                yield Attempt(idea=idea, at=start)

    def _for_people(self, free: Here, start: int) -> Iterator[Attempt]:
        """Single people who could be freed for the one seat that is empty."""
        for role in self.task.roles:
            taken = {person.id for person in free[role.id]}
            for person in self._nearest[role.id]:
                if person.id not in taken and self._completes(person, role, free):
                    yield from self._for_person(person, start)

    def _new_people(self, free: Here) -> list[tuple[str, Person]]:
        """Fewest new people, with their roles, who would make a whole team with those who are free."""
        new: dict[str, list[Person]] = {role.id: [] for role in self.task.roles}
        for role in self.task.roles:
            for _ in range(max(role.min, 1)):
                number = sum(map(len, new.values())) + 1
                new[role.id].append(_new_person(self.problem, self.task, role, number))
        by_id = {person.id: person for people in new.values() for person in people}
        team = cheapest_team(self.task, {r: [*free[r], *new[r]] for r in new}, dict.fromkeys(by_id, 1))
        return [(seat.role, by_id[seat.person]) for seat in team or () if seat.person in by_id]

    def _completes(self, person: Person, role: Role, free: Here) -> bool:
        """True if a whole team can come with this person in the role."""
        with_person = {
            other.id: [*free[other.id], person] if other.id == role.id else free[other.id] for other in self.task.roles
        }
        return cheapest_team(self.task, with_person, {}) is not None

    def _for_person(self, person: Person, start: int) -> Iterator[Attempt]:
        """The single changes that would free the person at this start."""
        for idea, changed in self._changes(person, start):
            able = within(start, start_ranges(self.problem, self.task, changed))
            if able and not self.duties.in_the_way(changed, self.task, start):
                yield Attempt(idea=idea, at=start, people=(changed,))

    def _changes(self, person: Person, start: int) -> Iterator[tuple[Idea, Person]]:
        """Changes of the person alone: a renewed check, more time, a higher limit."""
        task = self.task
        if task.id in person.barred_tasks or (person.dedicated and task.service not in DEDICATED_SERVICES):
            return
        last = last_vetted_start(person, task)
        if task.with_children and (last is None or last < start):
            effort = 480 if last is None else 240
            idea = Idea(kind=FixKind.RENEW_VETTING, effort=effort, person=person.id, day=start // DAY)
            yield idea, replace(person, vetted_through=start // DAY)
        yield from self._longer(person, start)
        yield from self._higher(person, start)

    def _longer(self, person: Person, start: int) -> Iterator[tuple[Idea, Person]]:
        place = self.task.place
        need = (
            start - self.problem.travel(person.base, place),
            start + self.task.minutes + self.problem.travel(place, person.base),
        )
        found = min(_extensions(person.availability, need, self.problem.horizon.minutes), default=None)
        if found is not None and 0 < found[0] <= LONGEST_EXTENSION:
            minutes, span, spans = found
            idea = Idea(kind=FixKind.EXTEND_AVAILABILITY, effort=minutes, person=person.id, minutes=minutes, span=span)
            yield idea, replace(person, availability=spans)

    def _higher(self, person: Person, start: int) -> Iterator[tuple[Idea, Person]]:
        mine = self.duties.of(person.id)
        today = [duty for duty in mine if duty.day == start // DAY]
        week = [duty for duty in mine if duty.day // WEEK_DAYS == start // DAY // WEEK_DAYS]
        minutes = self.task.minutes
        sums = {
            "max_tasks_per_day": (person.max_tasks_per_day, len(today) + 1, 60),
            "max_minutes_per_day": (person.max_minutes_per_day, sum(d.task.minutes for d in today) + minutes, 1),
            "max_minutes_per_week": (person.max_minutes_per_week, sum(d.task.minutes for d in week) + minutes, 1),
        }
        over = [(name, limit, amount, unit) for name, (limit, amount, unit) in sums.items() if limit is not None]
        over = [row for row in over if row[2] > (row[1] or 0)]
        if len(over) == 1:
            name, limit, amount, unit = over[0]
            effort = 30 + unit * (amount - (limit or 0))
            idea = Idea(kind=FixKind.RAISE_LIMIT, effort=effort, person=person.id, limit=name, amount=amount)
            changed: dict[str, int] = {name: amount}
            yield idea, replace(person, **changed)  # type: ignore[arg-type]

    def _starts(self) -> list[int]:
        """Starts of the reasons' search, and the ends of the windows, where more time would do most."""
        ends = {minute for o, c in self.task.windows for minute in (o, c - self.task.minutes)}
        starts = ends | set(starts_beside(self.candidates, self.duties))
        return sorted(start for start in starts if not broken_gap(self.task, self.duties, start))

    def _nearest_people(self, role: Role) -> list[Person]:
        people = [person for person in self.problem.people if fits_role(person, role)]
        people.sort(key=lambda person: self.problem.travel(person.base, self.task.place))
        return people[:MOST_PEOPLE]


def _spread(starts: list[int]) -> list[int]:
    return starts[:: len(starts) // MOST_STARTS + 1]


def _with_new_people(new: list[tuple[str, Person]], start: int) -> Attempt:
    roles = [role for role, _ in new]
    needed = tuple((role, roles.count(role)) for role in dict.fromkeys(roles))
    idea = Idea(kind=FixKind.MORE_PEOPLE, effort=1500 * len(new), needed=needed)
    return Attempt(idea=idea, at=start, people=tuple(person for _, person in new))


def _new_person(problem: Problem, task: Task, role: Role, number: int) -> Person:
    """Somebody new in the village itself, who could fill this role at any time."""
    return Person(
        id=f"new person {number}",
        name="",
        kind=min(role.kinds),
        gender=task.needs_gender,
        base=task.place,
        skills=role.skills,
        vetted_through=problem.horizon.days,
        availability=((0, problem.horizon.minutes),),
    )


def _extensions(spans: tuple[Span, ...], need: Span, horizon: int) -> Iterator[tuple[int, Span, tuple[Span, ...]]]:
    """Minutes to add, the window and all windows then: one window made longer, or a new one (an hour's bother more)."""
    if need[0] < 0 or need[1] > horizon:
        return
    for i, (begin, end) in enumerate(spans):
        longer = (min(begin, need[0]), max(end, need[1]))
        before, after = spans[:i], spans[i + 1 :]
        if (not before or before[-1][1] <= longer[0]) and (not after or longer[1] <= after[0][0]):
            yield longer[1] - longer[0] - (end - begin), longer, (*before, longer, *after)
    if all(end <= need[0] or need[1] <= begin for begin, end in spans):
        yield need[1] - need[0] + 60, need, tuple(sorted((*spans, need)))
