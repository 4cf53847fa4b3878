"""Small allocation problems, by hand and by chance, and every allocation of one."""

import itertools
import random
from collections.abc import Iterator

from scheduling.allocation import AllocationProblem, Score, Township, Worker, score_of
from scheduling.allocation.answer import Posts
from scheduling.errors import ProblemError

SKILLS = ("law", "health", "play")


def township(name: str, demand: int, **facts: object) -> Township:
    """A township with so many children of weight 1, no less than one place and no more than nine."""
    values: dict[str, object] = {"min_staff": 1, "max_staff": 9} | facts
    return Township(id=name, name=name, children={"child": demand}, **values)  # type: ignore[arg-type]


def worker(name: str, current: str | None = None, *skills: str, **facts: object) -> Worker:
    """A worker who may be moved."""
    return Worker(id=name, name=name, skills=frozenset(skills), current=current, **facts)  # type: ignore[arg-type]


def problem(townships: list[Township], staff: list[Worker], **facts: object) -> AllocationProblem:
    """No limits, and ten minutes to everywhere."""
    minutes = tuple(tuple(10 for _ in townships) for _ in staff)
    values: dict[str, object] = {"id": "p", "category_weights": {"child": 1}, "commute_minutes": minutes} | facts
    return AllocationProblem(townships=tuple(townships), staff=tuple(staff), **values)  # type: ignore[arg-type]


def at_random(seed: int) -> AllocationProblem:
    """Two to four townships and up to five workers under every kind of rule; tries until one can be kept."""
    rng = random.Random(seed)
    while True:
        try:
            return _at_random(rng)
        except ProblemError:
            continue


def _at_random(rng: random.Random) -> AllocationProblem:
    names = [f"t{i}" for i in range(rng.randint(1, 4))]
    high = rng.choice([2, 40, 900])
    townships = [
        Township(
            id=name, name=name, children={"a": rng.randint(0, high), "b": rng.randint(0, 2)},
            min_staff=rng.randint(0, 2), max_staff=rng.randint(0, 4),
            skills={skill: rng.randint(0, 2) for skill in SKILLS if rng.random() < 0.4},
        )
        for name in names
    ]  # fmt: skip
    staff = [
        Worker(
            id=f"s{i}", name=f"s{i}", skills=frozenset(s for s in SKILLS if rng.random() < rng.choice([0.2, 0.6])),
            current=rng.choice([*names, None]), movable=rng.random() < 0.8,
            barred=frozenset(name for name in names if rng.random() < 0.15),
        )
        for i in range(rng.randint(0, 5))
    ]  # fmt: skip
    return AllocationProblem(
        id="p", category_weights={"a": 2, "b": 1}, townships=tuple(townships), staff=tuple(staff),
        commute_minutes=tuple(tuple(rng.randint(0, 60) for _ in names) for _ in staff),
        max_commute_minutes=rng.choice([None, 30, 50]), max_moves=rng.choice([None, None, 0, 1, 2, 3]),
    )  # fmt: skip


def alike(seed: int, *, townships: int, staff: int, max_moves: int | None, skills: int = 0) -> AllocationProblem:
    """A county of townships with one of three demands, each asking for so many of the skills, staff near the first."""
    rng = random.Random(seed)
    places = [
        township(
            f"t{i}", rng.choice([700, 1100, 2900]), skills=dict.fromkeys(rng.sample(SKILLS, skills), rng.randint(1, 2))
        )
        for i in range(townships)
    ]
    workers = [
        worker(
            f"s{i}", f"t{min(rng.randrange(townships), rng.randrange(townships))}",
            *(skill for skill in SKILLS if rng.random() < 0.5), movable=rng.random() < 0.85,
        )
        for i in range(staff)
    ]  # fmt: skip
    minutes = tuple(tuple(rng.randint(5, 90) for _ in places) for _ in workers)
    return problem(places, workers, commute_minutes=minutes, max_moves=max_moves)


def every_allocation(problem: AllocationProblem) -> Iterator[Posts]:
    """Each way to post everybody or nobody that breaks no rule, found by trying them all."""
    names = [worker.id for worker in problem.staff]
    for places in itertools.product([None, *range(len(problem.townships))], repeat=len(names)):
        if _holds(problem, places):
            ids = [None if place is None else problem.townships[place].id for place in places]
            yield dict(zip(names, ids, strict=True))


def best_score(problem: AllocationProblem) -> Score:
    """The least score of any allocation."""
    return min(score_of(problem, posts) for posts in every_allocation(problem))


def _holds(problem: AllocationProblem, places: tuple[int | None, ...]) -> bool:
    moves = 0
    for row, place in enumerate(places):
        one = problem.staff[row]
        post = None if place is None else problem.townships[place].id
        moved = one.current is not None and post != one.current
        moves += moved
        limit = problem.max_commute_minutes
        far = place is not None and limit is not None and problem.commute_minutes[row][place] > limit
        if (moved and not one.movable) or post in one.barred or (far and post != one.current):
            return False
    full = any(places.count(t) > township.max_staff for t, township in enumerate(problem.townships))
    return not full and (problem.max_moves is None or moves <= problem.max_moves)
