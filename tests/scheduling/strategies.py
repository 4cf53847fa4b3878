"""Hypothesis strategies: problems that keep every law, rosters about them, and JSON that breaks some law."""

import copy
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from scheduling.eligibility import Eligibility
from scheduling.io import problem_to_json
from scheduling.problem import (
    DAY,
    After,
    Assignment,
    Horizon,
    Person,
    PersonKind,
    Pin,
    Place,
    Priority,
    Problem,
    Role,
    Seat,
    Service,
    Span,
    Task,
    TaskKind,
    Weights,
)
from scheduling.teams import cheapest_team

SKILLS = ("case_work", "law", "sports")
GENDERS = ("female", "male", None)
MAX_PLACES, MAX_PEOPLE, MAX_TASKS, MAX_DAYS = 4, 6, 6, 9


@st.composite
def problems(draw: st.DrawFn, *, published: bool = True, pins: bool = False) -> Problem:
    """A valid problem: small, and odd in every way that FORMAT allows.

    It may have nobody, nothing to do, tasks without a window, travel that is no metric, people without time, limits
    of zero, checks that ended long ago, two tasks at one time, and published rows about people and tasks that are
    gone. ``pins`` adds pins that hold: of whole rows of a small roster made by serving tasks that share nobody.
    """
    days = draw(st.integers(1, MAX_DAYS))
    places = draw(st.integers(1, MAX_PLACES))
    people = draw(st.lists(_people(days, places), max_size=MAX_PEOPLE))
    tasks = draw(st.lists(_tasks(days, places, len(people)), max_size=MAX_TASKS))
    tasks = _linked(draw, [_renamed(task, f"t{i}") for i, task in enumerate(tasks)])
    ids = [task.id for task in tasks]
    people = [_renamed(_wishing(draw, person, ids), f"p{i}") for i, person in enumerate(people)]
    problem = Problem(
        id="generated",
        horizon=Horizon(start="2026-12-05", days=days),
        places=tuple(Place(id=f"v{i}", name=f"村{i}", lat=35.0, lon=112.0 + i) for i in range(places)),
        travel_minutes=draw(_matrices(places)),
        people=tuple(people),
        tasks=tuple(tasks),
        published=draw(_published(ids, len(people))) if published else (),
        weights=draw(st.builds(Weights, **{name: st.integers(0, 90) for name in Weights.__dataclass_fields__})),
    )
    return _pinned(draw, problem) if pins else problem


def _renamed(item: Any, id: str) -> Any:
    return replace(item, id=id, name=id)


@st.composite
def _spans(draw: st.DrawFn, days: int, *, shortest: int = 1) -> tuple[Span, ...]:
    """Sorted, disjoint windows, at most one for most days, some crossing midnight, some touching."""
    spans: list[Span] = []
    for day in draw(st.lists(st.integers(0, days - 1), max_size=4, unique=True).map(sorted)):
        opens = day * DAY + draw(st.integers(0, 48)) * 30
        closes = min(days * DAY, opens + max(shortest, draw(st.integers(1, 16)) * 30))
        opens = max(opens, spans[-1][1] if spans else 0)
        if closes - opens >= shortest:
            spans.append((opens, closes))
    return tuple(spans)


def _places(count: int) -> st.SearchStrategy[str]:
    return st.integers(0, count - 1).map(lambda i: f"v{i}")


@st.composite
def _matrices(draw: st.DrawFn, size: int) -> tuple[tuple[int, ...], ...]:
    """Not symmetric, no metric, zero on the diagonal."""
    minutes = st.integers(0, 90)
    return tuple(tuple(0 if i == j else draw(minutes) for j in range(size)) for i in range(size))


@st.composite
def _people(draw: st.DrawFn, days: int, places: int) -> Person:
    def most(high: int) -> int | None:
        return draw(st.none() | st.integers(0, high))

    return Person(
        id="",
        name="",
        kind=draw(st.sampled_from(PersonKind)),
        gender=draw(st.sampled_from(GENDERS)),
        base=draw(_places(places)),
        skills=draw(st.frozensets(st.sampled_from(SKILLS))),
        vetted_through=draw(st.none() | st.integers(-3, days + 3)),
        availability=draw(_spans(days)),
        max_minutes_per_day=most(300),
        max_minutes_per_week=most(600),
        max_tasks_per_day=most(3),
        recent_tasks=draw(st.integers(0, 9)),
        dedicated=draw(st.booleans()),
    )


def _wishing(draw: st.DrawFn, person: Person, tasks: list[str]) -> Person:
    if not tasks:
        return person
    some = st.frozensets(st.sampled_from(tasks), max_size=2)
    return replace(person, barred_tasks=draw(some), wants=draw(some), avoids=draw(some))


@st.composite
def _roles(draw: st.DrawFn) -> tuple[Role, ...]:
    roles = []
    for i in range(draw(st.integers(1, 3))):
        least = draw(st.integers(0 if i else 1, 2))
        roles.append(
            Role(
                id=f"r{i}",
                min=least,
                max=draw(st.integers(max(1, least), 3)),
                kinds=draw(st.frozensets(st.sampled_from(PersonKind), min_size=1)),
                skills=draw(st.frozensets(st.sampled_from(SKILLS), max_size=1)),
            )
        )
    return tuple(roles)


@st.composite
def _tasks(draw: st.DrawFn, days: int, places: int, people: int) -> Task:
    minutes = draw(st.integers(1, 150))
    names = st.sampled_from([f"p{i}" for i in range(people)]) if people else st.nothing()
    return Task(
        id="",
        name="",
        kind=draw(st.sampled_from(TaskKind)),
        service=draw(st.sampled_from(Service)),
        place=draw(_places(places)),
        minutes=minutes,
        windows=draw(_spans(days, shortest=minutes)),
        priority=draw(st.sampled_from(Priority)),
        with_children=draw(st.booleans()),
        roles=draw(_roles()),
        needs_gender=draw(st.sampled_from(GENDERS)),
        known_by=draw(st.frozensets(names, max_size=2)) if people else frozenset(),
        due=draw(st.none() | st.integers(-2, days + 2)),
    )


def _linked(draw: st.DrawFn, tasks: list[Task]) -> list[Task]:
    """Some tasks come after an earlier one, so there is no cycle."""
    linked = tasks[:1]
    for i, task in enumerate(tasks[1:], start=1):
        if draw(st.integers(0, 3)):
            linked.append(task)
            continue
        least = draw(st.integers(-DAY, 3 * DAY))
        after = After(
            task=f"t{draw(st.integers(0, i - 1))}",
            min_gap=least,
            max_gap=draw(st.none() | st.integers(least, least + 3 * DAY)),
        )
        linked.append(replace(task, after=after))
    return linked


@st.composite
def _published(draw: st.DrawFn, tasks: list[str], people: int) -> tuple[Assignment, ...]:
    names = [f"p{i}" for i in range(people)] + ["gone"]
    rows = draw(st.lists(st.sampled_from([*tasks, "gone"]), unique=True, max_size=3))
    seat = st.builds(Seat, person=st.sampled_from(names), role=st.sampled_from(["r0", "r1"]))
    teams = st.lists(seat, max_size=2, unique_by=lambda s: s.person).map(tuple)
    return tuple(Assignment(task=row, start=draw(st.integers(0, 3 * DAY)), people=draw(teams)) for row in rows)


def rows_about(problem: Problem) -> st.SearchStrategy[tuple[Assignment, ...]]:
    """Rows of a roster about a problem, mostly wrong: unknown ids, twice the same, starts outside the windows."""
    tasks = [task.id for task in problem.tasks] + ["nothing"]
    seat = st.builds(
        Seat,
        person=st.sampled_from([person.id for person in problem.people] + ["nobody"]),
        role=st.sampled_from(["r0", "r1", "r2"]),
    )
    starts = sorted({o for task in problem.tasks for o, _ in task.windows} | {0})
    start = st.builds(lambda base, more: base + more, st.sampled_from(starts), st.integers(-5, 120))
    row = st.builds(Assignment, task=st.sampled_from(tasks), start=start, people=st.lists(seat, max_size=4).map(tuple))
    return st.lists(row, max_size=8).map(tuple)


def _pinned(draw: st.DrawFn, problem: Problem) -> Problem:
    eligibility, busy, pins = Eligibility(problem), set[str](), []
    for task in problem.tasks:
        candidates = eligibility.candidates(task)
        for start in candidates.first_starts()[:3]:
            free = {r: [p for p in here if p.id not in busy] for r, here in candidates.here(start).items()}
            team = cheapest_team(task, free, {})
            if team is not None and task.after is None and draw(st.booleans()):
                busy |= {seat.person for seat in team}
                pins.append(Pin(task=task.id, start=draw(st.sampled_from([start, None])), people=team))
                break
    return replace(problem, pins=tuple(pins))


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
"""Any JSON value, NaN and infinities too."""


@st.composite
def broken_json(draw: st.DrawFn) -> object:
    """The JSON of a valid problem with one to four values replaced, dropped or doubled anywhere in it."""
    data: Any = copy.deepcopy(problem_to_json(draw(problems(pins=True))))
    for _ in range(draw(st.integers(1, 4))):
        data = mutated(draw, data)
    return data


def mutated(draw: st.DrawFn, data: Any) -> Any:
    """Walk to a random spot and change it."""
    children: list[Any] = (
        list(data) if isinstance(data, dict) else list(range(len(data))) if isinstance(data, list) else []
    )
    if not children or draw(st.integers(0, 4)) == 0:
        return draw(JSON_VALUES | st.sampled_from([-1, 0, 10**9, "nobody", [], {}]))
    key = draw(st.sampled_from(children))
    choice = draw(st.integers(0, 9))
    if choice == 0:
        del data[key]
    elif choice == 1 and isinstance(data, list):
        data.append(copy.deepcopy(data[key]))
    else:
        data[key] = mutated(draw, data[key])
    return data
