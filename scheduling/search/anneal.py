"""Ruin and recreate under simulated annealing (Schrimpf et al. 2000, doi:10.1006/jcph.1999.6413; recreate with blinks:
Christiaens and Vanden Berghe 2020, doi:10.1287/trsc.2019.0914).

One move empties a few related tasks or seats and fills them again; annealing decides on the soft cost whether it stays.
A move that worsens the medium score never does.
"""

import math

from scheduling.search.jit import entry, kernel
from scheduling.search.model import Array, Model, State
from scheduling.search.recreate import ORDERS, order_pool, recreate
from scheduling.search.ruin import ruin
from scheduling.search.seats import MEDIUM, SOFT, pool_task
from scheduling.search.work import Work, below, chance, copy_all, copy_touched, new_move

BLINK = 0.02  # chance that recreate overlooks a slot or a candidate


@kernel
def _accept(s: State, base: State, w: Work, heat: float) -> bool:
    if s.total[MEDIUM] != base.total[MEDIUM]:
        return bool(s.total[MEDIUM] < base.total[MEDIUM])
    worse = s.total[SOFT] - base.total[SOFT]
    return bool(worse <= 0 or worse < -heat * math.log(chance(w) + 1e-12))


@kernel
def is_better(s: State, best: State) -> bool:
    if s.total[MEDIUM] != best.total[MEDIUM]:
        return bool(s.total[MEDIUM] < best.total[MEDIUM])
    return bool(s.total[SOFT] < best.total[SOFT])


@entry
def anneal(
    m: Model, s: State, base: State, best: State, w: Work, stop: Array, moves: int, hot: float, cold: float
) -> int:
    """Make up to ``moves`` moves while the heat falls from ``hot`` to ``cold``; return how many improved the best.

    ``s`` and ``base`` must be equal on entry and are on return. ``stop[0]`` is polled: not 0 ends the run.
    """
    improved = 0
    heat = hot
    step = math.exp(math.log(cold / hot) / moves)
    for _ in range(moves):
        if stop[0] != 0:
            break
        heat *= step
        new_move(w)
        ruin(m, s, w)
        order_pool(m, w, below(w, ORDERS))
        recreate(m, s, w, BLINK)
        if not _accept(s, base, w, heat):
            copy_touched(m, w, base, s)
            continue
        copy_touched(m, w, s, base)
        if is_better(s, best):
            copy_all(s, best)
            improved += 1
    return improved


@entry
def construct(m: Model, s: State, w: Work) -> None:
    """Serve every task where it costs least, the pinned and the weightiest first, chains in order."""
    new_move(w)
    for t in range(len(m.task)):
        pool_task(w, t)
    order_pool(m, w, 1)
    recreate(m, s, w, 0.0)
