"""Open tasks one by one: serve each by changing the few tasks that compete with it, or prove that this cannot be.

The proof is by parts. A roster of the whole problem, cut down to some tasks, is a roster of those alone (travel by the
shortest ways, so that a dropped stop makes no way longer). So the least weight that must stay undone among them, put
alone, is a lower bound for them in the whole, and bounds of parts that share no task add up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scheduling.cpsat.hopeless import hopeless_tasks
from scheduling.cpsat.model import ExactModel, Lexicographic
from scheduling.cpsat.solving import Limits, Outcome, ShouldStop
from scheduling.cpsat.travel import shortest_ways
from scheduling.cpsat.weight import unserved_weight, weight_of
from scheduling.duties import Duties
from scheduling.problem import Assignment, Problem
from scheduling.reasons import reasons_of
from scheduling.roster import ReasonCode

MOST_TASKS = 24
"""A part that grows beyond this is given up: one model of it would no longer be quick."""
SHARE = 0.25
"""Share of the time that is left which one model may have."""
Rows = tuple[Assignment, ...]


@dataclass(frozen=True, kw_only=True)
class Cover:
    """The rows, with more served where that could be, and a proven lower bound on the weight of what stays open."""

    assignments: Rows
    bound: int


def cover(
    problem: Problem,
    rows: Sequence[Assignment],
    *,
    seconds: float,
    workers: int = 2,
    seed: int = 0,
    on_bound: Callable[[int], None] | None = None,
    should_stop: ShouldStop | None = None,
) -> Cover:
    """Serve open tasks, or prove that they must stay open; whatever could be added as things are is in ``rows``.

    Each open task's part begins with what competes with it and grows by what stands in the way of serving all of it,
    until one or the other succeeds, the part is too large, or ``seconds`` (wall time) are over.
    """
    limits = Limits(seconds=seconds, workers=workers, seed=seed, should_stop=should_stop)
    made = _Covering(problem, tuple(rows))
    for task in sorted(made.open, key=lambda name: (-problem.task_of[name].priority.weight, name)):
        if task in made.open and task not in made.proven and not limits.over:
            made.settle(task, limits)
            if on_bound is not None:
                on_bound(made.bound)
    return Cover(assignments=made.rows, bound=made.bound)


class _Covering:
    """The rows as they are now, and the parts that were proven."""

    def __init__(self, problem: Problem, rows: Rows) -> None:
        self.problem, self.rows = problem, rows
        self.near = replace(problem, travel_minutes=shortest_ways(problem), published=())
        self.hopeless = hopeless_tasks(problem)
        self.bound = weight_of(problem, self.hopeless)
        self.proven: set[str] = set()

    @property
    def open(self) -> set[str]:
        """Tasks that are not served and not hopeless."""
        return self.problem.task_of.keys() - {row.task for row in self.rows} - self.hopeless

    def settle(self, task: str, limits: Limits) -> None:
        """Serve the task, or prove its part's weight, or give up."""
        cluster = self._closed({task, *self._rivals(task)})
        while len(cluster) <= MOST_TASKS and not limits.over:
            part = ExactModel(self._part(cluster))
            outcome = part.minimise(part.medium, limits.part(SHARE))
            if outcome.bound is not None and outcome.bound > 0:
                self._keep(cluster, outcome.bound)
                return
            if self._repaired(cluster, limits.part(SHARE)):
                return
            grown = self._closed(cluster | self._in_the_way(part, outcome, cluster))
            if grown == cluster:
                return
            cluster = grown

    def _rivals(self, task: str) -> set[str]:
        reasons = reasons_of(self.problem, Duties(self.problem, self.rows), self.problem.task_of[task])
        return {name for reason in reasons if reason.code is ReasonCode.COMPETING for name in reason.instead}

    def _keep(self, cluster: set[str], weight: int) -> None:
        if not cluster & self.proven:
            self.proven |= cluster
            self.bound += min(weight, weight_of(self.problem, cluster & self.open))

    def _repaired(self, cluster: set[str], limits: Limits) -> bool:
        """Whether more is served by changing the part alone, everything else kept as it is."""
        frozen = {row.task: row for row in self.rows if row.task not in cluster}
        found = Lexicographic(ExactModel(self.problem, frozen=frozen), limits, None, None).solve(self.rows)
        before = unserved_weight(self.problem, self.rows)
        if found.assignments is None or unserved_weight(self.problem, found.assignments) >= before:
            return False
        self.rows = found.assignments
        return True

    def _closed(self, cluster: set[str]) -> set[str]:
        """With every predecessor, without which a part's roster would be none; without what nobody can do."""
        closed = set(cluster)
        while True:
            rules = (self.problem.task_of[name].after for name in closed)
            before = {rule.task for rule in rules if rule is not None} - closed
            if not before:
                return closed - self.hopeless
            closed |= before

    def _part(self, cluster: set[str]) -> Problem:
        keep = frozenset(cluster)
        people = tuple(
            replace(person, barred_tasks=person.barred_tasks & keep, wants=frozenset(), avoids=frozenset())
            for person in self.near.people
        )
        tasks = tuple(task for task in self.near.tasks if task.id in keep)
        pins = tuple(pin for pin in self.near.pins if pin.task in keep)
        return replace(self.near, tasks=tasks, pins=pins, people=people)

    def _in_the_way(self, model: ExactModel, outcome: Outcome, cluster: set[str]) -> set[str]:
        """What the rows hold that the part's own roster leaves no room for."""
        if not outcome.found:
            return set()
        duties = Duties(self.problem, [row for row in self.rows if row.task not in cluster])
        person_of, task_of = self.problem.person_of, self.problem.task_of
        return {
            name
            for row in model.read(outcome.solver.value)
            for seat in row.people
            for name in duties.in_the_way(person_of[seat.person], task_of[row.task], row.start)
        }
