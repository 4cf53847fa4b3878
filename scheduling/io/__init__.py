"""The JSON forms of a problem and a roster, exactly as the interchange format states them."""

from scheduling.io.problem import problem_from_json, problem_to_json, read_problem
from scheduling.io.roster import (
    assignment_to_json,
    assignments_from_json,
    read_roster,
    roster_from_json,
    roster_to_json,
)
from scheduling.io.text import encode

__all__ = [
    "assignment_to_json",
    "assignments_from_json",
    "encode",
    "problem_from_json",
    "problem_to_json",
    "read_problem",
    "read_roster",
    "roster_from_json",
    "roster_to_json",
]
