"""What the kernels scribble on: candidates, the team in choice, queues, and which rows a move has touched."""

from typing import NamedTuple

import numpy as np

from scheduling.search.jit import kernel
from scheduling.search.model import Array, Model, State, Table, layout, records

WIDTH = 24  # candidates kept for each role at most while a team is chosen
SPARE_CANDIDATES = 6  # how many more than its places a role keeps

CANDIDATE = layout("cost option person before first last")
CHOICE = layout("role trip before")
DEPTH = layout("need index total first last rest pick found")
ROW = layout("pool key pool_mark task task_mark queue queued")
LOOSE = layout("task mark")
LINE = layout("trip trip_mark person person_mark")

# rows of ``size``; the first two are rows of ``loose`` as well
LATE, EARLY, POOL, TASKS, TRIPS, PEOPLE, NOW, PICKED, BEST, SPARE = range(10)


class Work(NamedTuple):
    """Scratch memory of one search thread; ``size`` holds the lengths of the lists, the number of
    the move and how many candidates to keep."""

    size: Array
    random: Array
    candidate: Table
    depth: Table
    best: Table
    row: Table
    loose: Table
    line: Table


def new_work(model: Model, seed: int) -> Work:
    """Scratch memory for a problem; equal seeds give equal searches."""
    tasks, trips, people = len(model.task), len(model.trip), len(model.person)
    roles = int((model.task.roles_end - model.task.roles).max(initial=0)) + 1
    seats = int((model.task.seats_end - model.task.seats).max(initial=0)) + 2
    random = np.array([(seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) & 0xFFFFFFFFFFFFFFFF], np.uint64)
    return Work(
        size=np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, SPARE_CANDIDATES]),
        random=random,
        candidate=records(CANDIDATE, roles * WIDTH),
        depth=records(DEPTH, max(seats, roles)),
        best=records(CHOICE, seats),
        row=records(ROW, tasks + 1),
        loose=records(LOOSE, (2, tasks)),
        line=records(LINE, max(trips, people)),
    )


@kernel
def draw(w: Work) -> int:
    """A pseudo-random integer of 31 bits (xorshift64, Marsaglia 2003, doi:10.18637/jss.v008.i14)."""
    x = w.random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    w.random[0] = x
    return int(x >> np.uint64(33))


@kernel
def below(w: Work, bound: int) -> int:
    """A pseudo-random integer in [0, bound)."""
    return draw(w) % bound


@kernel
def chance(w: Work) -> float:
    """A pseudo-random number in [0, 1)."""
    return draw(w) / 2147483648.0


@kernel
def touch_task(w: Work, t: int) -> None:
    if w.row[t].task_mark != w.size[NOW]:
        w.row[t].task_mark = w.size[NOW]
        w.row[w.size[TASKS]].task = t
        w.size[TASKS] += 1


@kernel
def touch_trip(w: Work, r: int) -> None:
    if w.line[r].trip_mark != w.size[NOW]:
        w.line[r].trip_mark = w.size[NOW]
        w.line[w.size[TRIPS]].trip = r
        w.size[TRIPS] += 1


@kernel
def touch_person(w: Work, p: int) -> None:
    if w.line[p].person_mark != w.size[NOW]:
        w.line[p].person_mark = w.size[NOW]
        w.line[w.size[PEOPLE]].person = p
        w.size[PEOPLE] += 1


@kernel
def new_move(w: Work) -> None:
    """Forget what the move before this one has touched."""
    w.size[NOW] += 1
    w.size[POOL] = w.size[TASKS] = w.size[TRIPS] = w.size[PEOPLE] = 0


@kernel
def copy_touched(m: Model, w: Work, source: State, target: State) -> None:
    """Make ``target`` equal to ``source`` in all rows that the move has touched."""
    for i in range(w.size[TASKS]):
        t = w.row[i].task
        target.task[t] = source.task[t]
        for j in range(m.task[t].seats, m.task[t].seats_end):
            target.seat[j] = source.seat[j]
        for g in range(m.task[t].roles, m.task[t].roles_end):
            target.role[g] = source.role[g]
    for i in range(w.size[TRIPS]):
        r = w.line[i].trip
        target.trip[r] = source.trip[r]
    for i in range(w.size[PEOPLE]):
        p = w.line[i].person
        for column in range(source.load.shape[1]):
            target.load[p, column] = source.load[p, column]
    target.total[0], target.total[1] = source.total[0], source.total[1]


@kernel
def copy_all(source: State, target: State) -> None:
    """Make ``target`` equal to ``source``."""
    for t in range(len(source.task)):
        target.task[t] = source.task[t]
    for j in range(len(source.seat)):
        target.seat[j] = source.seat[j]
    for g in range(len(source.role)):
        target.role[g] = source.role[g]
    for r in range(len(source.trip)):
        target.trip[r] = source.trip[r]
    for p in range(source.load.shape[0]):
        for column in range(source.load.shape[1]):
            target.load[p, column] = source.load[p, column]
    target.total[0], target.total[1] = source.total[0], source.total[1]


def copied(state: State) -> State:
    """A deep copy of a state."""
    return State(**{name: array.copy() for name, array in state._asdict().items()})
