"""Re-planning with a promise: what it costs to disturb fewer of the people who hold published duties.

Every way is a whole roster; each is solved with changes and moves dearer than the last, and weighed at the problem's
own weights. Importing this module costs nothing, as ``scheduling.solve``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scheduling.audit import score_of
from scheduling.limits import MAX_WEIGHT
from scheduling.problem import Assignment, Problem
from scheduling.roster import Progress, Roster, Status
from scheduling.solve import solve

FACTORS = (3, 10, 40)
"""How many times dearer changes are in the ways between the cheapest roster and the calmest one."""
FIRST_SHARE = 0.5
"""Share of the time for the cheapest roster, which is the plan itself; the other ways share the rest."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """A roster, and the ids of the people whose published duties it changes."""

    disturbed: frozenset[str]
    roster: Roster


def disturbed(problem: Problem, rows: Sequence[Assignment]) -> frozenset[str]:
    """Who would have to be told: people who lose a published duty or have its time moved, or join its team."""
    row_of, found = {row.task: row for row in rows}, set[str]()
    for old in problem.published:
        before = {(seat.person, seat.role) for seat in old.people}
        row = row_of.get(old.task)
        after = {(seat.person, seat.role) for seat in row.people} if row else set()
        touched = before | after if row is not None and row.start != old.start else before ^ after
        found |= {person for person, _role in touched}
    return frozenset(found)


def ways(
    problem: Problem,
    *,
    seconds: float,
    workers: int = 2,
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> tuple[Way, ...]:
    """Rosters from the calmest to the cheapest; each costs less than those that disturb fewer people.

    ``seconds`` is wall time for all of them; progress is told of the cheapest, which comes first. The last way is the
    one of the best score. Raises ProblemError if no roster was found that keeps all pins.
    """
    share = FIRST_SHARE * seconds
    first = solve(problem, seconds=share, workers=workers, seed=seed, on_progress=on_progress, should_stop=should_stop)
    found = [Way(disturbed=disturbed(problem, first.assignments), roster=first)]
    if not found[0].disturbed:
        return tuple(found)
    for factor in (*FACTORS, MAX_WEIGHT):
        if should_stop is not None and should_stop():
            break
        share = (1 - FIRST_SHARE) * seconds / (len(FACTORS) + 1)
        calm = solve(_dearer(problem, factor), seconds=share, workers=workers, seed=seed, should_stop=should_stop)
        found.append(_weighed(problem, calm))
    return _frontier(found)


def _dearer(problem: Problem, factor: int) -> Problem:
    """The problem with changes and moves ``factor`` times as dear, as far as the limits allow."""
    weights = problem.weights
    change, move = (min(MAX_WEIGHT, max(1, weight) * factor) for weight in (weights.change, weights.move))
    return replace(problem, weights=replace(weights, change=change, move=move))


def _weighed(problem: Problem, roster: Roster) -> Way:
    """A roster of a dearer problem at the problem's own weights; what was proven of it holds no more."""
    score = score_of(problem, roster.assignments)[0]
    return Way(
        disturbed=disturbed(problem, roster.assignments),
        roster=replace(roster, score=score, bound=None, status=Status.FEASIBLE),
    )


def _frontier(found: Sequence[Way]) -> tuple[Way, ...]:
    kept: list[Way] = []
    for way in sorted(found, key=lambda way: (len(way.disturbed), way.roster.score)):
        if not kept or way.roster.score < kept[-1].roster.score:
            kept.append(way)
    return tuple(kept)
