"""What a proposal comes to: each township's load today, by the two baselines and then; who moves; each point."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scheduling.allocation import AllocationProblem, Score, score_of
from scheduling.allocation.apportion import largest_remainder, webster
from tenants.models import StaffAllocation
from tenants.services.allocations import Move
from weibao.allocating.problem import of_json

Posts = Mapping[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Load:
    """A township's line. Loads are weights for one worker, None: children and nobody there."""

    township: str
    children: int
    demand: int
    staff_now: int
    remainder: int
    webster: int
    staff_then: int

    @property
    def now(self) -> float | None:
        """Weight for one worker today."""
        return _each(self.demand, self.staff_now)

    @property
    def then(self) -> float | None:
        """Weight for one worker under the proposal."""
        return _each(self.demand, self.staff_then)


@dataclass(frozen=True, kw_only=True)
class Side:
    """What a count of workers by township comes to, beside others.

    ``peak`` is the heaviest weight for one worker and ``uneven`` the part by which the sum of weight squared by workers
    lies above that of a county where everybody carries the same; None: a township has children and nobody.
    ``leavers`` are the workers who leave a township at the least.
    """

    peak: float | None
    uneven: float | None
    leavers: int


@dataclass(frozen=True, kw_only=True)
class Point:
    """A point of the frontier: what it comes to, and what it improves on the one before (None for the first)."""

    place: int
    score: Score
    bound: Score
    optimal: bool
    before: Score | None


def _each(demand: int, staff: int) -> float | None:
    if not staff:
        return None if demand else 0.0
    return demand / staff


@dataclass(frozen=True)
class Outlook:
    """A proposal's problem and the posts of one of its points."""

    problem: AllocationProblem
    posts: Posts

    @cached_property
    def today(self) -> dict[str, str | None]:
        """Where everybody stands now."""
        return {worker.id: worker.current for worker in self.problem.staff}

    @cached_property
    def score_today(self) -> Score:
        """What today's posts come to."""
        return score_of(self.problem, self.today)

    @cached_property
    def loads(self) -> list[Load]:
        """Each township, heaviest today first."""
        problem, now, then = self.problem, Counter(self.today.values()), Counter(self.posts.values())
        least = min((t.min_staff for t in problem.townships), default=0)
        seats = len(problem.staff)
        by_remainder = largest_remainder(problem.demand, seats, least=least)
        by_webster = webster(problem.demand, seats, least=least)
        rows = [
            Load(
                township=t.id,
                children=sum(t.children.values()),
                demand=problem.demand[i],
                staff_now=now[t.id],
                remainder=by_remainder[i],
                webster=by_webster[i],
                staff_then=then[t.id],
            )
            for i, t in enumerate(problem.townships)
        ]
        return sorted(rows, key=lambda row: (-(row.now if row.now is not None else 2 * row.demand), row.township))

    @property
    def even(self) -> float:
        """The spread of a county in which every worker carries the same; 0 without workers or children."""
        return 100 * sum(self.problem.demand) ** 2 / len(self.problem.staff) if self.problem.staff else 0.0

    @cached_property
    def sides(self) -> dict[str, Side]:
        """Today, both baselines and the proposal beside each other, by the name of the count in ``Load``."""
        return {name: self._side(name) for name in ("staff_now", "remainder", "webster", "staff_then")}

    def _side(self, name: str) -> Side:
        rows = [(load.demand, getattr(load, name), load.staff_now) for load in self.loads]
        leavers = sum(max(0, now - staff) for _demand, staff, now in rows)
        if not self.problem.staff or any(demand and not staff for demand, staff, _now in rows):
            return Side(peak=None, uneven=None, leavers=leavers)
        held = [(demand, staff) for demand, staff, _now in rows if demand]
        spread = sum(100 * demand**2 / staff for demand, staff in held)
        peak = max((demand / staff for demand, staff in held), default=0.0)
        return Side(peak=peak, uneven=spread / self.even - 1 if self.even else None, leavers=leavers)

    @cached_property
    def moves(self) -> list[Move]:
        """Who changes post, those who come to the heaviest townships first."""
        load = {row.township: row for row in self.loads}
        order = {row.township: place for place, row in enumerate(self.loads)}
        changed = [w for w in self.problem.staff if self.posts[w.id] != w.current]
        changed.sort(key=lambda w: (order.get(self.posts[w.id] or "", len(order)), w.id))
        return [self._move(worker.id, load) for worker in changed]

    def _move(self, staff: str, load: Mapping[str, Load]) -> Move:
        old, new = self.today[staff], self.posts[staff]
        facts: dict[str, Any] = {"minutes": self._minutes(staff, new), "minutes_before": self._minutes(staff, old)}
        for name, place in (("from", old), ("to", new)):
            if place is not None:
                row = load[place]
                facts[name] = {"demand": row.demand, "staff": [row.staff_now, row.staff_then]}
        facts["skills"] = self._skills_brought(staff, new)
        return Move(staff_id=staff, from_township_id=old, to_township_id=new, facts=facts)

    def _minutes(self, staff: str, place: str | None) -> int | None:
        if place is None:
            return None
        row = next(i for i, worker in enumerate(self.problem.staff) if worker.id == staff)
        return self.problem.commute_minutes[row][self.problem.column_of[place]]

    def _skills_brought(self, staff: str, place: str | None) -> list[str]:
        """Skills that the new township asks for and nobody has there today."""
        if place is None:
            return []
        wanted = self.problem.townships[self.problem.column_of[place]].skills
        there = {skill for w in self.problem.staff if w.current == place for skill in w.skills}
        held = next(worker.skills for worker in self.problem.staff if worker.id == staff)
        return sorted((set(wanted) & held) - there)


def outlook_of(row: StaffAllocation, place: int | None = None) -> Outlook | None:
    """The outlook of a proposal's chosen point, or of another one; None while it is not worked out."""
    points: Sequence[Mapping[str, Any]] = (row.frontier or {}).get("points", ())
    which = row.chosen if place is None else place
    if which is None or not 0 <= which < len(points):
        return None
    return Outlook(of_json(row.problem), points[which]["posts"])


def points_of(row: StaffAllocation) -> list[Point]:
    """The frontier, the fewest moves first."""
    found: list[Point] = []
    for place, point in enumerate((row.frontier or {}).get("points", ())):
        score = Score(**point["score"])
        before = found[-1].score if found else None
        optimal = point["status"] == "optimal"
        found.append(Point(place=place, score=score, bound=Score(**point["bound"]), optimal=optimal, before=before))
    return found
