"""Every hard rule and the score, recomputed from the problem alone.

The audit shares no code with the solvers, the reasons or the explanations, only the data and the ids of the rules.
It passes exactly the rosters that the interchange format's judge passes. A roster that fails it is never shown.
"""

from scheduling.audit.claims import claim_violations
from scheduling.audit.links import link_violations
from scheduling.audit.people import person_violations
from scheduling.audit.score import Parts, score_of
from scheduling.audit.tasks import task_violations
from scheduling.audit.violation import Violation
from scheduling.problem import Assignment, Problem
from scheduling.roster import Roster
from scheduling.rules import RuleId

__all__ = ["Parts", "RuleId", "Violation", "audit", "hard_violations", "score_of"]


def audit(problem: Problem, roster: Roster) -> tuple[Violation, ...]:
    """Everything that is wrong with a roster: hard rules, reasons, stated score, bound and status; () if nothing is."""
    return (*hard_violations(problem, roster.assignments), *claim_violations(problem, roster))


def hard_violations(problem: Problem, assignments: tuple[Assignment, ...]) -> tuple[Violation, ...]:
    """Every hard rule (1 to 10) that the assignments break, whatever is said about the unserved tasks."""
    return (
        *task_violations(problem, assignments),
        *person_violations(problem, assignments),
        *link_violations(problem, assignments),
    )
