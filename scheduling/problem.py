"""The roster problem: who could do what, where and when (the data of one planning run).

Times are integer minutes since local midnight of the horizon's first day; day ``d`` is ``[1440 d, 1440 d + 1440)``
and a week is seven days counted from day 0. Ids are opaque words: no name, address or risk of a child stands here.

Each class guards what it can see by itself and raises ProblemError with paths relative to itself. What needs the
whole problem (unknown ids, cycles, pins) is checked by ``scheduling.check.check_problem``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from scheduling import limits
from scheduling.errors import Fault, Faults

DAY = 1440
WEEK_DAYS = 7
Span = tuple[int, int]
GENDERS = frozenset({"female", "male"})


class PersonKind(StrEnum):
    """The posts that people hold in a township."""

    VOLUNTEER = "volunteer"
    SOCIAL_WORKER = "social_worker"
    CHILD_DIRECTOR = "child_director"
    STATION_STAFF = "station_staff"


class TaskKind(StrEnum):
    """A visit goes to one household; an activity is held at a Children's Home."""

    VISIT = "visit"
    ACTIVITY = "activity"


class Service(StrEnum):
    """What a task is for; dedicated staff may do only the first two (notice 3.2)."""

    CHILD_PROTECTION = "child_protection"
    SOCIAL_WORK = "social_work"
    OTHER = "other"


DEDICATED_SERVICES = frozenset({Service.CHILD_PROTECTION, Service.SOCIAL_WORK})


class Priority(StrEnum):
    """How much it weighs to leave a task unserved."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def weight(self) -> int:
        """The task's part of the medium score while it is unserved."""
        return {"critical": 1000, "high": 100, "normal": 10, "low": 1}[self.value]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A village or a township seat; latitude and longitude in degrees."""

    id: str
    name: str
    lat: float
    lon: float

    def __post_init__(self) -> None:
        faults = Faults()
        faults.need(-90 <= self.lat <= 90, "lat", "must be from -90 to 90 degrees")
        faults.need(-180 <= self.lon <= 180, "lon", "must be from -180 to 180 degrees")
        faults.raise_problem()


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who can be on a team.

    ``vetted_through`` is the last day index (inclusive) of a valid criminal-record check, None: not vetted.
    The limits are service minutes and task counts, travel not counted; None: no limit.
    """

    id: str
    name: str
    kind: PersonKind
    gender: str | None
    base: str
    skills: frozenset[str] = frozenset()
    vetted_through: int | None = None
    availability: tuple[Span, ...] = ()
    max_minutes_per_day: int | None = None
    max_minutes_per_week: int | None = None
    max_tasks_per_day: int | None = None
    recent_tasks: int = 0
    dedicated: bool = False
    barred_tasks: frozenset[str] = frozenset()
    wants: frozenset[str] = frozenset()
    avoids: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        faults = Faults()
        _need_gender(faults, "gender", self.gender)
        _need_spans(faults, "availability", self.availability)
        for i, (before, after) in enumerate(pairwise(self.availability), start=1):
            faults.need(before[1] <= after[0], f"availability[{i}]", "must be sorted and not overlap the one before")
        for name in ("max_minutes_per_day", "max_minutes_per_week", "max_tasks_per_day"):
            limit = getattr(self, name)
            _need_range(faults, name, 0 if limit is None else limit, 0, limits.MAX_COUNT)
        _need_range(faults, "recent_tasks", self.recent_tasks, 0, limits.MAX_RECENT)
        _need_day(faults, "vetted_through", self.vetted_through)
        faults.raise_problem()


@dataclass(frozen=True, kw_only=True)
class Role:
    """From ``min`` to ``max`` people of one of ``kinds``, each with all of ``skills``."""

    id: str
    min: int
    max: int
    kinds: frozenset[PersonKind]
    skills: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        faults = Faults()
        _need_range(faults, "min", self.min, 0, limits.MAX_SEATS)
        _need_range(faults, "max", self.max, 1, limits.MAX_SEATS)
        faults.need(self.min <= self.max, "max", "must not be below min")
        faults.need(bool(self.kinds), "kinds", "must name at least one kind")
        faults.raise_problem()


@dataclass(frozen=True, kw_only=True)
class After:
    """``min_gap <= start - start of task <= max_gap``, in minutes; ``max_gap`` None: no upper limit."""

    task: str
    min_gap: int
    max_gap: int | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        _need_range(faults, "min_gap", self.min_gap, -limits.MAX_MINUTE, limits.MAX_MINUTE)
        if self.max_gap is not None:
            _need_range(faults, "max_gap", self.max_gap, -limits.MAX_MINUTE, limits.MAX_MINUTE)
            faults.need(self.min_gap <= self.max_gap, "max_gap", "must not be below min_gap")
        faults.raise_problem()


@dataclass(frozen=True, kw_only=True)
class Task:
    """A visit or an activity; ``windows`` hold its start and its end, ``due`` is a day index."""

    id: str
    name: str
    kind: TaskKind
    service: Service
    place: str
    minutes: int
    windows: tuple[Span, ...]
    priority: Priority
    with_children: bool
    roles: tuple[Role, ...]
    needs_gender: str | None = None
    known_by: frozenset[str] = frozenset()
    due: int | None = None
    after: After | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        _need_range(faults, "minutes", self.minutes, 1, limits.MAX_TASK_MINUTES)
        _need_gender(faults, "needs_gender", self.needs_gender)
        _need_day(faults, "due", self.due)
        faults.need(self.after is None or self.after.task != self.id, "after.task", "must be another task")
        self._guard_windows(faults)
        self._guard_roles(faults)
        faults.raise_problem()

    def _guard_windows(self, faults: Faults) -> None:
        _need_spans(faults, "windows", self.windows)
        order = sorted(range(len(self.windows)), key=lambda i: self.windows[i])
        for a, b in pairwise(order):
            faults.need(self.windows[a][1] <= self.windows[b][0], f"windows[{b}]", f"must not overlap windows[{a}]")
        for i, (opens, closes) in enumerate(self.windows):
            fits = not opens < closes or closes - opens >= self.minutes
            faults.need(fits, f"windows[{i}]", f"is too short for a task of {self.minutes} minutes")

    def _guard_roles(self, faults: Faults) -> None:
        seen: set[str] = set()
        for i, role in enumerate(self.roles):
            faults.need(role.id not in seen, f"roles[{i}].id", f"stands twice: {role.id}")
            seen.add(role.id)
        faults.need(len(self.roles) <= limits.MAX_ROLES, "roles", f"must not be more than {limits.MAX_ROLES}")
        faults.need(sum(role.min for role in self.roles) > 0, "roles", "must ask for at least one person (sum of min)")

    @cached_property
    def role_of(self) -> dict[str, Role]:
        """The roles by id."""
        return {role.id: role for role in self.roles}


@dataclass(frozen=True, kw_only=True, order=True)
class Seat:
    """One person in one role of a task's team."""

    person: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Pin:
    """What the planner has fixed of a task; a None start leaves the time free, others may join the team."""

    task: str
    start: int | None = None
    people: tuple[Seat, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A served task: its start and its team."""

    task: str
    start: int
    people: tuple[Seat, ...]


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Cost of one unit of each soft term (FORMAT: travel minutes, days late, and counts)."""

    travel: int = 1
    late: int = 60
    stranger: int = 45
    fairness: int = 2
    want: int = 20
    avoid: int = 40
    open_slot: int = 30
    change: int = 60
    move: int = 30

    def __post_init__(self) -> None:
        faults = Faults()
        for term in fields(self):
            _need_range(faults, term.name, getattr(self, term.name), 0, limits.MAX_WEIGHT)
        faults.raise_problem()


@dataclass(frozen=True, kw_only=True)
class Horizon:
    """``start`` is an ISO date; ``days`` the length of the plan."""

    start: str
    days: int
    timezone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        faults = Faults()
        faults.need(_is_date(self.start), "start", "must be a date as 2026-12-05")
        _need_range(faults, "days", self.days, 1, limits.MAX_DAYS)
        faults.need(_is_timezone(self.timezone), "timezone", "must be a zone of the IANA database")
        faults.raise_problem()

    @property
    def minutes(self) -> int:
        """Length of the horizon in minutes."""
        return self.days * DAY


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One planning run's input. ``travel_minutes`` is square, in the order of ``places``, zero on the diagonal."""

    id: str
    horizon: Horizon
    places: tuple[Place, ...]
    travel_minutes: tuple[tuple[int, ...], ...]
    people: tuple[Person, ...]
    tasks: tuple[Task, ...]
    pins: tuple[Pin, ...] = ()
    published: tuple[Assignment, ...] = ()
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        faults = Faults()
        for name, items in (("places", self.places), ("people", self.people), ("tasks", self.tasks)):
            faults.extend(duplicate_faults(name, [item.id for item in items]))
        faults.extend(matrix_faults(self.travel_minutes, len(self.places)))
        for i, person in enumerate(self.people):
            faults.need(person.base in self.place_index, f"people[{i}].base", f"is no known place: {person.base}")
        for i, task in enumerate(self.tasks):
            faults.need(task.place in self.place_index, f"tasks[{i}].place", f"is no known place: {task.place}")
        faults.raise_problem()

    @cached_property
    def place_index(self) -> dict[str, int]:
        """Row of each place in ``travel_minutes``."""
        return {place.id: i for i, place in enumerate(self.places)}

    @cached_property
    def person_of(self) -> dict[str, Person]:
        """The people by id."""
        return {person.id: person for person in self.people}

    @cached_property
    def task_of(self) -> dict[str, Task]:
        """The tasks by id."""
        return {task.id: task for task in self.tasks}

    def travel(self, origin: str, destination: str) -> int:
        """Minutes from one place to another, by their ids."""
        return self.travel_minutes[self.place_index[origin]][self.place_index[destination]]


def duplicate_faults(path: str, ids: Sequence[str | None]) -> Iterator[Fault]:
    """A fault for each id that stands a second time in the list at ``path``; None is an id that could not be read."""
    seen: set[str | None] = {None}
    for i, name in enumerate(ids):
        if name in seen and name is not None:
            yield Fault(path=f"{path}[{i}].id", message=f"stands twice: {name}")
        seen.add(name)


def matrix_faults(matrix: Sequence[Sequence[int]], size: int) -> Iterator[Fault]:
    """What makes a matrix of minutes no travel matrix of ``size`` places, at most one fault a row."""
    if len(matrix) != size:
        yield Fault(path="travel_minutes", message=f"must have a row for each of {size} places, has {len(matrix)}")
    for i, row in enumerate(matrix):
        path = f"travel_minutes[{i}]"
        if len(row) != size:
            yield Fault(path=path, message=f"must have {size} numbers, has {len(row)}")
        elif row and not 0 <= min(row) <= max(row) <= limits.MAX_TRAVEL:
            bad = next(j for j, minutes in enumerate(row) if not 0 <= minutes <= limits.MAX_TRAVEL)
            yield Fault(path=f"{path}[{bad}]", message=f"must be from 0 to {limits.MAX_TRAVEL}, is {row[bad]}")
        elif i < size and row[i] != 0:
            yield Fault(path=f"{path}[{i}]", message=f"must be 0 on the diagonal, is {row[i]}")


def _need_range(faults: Faults, path: str, number: int, low: int, high: int) -> None:
    faults.need(low <= number <= high, path, f"must be from {low} to {high}, is {number}")


def _need_day(faults: Faults, path: str, day: int | None) -> None:
    _need_range(faults, path, day or 0, -limits.MAX_DAY_INDEX, limits.MAX_DAY_INDEX)


def _need_gender(faults: Faults, path: str, gender: str | None) -> None:
    faults.need(gender is None or gender in GENDERS, path, "must be female, male or null")


def _need_spans(faults: Faults, path: str, spans: Sequence[Span]) -> None:
    for i, (opens, closes) in enumerate(spans):
        faults.need(opens < closes, f"{path}[{i}]", "must open before it closes")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True
