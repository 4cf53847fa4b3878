"""The allocation problem: townships with their children, workers with their skills, and the way between them.

All numbers are integers, minutes among them. Each class guards what it can see by itself and raises ProblemError
with paths relative to itself; ``AllocationProblem`` guards what needs the whole, also that an allocation exists.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from scheduling.allocation import limits
from scheduling.errors import Fault, Faults


@dataclass(frozen=True, kw_only=True)
class Township:
    """A township: ``children`` by category, places for staff, and how many workers with a skill it asks for."""

    id: str
    name: str
    children: Mapping[str, int]
    min_staff: int
    max_staff: int
    skills: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        faults = Faults()
        _need_counts(faults, "children", self.children, limits.MAX_CHILDREN)
        _need_counts(faults, "skills", self.skills, limits.MAX_POSTS)
        for name, value in (("min_staff", self.min_staff), ("max_staff", self.max_staff)):
            _need_range(faults, name, value, limits.MAX_POSTS)
        faults.raise_problem()


@dataclass(frozen=True, kw_only=True)
class Worker:
    """A worker; ``current`` is a township's id, None: new, and posting them is no move."""

    id: str
    name: str
    skills: frozenset[str] = frozenset()
    current: str | None = None
    movable: bool = True
    barred: frozenset[str] = frozenset()

    @property
    def stays(self) -> bool:
        """True for one who has a township and may not leave it."""
        return self.current is not None and not self.movable


@dataclass(frozen=True, kw_only=True)
class AllocationProblem:
    """One row of ``commute_minutes`` for each worker, one column for each township.

    ``max_commute_minutes`` does not bind a worker who stays; None: no limit, as with ``max_moves``.
    """

    id: str
    category_weights: Mapping[str, int]
    townships: tuple[Township, ...]
    staff: tuple[Worker, ...]
    commute_minutes: tuple[tuple[int, ...], ...]
    max_commute_minutes: int | None = None
    max_moves: int | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        faults.extend(weight_faults(self.category_weights))
        faults.extend(_limit_faults(self))
        faults.extend(id_faults("townships", [township.id for township in self.townships]))
        faults.extend(id_faults("staff", [worker.id for worker in self.staff]))
        faults.extend(matrix_faults(self.commute_minutes, len(self.staff), len(self.townships)))
        for i, township in enumerate(self.townships):
            faults.extend(demand_faults(township, self.category_weights), under=f"townships[{i}]")
        known = {township.id for township in self.townships}
        for i, worker in enumerate(self.staff):
            faults.extend(place_faults(worker, known), under=f"staff[{i}]")
        if not faults:
            faults.extend(_possible_faults(self))
        faults.raise_problem()

    @cached_property
    def demand(self) -> tuple[int, ...]:
        """For each township, the sum of its children's weights."""
        weights = self.category_weights
        return tuple(sum(n * weights[kind] for kind, n in t.children.items()) for t in self.townships)

    @cached_property
    def column_of(self) -> dict[str, int]:
        """From a township's id to its place in the list."""
        return {township.id: i for i, township in enumerate(self.townships)}


def weight_faults(weights: Mapping[str, int]) -> Iterator[Fault]:
    """Weights that are out of range."""
    faults = Faults()
    _need_counts(faults, "category_weights", weights, limits.MAX_WEIGHT)
    yield from faults.found


def id_faults(key: str, ids: Iterable[str | None]) -> Iterator[Fault]:
    """Ids that stand twice."""
    seen: set[str | None] = {None}
    for i, name in enumerate(ids):
        if name in seen and name is not None:
            yield Fault(path=f"{key}[{i}].id", message=f"stands twice: {name}")
        seen.add(name)


def matrix_faults(rows: tuple[tuple[int, ...], ...], staff: int, townships: int) -> Iterator[Fault]:
    """A table of another shape, or minutes out of range."""
    if len(rows) != staff:
        yield Fault(path="commute_minutes", message=f"must have one row for each of {staff} workers")
    for i, row in enumerate(rows):
        if len(row) != townships:
            yield Fault(path=f"commute_minutes[{i}]", message=f"must have one column for each of {townships} townships")
        elif row and not (min(row) >= 0 and max(row) <= limits.MAX_MINUTES):
            yield Fault(path=f"commute_minutes[{i}]", message=f"must hold minutes from 0 to {limits.MAX_MINUTES}")


def demand_faults(township: Township, weights: Mapping[str, int]) -> Iterator[Fault]:
    """Children of an unknown category, and a demand out of range."""
    for kind in township.children:
        if kind not in weights:
            yield Fault(path=f"children.{kind}", message="is a category without a weight")
    demand = sum(n * weights.get(kind, 0) for kind, n in township.children.items())
    if demand > limits.MAX_DEMAND:
        yield Fault(path="children", message=f"must weigh at most {limits.MAX_DEMAND}")


def place_faults(worker: Worker, known: Iterable[str]) -> Iterator[Fault]:
    """Townships that are not in the problem, and a worker who may neither stay nor leave."""
    townships = set(known)
    if worker.current is not None and worker.current not in townships:
        yield Fault(path="current", message=f"is no township of this problem: {worker.current}")
    for name in sorted(worker.barred - townships):
        yield Fault(path="barred", message=f"is no township of this problem: {name}")
    if worker.stays and worker.current in worker.barred:
        yield Fault(path="barred", message=f"holds {worker.current}, where a worker who is not movable stands")


def forced_moves(problem: AllocationProblem) -> int:
    """The fewest moves of any allocation: workers at a barred township, and those over ``max_staff``."""
    barred = sum(worker.current in worker.barred for worker in problem.staff)
    staying = Counter(worker.current for worker in problem.staff if worker.current not in worker.barred)
    return barred + sum(max(0, staying[township.id] - township.max_staff) for township in problem.townships)


def _possible_faults(problem: AllocationProblem) -> Iterator[Fault]:
    """Staff who may not leave beyond the places, and moves that nobody can avoid beyond ``max_moves``."""
    fixed = Counter(worker.current for worker in problem.staff if worker.stays)
    for i, township in enumerate(problem.townships):
        if fixed[township.id] > township.max_staff:
            message = f"must be at least {fixed[township.id]}: so many workers there are not movable"
            yield Fault(path=f"townships[{i}].max_staff", message=message)
    forced = forced_moves(problem)
    if problem.max_moves is not None and problem.max_moves < forced:
        yield Fault(path="max_moves", message=f"must be at least {forced}: so many workers cannot stay where they are")


def _limit_faults(problem: AllocationProblem) -> Iterator[Fault]:
    faults = Faults()
    counts = {"townships": limits.MAX_TOWNSHIPS, "staff": limits.MAX_STAFF}
    for name, most in counts.items():
        faults.need(len(getattr(problem, name)) <= most, name, f"must have at most {most} entries")
    cells = len(problem.townships) * len(problem.staff)
    faults.need(cells <= limits.MAX_CELLS, "staff", f"times townships must be at most {limits.MAX_CELLS}")
    for name in ("max_commute_minutes", "max_moves"):
        value = getattr(problem, name)
        faults.need(value is None or value >= 0, name, "must be 0 or more, or null")
    yield from faults.found


def _need_counts(faults: Faults, key: str, counts: Mapping[str, int], most: int) -> None:
    faults.need(len(counts) <= limits.MAX_KINDS, key, f"must have at most {limits.MAX_KINDS} entries")
    for name, count in counts.items():
        _need_range(faults, f"{key}.{name}", count, most)


def _need_range(faults: Faults, path: str, value: int, most: int) -> None:
    faults.need(0 <= value <= most, path, f"must be from 0 to {most}")
