"""Ruin: a few related tasks leave the roster, or a few related seats are emptied and their tasks stay."""

from scheduling.search.jit import kernel
from scheduling.search.model import Model, State
from scheduling.search.seats import pool_task, stand, take_out
from scheduling.search.times import settle
from scheduling.search.work import POOL, Work, below, chance


@kernel
def _ruin_near(m: Model, s: State, w: Work, size: int, same_day: bool) -> None:
    """Take out a random task and some of those nearest to it, of its day alone if told."""
    t = below(w, len(m.task))
    day = m.slot[s.task[t].slot].day if s.task[t].slot >= 0 else -1
    take_out(m, s, w, t)
    pool_task(w, t)
    for i in range(m.near.shape[1]):
        u = m.near[t, i]
        if w.size[POOL] >= size:
            return
        if s.task[u].slot < 0:
            pool_task(w, u)
        elif (not same_day or m.slot[s.task[u].slot].day == day) and chance(w) < 0.6:
            take_out(m, s, w, u)


@kernel
def _ruin_linked(m: Model, s: State, w: Work, size: int) -> None:
    """Take out a random task and those that share a trip with it, and those that share one with them."""
    t = below(w, len(m.task))
    pool_task(w, t)
    i = 0
    while i < w.size[POOL] and w.size[POOL] < size:
        u = w.row[i].pool
        i += 1
        if s.task[u].slot < 0:
            continue
        for j in range(m.task[u].seats, m.task[u].seats_end):
            r = s.seat[j].trip
            k = s.trip[r].head if r >= 0 else -1
            while k >= 0:
                if chance(w) < 0.8:
                    pool_task(w, m.seat[k].task)
                k = s.seat[k].behind
    for k in range(min(size, w.size[POOL])):
        take_out(m, s, w, w.row[k].pool)


@kernel
def _ruin_random(m: Model, s: State, w: Work, size: int) -> None:
    for _ in range(size):
        t = below(w, len(m.task))
        take_out(m, s, w, t)
        pool_task(w, t)


@kernel
def _vacate_task(m: Model, s: State, w: Work, t: int, share: float) -> None:
    """Empty each seat of a served task with probability ``share``; the task keeps its slot."""
    if s.task[t].slot < 0:
        return
    for j in range(m.task[t].seats, m.task[t].seats_end):
        if s.seat[j].trip >= 0 and chance(w) < share:
            stand(m, s, w, j)
            pool_task(w, t)


@kernel
def _vacate_person(m: Model, s: State, w: Work, share: float) -> None:
    """Empty the seats of a random person."""
    p = below(w, len(m.person))
    for r in range(m.person[p].trips, m.person[p].trips_end):
        k = s.trip[r].head
        while k >= 0:
            behind = s.seat[k].behind
            if chance(w) < share:
                pool_task(w, m.seat[k].task)
                stand(m, s, w, k)
            k = behind


@kernel
def _vacate_near(m: Model, s: State, w: Work, size: int) -> None:
    """Empty seats of a task and of some of its neighbours of the same day."""
    t = below(w, len(m.task))
    if s.task[t].slot < 0:
        return
    day = m.slot[s.task[t].slot].day
    _vacate_task(m, s, w, t, 0.7)
    for i in range(m.near.shape[1]):
        u = m.near[t, i]
        if w.size[POOL] >= size:
            return
        if s.task[u].slot >= 0 and m.slot[s.task[u].slot].day == day:
            _vacate_task(m, s, w, u, 0.5)


@kernel
def ruin(m: Model, s: State, w: Work) -> None:
    """Empty a few related tasks or seats, chosen in one of several ways."""
    size = 1 + below(w, 8)
    way = below(w, 100)
    if way < 20:
        _ruin_near(m, s, w, size, True)
    elif way < 35:
        _ruin_near(m, s, w, size, False)
    elif way < 45:
        _ruin_linked(m, s, w, size)
    elif way < 52:
        _ruin_random(m, s, w, size)
    elif way < 65:
        _vacate_task(m, s, w, below(w, len(m.task)), 0.6)
    elif way < 80:
        _vacate_person(m, s, w, 0.8)
    else:
        _vacate_near(m, s, w, size)
    settle(m, s, w)
