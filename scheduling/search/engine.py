"""Search threads over one problem: each anneals a roster of its own, the best of all is shared."""

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from scheduling.problem import Assignment, Problem
from scheduling.roster import Score
from scheduling.search.adopt import Places, place
from scheduling.search.anneal import anneal, construct
from scheduling.search.compile import Compiled, compile_problem
from scheduling.search.model import Model, State, empty_state
from scheduling.search.options import with_options
from scheduling.search.polish import polish
from scheduling.search.result import assignments_of
from scheduling.search.work import copied, new_work

HOT, COLD = 20.0, 0.6
"""Heat of the annealing at its start and at its end, in units of the soft cost (one minute of travel costs 1)."""
CHUNK_SECONDS = 0.1
POLISH_SECONDS = 0.0005
"""What the descent at the end may take for each task; it rarely needs a tenth of it."""
UNHURRIED_SECONDS = 3600.0
"""The descent of a deterministic run comes to its own end."""
FIRST_CHUNK = 20
STEADY_MOVES = 2_000_000
"""A deterministic run makes STEADY_MOVES / (tasks + 200) moves for each second asked for, in chunks of equal size."""
STEADY_CHUNKS = 100


def score_of_state(state: State) -> Score:
    return Score(medium=int(state.total[0]), soft=int(state.total[1]))


@dataclass
class Best:
    """The best roster of all threads; taken and offered under a lock."""

    state: State
    score: Score
    lock: threading.Lock

    def offer(self, state: State) -> None:
        """Keep a copy of a state that is better than the best."""
        score = score_of_state(state)
        with self.lock:
            if score < self.score:
                self.state, self.score = copied(state), score


class Search:
    """A problem compiled once, and the annealing of it by any number of threads."""

    def __init__(self, problem: Problem, *, seed: int = 0) -> None:
        self.compiled: Compiled = compile_problem(problem)
        self.model: Model = with_options(self.compiled)
        self.seed = seed
        self.stop = np.zeros(1, np.int64)
        first = self._constructed()
        self.best = Best(state=first, score=score_of_state(first), lock=threading.Lock())

    def _empty(self) -> State:
        problem, state = self.compiled.problem, empty_state(self.model)
        state.total[0] = self.model.task.weight.sum()
        state.total[1] = problem.weights.change * sum(len(row.people) for row in problem.published)
        return state

    def _constructed(self) -> State:
        state = self._empty()
        construct(self.model, state, new_work(self.model, self.seed))
        return state

    def rows(self) -> tuple[Assignment, ...]:
        """The best roster so far."""
        with self.best.lock:
            state = self.best.state
        return assignments_of(self.compiled, self.model, state)

    def adopt(self, rows: Sequence[Assignment]) -> None:
        """Take over what fits of a roster from outside, if it is better than the best."""
        state = self._empty()
        place(self.model, state, new_work(self.model, self.seed), *Places(self.compiled, self.model).tables(rows))
        self.best.offer(state)

    def polish(self, seconds: float) -> bool:
        """Descend from the best roster by single changes; return whether none gains any more."""
        state, stop = copied(self.best.state), np.zeros(1, np.int64)
        alarm = threading.Timer(seconds, stop.fill, [1])
        alarm.start()
        try:
            ended = polish(self.model, state, copied(state), new_work(self.model, self.seed), stop)
        finally:
            alarm.cancel()
        self.best.offer(state)
        return bool(ended)

    def anneal_for(self, number: int, seconds: float) -> None:
        """Anneal on this thread until the time is over or ``stop`` is set, offering what is found."""
        began = time.perf_counter()
        moves, share = FIRST_CHUNK, 0.0
        walk = _Walk(self, number)
        while share < 1.0 and not self.stop[0]:
            before = time.perf_counter()
            ahead = min(1.0, (before - began + CHUNK_SECONDS) / seconds)
            walk.chunk(moves, share, ahead)
            spent = max(time.perf_counter() - before, 1e-4)
            moves = max(1, min(4 * moves, int(moves * CHUNK_SECONDS / spent)))
            share = (time.perf_counter() - began) / seconds

    def anneal_steadily(self, number: int, seconds: float) -> None:
        """Anneal on this thread by a number of moves that depends on the problem and ``seconds`` alone."""
        moves = max(1, math.ceil(steady_moves(len(self.model.task), seconds) / STEADY_CHUNKS))
        walk = _Walk(self, number, share=False)
        for k in range(STEADY_CHUNKS):
            if self.stop[0]:
                break
            walk.chunk(moves, k / STEADY_CHUNKS, (k + 1) / STEADY_CHUNKS)
        walk.results()


def steady_moves(tasks: int, seconds: float) -> int:
    """Moves of a deterministic run."""
    return int(seconds * STEADY_MOVES / (tasks + 200))


class _Walk:
    """One thread's roster and scratch memory."""

    def __init__(self, search: Search, number: int, *, share: bool = True) -> None:
        self.search, self.share = search, share
        first = search.best.state  # read once: another thread may put a better one there at any moment
        self.state, self.base, self.best = copied(first), copied(first), copied(first)
        self.work = new_work(search.model, 1000 * search.seed + number + 1)

    def chunk(self, moves: int, begin: float, end: float) -> None:
        """Make some moves while the heat falls as it should between two shares of the run."""
        hot, cold = (HOT * (COLD / HOT) ** min(1.0, share) for share in (begin, end))
        stop, model = self.search.stop, self.search.model
        if anneal(model, self.state, self.base, self.best, self.work, stop, moves, hot, cold) and self.share:
            self.results()

    def results(self) -> None:
        self.search.best.offer(self.best)


def run(search: Search, *, workers: int, seconds: float, deterministic: bool, on_tick: Callable[[], bool]) -> None:
    """Anneal on ``workers`` threads, then polish; the roster is ``search.best``.

    ``on_tick`` is called on this thread some ten times a second and ends the annealing if it returns true. The time
    is kept unless the run is ``deterministic``; then its work is fixed.
    """
    if not (len(search.model.task) and len(search.model.person)):
        return
    last = POLISH_SECONDS * len(search.model.task)
    _anneal(search, workers, max(seconds - last, 0.8 * seconds), deterministic=deterministic, on_tick=on_tick)
    search.polish(UNHURRIED_SECONDS if deterministic else max(last, 0.2 * seconds))


def _anneal(search: Search, workers: int, seconds: float, *, deterministic: bool, on_tick: Callable[[], bool]) -> None:
    work = search.anneal_steadily if deterministic else search.anneal_for
    faults: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number, seconds)
        except BaseException as fault:
            faults.append(fault)
            raise

    threads = [threading.Thread(target=guarded, args=(number,), daemon=True) for number in range(workers)]
    until = math.inf if deterministic else time.perf_counter() + seconds
    for thread in threads:
        thread.start()
    try:
        while any(thread.is_alive() for thread in threads):
            if on_tick() or time.perf_counter() > until:  # a chunk that was judged too long must not hold the run
                search.stop[0] = 1
            threads[0].join(0.05)
            time.sleep(0.02)
    finally:
        search.stop[0] = 1
        for thread in threads:
            thread.join()
    if faults:
        raise faults[0]
