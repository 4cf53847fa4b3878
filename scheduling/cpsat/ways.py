"""Compiled enumeration: every way of a trip whose price is within a limit, in every order that the times allow."""

import numpy as np
from numpy.typing import NDArray

from scheduling.cpsat.labels import (
    BASE,
    BEGIN,
    END,
    FIRST,
    LAST,
    LONGEST,
    MINUTES,
    MOST_MINUTES,
    MOST_TASKS,
    PLACE,
    TASK,
)
from scheduling.search.jit import entry, kernel

Ints = NDArray[np.int64]

FAR = 1 << 60
AT, PRICE, WORKED, NEXT = 0, 1, 2, 3
"""Columns of a way's steps: start, price so far, minutes so far, next node to try."""


@kernel
def _best_rest(nodes: Ints, prices: Ints, trip: Ints, minutes: Ints, costs: Ints) -> Ints:
    """For each node and each minute at which its task may start, the least price of the rest of the trip.

    Limits on tasks and minutes are put aside and tasks may be repeated (but not at once), so it is never too high.
    """
    rest = np.full((len(nodes), trip[END] - trip[BEGIN] + 1), FAR, dtype=np.int64)
    for minute in range(rest.shape[1] - 1, -1, -1):
        for here in range(len(nodes)):
            if nodes[here, FIRST] <= trip[BEGIN] + minute <= nodes[here, LAST]:
                ready = trip[BEGIN] + minute + nodes[here, MINUTES]
                place = nodes[here, PLACE]
                best = costs[place, trip[BASE]] if ready + minutes[place, trip[BASE]] <= trip[END] else FAR
                for node in range(len(nodes)):
                    at = max(ready + minutes[place, nodes[node, PLACE]], nodes[node, FIRST])
                    if nodes[node, TASK] != nodes[here, TASK] and at <= nodes[node, LAST]:
                        best = min(best, costs[place, nodes[node, PLACE]] + prices[node] + rest[node, at - trip[BEGIN]])
                rest[here, minute] = best
    return rest


@kernel
def _step(
    step: Ints, way: Ints, depth: int, node: int, nodes: Ints, prices: Ints, trip: Ints, minutes: Ints, costs: Ints
) -> bool:
    """Write the step to a node after ``depth`` nodes; False if a limit, the time or a repeated task forbids it."""
    place, ready, price, worked = trip[BASE], trip[BEGIN], 0, 0
    if depth > 0:
        here = way[depth - 1]
        place, ready = nodes[here, PLACE], step[depth - 1, AT] + nodes[here, MINUTES]
        price, worked = step[depth - 1, PRICE], step[depth - 1, WORKED]
    for earlier in range(depth):
        if nodes[way[earlier], TASK] == nodes[node, TASK]:
            return False
    worked += nodes[node, MINUTES]
    if 0 < trip[MOST_TASKS] <= depth or 0 < trip[MOST_MINUTES] < worked:
        return False
    at = max(ready + minutes[place, nodes[node, PLACE]], nodes[node, FIRST])
    if at > nodes[node, LAST]:
        return False
    way[depth] = node
    step[depth, AT], step[depth, WORKED], step[depth, NEXT] = at, worked, 0
    step[depth, PRICE] = price + costs[place, nodes[node, PLACE]] + prices[node]
    return True


@entry
def ways_within(
    nodes: Ints, prices: Ints, trip: Ints, minutes: Ints, costs: Ints, limit: int, capacity: int
) -> tuple[Ints, bool]:
    """The ways of one trip with a price of at most ``limit`` (arrays as in ``labels``): rows of nodes filled with -1.

    The second value is False where more than ``capacity`` were found, or a way of LONGEST tasks may go on.
    """
    found = np.full((capacity, LONGEST), -1, dtype=np.int64)
    rest = _best_rest(nodes, prices, trip, minutes, costs)
    way = np.zeros(LONGEST, dtype=np.int64)
    step = np.zeros((LONGEST + 1, 4), dtype=np.int64)
    count, depth, turn = 0, 0, 0
    while True:
        node = turn
        if node == len(nodes):
            if depth == 0:
                return found[:count], True
            depth -= 1
            turn = step[depth, NEXT]
            continue
        turn += 1
        if not _step(step, way, depth, node, nodes, prices, trip, minutes, costs):
            continue
        at = step[depth, AT]
        if step[depth, PRICE] + rest[node, at - trip[BEGIN]] > limit:
            continue
        home = costs[nodes[node, PLACE], trip[BASE]]
        if (
            at + nodes[node, MINUTES] + minutes[nodes[node, PLACE], trip[BASE]] <= trip[END]
            and step[depth, PRICE] + home <= limit
        ):
            if count == capacity:
                return found, False
            found[count, : depth + 1] = way[: depth + 1]
            count += 1
        if depth + 1 == LONGEST:
            return found[:count], False
        step[depth, NEXT] = turn
        depth, turn = depth + 1, 0
