"""How the seats would fall by the two customary apportionments, for comparison; no worker is looked at.

M. Balinski and H. P. Young, Fair Representation, 2nd ed. 2001, chapters 3 and 4 and appendix A.
"""

import heapq
from collections.abc import Sequence
from fractions import Fraction


def largest_remainder(demand: Sequence[int], seats: int, *, least: int = 0) -> tuple[int, ...]:
    """Hamilton's method: the whole part of each quota, then one more to the largest remainders.

    Whoever has a quota below ``least`` gets ``least``, and the others share what is left. Seats too few for that go by
    demand alone; without any demand they go round in order. Ties go to the first.
    """
    given = [0] * len(demand)
    least = _within_reach(least, demand, seats)
    open_ones = list(range(len(demand)))
    while True:
        left, total = seats - sum(given), sum(demand[i] for i in open_ones)
        if total == 0:
            return _in_turn(given, open_ones, left)
        raised = [i for i in open_ones if demand[i] * left < least * total]
        if not raised:
            break
        for i in raised:
            given[i] = least
        open_ones = [i for i in open_ones if i not in raised]
    for i in open_ones:
        given[i] = demand[i] * left // total
    by_remainder = sorted(open_ones, key=lambda i: (-(demand[i] * left % total), i))
    for i in by_remainder[: seats - sum(given)]:
        given[i] += 1
    return tuple(given)


def webster(demand: Sequence[int], seats: int, *, least: int = 0) -> tuple[int, ...]:
    """Webster's method (Sainte-Laguë): each further seat to the largest demand / (2 x seats + 1); ties to the first.

    Seats too few for ``least`` each go by demand alone; without any demand they go round in order.
    """
    least = _within_reach(least, demand, seats)
    if not any(demand):
        return _in_turn([0] * len(demand), list(range(len(demand))), seats)
    given = [least] * len(demand)
    queue = [(-Fraction(d, 2 * least + 1), i) for i, d in enumerate(demand)]
    heapq.heapify(queue)
    for _ in range(seats - least * len(demand)):
        _, i = queue[0]
        given[i] += 1
        heapq.heapreplace(queue, (-Fraction(demand[i], 2 * given[i] + 1), i))
    return tuple(given)


def _within_reach(least: int, demand: Sequence[int], seats: int) -> int:
    return least if seats >= least * len(demand) else 0


def _in_turn(given: list[int], places: Sequence[int], seats: int) -> tuple[int, ...]:
    for turn in range(seats if places else 0):
        given[places[turn % len(places)]] += 1
    return tuple(given)
