"""Rosters in the scheduler's form <-> rows of a draft."""

from scheduling import problem as p
from scheduling import roster as r
from scheduling.audit import score_of
from scheduling.duties import Duties
from scheduling.eligibility import Eligibility
from scheduling.reasons import free_row, reasons_of
from tenants.models import Roster
from tenants.services.rosters import OpenTask, Plan, PlannedSeat, PlannedTask, Standing
from weibao.planning.clock import Clock


def assignments_of(roster: Roster, problem: p.Problem, clock: Clock) -> tuple[p.Assignment, ...]:
    """What a draft holds of the problem's tasks, in the scheduler's form."""
    return tuple(
        p.Assignment(
            task=a.task_id,
            start=clock.minute(a.starts_at),
            people=tuple(sorted(p.Seat(person=s.person_id, role=s.role) for s in a.seats)),
        )
        for a in roster.assignments
        if a.task_id in problem.task_of
    )


def plan_of(problem: p.Problem, found: r.Roster, clock: Clock) -> Plan:
    """A scheduler's roster as rows."""
    return Plan(
        tasks=tuple(planned(problem, assignment, clock) for assignment in found.assignments),
        unserved=tuple(_open(problem, left) for left in found.unserved),
        medium=found.score.medium,
        soft=found.score.soft,
        bound_medium=found.bound.medium if found.bound else None,
        bound_soft=found.bound.soft if found.bound else None,
        optimal=found.status is r.Status.OPTIMAL,
    )


def _ids(problem: p.Problem, task_id: str) -> dict[str, str | None]:
    visit = problem.task_of[task_id].kind is p.TaskKind.VISIT
    return {"visit_id": task_id if visit else None, "activity_id": None if visit else task_id}


def free_rows(problem: p.Problem, rows: tuple[p.Assignment, ...]) -> dict[str, p.Assignment]:
    """Tasks that are open though they could be served beside the rows as they are, each with one way to do it."""
    eligibility, duties = Eligibility(problem), Duties(problem, rows)
    left = [task for task in problem.tasks if task.id not in duties.starts]
    found = (free_row(eligibility.candidates(task), duties, p.Pin(task=task.id)) for task in left)
    return {row.task: row for row in found if row is not None}


def open_tasks(problem: p.Problem, rows: tuple[p.Assignment, ...]) -> tuple[r.Unserved, ...]:
    """The tasks that rows leave open, with their reasons; one that could be served as things are has none."""
    free, duties = free_rows(problem, rows), Duties(problem, rows)
    return tuple(
        r.Unserved(task=task.id, reasons=() if task.id in free else reasons_of(problem, duties, task))
        for task in problem.tasks
        if task.id not in duties.starts
    )


def standing_of(problem: p.Problem, rows: tuple[p.Assignment, ...]) -> Standing:
    """What rows that were changed by hand come to."""
    score, _ = score_of(problem, rows)
    return Standing(
        unserved=tuple(_open(problem, left) for left in open_tasks(problem, rows)),
        medium=score.medium,
        soft=score.soft,
    )


def planned(problem: p.Problem, assignment: p.Assignment, clock: Clock) -> PlannedTask:
    """A served task as a row."""
    minutes = problem.task_of[assignment.task].minutes
    return PlannedTask(
        **_ids(problem, assignment.task),
        starts_at=clock.moment(assignment.start),
        ends_at=clock.moment(assignment.start + minutes),
        seats=tuple(PlannedSeat(person_id=seat.person, role=seat.role) for seat in assignment.people),
    )


def _open(problem: p.Problem, left: r.Unserved) -> OpenTask:
    reasons = [
        {"code": reason.code.value, "role": reason.role, "instead": list(reason.instead)} for reason in left.reasons
    ]
    return OpenTask(**_ids(problem, left.task), reasons=reasons)
