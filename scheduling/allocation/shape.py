"""The problem as the solvers see it: numbers for ids, the open choices of each worker, what a count of staff costs."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from scheduling.allocation.answer import Posts, Score
from scheduling.allocation.problem import AllocationProblem, Worker

Places = tuple[int | None, ...]
"""For each worker the number of a township, None: unposted."""
AIMS = ("short", "skills_missing", "spread", "moves", "commute")
"""The aims that are sums, in their order; the peak, between skills and spread, is none."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """``options``: for each worker the townships where they may stand; ``current``: None for one who is new."""

    problem: AllocationProblem
    options: tuple[tuple[int, ...], ...]
    current: tuple[int | None, ...]

    @classmethod
    def of(cls, problem: AllocationProblem) -> "Shape":
        """The shape of a problem."""
        current = tuple(None if w.current is None else problem.column_of[w.current] for w in problem.staff)
        options = tuple(_options(problem, row, worker) for row, worker in enumerate(problem.staff))
        return cls(problem=problem, options=options, current=current)

    @cached_property
    def rooms(self) -> tuple[int, ...]:
        """For each township, how many workers could stand there at most."""
        reach = [0] * len(self.problem.townships)
        for columns in self.options:
            for column in columns:
                reach[column] += 1
        return tuple(min(n, t.max_staff) for n, t in zip(reach, self.problem.townships, strict=True))

    @cached_property
    def skills(self) -> tuple[dict[str, int], ...]:
        """For each township, how many workers with a skill it asks for, without those that ask for none."""
        return tuple({skill: n for skill, n in t.skills.items() if n} for t in self.problem.townships)

    def load(self, column: int, count: int) -> int:
        """What a township adds to the peak with so many workers."""
        demand = self.problem.demand[column]
        return -(-100 * demand // count) if count else 200 * demand

    def spread(self, column: int, count: int) -> int:
        """What a township adds to the spread with so many workers."""
        square = self.problem.demand[column] ** 2
        return 100 * square // count if count else 200 * square

    def gains(self, column: int) -> list[int]:
        """What each further worker takes from the spread; rounding can make one gain more than the one before."""
        spread = [self.spread(column, count) for count in range(self.rooms[column] + 1)]
        return [before - after for before, after in pairwise(spread)]

    def count_for(self, column: int, peak: int) -> int:
        """The fewest workers with which a township is not over the peak; more than its room if there is no way."""
        demand = self.problem.demand[column]
        if 200 * demand <= peak:
            return 0
        return -(-100 * demand // peak) if peak else self.rooms[column] + 1

    @cached_property
    def peaks(self) -> tuple[int, ...]:
        """Every peak that an allocation could have, sorted."""
        loads = {self.load(t, count) for t, room in enumerate(self.rooms) for count in range(room + 1)}
        return tuple(sorted(loads)) or (0,)

    def today(self) -> Places:
        """An allocation that holds every rule: whoever may stay does, the last in the list leave a full township."""
        free = [township.max_staff for township in self.problem.townships]
        places: list[int | None] = [None] * len(self.current)
        fixed_first = sorted(range(len(places)), key=lambda row: not self.problem.staff[row].stays)
        for row in fixed_first:
            column = self.current[row]
            if column is not None and column in self.options[row] and free[column] > 0:
                free[column] -= 1
                places[row] = column
        return tuple(places)

    def score(self, places: Places) -> Score:
        """The six aims, by the solvers' own counting."""
        counts = [0] * len(self.problem.townships)
        for column in places:
            if column is not None:
                counts[column] += 1
        columns = range(len(counts))
        return Score(
            short=sum(max(0, self.problem.townships[t].min_staff - counts[t]) for t in columns),
            skills_missing=self._skills_missing(places),
            peak=max((self.load(t, counts[t]) for t in columns), default=0),
            spread=sum(self.spread(t, counts[t]) for t in columns),
            moves=sum(was is not None and was != now for was, now in zip(self.current, places, strict=True)),
            commute=sum(
                self.problem.commute_minutes[row][column] for row, column in enumerate(places) if column is not None
            ),
        )

    def posts(self, places: Places) -> Posts:
        """The places by ids."""
        townships = self.problem.townships
        rows = zip(self.problem.staff, places, strict=True)
        return {worker.id: None if column is None else townships[column].id for worker, column in rows}

    def places(self, posts: Posts) -> Places:
        """The other way round."""
        column_of = self.problem.column_of
        named = (posts[worker.id] for worker in self.problem.staff)
        return tuple(None if post is None else column_of[post] for post in named)

    def _skills_missing(self, places: Places) -> int:
        missing = [dict(asked) for asked in self.skills]
        for worker, column in zip(self.problem.staff, places, strict=True):
            if column is not None:
                for skill in worker.skills & missing[column].keys():
                    missing[column][skill] -= 1
        return sum(max(0, n) for asked in missing for n in asked.values())


def _options(problem: AllocationProblem, row: int, worker: Worker) -> tuple[int, ...]:
    limit, minutes = problem.max_commute_minutes, problem.commute_minutes[row]
    return tuple(
        column
        for column, township in enumerate(problem.townships)
        if township.id == worker.current or (not worker.stays and (limit is None or minutes[column] <= limit))
        if township.id not in worker.barred
    )
