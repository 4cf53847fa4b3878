"""The JSON forms of an allocation problem, an allocation and a frontier, exactly as the interchange format has them."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from scheduling.allocation import limits
from scheduling.allocation.answer import Allocation, Frontier
from scheduling.allocation.problem import (
    AllocationProblem,
    Township,
    Worker,
    demand_faults,
    id_faults,
    matrix_faults,
    place_faults,
    weight_faults,
)
from scheduling.errors import Faults, ProblemError
from scheduling.io.fields import Fields, text_or_none
from scheduling.io.text import decode

PROBLEM_FORMAT = "weibao-allocation-problem/1"
ALLOCATION_FORMAT = "weibao-allocation/1"
FRONTIER_FORMAT = "weibao-allocation-frontier/1"
T = TypeVar("T")


class _Fields(Fields):
    """One object of the problem; also reads what is counted by name."""

    def counts(self, key: str) -> dict[str, int]:
        """An object of integers; a name must be text, as an id must."""
        value = self._read(key, lambda value: isinstance(value, dict), "must be an object")
        held: dict[object, object] = value if isinstance(value, dict) else {}
        for name, count in held.items():
            fits = text_or_none(name) is not None and type(count) is int
            self._need(fits, f"{key}.{name}", "must be an integer under a name")
        return {str(name): count for name, count in held.items() if type(count) is int}

    def parts(self, key: str, read: "Callable[[_Fields], T | None]", most: int) -> list[T | None]:
        """A list of objects, each read by ``read``; None stands where one could not be read."""
        items = self.items(key, most)
        return [read(_Fields(item, f"{self.at(key)}[{i}]", self.faults)) for i, item in enumerate(items)]


def read_allocation_problem(source: str | bytes | Path) -> AllocationProblem:
    """The problem in a JSON text, or in the file at a Path.

    Raises: ProblemError listing every fault with its path into the JSON.
    """
    return problem_from_json(decode(source, ProblemError))


def problem_from_json(data: object) -> AllocationProblem:
    """The problem in decoded JSON; keys that FORMAT does not know are ignored.

    Raises: ProblemError listing every fault with its path into the JSON.
    """
    faults = Faults()
    top = _Fields(data, "", faults)
    top.need_format(PROBLEM_FORMAT)
    name, weights = top.text("id"), top.counts("category_weights")
    townships = top.parts("townships", _read_township, limits.MAX_TOWNSHIPS)
    staff = top.parts("staff", _read_worker, limits.MAX_STAFF)
    matrix = _read_matrix(top)
    farthest, moves = top.integer_or_null("max_commute_minutes"), top.integer_or_null("max_moves")
    if faults:
        _add_faults_between(top, weights, townships, staff, matrix)
    faults.raise_problem()
    return AllocationProblem(
        id=name,
        category_weights=weights,
        townships=tuple(township for township in townships if township),
        staff=tuple(worker for worker in staff if worker),
        commute_minutes=matrix,
        max_commute_minutes=farthest,
        max_moves=moves,
    )


def allocation_to_json(allocation: Allocation) -> dict[str, object]:
    """The JSON form of one allocation."""
    return {
        "format": ALLOCATION_FORMAT,
        "problem": allocation.problem,
        "posts": dict(allocation.posts),
        "score": asdict(allocation.score),
        "bound": asdict(allocation.bound),
        "status": allocation.status.value,
        "seconds": round(allocation.seconds, 3),
    }


def frontier_to_json(frontier: Frontier) -> dict[str, object]:
    """The JSON form of a frontier."""
    points = [allocation_to_json(point) for point in frontier.points]
    return {"format": FRONTIER_FORMAT, "problem": frontier.problem, "points": points}


def _add_faults_between(
    top: _Fields,
    weights: Mapping[str, int],
    townships: list[Township | None],
    staff: list[Worker | None],
    matrix: tuple[tuple[int, ...], ...],
) -> None:
    """What a sound problem would find by itself, found here among the sound parts of a faulty one."""
    faults = top.faults
    faults.extend(weight_faults(weights))
    ids = {key: [text_or_none(item.get("id")) for item in top.objects(key)] for key in ("townships", "staff")}
    for key, names in ids.items():
        faults.extend(id_faults(key, names))
    if matrix:
        faults.extend(matrix_faults(matrix, len(staff), len(townships)))
    for i, township in enumerate(townships):
        if township and weights:
            faults.extend(demand_faults(township, weights), under=f"townships[{i}]")
    known = {name for name in ids["townships"] if name}
    for i, worker in enumerate(staff):
        if worker and known:
            faults.extend(place_faults(worker, known), under=f"staff[{i}]")


def _read_township(f: _Fields) -> Township | None:
    name, title, children = f.text("id"), f.text("name"), f.counts("children")
    least, most, skills = f.integer("min_staff"), f.integer("max_staff"), f.counts("skills")
    return f.build(
        lambda: Township(id=name, name=title, children=children, min_staff=least, max_staff=most, skills=skills)
    )


def _read_worker(f: _Fields) -> Worker | None:
    name, title, skills = f.text("id"), f.text("name"), frozenset(f.words("skills"))
    current, movable, barred = f.text_or_null("current"), f.flag("movable"), frozenset(f.words("barred"))
    return f.build(lambda: Worker(id=name, name=title, skills=skills, current=current, movable=movable, barred=barred))


def _read_matrix(top: _Fields) -> tuple[tuple[int, ...], ...]:
    """The rows of commute_minutes; an entry that is no integer is a fault of its row."""
    rows = top.items("commute_minutes", limits.MAX_STAFF)
    faulty = [i for i, row in enumerate(rows) if not (isinstance(row, list) and {type(m) for m in row} <= {int})]
    for i in faulty:
        top.faults.add(f"commute_minutes[{i}]", "must be a list of integers")
    return () if faulty else tuple(tuple(row) for row in rows if isinstance(row, list))
