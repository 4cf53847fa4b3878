"""The finishing touch: plain descent by one seat, one team or one task at a time, until nothing gains.

After it no single person can be exchanged, added or dropped, and no single task moved, for a better roster; so in
re-planning no published seat is lost without gain.
"""

from scheduling.search.anneal import is_better
from scheduling.search.jit import entry, kernel
from scheduling.search.model import Array, Model, State
from scheduling.search.recreate import recreate
from scheduling.search.seats import pool_task, stand, take_out
from scheduling.search.times import settle
from scheduling.search.work import SPARE, SPARE_CANDIDATES, WIDTH, Work, copy_touched, new_move

TEAM, TASK = -1, -2  # instead of a seat: the whole team, the whole task


@kernel
def _empty(m: Model, s: State, w: Work, t: int, what: int) -> None:
    if what == TASK:
        take_out(m, s, w, t)
    for j in range(m.task[t].seats, m.task[t].seats_end):
        if s.seat[j].trip >= 0 and what in (TEAM, j):
            stand(m, s, w, j)
    pool_task(w, t)
    settle(m, s, w)


@kernel
def _gains(m: Model, s: State, base: State, w: Work, t: int, what: int) -> bool:
    """Empty one seat (or more) and fill it at its cheapest; keep that if the roster is better for it."""
    new_move(w)
    _empty(m, s, w, t, what)
    recreate(m, s, w, 0.0)
    if is_better(s, base):
        copy_touched(m, w, s, base)
        return True
    copy_touched(m, w, base, s)
    return False


@kernel
def _polish_task(m: Model, s: State, base: State, w: Work, t: int) -> bool:
    gained = _gains(m, s, base, w, t, TASK)
    for j in range(m.task[t].seats, m.task[t].seats_end):
        if s.seat[j].trip >= 0:
            gained = _gains(m, s, base, w, t, j) or gained
    return _gains(m, s, base, w, t, TEAM) or gained


@entry
def polish(m: Model, s: State, base: State, w: Work, stop: Array) -> bool:
    """Descend until no task gains, or ``stop[0]`` is not 0; ``s`` and ``base`` are equal on entry and on return.

    Return whether the descent came to its end.
    """
    w.size[SPARE] = WIDTH
    gained = True
    while gained and stop[0] == 0:
        gained = False
        for t in range(len(m.task)):
            if stop[0] == 0 and _polish_task(m, s, base, w, t):
                gained = True
    w.size[SPARE] = SPARE_CANDIDATES
    return not gained
