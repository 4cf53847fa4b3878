"""Slots: the starts of each task cut into ranges of one window, one day and one cost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from scheduling.cpsat.eligibility import Eligibility, by_day, overlap
from scheduling.problem import Problem, Span, Task


@dataclass(frozen=True, kw_only=True)
class Slot:
    """Starts from ``first`` to ``last`` of a task (its index); ``cost`` is what late and move come to at each."""

    task: int
    day: int
    first: int
    last: int
    cost: int

    def meets(self, later: "Slot", min_gap: int, max_gap: int | None) -> bool:
        """True if some start here and some start of ``later`` have a gap between the two (minutes, inclusive)."""
        return later.last - self.first >= min_gap and (max_gap is None or later.first - self.last <= max_gap)


def make_slots(
    problem: Problem, options: Eligibility, cuts: Mapping[str, Iterable[int]] | None = None
) -> tuple[Slot, ...]:
    """Every task's slots, in order; ``cuts`` are further starts at which a slot of that task begins."""
    published = {assignment.task: assignment.start for assignment in problem.published}
    slots: list[Slot] = []
    for index, task in enumerate(problem.tasks):
        held = published.get(task.id)
        edges = {*(cuts or {}).get(task.id, ()), *(() if held is None else (held, held + 1))}
        for day, ranges in by_day(options.task_starts(task)):
            for first, last in split(ranges, edges):
                moved = problem.weights.move * (held is not None and first != held)
                cost = problem.weights.late * days_late(task, day) + moved
                slots.append(Slot(task=index, day=day, first=first, last=last, cost=cost))
    return tuple(slots)


def split(ranges: Iterable[Span], edges: Iterable[int]) -> tuple[Span, ...]:
    """The ranges, cut so that every edge inside begins one."""
    bounds = [-(1 << 40), *sorted(edges), 1 << 40]
    pieces = (piece for low, high in pairwise(bounds) for piece in overlap(ranges, (low, high - 1)))
    return tuple(sorted(pieces))


def days_late(task: Task, day: int) -> int:
    """Days from the due day to this one, where positive."""
    return 0 if task.due is None else max(0, day - task.due)
