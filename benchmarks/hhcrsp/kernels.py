"""Compiled decoding and moves.

All kernels stand in one file because numba's cache on disk notices a change of a kernel's own file only.

A solution is an order of the patients (``key``) and a caregiver for each visit; each route runs in the order of keys,
so paired starts never wait for each other in a circle, and the earliest starts are the best: no tardiness is lowered by
waiting.
"""

import math

import numpy as np

from benchmarks.hhcrsp.board import (
    LARGEST,
    LIFTED,
    LIFTED_AFTER,
    LOST,
    MOVED,
    NEWEST,
    PUT,
    QUEUE,
    TARDY,
    TIMED,
    TRAVEL,
    Board,
)
from benchmarks.hhcrsp.compiled import entry, kernel


@kernel
def draw(b: Board) -> int:
    """A pseudo-random integer of 31 bits (xorshift64, Marsaglia 2003, doi:10.18637/jss.v008.i14)."""
    x = b.random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    b.random[0] = x
    return int(x >> np.uint64(33))


@kernel
def chance(b: Board) -> float:
    """A pseudo-random number in (0, 1)."""
    return (draw(b) + 0.5) / 2147483648.0


@kernel
def leg(b: Board, u: int, v: int) -> float:
    return float(b.distance[b.visit[u].place, b.visit[v].place])


@kernel
def enqueue(b: Board, v: int) -> None:
    """Note that the patient of visit ``v`` may start at another time; the office never does."""
    p = v >> 1
    if v < 2 * len(b.patient) and b.patient[p].queued == 0:
        b.patient[p].queued = 1
        b.lists[QUEUE, b.size[QUEUE]] = p
        b.size[QUEUE] += 1


@kernel
def dequeue(b: Board) -> int:
    """The queued patient who is first in the order: nobody queued later can come before her."""
    best = 0
    for i in range(1, b.size[QUEUE]):
        if b.patient[b.lists[QUEUE, i]].key < b.patient[b.lists[QUEUE, best]].key:
            best = i
    p = b.lists[QUEUE, best]
    b.size[QUEUE] -= 1
    b.lists[QUEUE, best] = b.lists[QUEUE, b.size[QUEUE]]
    b.patient[p].queued = 0
    return int(p)


@kernel
def unlink(b: Board, v: int) -> None:
    before, after = b.visit[v].before, b.visit[v].after
    b.visit[before].after = after
    b.visit[after].before = before


@kernel
def link(b: Board, v: int, before: int) -> None:
    after = b.visit[before].after
    b.visit[v].before, b.visit[v].after = before, after
    b.visit[before].after = v
    b.visit[after].before = v


@kernel
def detour(b: Board, v: int) -> float:
    """Minutes of travel that visit ``v`` adds where it is."""
    before, after = b.visit[v].before, b.visit[v].after
    return leg(b, before, v) + leg(b, v, after) - leg(b, before, after)


@kernel
def lift(b: Board, v: int) -> None:
    n = b.size[LIFTED]
    b.lists[LIFTED, n], b.lists[LIFTED_AFTER, n] = v, b.visit[v].before
    b.size[LIFTED] += 1
    b.total[TRAVEL] -= detour(b, v)
    enqueue(b, b.visit[v].after)
    unlink(b, v)


@kernel
def put(b: Board, v: int) -> None:
    """Put a visit on its caregiver's route, where its patient's key says."""
    at = 2 * len(b.patient) + b.visit[v].carer
    key = b.patient[v >> 1].key
    after = b.visit[at].after
    while after < 2 * len(b.patient) and b.patient[after >> 1].key < key:
        at, after = after, b.visit[after].after
    link(b, v, at)
    b.lists[PUT, b.size[PUT]] = v
    b.size[PUT] += 1
    b.total[TRAVEL] += detour(b, v)
    enqueue(b, v)
    enqueue(b, after)


@kernel
def ready(b: Board, v: int) -> float:
    before = b.visit[v].before
    return float(max(b.visit[before].leave + leg(b, before, v), b.patient[v >> 1].opens))


@kernel
def set_start(b: Board, v: int, start: float) -> None:
    """Set a start, note the old times, and queue the visit that follows."""
    row = b.visit[v]
    if start == row.start:
        return
    n = b.size[TIMED]
    b.times[n].visit, b.times[n].start, b.times[n].leave, b.times[n].late = v, row.start, row.leave, row.late
    b.size[TIMED] += 1
    late = max(0.0, start - b.patient[v >> 1].closes)
    b.total[TARDY] += late - row.late
    b.total[NEWEST] = max(b.total[NEWEST], late)
    if row.late == b.total[LARGEST] and late < row.late:
        b.total[LOST] = 1.0
    row.start, row.leave, row.late = start, start + row.length, late
    enqueue(b, row.after)


@kernel
def retime(b: Board) -> None:
    """Set the earliest starts of all that is queued and of all that it moves, in the order of the keys."""
    while b.size[QUEUE] > 0:
        p = dequeue(b)
        first = ready(b, 2 * p)
        if b.patient[p].paired:
            second = ready(b, 2 * p + 1)
            first = max(first, second - b.patient[p].most)
            set_start(b, 2 * p + 1, max(second, first + b.patient[p].least))
        set_start(b, 2 * p, first)


@kernel
def largest(b: Board) -> float:
    worst = 0.0
    for v in range(2 * len(b.patient)):
        worst = max(worst, b.visit[v].late)
    return worst


@kernel
def build(b: Board) -> None:
    """Link all routes anew from keys and caregivers, and time them."""
    visits = 2 * len(b.patient)
    b.size[:] = 0
    b.total[:] = 0.0
    for c in range(len(b.able)):
        b.visit[visits + c].before = b.visit[visits + c].after = visits + c
    for v in range(visits):
        b.visit[v].start, b.visit[v].leave, b.visit[v].late = -1.0, -1.0, 0.0
        if b.visit[v].exists:
            put(b, v)
    retime(b)
    b.total[LARGEST] = largest(b)
    b.size[:] = 0


@kernel
def rekey(b: Board) -> None:
    """Number the patients anew by their starts, as far as the routes allow: keys stay apart, and near in time."""
    visits, carers = 2 * len(b.patient), len(b.able)
    head = b.lists[QUEUE]  # free here: nothing is queued between moves
    for c in range(carers):
        head[c] = b.visit[visits + c].after
    for number in range(len(b.patient)):
        best, soonest = -1, np.inf
        for c in range(carers):
            v = head[c]
            if v < visits and b.visit[v].start < soonest:
                other = v ^ 1
                if not b.patient[v >> 1].paired or head[b.visit[other].carer] == other:
                    best, soonest = v, b.visit[v].start
        p = best >> 1
        b.patient[p].key = number
        for v in range(2 * p, 2 * p + 1 + b.patient[p].paired):
            head[b.visit[v].carer] = b.visit[v].after


@kernel
def pick(b: Board, p: int) -> None:
    """Let a move change patient ``p``; until told otherwise she keeps caregivers and key."""
    b.lists[MOVED, b.size[MOVED]] = p
    b.size[MOVED] += 1
    b.patient[p].fresh = b.patient[p].key
    b.visit[2 * p].to, b.visit[2 * p + 1].to = b.visit[2 * p].carer, b.visit[2 * p + 1].carer


@kernel
def sound(b: Board) -> bool:
    """Whether the caregivers of the move are able to do it, and different for paired services."""
    for i in range(b.size[MOVED]):
        p = b.lists[MOVED, i]
        v, w = 2 * p, 2 * p + 1
        if not b.able[b.visit[v].to, v]:
            return False
        if b.patient[p].paired and (not b.able[b.visit[w].to, w] or b.visit[v].to == b.visit[w].to):
            return False
    return True


@kernel
def exchange(b: Board, p: int) -> None:
    """Change old for new caregivers and key of a patient; done twice, nothing has changed."""
    patient = b.patient[p]
    patient.key, patient.fresh = patient.fresh, patient.key
    for v in range(2 * p, 2 * p + 1 + patient.paired):
        b.visit[v].carer, b.visit[v].to = b.visit[v].to, b.visit[v].carer


@kernel
def shift(b: Board) -> None:
    """Do the move."""
    for i in range(b.size[MOVED]):
        p = b.lists[MOVED, i]
        for v in range(2 * p, 2 * p + 1 + b.patient[p].paired):
            lift(b, v)
    for i in range(b.size[MOVED]):
        exchange(b, b.lists[MOVED, i])
    for i in range(b.size[LIFTED]):
        put(b, b.lists[LIFTED, i])


@kernel
def undo(b: Board) -> None:
    """Take back a move, last change first."""
    for i in range(b.size[TIMED]):
        old = b.times[i]
        row = b.visit[old.visit]
        row.start, row.leave, row.late = old.start, old.leave, old.late
    for i in range(b.size[PUT] - 1, -1, -1):
        unlink(b, b.lists[PUT, i])
    for i in range(b.size[MOVED]):
        exchange(b, b.lists[MOVED, i])
    for i in range(b.size[LIFTED] - 1, -1, -1):
        link(b, b.lists[LIFTED, i], b.lists[LIFTED_AFTER, i])


@kernel
def some_visit(b: Board, p: int) -> int:
    """One of a patient's visits."""
    return int(2 * p + (draw(b) & 1) * b.patient[p].paired)


@kernel
def some_near(b: Board, p: int) -> int:
    """A visit of a patient near ``p``, the nearest most often."""
    size = b.near.shape[1]
    u = chance(b)
    return some_visit(b, b.near[p, int(size * u * u)])


@kernel
def key_beside(b: Board, u: int, skip: int) -> float:
    """A key just before or just after visit ``u`` on its route, as if visit ``skip`` were not there."""
    visits = 2 * len(b.patient)
    low = high = u
    if draw(b) & 1:
        low = b.visit[u].before
        if low == skip:
            low = b.visit[low].before
    else:
        high = b.visit[u].after
        if high == skip:
            high = b.visit[high].after
    span = len(b.patient) * 0.1 * chance(b)  # past a route's end the key is free; keep it near in time
    if low >= visits:
        return float(b.patient[high >> 1].key - span)
    if high >= visits:
        return float(b.patient[low >> 1].key + span)
    start, end = b.patient[low >> 1].key, b.patient[high >> 1].key
    return float(start + (end - start) * chance(b))


@kernel
def relocate(b: Board) -> None:
    """Put a patient next to one who is near, on that one's route; of a pair, the other visit stays or changes hands."""
    p = draw(b) % len(b.patient)
    v = some_visit(b, p)
    u = some_near(b, p)
    pick(b, p)
    b.patient[p].fresh = key_beside(b, u, v)
    b.visit[v].to = b.visit[u].carer
    if b.patient[p].paired:
        if b.visit[v ^ 1].to == b.visit[v].to:
            b.visit[v ^ 1].to = b.visit[v].carer
        elif draw(b) % 4 == 0:
            b.visit[v ^ 1].to = draw(b) % len(b.able)


@kernel
def hand_over(b: Board) -> None:
    """Give a visit to another caregiver; the order stays."""
    v = some_visit(b, draw(b) % len(b.patient))
    pick(b, v >> 1)
    b.visit[v].to = draw(b) % len(b.able)


@kernel
def reorder(b: Board) -> None:
    """Move a patient in the order to beside another; the caregivers stay."""
    p = draw(b) % len(b.patient)
    v = some_visit(b, p)
    u = b.visit[v].after if draw(b) & 1 else b.visit[v].before
    if u >= 2 * len(b.patient):
        return
    pick(b, p)
    b.patient[p].fresh = key_beside(b, u, v)


@kernel
def swap(b: Board) -> None:
    """Let two near patients take each other's place."""
    p = draw(b) % len(b.patient)
    v, u = some_visit(b, p), some_near(b, p)
    pick(b, p)
    pick(b, u >> 1)
    b.visit[v].to, b.visit[u].to = b.visit[u].carer, b.visit[v].carer
    b.patient[p].fresh, b.patient[u >> 1].fresh = b.patient[u >> 1].key, b.patient[p].key


@kernel
def relocate_two(b: Board) -> None:
    """Put two patients who follow each other next to one who is near."""
    p = draw(b) % len(b.patient)
    v = some_visit(b, p)
    w = b.visit[v].after
    u = some_near(b, p)
    if w >= 2 * len(b.patient) or u == w:
        return
    first, second = key_beside(b, u, v), key_beside(b, u, v)
    pick(b, p)
    pick(b, w >> 1)
    b.visit[v].to = b.visit[w].to = b.visit[u].carer
    b.patient[p].fresh, b.patient[w >> 1].fresh = min(first, second), max(first, second)


@kernel
def propose(b: Board) -> None:
    dice = draw(b) % 100
    if dice < 55:
        relocate(b)
    elif dice < 65:
        hand_over(b)
    elif dice < 73:
        reorder(b)
    elif dice < 90:
        swap(b)
    else:
        relocate_two(b)


@kernel
def attempt(b: Board, limit: float) -> bool:
    """Do one random move if the cost then is at most ``limit`` (in thirds: travel + tardiness + largest tardiness)."""
    b.size[:] = 0
    propose(b)
    if b.size[MOVED] == 0 or not sound(b):
        return False
    travel, tardy = b.total[TRAVEL], b.total[TARDY]
    b.total[NEWEST] = b.total[LOST] = 0.0
    shift(b)
    retime(b)
    rest = b.total[TRAVEL] + b.total[TARDY]
    worst = max(b.total[NEWEST], 0.0 if b.total[LOST] else b.total[LARGEST])
    if rest + worst <= limit:
        if b.total[LOST]:
            worst = largest(b)
        if rest + worst <= limit:
            b.total[LARGEST] = worst
            return True
    undo(b)
    b.total[TRAVEL], b.total[TARDY] = travel, tardy
    return False


@entry
def search(b: Board, best: Board, moves: int, heat: float) -> float:
    """Anneal for a number of moves at one temperature (``heat``, minutes of cost); the best one met goes to ``best``.

    Returns the cost of ``best`` in minutes. Both boards must belong to one instance; ``best`` must be linked.
    """
    build(b)
    rekey(b)
    record = best.total[TRAVEL] + best.total[TARDY] + best.total[LARGEST]
    for _ in range(moves):
        now = b.total[TRAVEL] + b.total[TARDY] + b.total[LARGEST]
        if attempt(b, now - 3.0 * heat * math.log(chance(b))):
            now = b.total[TRAVEL] + b.total[TARDY] + b.total[LARGEST]
            if now < record - 1e-6:
                record = now
                best.visit[:] = b.visit
                best.patient[:] = b.patient
                best.total[:] = b.total
    return float(record / 3.0)
