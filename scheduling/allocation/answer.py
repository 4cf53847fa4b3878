"""The allocation: what a solve returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from scheduling.roster import Status

Posts: TypeAlias = Mapping[str, str | None]
"""From a worker's id to a township's id, None: unposted."""


@dataclass(frozen=True, kw_only=True, order=True)
class Score:
    """What is minimised, one after the other: the order of the fields is the order of the aims.

    ``short``: places missing to ``min_staff``. ``skills_missing``: workers with an asked skill that are missing.
    ``peak``: 100 x demand / staff of the heaviest township. ``spread``: sum of 100 x demand squared / staff, least
    at the apportionment of Huntington and Hill (Balinski and Young, Fair Representation, 1982). ``moves``: workers
    who leave their township. ``commute``: minutes.
    """

    short: int
    skills_missing: int
    peak: int
    spread: int
    moves: int
    commute: int

    @property
    def service(self) -> tuple[int, int, int, int]:
        """The four aims that moves are spent on."""
        return self.short, self.skills_missing, self.peak, self.spread


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """The answer to a problem; ``seconds`` is wall time.

    ``bound`` holds for each aim by itself: no allocation that is as good in every aim before it is below it here.
    ``optimal`` is proven: the bound equals the score.
    """

    problem: str
    posts: Posts
    score: Score
    bound: Score
    status: Status
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Frontier:
    """The best allocation for every number of moves that improves on the one before, the fewest moves first.

    ``complete`` is proven: every point is optimal, and no other number of moves is worth its own.
    """

    problem: str
    points: tuple[Allocation, ...]
    complete: bool


__all__ = ["Allocation", "Frontier", "Posts", "Score", "Status"]
