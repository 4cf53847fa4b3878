"""The elementary changes of a roster, each with its exact change of the score: sit, stand, serve, drop."""

from scheduling.search.jit import kernel
from scheduling.search.model import FAR, GENDER, KNOWN, Model, State
from scheduling.search.times import fit, loosened
from scheduling.search.work import NOW, POOL, Work, touch_person, touch_task, touch_trip

MEDIUM, SOFT = 0, 1


@kernel
def detour(m: Model, r: int, before: int, place: int, behind: int) -> int:
    """Extra minutes of travel on trip ``r`` by way of ``place`` between two of its seats (-1: the base)."""
    start = m.trip[r].home if before < 0 else m.task[m.seat[before].task].place
    end = m.trip[r].home if behind < 0 else m.task[m.seat[behind].task].place
    return int(m.travel[start, place] + m.travel[place, end] - m.travel[start, end])


@kernel
def fairness_step(m: Model, s: State, p: int) -> int:
    """Cost of one more task for a person: (recent + n + 1)² - (recent + n)² for volunteers."""
    if not m.person[p].volunteer:
        return 0
    done = m.person[p].recent + s.load[p, s.load.shape[1] - 1].tasks
    return int(m.const[0].fairness * (2 * done + 1))


@kernel
def _add_load(s: State, p: int, column: int, sign: int, minutes: int) -> None:
    s.load[p, column].tasks += sign
    s.load[p, column].minutes += sign * minutes


@kernel
def _count_work(m: Model, s: State, w: Work, p: int, t: int, sign: int) -> None:
    touch_person(w, p)
    day = m.slot[s.task[t].slot].day
    _add_load(s, p, day, sign, m.task[t].minutes)
    _add_load(s, p, m.const[0].days + day // 7, sign, m.task[t].minutes)
    _add_load(s, p, s.load.shape[1] - 1, sign, m.task[t].minutes)


@kernel
def sit(m: Model, s: State, w: Work, j: int, r: int, before: int) -> None:
    """Give the empty seat ``j`` of a served task to trip ``r``, behind the seat ``before`` (-1: first)."""
    t, p = m.seat[j].task, m.trip[r].person
    behind = s.trip[r].head if before < 0 else s.seat[before].behind
    cost = m.const[0].travel * detour(m, r, before, m.task[t].place, behind)
    cost += fairness_step(m, s, p) + m.pair[p, t].cost - m.const[0].open_slot
    touch_task(w, t)
    touch_trip(w, r)
    s.seat[j].trip, s.seat[j].before, s.seat[j].behind = r, before, behind
    if before < 0:
        s.trip[r].head = j
    else:
        touch_task(w, m.seat[before].task)
        s.seat[before].behind = j
    if behind >= 0:
        touch_task(w, m.seat[behind].task)
        s.seat[behind].before = j
    _count_work(m, s, w, p, t, 1)
    s.role[m.seat[j].role].count += 1
    s.task[t].team += 1
    s.task[t].gender += (m.pair[p, t].marks & GENDER) != 0
    if m.pair[p, t].marks & KNOWN:
        cost -= m.const[0].stranger if s.task[t].known == 0 else 0
        s.task[t].known += 1
    s.total[SOFT] += cost


@kernel
def stand(m: Model, s: State, w: Work, j: int) -> None:
    """Empty a seat, and note whose times that may loosen; ``settle`` must follow before times are read."""
    t, r, before, behind = m.seat[j].task, s.seat[j].trip, s.seat[j].before, s.seat[j].behind
    p = m.trip[r].person
    touch_task(w, t)
    touch_trip(w, r)
    if before < 0:
        s.trip[r].head = behind
    else:
        touch_task(w, m.seat[before].task)
        s.seat[before].behind = behind
        loosened(w, m.seat[before].task, False)
    if behind >= 0:
        touch_task(w, m.seat[behind].task)
        s.seat[behind].before = before
        loosened(w, m.seat[behind].task, True)
    loosened(w, t, True)
    loosened(w, t, False)
    s.seat[j].trip, s.seat[j].before, s.seat[j].behind = -1, -1, -1
    _count_work(m, s, w, p, t, -1)
    s.role[m.seat[j].role].count -= 1
    s.task[t].team -= 1
    s.task[t].gender -= (m.pair[p, t].marks & GENDER) != 0
    cost = m.const[0].travel * detour(m, r, before, m.task[t].place, behind)
    cost += fairness_step(m, s, p) + m.pair[p, t].cost - m.const[0].open_slot
    if m.pair[p, t].marks & KNOWN:
        s.task[t].known -= 1
        cost -= m.const[0].stranger if s.task[t].known == 0 else 0
    s.total[SOFT] -= cost


@kernel
def open_task(m: Model, s: State, w: Work, t: int, n: int) -> None:
    """Serve an unserved task in slot ``n``, with an empty team as yet."""
    touch_task(w, t)
    s.task[t].slot = n
    s.total[MEDIUM] -= m.task[t].weight
    s.total[SOFT] += m.slot[n].cost + m.task[t].base_cost


@kernel
def close_task(m: Model, s: State, w: Work, t: int) -> None:
    """Leave a task unserved and send its team away; ``settle`` must follow. Its dependents are the caller's."""
    u = m.task[t].after
    if u >= 0 and s.task[u].slot >= 0:
        loosened(w, u, False)
        if m.task[t].max_gap < FAR:
            loosened(w, u, True)
    for j in range(m.task[t].seats, m.task[t].seats_end):
        if s.seat[j].trip >= 0:
            stand(m, s, w, j)
    touch_task(w, t)
    s.total[MEDIUM] += m.task[t].weight
    s.total[SOFT] -= m.slot[s.task[t].slot].cost + m.task[t].base_cost
    s.task[t].slot = -1


@kernel
def pool_task(w: Work, t: int) -> None:
    """Note that the move must find a place (or a team) for the task again."""
    if w.row[t].pool_mark != w.size[NOW]:
        w.row[t].pool_mark = w.size[NOW]
        w.row[w.size[POOL]].pool = t
        w.size[POOL] += 1


@kernel
def take_out(m: Model, s: State, w: Work, t: int) -> None:
    """Close a task and all that come after it, and put them into the pool."""
    w.row[0].queue = t
    length, i = 1, 0
    while i < length:
        u = w.row[i].queue
        i += 1
        if s.task[u].slot < 0:
            continue
        close_task(m, s, w, u)
        pool_task(w, u)
        v = m.task[u].dependent
        while v >= 0:
            w.row[length].queue = v
            length += 1
            v = m.task[v].sibling


@kernel
def empty_seat(m: Model, g: int, s: State) -> int:
    """The first empty seat of a role, or -1."""
    for j in range(m.role[g].seats, m.role[g].seats + m.role[g].most):
        if s.seat[j].trip < 0:
            return j
    return -1


@kernel
def seat_team(m: Model, s: State, w: Work, t: int, picks: int) -> bool:
    """Seat the people of ``w.best`` and time the task; if that cannot be, take them out again and return False."""
    for i in range(picks):
        sit(m, s, w, empty_seat(m, w.best[i].role, s), w.best[i].trip, w.best[i].before)
    if fit(m, s, w, t):
        return True
    for i in range(picks):
        for j in range(m.role[w.best[i].role].seats, m.role[w.best[i].role].seats + m.role[w.best[i].role].most):
            if s.seat[j].trip == w.best[i].trip:
                stand(m, s, w, j)
    return False
