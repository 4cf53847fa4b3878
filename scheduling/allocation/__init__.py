"""Which purchased-service worker serves which township (notice 3.2: by number of children, moved by the county alone).

``read_allocation_problem`` and ``audit`` cost a web process nothing; ``scheduling.allocation.solve`` and ``frontier``
load OR-Tools when they are called.
"""

from scheduling.allocation.answer import Allocation, Frontier, Score, Status
from scheduling.allocation.audit import Breach, audit, score_of
from scheduling.allocation.io import allocation_to_json, frontier_to_json, problem_from_json, read_allocation_problem
from scheduling.allocation.problem import AllocationProblem, Township, Worker

__all__ = [
    "Allocation",
    "AllocationProblem",
    "Breach",
    "Frontier",
    "Score",
    "Status",
    "Township",
    "Worker",
    "allocation_to_json",
    "audit",
    "frontier_to_json",
    "problem_from_json",
    "read_allocation_problem",
    "score_of",
]
