"""Solve a roster problem: the compiled search, with proofs and bounds by CP-SAT beside it.

Importing this module costs nothing: numba, numpy and OR-Tools come with the first call of ``solve``.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduling.audit import audit, score_of
from scheduling.errors import Fault, ProblemError
from scheduling.problem import Assignment, Problem
from scheduling.reasons import serve_free, unserved_reasons
from scheduling.roster import Progress, Roster, Score, Status

if TYPE_CHECKING:
    from scheduling.search.engine import Search

Rows = tuple[Assignment, ...]
NEWS_SECONDS = 0.25
PROVABLE_TASKS = 20
"""Up to this many tasks the exact model usually proves its roster in a second or two."""
BOUNDABLE_TASKS = 120
"""Up to this many tasks column generation gives a soft bound worth its time (a few per cent of the score)."""
SEARCH_SHARES = {PROVABLE_TASKS: 0.1, BOUNDABLE_TASKS: 0.8}
"""Share of the time that the search has on problems of up to so many tasks, before its roster is proven or bettered."""
LARGE_SHARE = 0.95
"""The same on larger problems: what is left is for tasks that the search could not serve."""
COVER_SHARE = 0.5
"""Share of the time that is then left in which open tasks are served or proven to be impossible."""
CLOSING_SHARE = 0.5
"""Share of what is left after that which column generation has on a provable problem, before the exact model: it needs
a tenth of the exact model's time where the least unserved weight was found, and cannot begin where it was not."""
CLOSING_SECONDS = 0.01
"""What column generation takes for each task before its first bound; with less time it is not begun."""


def solve(
    problem: Problem,
    *,
    seconds: float = 60.0,
    workers: int = 2,
    seed: int = 0,
    deterministic: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Roster:
    """The best roster found in ``seconds`` of wall time, building included, on ``workers`` threads.

    ``on_progress`` is called on the calling thread at least twice a second while there is news; ``should_stop`` is
    polled there and ends the search with the best roster so far. With ``deterministic`` the work done depends on the
    problem, ``seconds``, ``workers`` and ``seed`` alone; the roster's ``seconds`` is then the ``seconds`` asked for.
    Raises ProblemError if no roster was found that keeps all pins.
    """
    from scheduling.search.engine import Search  # noqa: PLC0415  # compiled code must cost a web worker nothing

    loading = threading.Thread(target=_load_ahead, args=(len(problem.tasks),), daemon=True)
    if not deterministic:
        loading.start()
    started = time.perf_counter()
    search = Search(problem, seed=seed)
    news = _News(problem=problem, search=search, started=started, tell=on_progress, stop=should_stop)
    limits = _Limits(
        seconds=seconds,
        until=started + seconds - _finishing_seconds(problem),
        workers=workers,
        seed=seed,
        deterministic=deterministic,
    )
    solving = _Solving(problem, search, limits, news)
    solving.solve()
    if not deterministic:
        loading.join()
    _refuse_broken_pins(problem, solving.rows)
    return finished(problem, solving.rows, solving.bound, seconds if deterministic else time.perf_counter() - started)


def _load_ahead(tasks: int) -> None:
    """Load OR-Tools beside the search, whose compiled code holds no lock."""
    if tasks <= BOUNDABLE_TASKS:
        import scheduling.cpsat.closing  # noqa: F401, PLC0415  # the first proof must not wait for it


def warm_up() -> None:
    """Compile whatever ``solve`` compiles, and keep it on disk: some 40 s of one core the first time, then a second."""
    from scheduling.cpsat import prove  # noqa: PLC0415  # compiled code must cost a web worker nothing
    from scheduling.search import warm_up as compile_search  # noqa: PLC0415  # the same
    from scheduling.search.warm import small_problem  # noqa: PLC0415  # the same

    compile_search()
    prove(small_problem(), incumbent=(), soft=100, seconds=60.0)


@dataclass(frozen=True, kw_only=True)
class _Limits:
    """``until``: the moment (performance counter) at which the roster must be ready to be finished."""

    seconds: float
    until: float
    workers: int
    seed: int
    deterministic: bool

    @property
    def left(self) -> float:
        """Seconds that are left; all of them where time is deterministic."""
        return self.seconds if self.deterministic else self.until - time.perf_counter()


class _Solving:
    """The stages, each of which may better the rows or the bound: search, cover, close, exact model."""

    def __init__(self, problem: Problem, search: "Search", limits: _Limits, news: "_News") -> None:
        self.problem, self.search, self.limits, self.news = problem, search, limits, news
        self.size = len(problem.tasks)
        self.rows: Rows = ()
        self.bound = Score(medium=0, soft=0)

    def solve(self) -> None:
        """Every stage that fits the problem's size and is still needed."""
        provable, fixed = self.size <= PROVABLE_TASKS, self.limits.deterministic
        self._anneal()
        if not fixed:
            self._cover()
        if not fixed and self.size <= BOUNDABLE_TASKS:
            self._close(CLOSING_SHARE if provable else 1.0)
        if provable:
            self._exact()

    @property
    def _score(self) -> Score:
        return score_of(self.problem, self.rows)[0]

    def _anneal(self) -> None:
        from scheduling.cpsat.hopeless import hopeless_weight  # noqa: PLC0415  # numpy must cost a web worker nothing
        from scheduling.search.engine import run  # noqa: PLC0415  # numba must cost a web worker nothing

        share = next((share for size, share in SEARCH_SHARES.items() if self.size <= size), LARGE_SHARE)
        if self.limits.deterministic and self.size > PROVABLE_TASKS:
            share = 1.0
        if (left := self.limits.left) > 0:
            limits = self.limits
            run(
                self.search,
                workers=limits.workers,
                seconds=left * share,
                deterministic=limits.deterministic,
                on_tick=self.news.tick,
            )
        self.rows = serve_free(self.problem, self.search.rows())
        wishes = sum(len(person.wants) for person in self.problem.people)
        self.bound = Score(medium=hopeless_weight(self.problem), soft=-self.problem.weights.want * wishes)

    def _cover(self) -> None:
        """Serve what the search could not, or prove that it must stay open; polish what that has moved."""
        if self._score.medium <= self.bound.medium or self.limits.left <= 0:
            return
        from scheduling.cpsat import cover  # noqa: PLC0415  # OR-Tools must cost a web worker nothing

        floor = self.bound.soft
        made = cover(
            self.problem,
            self.rows,
            seconds=max(COVER_SHARE * self.limits.left, 0.0),
            workers=self.limits.workers,
            seed=self.limits.seed,
            on_bound=lambda medium: self.news.heard(Score(medium=medium, soft=floor)),
            should_stop=self.news.stop,
        )
        self.bound = max(self.bound, Score(medium=made.bound, soft=floor))
        if made.assignments != self.rows:
            self.search.adopt(made.assignments)
            self.search.polish(max(COVER_SHARE * self.limits.left, 0.0))
            self._offer(made.assignments)
            self._offer(self.search.rows())

    def _close(self, share: float) -> None:
        """Where no more can be served, a bound on the soft score, and the roster that meets it if one is found."""
        score = self._score
        if score.medium > self.bound.medium or score == self.bound:
            return
        from scheduling.cpsat import prove  # noqa: PLC0415  # OR-Tools must cost a web worker nothing

        seconds = share * self.limits.left
        if seconds < CLOSING_SECONDS * self.size:
            return
        found = prove(
            self.problem,
            incumbent=self.rows,
            soft=score.soft,
            seconds=seconds,
            workers=self.limits.workers,
            seed=self.limits.seed,
            on_bound=lambda soft: self.news.heard(Score(medium=score.medium, soft=min(soft, score.soft))),
            should_stop=self.news.stop,
        )
        if found.bound is not None:
            self.bound = max(self.bound, Score(medium=score.medium, soft=found.bound))
        if found.assignments is not None:
            self._offer(found.assignments)

    def _exact(self) -> None:
        """The exact model's roster and bound, begun from what is known."""
        if self.bound == self._score or self.limits.left <= 0:
            return
        from scheduling.cpsat import solve_exact  # noqa: PLC0415  # OR-Tools must cost a web worker nothing

        found = solve_exact(
            self.problem,
            hint=self.rows,
            seconds=max(self.limits.left, 0.0),
            workers=self.limits.workers,
            seed=self.limits.seed,
            deterministic=self.limits.deterministic,
            on_bound=self.news.heard,
            should_stop=self.news.stop,
        )
        if found.bound is not None:
            self.bound = max(self.bound, found.bound)
        if found.assignments is not None:
            self._offer(found.assignments)

    def _offer(self, others: Rows) -> None:
        """Keep the roster of the better score."""
        more = serve_free(self.problem, others)
        self.rows = min((self.rows, more), key=lambda rows: score_of(self.problem, rows)[0])


def _finishing_seconds(problem: Problem) -> float:
    """What reasons and audit take at the end, on a slow machine."""
    return 0.02 + 0.0005 * len(problem.tasks)


class _News:
    """Tells the caller of progress, and asks whether to stop."""

    def __init__(
        self,
        *,
        problem: Problem,
        search: "Search",
        started: float,
        tell: Callable[[Progress], None] | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        self.problem, self.search, self.started, self.tell, self.stop = problem, search, started, tell, stop
        self.told_at = 0.0
        self.bound: Score | None = None

    def tick(self) -> bool:
        """Tell what there is to tell; true if the caller wants to stop."""
        now = time.perf_counter()
        if self.tell is not None and now - self.told_at >= NEWS_SECONDS:
            self.told_at = now
            self.tell(self.progress(now))
        return self.stop is not None and self.stop()

    def heard(self, bound: Score) -> None:
        """Keep a proven bound, and tell it; it may come from a thread of the solver's."""
        self.bound = bound
        self.tick()

    def progress(self, now: float) -> Progress:
        best = self.search.best
        with best.lock:
            served, score = int((best.state.task.slot >= 0).sum()), best.score
        return Progress(
            elapsed=now - self.started, score=score, bound=self.bound, served=served, tasks=len(self.problem.tasks)
        )


def _refuse_broken_pins(problem: Problem, rows: tuple[Assignment, ...]) -> None:
    served = {row.task for row in rows}
    faults = [
        Fault(path=f"pins[{number}]", message=f"no roster was found in which {pin.task} is done as it is pinned")
        for number, pin in enumerate(problem.pins)
        if pin.task not in served
    ]
    if faults:
        raise ProblemError(faults)


def finished(problem: Problem, rows: Rows, bound: Score | None, seconds: float) -> Roster:
    """A roster of these rows with reasons, score and status; ``rows`` leave nothing out that could still be served.

    Raises AssertionError if they break a hard rule: that is a fault of whoever made them.
    """
    score: Score = score_of(problem, rows)[0]
    roster = Roster(
        problem=problem.id,
        assignments=rows,
        unserved=unserved_reasons(problem, rows),
        score=score,
        bound=bound,
        status=Status.OPTIMAL if bound == score else Status.FEASIBLE,
        seconds=seconds,
    )
    violations = audit(problem, roster)
    if violations:
        raise AssertionError(f"the search made a roster that breaks its rules: {violations[:3]}")
    return roster
