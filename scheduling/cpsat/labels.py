"""Compiled labelling: for each possible trip, the cheapest way from base to base through nodes with prices.

A label is a partial trip; one dominates another at the same node if it is no later, no dearer, no longer in tasks
and minutes, and has seen a subset of its tasks (Irnich and Desaulniers 2005, doi:10.1007/0-387-25486-2_2). At first
tasks may be repeated; a task that the cheapest way repeats gets a bit of its own, and the trip is labelled again
(decremental state space relaxation, Righini and Salani 2008, doi:10.1002/net.20212). Prices are integers, so the
least price is exact.
"""

import numpy as np
from numpy.typing import NDArray

from scheduling.search.jit import entry, kernel

Ints = NDArray[np.int64]

FIRST, LAST, MINUTES, PLACE, TASK = 0, 1, 2, 3, 4
"""Columns of a node."""
BEGIN, END, BASE, MOST_TASKS, MOST_MINUTES = 0, 1, 2, 3, 4
"""Columns of a trip."""
NODE, TIME, PRICE, SEEN, TASKS, WORKED, PARENT, NEXT, DEAD = 0, 1, 2, 3, 4, 5, 6, 7, 8
"""Columns of a label; the root's node is -1, NEXT links the labels of one node."""
LABEL_WIDTH = 9
LONGEST = 24
"""Trips with more tasks are priced but not handed out."""
ROUNDS = 40
"""Most labellings of one trip in one call; a bound from a trip that still repeats a task is lower, not wrong."""
MOST_BITS = 62


@kernel
def _dominates(label: Ints, one: int, other: int) -> bool:
    return bool(
        label[one, TIME] <= label[other, TIME]
        and label[one, PRICE] <= label[other, PRICE]
        and label[one, TASKS] <= label[other, TASKS]
        and label[one, WORKED] <= label[other, WORKED]
        and label[one, SEEN] & ~label[other, SEEN] == 0
    )


@kernel
def _insert(label: Ints, new: int, head: Ints) -> bool:
    """Link the new label to its node and strike out those it dominates; False if it is dominated itself."""
    node = label[new, NODE]
    other = head[node]
    while other >= 0:
        if _dominates(label, other, new):
            return False
        other = label[other, NEXT]
    before, other = -1, head[node]
    while other >= 0:
        following = label[other, NEXT]
        if _dominates(label, new, other):
            label[other, DEAD] = 1
            if before < 0:
                head[node] = following
            else:
                label[before, NEXT] = following
        else:
            before = other
        other = following
    label[new, NEXT] = head[node]
    head[node] = new
    return True


@kernel
def _extend(
    label: Ints,
    parent: int,
    new: int,
    node: int,
    nodes: Ints,
    price: int,
    bit: int,
    trip: Ints,
    minutes: Ints,
    costs: Ints,
) -> bool:
    """Write the parent's extension to a node; False if a limit or the node's last start forbids it."""
    here = label[parent, NODE]
    if here == node or label[parent, SEEN] & bit:
        return False
    place = trip[BASE] if here < 0 else nodes[here, PLACE]
    ready = label[parent, TIME] + (0 if here < 0 else nodes[here, MINUTES])
    at = max(ready + minutes[place, nodes[node, PLACE]], nodes[node, FIRST])
    tasks = label[parent, TASKS] + (trip[MOST_TASKS] > 0)
    worked = label[parent, WORKED] + (trip[MOST_MINUTES] > 0) * nodes[node, MINUTES]
    if at > nodes[node, LAST] or tasks > trip[MOST_TASKS] or worked > trip[MOST_MINUTES]:  # both stay 0 without a limit
        return False
    label[new, NODE], label[new, TIME] = node, at
    label[new, PRICE] = label[parent, PRICE] + costs[place, nodes[node, PLACE]] + price
    label[new, SEEN] = label[parent, SEEN] | bit
    label[new, TASKS], label[new, WORKED] = tasks, worked
    label[new, PARENT], label[new, DEAD] = parent, 0
    return True


@kernel
def _close(
    label: Ints, current: int, nodes: Ints, trip: Ints, minutes: Ints, costs: Ints, ends: Ints, last: Ints
) -> None:
    """Go home from a label, where it is in time, and keep the cheapest way by its last node."""
    here = label[current, NODE]
    if here >= 0:
        place = nodes[here, PLACE]
        home = label[current, TIME] + nodes[here, MINUTES] + minutes[place, trip[BASE]]
        price = label[current, PRICE] + costs[place, trip[BASE]]
        if home <= trip[END] and price < ends[here]:
            ends[here], last[here] = price, current


@kernel
def _hopes(nodes: Ints, prices: Ints) -> tuple[Ints, int]:
    """The least that n further nodes can add to a price, for each n, and the minutes of the shortest node."""
    gains = np.sort(np.minimum(prices, 0))
    hopes = np.zeros(len(gains) + 1, dtype=np.int64)
    quickest = 1 << 40
    for number in range(len(gains)):
        hopes[number + 1] = hopes[number] + gains[number]
        quickest = min(quickest, nodes[number, MINUTES])
    return hopes, max(quickest, 1)


@kernel
def _label_trip(
    label: Ints, nodes: Ints, prices: Ints, bits: Ints, trip: Ints, minutes: Ints, costs: Ints, ends: Ints, last: Ints
) -> bool:
    """Fill ``ends`` with the least price of a whole trip by its last node, ``last`` with its label; False: too many."""
    head = np.full(len(nodes), -1, dtype=np.int64)
    ends[:] = 0
    label[0, :] = 0
    label[0, NODE], label[0, TIME] = -1, trip[BEGIN]
    hopes, quickest = _hopes(nodes, prices)
    used, current = 1, 0
    while current < used:
        if label[current, DEAD] == 0:
            _close(label, current, nodes, trip, minutes, costs, ends, last)
            further = min((trip[END] - label[current, TIME]) // quickest, len(hopes) - 1)
            if label[current, PRICE] + hopes[further] < 0:
                for node in range(len(nodes)):
                    if _extend(label, current, used, node, nodes, prices[node], bits[node], trip, minutes, costs):
                        used += _insert(label, used, head)
                        if used == len(label):
                            return False
        current += 1
    return True


@kernel
def _trace(label: Ints, last: int, out: Ints) -> int:
    """Write the nodes of a label's trip, last to first; their number, or -1 where they are too many."""
    number = 0
    while label[last, NODE] >= 0:
        if number == len(out):
            return -1
        out[number] = label[last, NODE]
        last = label[last, PARENT]
        number += 1
    return number


@kernel
def _give_bit(nodes: Ints, bits: Ints, task: int) -> bool:
    """Give a task the first free bit at all its nodes; False if it has one or none is left."""
    given = 0
    for node in range(len(nodes)):
        given |= bits[node]
        if nodes[node, TASK] == task and bits[node]:
            return False
    bit = 1
    while given & bit:
        bit <<= 1
    if bit >= 1 << MOST_BITS:
        return False
    for node in range(len(nodes)):
        if nodes[node, TASK] == task:
            bits[node] = bit
    return True


@kernel
def _tell_apart(nodes: Ints, bits: Ints, way: Ints) -> tuple[bool, bool]:
    """Give a bit to every task that the way repeats; whether one was given, whether any is repeated."""
    given, repeated = False, False
    for i in range(len(way)):
        for j in range(i):
            if nodes[way[i], TASK] == nodes[way[j], TASK]:
                repeated = True
                given |= _give_bit(nodes, bits, nodes[way[i], TASK])
    return given, repeated


@kernel
def _price_trip(
    label: Ints, nodes: Ints, prices: Ints, bits: Ints, trip: Ints, minutes: Ints, costs: Ints, ends: Ints, last: Ints
) -> tuple[int, bool]:
    """The least price of the trip; whether it is sharp (all labels fitted and no task is repeated)."""
    way = np.empty(LONGEST, dtype=np.int64)
    hopes, quickest = _hopes(nodes, prices)
    least = hopes[min((trip[END] - trip[BEGIN]) // quickest, len(nodes))]
    for _ in range(ROUNDS):
        if not _label_trip(label, nodes, prices, bits, trip, minutes, costs, ends, last):
            return least, False
        least = max(least, ends.min())
        if ends.min() == 0:
            return least, True
        number = _trace(label, last[ends.argmin()], way)
        given, repeated = _tell_apart(nodes, bits, way[: max(number, 0)])
        if not given:
            return least, number >= 0 and not repeated
    return least, False


@entry
def cheapest_trips(
    pointers: Ints,
    nodes: Ints,
    prices: Ints,
    critical: Ints,
    trips: Ints,
    minutes: Ints,
    costs: Ints,
    capacity: int,
    keep: int,
) -> tuple[Ints, Ints, Ints]:
    """Least price of each trip and up to ``keep`` trips of negative price.

    ``pointers`` (T + 1) cuts ``nodes`` (N, 5), ``prices`` (N) and ``critical`` (N; 0: the node's task may be
    repeated at first; changed in place) by trip; ``trips`` is (T, 5), a limit of 0 meaning none; ``minutes`` and
    ``costs`` (P, P) are the legs. Returns the least price of each trip (never above the true one, at most 0: staying at
    home), 1 where it is not sharp, and trips as rows of nodes, filled up with -1.
    """
    count = len(pointers) - 1
    least = np.zeros(count, dtype=np.int64)
    blunt = np.zeros(count, dtype=np.int64)
    rows = np.full((count * keep, LONGEST), -1, dtype=np.int64)
    label = np.empty((capacity, LABEL_WIDTH), dtype=np.int64)
    way = np.empty(LONGEST, dtype=np.int64)
    for trip in range(count):
        low, high = pointers[trip], pointers[trip + 1]
        if low == high:
            continue
        ends = np.zeros(high - low, dtype=np.int64)
        last = np.zeros(high - low, dtype=np.int64)
        bits = np.zeros(high - low, dtype=np.int64)
        for node in range(low, high):
            if critical[node]:
                _give_bit(nodes[low:high], bits, nodes[node, TASK])
        least[trip], sharp = _price_trip(
            label, nodes[low:high], prices[low:high], bits, trips[trip], minutes, costs, ends, last
        )
        critical[low:high] = bits != 0
        blunt[trip] = not sharp
        for rank, node in enumerate(np.argsort(ends)[:keep]):
            if ends[node] < 0:
                number = _trace(label, last[node], way)
                for i in range(number):
                    rows[trip * keep + rank, i] = low + way[number - 1 - i]
    return least, blunt, rows
