"""Plans that disturb fewer people: as a run keeps them, and as the planner chooses among them."""

from dataclasses import dataclass
from typing import Any

from scheduling.audit import hard_violations
from scheduling.io import assignment_to_json, assignments_from_json
from scheduling.problem import Assignment, Problem
from scheduling.replan import Way
from tenants.errors import ConflictError, NotFoundError
from tenants.models import SolveRun
from tenants.services.rosters import Plan
from weibao.planning.clock import Clock
from weibao.planning.plan import planned, standing_of


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One plan of a run: the ids of the people whom it disturbs, its score, and its rows."""

    people: tuple[str, ...]
    medium: int
    soft: int
    rows: tuple[Assignment, ...]


def way_out(way: Way) -> dict[str, Any]:
    """A way as the run keeps it."""
    return {
        "people": sorted(way.disturbed),
        "medium": way.roster.score.medium,
        "soft": way.roster.score.soft,
        "rows": [assignment_to_json(row) for row in way.roster.assignments],
    }


def choices_of(run: SolveRun | None) -> tuple[Choice, ...]:
    """The plans that a run has left to choose from, the calmest first; none if there is nothing to choose."""
    found = tuple(_choice(way) for way in run.ways) if run is not None else ()
    return found if len(found) > 1 else ()


def _choice(way: dict[str, Any]) -> Choice:
    rows = assignments_from_json(way["rows"])
    return Choice(people=tuple(way["people"]), medium=way["medium"], soft=way["soft"], rows=rows)


def within(choices: tuple[Choice, ...], most: int) -> Choice:
    """The best plan that disturbs at most so many people; the calmest where none is so calm.

    Raises:
        NotFoundError: there is none to choose from.

    """
    if not choices:
        raise NotFoundError("no plans to choose from")
    return next((choice for choice in reversed(choices) if len(choice.people) <= most), choices[0])


def plan_of_choice(problem: Problem, choice: Choice, clock: Clock) -> Plan:
    """A chosen plan as rows of the draft.

    Raises:
        ConflictError: facts have changed since, so that it breaks a rule now.

    """
    known = tuple(row for row in choice.rows if row.task in problem.task_of)
    if len(known) < len(choice.rows) or hard_violations(problem, known):
        raise ConflictError("facts have changed since this plan was made: plan again")
    standing = standing_of(problem, known)
    return Plan(
        tasks=tuple(planned(problem, row, clock) for row in known),
        unserved=standing.unserved,
        medium=standing.medium,
        soft=standing.soft,
    )
