"""The course of a run: what it served and cost at which second, as a chart and as the table behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scheduling.roster import Score
from tenants.models import SolveRun
from weibao import charts
from weibao.explaining.costs import bound_in_words

LATEST = 5
_TOLD = ("medium", "soft", "bound_medium", "bound_soft", "served")


@dataclass(frozen=True, kw_only=True)
class Step:
    """What was found by a second: tasks served, the weight left open, the cost and its proven bound, if there is one.

    A bound is one of the cost alone only where it leaves as little open; elsewhere it does not compare.
    """

    seconds: float
    served: int
    medium: int
    soft: int
    bound: int | None


@dataclass(frozen=True, kw_only=True)
class Course:
    """The points that a run has told, at least one of them, up to some seconds."""

    points: Sequence[dict[str, Any]]
    until: float

    @property
    def point(self) -> dict[str, Any]:
        """The latest point."""
        return self.points[-1]

    @property
    def bound_words(self) -> str:
        """How far the latest plan may be from the best one."""
        medium, soft = self.point["bound_medium"], self.point["bound_soft"]
        bound = None if medium is None or soft is None else Score(medium=medium, soft=soft)
        return bound_in_words(Score(medium=self.point["medium"], soft=self.point["soft"]), bound)

    @property
    def chart(self) -> charts.LineChart:
        """Cost and bound over time while as much was served as now; the cost of serving less does not compare."""
        same = [point for point in self.points if point["medium"] == self.point["medium"]]
        cost = [(point["elapsed"], point["soft"]) for point in same]
        bound = [(p["elapsed"], p["bound_soft"]) for p in same if p["bound_medium"] == self.point["medium"]]
        return charts.lines([cost, bound], until=max(self.until, self.point["elapsed"]))

    @property
    def steps(self) -> list[Step]:
        """The points that told something new, in order."""
        steps, before = list[Step](), None
        for point in self.points:
            told = tuple(point[name] for name in _TOLD)
            if told != before:
                steps.append(_step(point))
            before = told
        return steps

    @property
    def latest(self) -> list[Step]:
        """The last of them, for a page that is drawn again and again."""
        return self.steps[-LATEST:]


def course_of(run: SolveRun | None, until: float = 0.0) -> Course | None:
    """The course of a run; None where it has told nothing."""
    return Course(points=run.progress, until=until) if run is not None and run.progress else None


def _step(point: dict[str, Any]) -> Step:
    compares = point["bound_medium"] == point["medium"]
    return Step(
        seconds=point["elapsed"],
        served=point["served"],
        medium=point["medium"],
        soft=point["soft"],
        bound=point["bound_soft"] if compares else None,
    )
