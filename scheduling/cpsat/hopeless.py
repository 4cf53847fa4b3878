"""What cannot be done by anybody, whatever else is left undone; OR-Tools is not needed for it."""

from dataclasses import replace

from scheduling.cpsat.travel import shortest_ways
from scheduling.cpsat.weight import weight_of
from scheduling.problem import Problem
from scheduling.reasons import unserved_reasons
from scheduling.roster import ReasonCode

_NEVER = {ReasonCode.NO_ELIGIBLE_PERSON, ReasonCode.NO_POSSIBLE_TEAM}


def hopeless_tasks(problem: Problem) -> frozenset[str]:
    """The tasks that nobody, or no team, could do even alone, and those that have to come after them.

    Travel is taken by the shortest way over other places: where the matrix breaks the triangle inequality, a task on
    the way may bring near what is out of reach alone.
    """
    near = replace(problem, travel_minutes=shortest_ways(problem))
    hopeless = {left.task for left in unserved_reasons(near, ()) if {reason.code for reason in left.reasons} & _NEVER}
    while True:
        followers = {t.id for t in problem.tasks if t.after is not None and t.after.task in hopeless} - hopeless
        if not followers:
            return frozenset(hopeless)
        hopeless |= followers


def hopeless_weight(problem: Problem) -> int:
    """The weight of the hopeless tasks: a lower bound on what stays undone."""
    return weight_of(problem, hopeless_tasks(problem))
