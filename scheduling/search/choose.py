"""The cheapest team for a task in one slot, all others keeping their seats and orders but not their times.

For each role the cheapest candidates (person, trip and place in its order) are gathered with the range of starts that
each allows; then a depth-first search with bounds picks one for each required place so that the ranges meet.
"""

from scheduling.search.jit import kernel
from scheduling.search.model import Model, State
from scheduling.search.seats import detour, fairness_step
from scheduling.search.work import BEST, PICKED, SPARE, WIDTH, Work, chance

LOOKS = 400  # nodes of the search for one team
NO_TEAM = 1 << 60


@kernel
def _has_room(m: Model, s: State, t: int, p: int, day: int) -> bool:
    """The limits per day and week, and that the person is not on the team already."""
    person = m.person[p]
    minutes = m.task[t].minutes
    if s.load[p, day].tasks >= person.max_tasks or s.load[p, day].minutes + minutes > person.max_day:
        return False
    if s.load[p, m.const[0].days + day // 7].minutes + minutes > person.max_week:
        return False
    if s.task[t].team > 0:
        for j in range(m.task[t].seats, m.task[t].seats_end):
            if s.seat[j].trip >= 0 and m.trip[s.seat[j].trip].person == p:
                return False
    return True


@kernel
def _offer(m: Model, w: Work, row: int, o: int, cost: int, before: int, first: int, last: int, limit: int) -> int:
    """Insert a candidate into the sorted list of a role; return the cost from which on a further one is too dear."""
    top = row * WIDTH
    k = w.depth[row].found
    if k == limit:
        k -= 1
    else:
        w.depth[row].found = k + 1
    while k > 0 and w.candidate[top + k - 1].cost > cost:
        w.candidate[top + k] = w.candidate[top + k - 1]
        k -= 1
    c = w.candidate[top + k]
    c.cost, c.before, c.option, c.person = cost, before, o, m.option[o].person
    c.first, c.last = first, last
    return w.candidate[top + limit - 1].cost if w.depth[row].found == limit else NO_TEAM


@kernel
def _places(
    m: Model, s: State, w: Work, row: int, o: int, fixed: int, first: int, last: int, worst: int, limit: int
) -> int:
    """Offer every place in the order of one trip at which the task can stand; return the new worst cost."""
    r, here, minutes = m.option[o].trip, m.option[o].place, m.option[o].minutes
    before, behind = -1, s.trip[r].head
    while True:
        if before < 0:
            low = max(first, m.trip[r].begin + m.travel[m.trip[r].home, here])
        else:
            u = m.seat[before].task
            low = max(first, s.task[u].earliest + m.task[u].minutes + m.travel[m.task[u].place, here])
        if low > last:
            return worst
        if behind < 0:
            high = min(last, m.trip[r].end - minutes - m.travel[here, m.trip[r].home])
        else:
            v = m.seat[behind].task
            high = min(last, s.task[v].latest - minutes - m.travel[here, m.task[v].place])
        if low <= high:
            cost = fixed + m.const[0].travel * detour(m, r, before, here, behind)
            if cost < worst:
                worst = _offer(m, w, row, o, cost, before, low, high, limit)
        if behind < 0:
            return worst
        before, behind = behind, s.seat[behind].behind


@kernel
def _gather(m: Model, s: State, w: Work, t: int, n: int, g: int, first: int, last: int, blink: float) -> None:
    """List the cheapest candidates of a role in slot ``n``, skipping each with probability ``blink``."""
    row = g - m.task[t].roles
    day, c = m.slot[n].day, m.slot[n].cells + row
    limit = min(WIDTH, m.role[g].most + w.size[SPARE])
    bonus = m.const[0].stranger if m.task[t].has_known and s.task[t].known == 0 else 0
    worst, metric = NO_TEAM, m.const[0].metric
    for o in range(m.cell[c].options, m.cell[c].options_end):
        option = m.option[o]
        low, high, p = max(first, option.first), min(last, option.last), option.person
        fixed = fairness_step(m, s, p) + option.cost - bonus * option.known
        alone = metric and s.trip[option.trip].head < 0
        if low > high or (metric and fixed + (m.const[0].travel * option.way if alone else 0) >= worst):
            continue
        if not _has_room(m, s, t, p, day) or (blink > 0.0 and chance(w) < blink):
            continue
        if alone:
            worst = _offer(m, w, row, o, fixed + m.const[0].travel * option.way, -1, low, high, limit)
        else:
            worst = _places(m, s, w, row, o, fixed, low, high, worst, limit)


@kernel
def start_range(m: Model, s: State, t: int, n: int) -> tuple[int, int]:
    """The starts that slot ``n`` and the ``after`` relations allow, the network's other times as they are."""
    if s.task[t].slot >= 0:
        return s.task[t].earliest, s.task[t].latest
    first, last = m.slot[n].first, m.slot[n].last
    u = m.task[t].after
    if u >= 0:
        first = max(first, s.task[u].earliest + m.task[t].min_gap)
        last = min(last, s.task[u].latest + m.task[t].max_gap)
    return first, last


@kernel
def _needs(m: Model, s: State, w: Work, t: int) -> int:
    """List the roles of the required places still empty; -1 if one has too few candidates."""
    need = 0
    for g in range(m.task[t].roles, m.task[t].roles_end):
        row = g - m.task[t].roles
        missing = m.role[g].least - s.role[g].count
        if missing > w.depth[row].found:
            return -1
        for _ in range(missing):
            w.depth[need].need = row
            need += 1
    w.depth[need].rest = 0
    for q in range(need - 1, -1, -1):
        w.depth[q].rest = w.depth[q + 1].rest + w.candidate[w.depth[q].need * WIDTH].cost
    return need


@kernel
def _is_picked(w: Work, p: int, picks: int) -> bool:
    found = False
    for i in range(picks):
        found = found or w.candidate[w.depth[i].index].person == p
    return found


@kernel
def _complete(m: Model, s: State, w: Work, t: int, depth: int) -> tuple[int, int]:
    """Cost of the whole team in ``w.index`` and the candidate added for the gender (-1: none); NO_TEAM if it lacks."""
    known, gender = 0, s.task[t].gender
    for q in range(depth):
        known += m.option[w.candidate[w.depth[q].index].option].known
        gender += m.option[w.candidate[w.depth[q].index].option].gender
    cost = w.depth[depth].total
    if known > 1 and m.task[t].has_known and s.task[t].known == 0:
        cost += (known - 1) * m.const[0].stranger
    if gender > 0 or m.task[t].needs_gender == 0:
        return cost, -1
    extra = _cheapest(m, s, w, t, depth, w.depth[depth].first, w.depth[depth].last, True)
    if extra < 0:
        return NO_TEAM, -1
    return cost + w.candidate[extra].cost - m.const[0].open_slot, extra


@kernel
def _taken(m: Model, s: State, w: Work, t: int, row: int, picks: int) -> int:
    """People of a role who sit or are picked."""
    taken = s.role[m.task[t].roles + row].count
    for i in range(picks):
        taken += w.depth[i].index // WIDTH == row
    return int(taken)


@kernel
def _cheapest(m: Model, s: State, w: Work, t: int, picks: int, first: int, last: int, by_gender: bool) -> int:
    """The cheapest candidate for a place beyond those picked, of the gender asked for if told; -1 if there is none."""
    best, best_cost = -1, NO_TEAM
    known = s.task[t].known
    for i in range(picks):
        known += m.option[w.candidate[w.depth[i].index].option].known
    for g in range(m.task[t].roles, m.task[t].roles_end):
        row = g - m.task[t].roles
        if _taken(m, s, w, t, row, picks) >= m.role[g].most:
            continue
        for c in range(row * WIDTH, row * WIDTH + w.depth[row].found):
            one = w.candidate[c]
            cost = one.cost
            if m.option[one.option].known and known > 0 and s.task[t].known == 0 and m.task[t].has_known:
                cost += m.const[0].stranger
            if (
                cost >= best_cost
                or one.first > last
                or one.last < first
                or (by_gender and not m.option[one.option].gender)
            ):
                continue
            if not _is_picked(w, one.person, picks):
                best, best_cost = c, cost
    return best


@kernel
def _step(w: Work, q: int, c: int) -> None:
    """Pick candidate ``c`` at depth ``q``."""
    w.depth[q].index = c
    w.depth[q + 1].total = w.depth[q].total + w.candidate[c].cost
    w.depth[q + 1].first = max(w.depth[q].first, w.candidate[c].first)
    w.depth[q + 1].last = min(w.depth[q].last, w.candidate[c].last)


@kernel
def _keep(w: Work, depth: int, extra: int) -> None:
    """Remember the team in ``w.index`` as the best of this slot."""
    for q in range(depth):
        w.depth[q].pick = w.depth[q].index
    w.size[PICKED] = depth
    if extra >= 0:
        w.depth[depth].pick = extra
        w.size[PICKED] = depth + 1


@kernel
def _search(m: Model, s: State, w: Work, t: int, need: int, bound: int) -> int:
    """Depth-first over the required places: cost of the best team below ``bound``, or NO_TEAM.

    A known candidate's cost counts the household's bonus once for each of them, so a partial sum is a lower bound.
    """
    best, q = bound, 0
    w.depth[0].index = w.depth[0].need * WIDTH - 1
    for _ in range(LOOKS):
        c = w.depth[q].index + 1
        w.depth[q].index = c
        row = w.depth[q].need
        if (
            c >= row * WIDTH + w.depth[row].found
            or w.depth[q].total + w.candidate[c].cost + w.depth[q + 1].rest >= best
        ):
            q -= 1
            if q < 0:
                break
            continue
        if not _joins(w, q, c):
            continue
        _step(w, q, c)
        if q + 1 < need:
            q += 1
            w.depth[q].index = c if w.depth[q].need == row else w.depth[q].need * WIDTH - 1
            continue
        cost, extra = _complete(m, s, w, t, need)
        if cost < best:
            best = cost
            _keep(w, need, extra)
    return best if best < bound else NO_TEAM


@kernel
def _joins(w: Work, q: int, c: int) -> bool:
    """True if candidate ``c`` shares a start with those picked at smaller depths and is none of them."""
    if max(w.depth[q].first, w.candidate[c].first) > min(w.depth[q].last, w.candidate[c].last):
        return False
    return not _is_picked(w, w.candidate[c].person, q)


@kernel
def _add_optional(m: Model, s: State, w: Work, t: int, cost: int) -> int:
    """Add the cheapest further people while each lowers the cost; return the cost."""
    depth = w.size[PICKED]
    for q in range(depth):
        _step(w, q, w.depth[q].pick)
    while True:
        c = _cheapest(m, s, w, t, depth, w.depth[depth].first, w.depth[depth].last, False)
        if c < 0:
            return cost
        step = w.candidate[c].cost - m.const[0].open_slot
        if m.option[w.candidate[c].option].known and m.task[t].has_known and s.task[t].known == 0:
            for q in range(depth):
                if m.option[w.candidate[w.depth[q].index].option].known:
                    step += m.const[0].stranger
                    break
        if step >= 0:
            return cost
        _step(w, depth, c)
        w.depth[depth].pick = c
        depth += 1
        w.size[PICKED] = depth
        cost += step


@kernel
def choose_team(m: Model, s: State, w: Work, t: int, n: int, bound: int, blink: float) -> int:
    """Cost of the cheapest addition to the team of ``t`` in slot ``n`` that makes it whole, or NO_TEAM.

    NO_TEAM means that none is below ``bound``. Else ``w.depth.pick`` holds the candidates, ``w.size[PICKED]`` of them.
    The costs of the slot and of an opened task are not counted.
    """
    first, last = start_range(m, s, t, n)
    if first > last:
        return NO_TEAM
    for g in range(m.task[t].roles, m.task[t].roles_end):
        w.depth[g - m.task[t].roles].found = 0
        if s.role[g].count < m.role[g].most:
            _gather(m, s, w, t, n, g, first, last, blink)
    need = _needs(m, s, w, t)
    if need < 0:
        return NO_TEAM
    w.depth[0].total, w.depth[0].first, w.depth[0].last, w.size[PICKED] = 0, first, last, 0
    if need == 0:
        cost, extra = _complete(m, s, w, t, 0)
        if cost < NO_TEAM:
            _keep(w, 0, extra)
    else:
        cost = _search(m, s, w, t, need, bound)
    if cost >= NO_TEAM:
        return NO_TEAM
    return _add_optional(m, s, w, t, cost)


@kernel
def keep_best(m: Model, w: Work, t: int) -> None:
    """Copy the team of ``w.depth.pick`` to ``w.best``."""
    for q in range(w.size[PICKED]):
        c = w.depth[q].pick
        w.best[q].role = m.task[t].roles + c // WIDTH
        w.best[q].trip, w.best[q].before = m.option[w.candidate[c].option].trip, w.candidate[c].before
    w.size[BEST] = w.size[PICKED]


@kernel
def best_slot(m: Model, s: State, w: Work, t: int, blink: float) -> int:
    """The slot in which an unserved task costs least, its team in ``w.best``; -1 if it fits nowhere."""
    best, best_cost = -1, NO_TEAM
    u = m.task[t].after
    if u >= 0 and s.task[u].slot < 0:
        return -1
    for n in range(m.task[t].slots, m.task[t].slots_end):
        fixed = m.slot[n].cost
        if fixed + m.task[t].floor >= best_cost or (blink > 0.0 and chance(w) < blink):
            continue
        cost = choose_team(m, s, w, t, n, best_cost - fixed - m.task[t].base_cost, blink)
        if cost < NO_TEAM and cost + fixed + m.task[t].base_cost < best_cost:
            best, best_cost = n, cost + fixed + m.task[t].base_cost
            keep_best(m, w, t)
    return best
