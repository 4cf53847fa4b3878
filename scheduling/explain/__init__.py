"""Why the roster is as it is, what it costs, and what a change would do; every answer has a JSON form."""

from scheduling.explain.alternatives import Alternative, alternatives
from scheduling.explain.change import Change, ChangeKind, Effect, WhatIf, what_if
from scheduling.explain.cost import CostBreakdown, CostLine, Term, cost_breakdown
from scheduling.explain.difference import Difference, PersonDifference, TaskDifference, TaskNews, difference
from scheduling.explain.fixes import Fix, FixKind, Idea
from scheduling.explain.obstacles import Obstacle
from scheduling.explain.proof import smallest_fixes
from scheduling.explain.report import explain
from scheduling.explain.unserved import PlaceNeeded, WhyUnserved, why_unserved

__all__ = [
    "Alternative",
    "Change",
    "ChangeKind",
    "CostBreakdown",
    "CostLine",
    "Difference",
    "Effect",
    "Fix",
    "FixKind",
    "Idea",
    "Obstacle",
    "PersonDifference",
    "PlaceNeeded",
    "TaskDifference",
    "TaskNews",
    "Term",
    "WhatIf",
    "WhyUnserved",
    "alternatives",
    "cost_breakdown",
    "difference",
    "explain",
    "smallest_fixes",
    "what_if",
    "why_unserved",
]
