"""What a roster says about itself: where each task stands, why some are unserved, its score, bound and status."""

from collections.abc import Iterator

from scheduling.audit.alone import can_start, team_exists
from scheduling.audit.rows import served_rows
from scheduling.audit.score import score_of
from scheduling.audit.violation import Violation
from scheduling.problem import Assignment, Problem, Task
from scheduling.roster import Reason, ReasonCode, Roster, Score, Status
from scheduling.rules import RuleId


def claim_violations(problem: Problem, roster: Roster) -> Iterator[Violation]:
    """What the roster says that is not true."""
    rows = served_rows(problem, roster.assignments)
    if roster.problem != problem.id:
        yield Violation(rule=RuleId.PROBLEM)
    yield from _unserved(problem, rows, roster)
    yield from _score(score_of(problem, roster.assignments)[0], roster)


def _unserved(problem: Problem, rows: dict[str, Assignment], roster: Roster) -> Iterator[Violation]:
    """B_listed: a task is served or unserved. B_reason: each unserved one has reasons, and each is true."""
    reasons = {row.task: row.reasons for row in roster.unserved}
    for task in problem.tasks:
        if (task.id in rows) == (task.id in reasons):
            yield Violation(rule=RuleId.LISTED, task=task.id)
        if task.id in rows or task.id not in reasons:
            continue
        if not reasons[task.id]:
            yield Violation(rule=RuleId.REASON, task=task.id)
        for reason in reasons[task.id]:
            if not _is_true(problem, rows, task, reason):
                yield Violation(rule=RuleId.REASON, task=task.id, role=reason.role)


def _is_true(problem: Problem, rows: dict[str, Assignment], task: Task, reason: Reason) -> bool:
    match reason.code:
        case ReasonCode.NO_ELIGIBLE_PERSON:
            return _lacks_people(problem, task, reason.role)
        case ReasonCode.NO_POSSIBLE_TEAM:
            return not team_exists(problem, task)
        case ReasonCode.PREDECESSOR_UNSERVED:
            return task.after is not None and task.after.task not in rows
        case ReasonCode.COMPETING:
            return bool(reason.instead) and all(other in rows for other in reason.instead)


def _lacks_people(problem: Problem, task: Task, name: str | None) -> bool:
    role = task.role_of.get(name or "")
    return role is not None and sum(can_start(problem, person, role, task) for person in problem.people) < role.min


def _score(score: Score, roster: Roster) -> Iterator[Violation]:
    """B_score: the stated score is the true one. B_bound: no bound above it. B_status: optimal means bound = score."""
    if roster.score != score:
        yield Violation(rule=RuleId.SCORE)
    if roster.bound is not None and roster.bound > score:
        yield Violation(rule=RuleId.BOUND)
    if roster.status is Status.OPTIMAL and roster.bound != score:
        yield Violation(rule=RuleId.STATUS)
