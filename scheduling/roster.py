"""The roster: what a solve returns."""

from dataclasses import dataclass
from enum import StrEnum

from scheduling.problem import Assignment


class ReasonCode(StrEnum):
    """Why a task is unserved (FORMAT: each is checked to be true)."""

    NO_ELIGIBLE_PERSON = "no_eligible_person"
    NO_POSSIBLE_TEAM = "no_possible_team"
    PREDECESSOR_UNSERVED = "predecessor_unserved"
    COMPETING = "competing"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One true reason; ``role`` with no_eligible_person, ``instead`` (task ids) with competing."""

    code: ReasonCode
    role: str | None = None
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unserved:
    """A task that is not done, and why."""

    task: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True, order=True)
class Score:
    """Lexicographic: ``medium`` (weight of unserved tasks) first, then ``soft`` (sum of the weighted soft terms)."""

    medium: int
    soft: int


class Status(StrEnum):
    """``optimal`` is proven: the bound equals the score."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The answer to a problem; ``bound`` is a proven lower bound on the score or None; ``seconds`` is wall time."""

    problem: str
    assignments: tuple[Assignment, ...]
    unserved: tuple[Unserved, ...]
    score: Score
    bound: Score | None
    status: Status
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Progress:
    """News of a running solve: the best roster's score and size so far, the proven bound, and wall seconds."""

    elapsed: float
    score: Score
    bound: Score | None
    served: int
    tasks: int
