"""From a problem to the tables of model.py."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduling.problem import DAY, DEDICATED_SERVICES, PersonKind, Problem, Role, Seat, Task, TaskKind
from scheduling.search import model as tables
from scheduling.search.model import BARRED, FAR, GENDER, KNOWN, PINNED, PINNED_WEIGHT, Array, Model, Table, records

NEAR = 48
Row = tuple[int, ...]


def _fill(dtype: np.dtype[Any], rows: list[Row]) -> Table:
    table = records(dtype, len(rows))
    for number, row in enumerate(rows):
        table[number] = row
    return table


def _limit(value: int | None) -> int:
    return FAR if value is None else value


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Row numbers of the people of each group that a ``role.group`` names: ``people[ends[g]:ends[g + 1]]``."""

    people: Array
    ends: Array


@dataclass(frozen=True, kw_only=True)
class _Numbers:
    """Row numbers of people and tasks, and what pins and the published roster say of each task."""

    person: dict[str, int]
    task: dict[str, int]
    pinned_start: dict[str, int]
    pinned_seats: dict[str, tuple[Seat, ...]]
    must: frozenset[str]
    published_start: dict[str, int]


def _must_be_served(problem: Problem) -> frozenset[str]:
    """Pinned tasks and all that they come after."""
    must: set[str] = set()
    todo = [pin.task for pin in problem.pins]
    while todo:
        task = todo.pop()
        after = problem.task_of[task].after
        if task not in must and after is not None:
            todo.append(after.task)
        must.add(task)
    return frozenset(must)


def _numbers(problem: Problem) -> _Numbers:
    return _Numbers(
        person={p.id: i for i, p in enumerate(problem.people)},
        task={t.id: i for i, t in enumerate(problem.tasks)},
        pinned_start={pin.task: pin.start for pin in problem.pins if pin.start is not None},
        pinned_seats={pin.task: pin.people for pin in problem.pins},
        must=_must_be_served(problem),
        published_start={a.task: a.start for a in problem.published},
    )


def _people(problem: Problem) -> tuple[Table, Table]:
    people: list[Row] = []
    trips: list[Row] = []
    for number, person in enumerate(problem.people):
        base = problem.place_index[person.base]
        first = len(trips)
        trips += [(number, begin, end, base) for begin, end in person.availability]
        people.append(
            (
                base,
                person.kind == PersonKind.VOLUNTEER,
                person.recent_tasks,
                _limit(person.max_minutes_per_day),
                _limit(person.max_minutes_per_week),
                _limit(person.max_tasks_per_day),
                -FAR if person.vetted_through is None else person.vetted_through,
                first,
                len(trips),
            )
        )
    return _fill(tables.PERSON, people), _fill(tables.TRIP, trips)


def _slots(problem: Problem, task: Task, numbers: _Numbers) -> list[tuple[int, int, int, int]]:
    """First start, last start, day and cost of each slot of one task; the cheapest of equal range comes first."""
    weights = problem.weights
    pinned, published = numbers.pinned_start.get(task.id), numbers.published_start.get(task.id)
    slots: list[tuple[int, int, int, int]] = []

    def add(first: int, last: int, move: int) -> None:
        day = first // DAY
        late = 0 if task.due is None else max(0, day - task.due)
        slots.append((first, last, day, weights.late * late + move))

    for opening, closing in task.windows:
        first, last = opening, closing - task.minutes
        if pinned is not None:
            first, last = max(first, pinned), min(last, pinned)
        if published is not None and first <= published <= last:
            add(published, published, 0)
        for day in range(first // DAY, last // DAY + 1) if first <= last else ():
            add(max(first, day * DAY), min(last, day * DAY + DAY - 1), 0 if published is None else weights.move)
    return slots


def _roles(task: Task, numbers: _Numbers, people: int) -> list[tuple[Role, int, int, int]]:
    """The role, min, max and sole person (or -1) of each row; max is cut to what the number of people can fill."""
    rows = []
    pinned = numbers.pinned_seats.get(task.id, ())
    for role in task.roles:
        held = [numbers.person[seat.person] for seat in pinned if seat.role == role.id]
        rows += [(role, 1, 1, person) for person in held]
        most = min(role.max - len(held), people)
        if most > 0:
            rows.append((role, max(0, role.min - len(held)), most, -1))
        elif role.min > len(held):
            rows.append((role, role.min - len(held), role.min - len(held), -1))
    return rows


def _groups(problem: Problem) -> tuple[dict[tuple[object, ...], int], Groups]:
    """People who can fill a role by kind, skills and dedication, listed once for each distinct demand."""
    number_of: dict[tuple[object, ...], int] = {}
    members: list[int] = []
    ends = [0]
    for task in problem.tasks:
        open_to_dedicated = task.service in DEDICATED_SERVICES
        for role in task.roles:
            key = (role.kinds, role.skills, open_to_dedicated)
            if key in number_of:
                continue
            number_of[key] = len(number_of)
            members += [
                i
                for i, p in enumerate(problem.people)
                if p.kind in role.kinds and role.skills <= p.skills and (open_to_dedicated or not p.dedicated)
            ]
            ends.append(len(members))
    return number_of, Groups(people=np.array(members, np.int64), ends=np.array(ends, np.int64))


def _pairs(problem: Problem, numbers: _Numbers) -> Table:
    """Fixed cost of a person on a task (wants, avoids, published seats kept) and the marks of the pair."""
    weights = problem.weights
    pair = records(tables.PAIR, (len(problem.people), len(problem.tasks)))

    def mark(person: int, tasks: Iterable[str], bit: int, price: int) -> None:
        for number in [numbers.task[task] for task in tasks if task in numbers.task]:
            pair[person, number].marks |= bit
            pair[person, number].cost += price

    for number, person in enumerate(problem.people):
        mark(number, person.barred_tasks, BARRED, 0)
        mark(number, person.wants, 0, -weights.want)
        mark(number, person.avoids, 0, weights.avoid)
    for published in problem.published:
        for seat in [seat for seat in published.people if seat.person in numbers.person]:
            mark(numbers.person[seat.person], [published.task], 0, -weights.change)
    for pin in problem.pins:
        for seat in pin.people:
            mark(numbers.person[seat.person], [pin.task], PINNED, 0)
    _mark_households(problem, numbers, pair)
    return pair


def _mark_households(problem: Problem, numbers: _Numbers, pair: Table) -> None:
    """Who is known to the household of a visit, and who has the gender that a task asks for."""
    people_of: dict[str | None, list[int]] = {}
    for number, person in enumerate(problem.people):
        people_of.setdefault(person.gender, []).append(number)
    marks = pair["marks"]
    for number, task in enumerate(problem.tasks):
        if task.kind == TaskKind.VISIT:
            marks[[numbers.person[person] for person in sorted(task.known_by)], number] |= KNOWN
        if task.needs_gender is not None:
            marks[people_of.get(task.needs_gender, []), number] |= GENDER


def _links(problem: Problem, numbers: _Numbers) -> list[tuple[int, int]]:
    """For each task the first that comes after it, and the next that comes after the same one as itself (-1: none)."""
    first = [-1] * len(problem.tasks)
    sibling = [-1] * len(problem.tasks)
    for number, task in enumerate(problem.tasks):
        if task.after is not None:
            before = numbers.task[task.after.task]
            sibling[number], first[before] = first[before], number
    return list(zip(first, sibling, strict=True))


def _task_row(
    problem: Problem, task: Task, numbers: _Numbers, ranges: tuple[int, ...], links: tuple[int, int]
) -> tuple[int, ...]:
    weights = problem.weights
    places = sum(role.max for role in task.roles)
    known = task.kind == TaskKind.VISIT and bool(task.known_by)
    base_cost = weights.open_slot * places + weights.stranger * known
    seats = ranges[5] - ranges[4]
    gain = (weights.open_slot + weights.want + weights.change) * seats + weights.stranger * known
    after = task.after
    return (
        task.minutes,
        problem.place_index[task.place],
        PINNED_WEIGHT if task.id in numbers.must else task.priority.weight,
        base_cost,
        base_cost - gain,
        *ranges,
        task.needs_gender is not None,
        known,
        task.with_children,
        -1 if after is None else numbers.task[after.task],
        0 if after is None else after.min_gap,
        FAR if after is None or after.max_gap is None else after.max_gap,
        *links,
    )


def _near(travel: Array, places: Array) -> Array:
    """For each task the other tasks, nearest first, as far as NEAR of them."""
    there = travel[np.ix_(places, places)].astype(np.int64)
    distance = there + there.T
    np.fill_diagonal(distance, -1)
    return np.argsort(distance, axis=1, kind="stable")[:, 1 : NEAR + 1].astype(np.int32)


def _is_metric(travel: Array) -> bool:
    """True if no way round is shorter than the direct way, up to the rounding to whole minutes."""
    return all(bool((travel <= travel[:, [k]] + travel[[k], :]).all()) for k in range(len(travel)))


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """A problem's tables, and what is needed to read a state back: the role's id of each row of ``role``."""

    problem: Problem
    model: Model
    groups: Groups
    role_ids: tuple[str, ...]


def compile_problem(problem: Problem) -> Compiled:
    """The tables of a problem that has passed the checks of reading; its options are listed by options.py."""
    numbers = _numbers(problem)
    group_of, groups = _groups(problem)
    links = _links(problem, numbers)
    tasks: list[Row] = []
    slots: list[Row] = []
    roles: list[Row] = []
    seats: list[Row] = []
    role_ids: list[str] = []
    cells = 0
    for number, task in enumerate(problem.tasks):
        first_slot, first_role, first_seat = len(slots), len(roles), len(seats)
        for role, least, most, only in _roles(task, numbers, len(problem.people)):
            group = group_of[role.kinds, role.skills, task.service in DEDICATED_SERVICES]
            roles.append((number, least, most, group, len(seats), only))
            role_ids.append(role.id)
            seats += [(number, len(roles) - 1)] * most
        for slot in _slots(problem, task, numbers):
            slots.append((number, *slot, cells))
            cells += len(roles) - first_role
        ranges = (first_slot, len(slots), first_role, len(roles), first_seat, len(seats))
        tasks.append(_task_row(problem, task, numbers, ranges, links[number]))
    people, trips = _people(problem)
    rows = {
        "task": _fill(tables.TASK, tasks),
        "slot": _fill(tables.SLOT, slots),
        "role": _fill(tables.ROLE, roles),
        "seat": _fill(tables.SEAT, seats),
        "person": people,
        "trip": trips,
        "cell": records(tables.CELL, cells),
        "option": records(tables.OPTION, 0),
        "pair": _pairs(problem, numbers),
    }
    return Compiled(problem=problem, model=_finish(problem, rows), groups=groups, role_ids=tuple(role_ids))


def _finish(problem: Problem, rows: dict[str, Table]) -> Model:
    """Count the days from the first week that has a slot, and add what concerns the whole problem."""
    weights, slot = problem.weights, rows["slot"]
    first_day = int(slot["day"].min(initial=0)) // 7 * 7
    slot["day"] -= first_day
    days = int(slot["day"].max(initial=0)) + 1
    travel = np.array(problem.travel_minutes, np.int32).reshape(len(problem.places), len(problem.places))
    metric = _is_metric(travel)
    const = (weights.travel, weights.fairness, weights.open_slot, weights.stranger, first_day, days, metric)
    return Model(**rows, const=_fill(tables.CONST, [const]), near=_near(travel, rows["task"].place), travel=travel)
