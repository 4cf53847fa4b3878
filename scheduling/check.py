"""What a problem must hold as a whole: known ids, no cycle, everything inside the horizon, pins that can hold."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from scheduling.errors import Fault, Faults
from scheduling.pins import pin_faults
from scheduling.problem import (
    Assignment,
    Horizon,
    Person,
    Pin,
    Place,
    Problem,
    Span,
    Task,
    Weights,
    duplicate_faults,
    matrix_faults,
)

Item = TypeVar("Item", Person, Task)
Ids = Sequence[str | None]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A problem as far as it could be read; None stands for a part that could not.

    The ids also hold those of faulty entries, so that naming one of them is no second fault.
    """

    id: str
    horizon: Horizon | None
    places: Sequence[Place | None]
    people: Sequence[Person | None]
    tasks: Sequence[Task | None]
    travel_minutes: tuple[tuple[int, ...], ...] | None
    pins: Sequence[Pin | None]
    published: Sequence[Assignment | None]
    weights: Weights | None
    place_ids: Ids
    person_ids: Ids
    task_ids: Ids

    @property
    def sound_pins(self) -> list[tuple[int, Pin]]:
        """The pins that could be read, with their places in the list."""
        return [(i, pin) for i, pin in enumerate(self.pins) if pin is not None]

    def sound_part(self) -> Problem | None:
        """The problem without its faulty people and tasks and without pins; None if the frame itself is faulty."""
        places = [place for place in self.places if place is not None]
        frame = len(places) == len(self.places) and not any(duplicate_faults("places", self.place_ids))
        if not frame or self.horizon is None or self.travel_minutes is None:
            return None
        if any(matrix_faults(self.travel_minutes, len(places))):
            return None
        known = {place.id for place in places}
        return Problem(
            id=self.id,
            horizon=self.horizon,
            places=tuple(places),
            travel_minutes=self.travel_minutes,
            people=_first_of_each([p for p in self.people if p is not None and p.base in known]),
            tasks=_first_of_each([t for t in self.tasks if t is not None and t.place in known]),
            published=tuple(row for row in self.published if row is not None),
            weights=self.weights or Weights(),
        )


def check_problem(problem: Problem) -> None:
    """Check what the dataclasses cannot see by themselves; a problem read from JSON has been checked.

    Raises: ProblemError listing every fault, a pin's with the hard rule that it breaks.
    """
    faults = Faults()
    faults.extend(draft_faults(_draft_of(problem)))
    faults.extend(pin_faults(problem, list(enumerate(problem.pins)), whole=not faults))
    faults.raise_problem()


def draft_faults(draft: Draft) -> Iterator[Fault]:
    """Every fault of the whole but those of pins against hard rules."""
    for name, ids in (("places", draft.place_ids), ("people", draft.person_ids), ("tasks", draft.task_ids)):
        yield from duplicate_faults(name, ids)
    if draft.travel_minutes is not None:
        yield from matrix_faults(draft.travel_minutes, len(draft.place_ids))
    horizon = draft.horizon.minutes if draft.horizon else None
    places, people, tasks = set(draft.place_ids), set(draft.person_ids), set(draft.task_ids)
    for i, person in enumerate(draft.people):
        if person is not None:
            yield from _under(f"people[{i}]", _person_faults(person, places, tasks, horizon))
    for i, task in enumerate(draft.tasks):
        if task is not None:
            yield from _under(f"tasks[{i}]", _task_faults(task, places, people, tasks, horizon))
    yield from _cycle_faults({task.id: (i, task) for i, task in enumerate(draft.tasks) if task is not None})
    yield from _pin_reference_faults(draft, people, tasks)
    yield from _published_faults(draft.published)


def _draft_of(problem: Problem) -> Draft:
    return Draft(
        id=problem.id,
        horizon=problem.horizon,
        places=problem.places,
        people=problem.people,
        tasks=problem.tasks,
        travel_minutes=problem.travel_minutes,
        pins=problem.pins,
        published=problem.published,
        weights=problem.weights,
        place_ids=[place.id for place in problem.places],
        person_ids=[person.id for person in problem.people],
        task_ids=[task.id for task in problem.tasks],
    )


def _first_of_each(items: list[Item]) -> tuple[Item, ...]:
    return tuple({item.id: item for item in reversed(items)}.values())[::-1]


def _under(path: str, faults: Iterable[Fault]) -> Iterator[Fault]:
    return (fault.under(path) for fault in faults)


def _unknown(path: str, what: str, named: Iterable[str], known: Collection[str | None]) -> Iterator[Fault]:
    for name in sorted(named):
        if name not in known:
            yield Fault(path=path, message=f"names no known {what}: {name}")


def _outside(path: str, spans: Sequence[Span], horizon: int | None) -> Iterator[Fault]:
    for i, (opens, closes) in enumerate(spans):
        if horizon is not None and not 0 <= opens < closes <= horizon:
            yield Fault(path=f"{path}[{i}]", message=f"must lie in the horizon, minutes 0 to {horizon}")


def _person_faults(
    person: Person, places: Collection[str | None], tasks: Collection[str | None], horizon: int | None
) -> Iterator[Fault]:
    yield from _unknown("base", "place", [person.base], places)
    yield from _outside("availability", person.availability, horizon)
    for path in ("barred_tasks", "wants", "avoids"):
        yield from _unknown(path, "task", getattr(person, path), tasks)


def _task_faults(
    task: Task,
    places: Collection[str | None],
    people: Collection[str | None],
    tasks: Collection[str | None],
    horizon: int | None,
) -> Iterator[Fault]:
    yield from _unknown("place", "place", [task.place], places)
    yield from _outside("windows", task.windows, horizon)
    yield from _unknown("known_by", "person", task.known_by, people)
    if task.after is not None:
        yield from _unknown("after.task", "task", [task.after.task], tasks)


def _cycle_faults(tasks: Mapping[str, tuple[int, Task]]) -> Iterator[Fault]:
    """Each task has at most one predecessor, so every cycle is met by walking back from one of its tasks."""
    done: set[str] = set()
    for name in tasks:
        trail: dict[str, int] = {}
        here: str | None = name
        while here is not None and here in tasks and here not in done and here not in trail:
            trail[here] = len(trail)
            after = tasks[here][1].after
            here = after.task if after else None
        if here is not None and here in trail:
            words = " after ".join([*list(trail)[trail[here] :], here])
            yield Fault(path=f"tasks[{tasks[here][0]}].after", message=f"is a cycle: {words}")
        done.update(trail)


def _pin_reference_faults(
    draft: Draft, people: Collection[str | None], tasks: Collection[str | None]
) -> Iterator[Fault]:
    by_id = {task.id: task for task in draft.tasks if task is not None}
    seen: set[str] = set()
    for i, pin in enumerate(draft.pins):
        if pin is None:
            continue
        path = f"pins[{i}]"
        yield from _unknown(f"{path}.task", "task", [pin.task], tasks)
        if pin.task in seen:
            yield Fault(path=f"{path}.task", message=f"is pinned twice: {pin.task}")
        seen.add(pin.task)
        task = by_id.get(pin.task)
        for j, seat in enumerate(pin.people):
            yield from _unknown(f"{path}.people[{j}].person", "person", [seat.person], people)
            if task is not None:
                yield from _unknown(f"{path}.people[{j}].role", f"role of {task.id}", [seat.role], task.role_of)


def _published_faults(published: Sequence[Assignment | None]) -> Iterator[Fault]:
    """Published rows are history: they may name tasks and people that are gone, but a task stands once."""
    rows = [(i, row) for i, row in enumerate(published) if row is not None]
    rows.sort(key=lambda pair: pair[1].task)
    for (_, row), (i, again) in pairwise(rows):
        if row.task == again.task:
            yield Fault(path=f"published[{i}].task", message=f"stands twice: {row.task}")
    for i, row in rows:
        names = [seat.person for seat in row.people]
        if len(set(names)) < len(names):
            yield Fault(path=f"published[{i}].people", message="must not name a person twice")
