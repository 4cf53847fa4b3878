"""Whether what a plan was proven of still holds: a short mark of the facts that a problem states."""

from hashlib import sha256
from typing import Any

from scheduling.io import encode, problem_to_json
from scheduling.problem import Problem

_NOT_FACTS = ("id", "pins", "published", "weights")
"""A draft's name, what its planner has decided, and what was published: the plan's cost tells of these."""


def mark_of(problem: Problem) -> str:
    """The same for the same people, places and tasks; any change of them gives another.

    The hours in which tasks can be done are left out: they grow shorter as time goes on, which proves no less.
    """
    facts: dict[str, Any] = {k: value for k, value in problem_to_json(problem).items() if k not in _NOT_FACTS}
    facts["tasks"] = [{**task, "windows": None} for task in facts["tasks"]]
    return sha256(encode(facts).encode()).hexdigest()[:16]
