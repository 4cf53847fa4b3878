"""Recreate: each task of the pool goes where it costs least as things are, with all neighbours' times free to move."""

from scheduling.search.choose import NO_TEAM, best_slot, choose_team, keep_best
from scheduling.search.jit import kernel
from scheduling.search.model import Model, State
from scheduling.search.seats import close_task, open_task, seat_team, take_out
from scheduling.search.times import settle
from scheduling.search.work import BEST, POOL, Work, below

ORDERS = 4  # ways to order the pool


@kernel
def insert(m: Model, s: State, w: Work, t: int, blink: float) -> bool:
    """Serve an unserved task where it costs least; False if it fits nowhere, or if the orders chosen make a circle."""
    n = best_slot(m, s, w, t, blink)
    if n < 0:
        return False
    open_task(m, s, w, t, n)
    if seat_team(m, s, w, t, w.size[BEST]):
        return True
    close_task(m, s, w, t)
    settle(m, s, w)
    return False


@kernel
def refill(m: Model, s: State, w: Work, t: int, blink: float) -> bool:
    """Make the team of a served task whole again and add whoever lowers the cost; False if it stays incomplete."""
    if choose_team(m, s, w, t, s.task[t].slot, NO_TEAM, blink) >= NO_TEAM:
        return False
    keep_best(m, w, t)
    if seat_team(m, s, w, t, w.size[BEST]):
        return True
    settle(m, s, w)
    return False


@kernel
def _rank(m: Model, w: Work, t: int, rule: int) -> int:
    """A task's key in the pool: at random, or weighty tasks, those of few slots, or large teams first."""
    luck = below(w, 1024)
    if rule == 0:
        return luck
    if rule == 1:
        return int(luck - 100 * m.task[t].weight)
    if rule == 2:
        return int(luck + 1024 * (m.task[t].slots_end - m.task[t].slots))
    return int(luck - 512 * (m.task[t].seats_end - m.task[t].seats))


@kernel
def order_pool(m: Model, w: Work, rule: int) -> None:
    """Sort the pool by one of several orders (insertion sort: pools are short)."""
    for i in range(w.size[POOL]):
        t = w.row[i].pool
        key = _rank(m, w, t, rule)
        k = i
        while k > 0 and w.row[k - 1].key > key:
            w.row[k].key, w.row[k].pool = w.row[k - 1].key, w.row[k - 1].pool
            k -= 1
        w.row[k].key, w.row[k].pool = key, t


@kernel
def recreate(m: Model, s: State, w: Work, blink: float) -> None:
    """Find a team for each task of the pool; later passes serve what waits for a predecessor or was displaced."""
    for turn in range(3):
        again = False
        i = 0
        while i < w.size[POOL]:
            t = w.row[i].pool
            i += 1
            if s.task[t].slot >= 0:
                if turn == 0 and not refill(m, s, w, t, blink):
                    take_out(m, s, w, t)
                    settle(m, s, w)
                    again = True
            elif not insert(m, s, w, t, blink):
                again = again or m.task[t].after >= 0
        if not again:
            return
