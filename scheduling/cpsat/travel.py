"""The least travel between places, detours allowed."""

import numpy as np

from scheduling.problem import Problem


def shortest_ways(problem: Problem) -> tuple[tuple[int, ...], ...]:
    """Travel minutes closed under detours (Floyd-Warshall), in the order of ``problem.places``."""
    legs = np.array(problem.travel_minutes, dtype=np.int64).reshape(len(problem.places), len(problem.places))
    for via in range(len(legs)):
        np.minimum(legs, legs[:, via, None] + legs[None, via, :], out=legs)
    return tuple(tuple(row) for row in legs.tolist())
