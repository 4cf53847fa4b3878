"""Times of a roster whose orders are fixed: a simple temporal network (Dechter, Meiri and Pearl 1991,
doi:10.1016/0004-3702(91)90006-6).

Each served task is one node; the trips of its team and ``after`` give the arcs. ``earliest`` and ``latest`` are kept at
their tightest, so that whether a person can join between two tasks is plain interval arithmetic, with all neighbours
free to move. Insertions tighten incrementally; removals reset what they may have loosened and tighten again.
"""

from scheduling.search.jit import kernel
from scheduling.search.model import FAR, Model, State
from scheduling.search.work import EARLY, LATE, Work, touch_task


@kernel
def _raise(s: State, w: Work, t: int, value: int) -> bool:
    """Raise the earliest start; True if it changed."""
    if s.task[t].earliest >= value:
        return False
    touch_task(w, t)
    s.task[t].earliest = value
    return True


@kernel
def _lower(s: State, w: Work, t: int, value: int) -> bool:
    if s.task[t].latest <= value:
        return False
    touch_task(w, t)
    s.task[t].latest = value
    return True


@kernel
def _reset(m: Model, s: State, w: Work, t: int, early: bool) -> None:
    """The start that the slot, and the way from (or to) the base on trips where it is first (last), allow."""
    touch_task(w, t)
    n, place = s.task[t].slot, m.task[t].place
    first, last = m.slot[n].first, m.slot[n].last
    for j in range(m.task[t].seats, m.task[t].seats_end):
        r = s.seat[j].trip
        if r < 0:
            continue
        if s.seat[j].before < 0:
            first = max(first, m.trip[r].begin + m.travel[m.trip[r].home, place])
        if s.seat[j].behind < 0:
            last = min(last, m.trip[r].end - m.travel[place, m.trip[r].home] - m.task[t].minutes)
    if early:
        s.task[t].earliest = first
    else:
        s.task[t].latest = last


@kernel
def _pull(m: Model, s: State, w: Work, t: int, early: bool) -> None:
    """Tighten one task by all its neighbours on the side asked for."""
    for j in range(m.task[t].seats, m.task[t].seats_end):
        if s.seat[j].trip < 0:
            continue
        other = s.seat[j].before if early else s.seat[j].behind
        if other < 0:
            continue
        u = m.seat[other].task
        if early:
            _raise(s, w, t, s.task[u].earliest + m.task[u].minutes + m.travel[m.task[u].place, m.task[t].place])
        else:
            _lower(s, w, t, s.task[u].latest - m.task[t].minutes - m.travel[m.task[t].place, m.task[u].place])
    _pull_links(m, s, w, t, early)


@kernel
def _pull_links(m: Model, s: State, w: Work, t: int, early: bool) -> None:
    u = m.task[t].after
    if u >= 0 and s.task[u].slot >= 0:
        if early:
            _raise(s, w, t, s.task[u].earliest + m.task[t].min_gap)
        else:
            _lower(s, w, t, s.task[u].latest + m.task[t].max_gap)
    v = m.task[t].dependent
    while v >= 0:
        if s.task[v].slot >= 0:
            if early:
                _raise(s, w, t, s.task[v].earliest - m.task[v].max_gap)
            else:
                _lower(s, w, t, s.task[v].latest - m.task[v].min_gap)
        v = m.task[v].sibling


@kernel
def _enqueue(w: Work, t: int, end: int) -> int:
    """Put a task at the end of the ring unless it waits there already; return the new end."""
    if w.row[t].queued:
        return end
    w.row[t].queued = 1
    w.row[end % len(w.row)].queue = t
    return end + 1


@kernel
def _push(m: Model, s: State, w: Work, t: int, end: int, early: bool) -> int:
    """Tighten the neighbours of one task and queue those that changed; return the queue's new end."""
    for j in range(m.task[t].seats, m.task[t].seats_end):
        if s.seat[j].trip < 0:
            continue
        other = s.seat[j].behind if early else s.seat[j].before
        if other < 0:
            continue
        v = m.seat[other].task
        if early:
            leg = m.task[t].minutes + m.travel[m.task[t].place, m.task[v].place]
            changed = _raise(s, w, v, s.task[t].earliest + leg)
        else:
            leg = m.task[v].minutes + m.travel[m.task[v].place, m.task[t].place]
            changed = _lower(s, w, v, s.task[t].latest - leg)
        if changed:
            end = _enqueue(w, v, end)
    return _push_links(m, s, w, t, end, early)


@kernel
def _push_links(m: Model, s: State, w: Work, t: int, end: int, early: bool) -> int:
    u = m.task[t].after
    if u >= 0 and s.task[u].slot >= 0:
        if early:
            changed = _raise(s, w, u, s.task[t].earliest - m.task[t].max_gap)
        else:
            changed = _lower(s, w, u, s.task[t].latest - m.task[t].min_gap)
        if changed:
            end = _enqueue(w, u, end)
    v = m.task[t].dependent
    while v >= 0:
        if s.task[v].slot >= 0:
            if early:
                changed = _raise(s, w, v, s.task[t].earliest + m.task[v].min_gap)
            else:
                changed = _lower(s, w, v, s.task[t].latest + m.task[v].max_gap)
            if changed:
                end = _enqueue(w, v, end)
        v = m.task[v].sibling
    return end


@kernel
def _spread(m: Model, s: State, w: Work, end: int, early: bool) -> bool:
    """Tighten until nothing changes; False as soon as a task has no start left (then the queue is emptied)."""
    begin = 0
    while begin < end:
        t = w.row[begin % len(w.row)].queue
        begin += 1
        w.row[t].queued = 0
        if s.task[t].earliest > s.task[t].latest:
            while begin < end:
                w.row[w.row[begin % len(w.row)].queue].queued = 0
                begin += 1
            return False
        end = _push(m, s, w, t, end, early)
    return True


@kernel
def fit(m: Model, s: State, w: Work, t: int) -> bool:
    """Set the times of a task that has just been given its seats, and tighten all others; False if there are none.

    After False the times of others are spoilt until the task is taken out and ``settle`` has run.
    """
    _reset(m, s, w, t, True)
    _reset(m, s, w, t, False)
    _pull(m, s, w, t, True)
    _pull(m, s, w, t, False)
    if not _spread(m, s, w, _enqueue(w, t, 0), True):
        return False
    return _spread(m, s, w, _enqueue(w, t, 0), False)


@kernel
def loosened(w: Work, t: int, early: bool) -> None:
    """Note that a removal may have loosened the earliest (or latest) start of a task."""
    side = EARLY if early else LATE
    if not w.loose[side, t].mark:
        w.loose[side, t].mark = 1
        w.loose[side, w.size[side]].task = t
        w.size[side] += 1


@kernel
def _loosen_neighbours(m: Model, s: State, w: Work, t: int, early: bool) -> None:
    """Note all served tasks whose earliest (latest) start may rest on that of ``t``."""
    for j in range(m.task[t].seats, m.task[t].seats_end):
        other = s.seat[j].behind if early else s.seat[j].before
        if s.seat[j].trip >= 0 and other >= 0:
            loosened(w, m.seat[other].task, early)
    u = m.task[t].after
    if u >= 0 and s.task[u].slot >= 0 and (not early or m.task[t].max_gap < FAR):
        loosened(w, u, early)
    v = m.task[t].dependent
    while v >= 0:
        if s.task[v].slot >= 0 and (early or m.task[v].max_gap < FAR):
            loosened(w, v, early)
        v = m.task[v].sibling


@kernel
def _settle_side(m: Model, s: State, w: Work, early: bool) -> None:
    side = EARLY if early else LATE
    i = 0
    while i < w.size[side]:
        if s.task[w.loose[side, i].task].slot >= 0:
            _loosen_neighbours(m, s, w, w.loose[side, i].task, early)
        i += 1
    for k in range(w.size[side]):
        t = w.loose[side, k].task
        w.loose[side, t].mark = 0
        if s.task[t].slot >= 0:
            _reset(m, s, w, t, early)
    end = 0
    for k in range(w.size[side]):
        t = w.loose[side, k].task
        if s.task[t].slot >= 0:
            _pull(m, s, w, t, early)
            end = _enqueue(w, t, end)
    w.size[side] = 0
    _spread(m, s, w, end, early)


@kernel
def settle(m: Model, s: State, w: Work) -> None:
    """Recompute the times that removals have loosened; what was possible with more tasks is possible now."""
    _settle_side(m, s, w, True)
    _settle_side(m, s, w, False)
