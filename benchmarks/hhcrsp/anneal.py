"""Simulated annealing within a time limit, one thread for each seed."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.hhcrsp.board import Board, new_board
from benchmarks.hhcrsp.instance import Instance
from benchmarks.hhcrsp.kernels import search
from benchmarks.hhcrsp.solution import Solution, solution_of

HOT, WARM, COLD = 15.0, 2.0, 0.03  # minutes of cost: first heat, heat of the later rounds, last heat
MOVES = 4000  # between two looks at the clock: some milliseconds
ROUND = 8.0  # seconds of a round with 100 patients; it grows with their cube, as measured in RESULTS.md
UNSOLVED = 1e18


@dataclass(frozen=True, kw_only=True)
class Round:
    """A descent from ``heat`` to COLD between two shares of the time, from nothing if ``fresh``, else from the best."""

    begin: float
    end: float
    heat: float
    fresh: bool

    def at(self, share: float) -> float:
        """The temperature, in minutes of cost, when ``share`` of the time is over."""
        inside = min(1.0, max(0.0, (share - self.begin) / (self.end - self.begin)))
        return float(self.heat * (COLD / self.heat) ** inside)


def rounds(instance: Instance, seconds: float) -> Iterator[Round]:
    """As many equal rounds as the time allows, at least one: two thirds fresh, the others from the thread's best.

    Single descents end in the wrong basin now and then, so several short ones serve small instances better;
    large ones gain more from one slow descent.
    """
    count = max(1, round(seconds / max(0.5, ROUND * (len(instance.patients) / 100) ** 3)))
    fresh = count - count // 3
    for i in range(count):
        yield Round(begin=i / count, end=(i + 1) / count, heat=HOT if i < fresh else WARM, fresh=i < fresh)


def _anneal(instance: Instance, seconds: float, seed: int) -> Board:
    """The best board of one thread."""
    started = time.perf_counter()
    best = new_board(instance, seed)
    best.total[:] = UNSOLVED
    for number, plan in enumerate(rounds(instance, seconds)):
        board = new_board(instance, seed + 1000 * number)
        if not plan.fresh:
            board.visit[:] = best.visit
            board.patient[:] = best.patient
        while (share := (time.perf_counter() - started) / seconds) < plan.end:
            search(board, best, MOVES, plan.at(share))
    return best


def compile_kernels(instance: Instance) -> None:
    """Compile, or load from the cache: some 30 s the first time, then under a second; no part of a time limit."""
    best = new_board(instance, 0)
    best.total[:] = UNSOLVED
    search(new_board(instance, 0), best, 1, HOT)


def solve(instance: Instance, *, seconds: float, workers: int = 2, seed: int = 1) -> Solution:
    """The best solution that ``workers`` threads find within ``seconds`` after the kernels are compiled.

    Simulated annealing as in Ceschia, Di Gaspero, Rosati, Schaerf (2024), https://doi.org/10.1111/itor.13585, in a
    different solution space: an order of the patients and a caregiver for each visit; a move decodes what it touches.
    Raises: ValueError where seconds or workers is not positive.
    """
    if seconds <= 0 or workers < 1:
        raise ValueError("seconds and workers must be positive")
    compile_kernels(instance)
    with ThreadPoolExecutor(workers) as pool:
        boards = list(pool.map(lambda number: _anneal(instance, seconds, seed * 100 + number), range(workers)))
    return min((solution_of(instance, board) for board in boards), key=lambda found: found.cost)
