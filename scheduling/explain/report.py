"""One question, one JSON answer: what the command ``weibao explain PROBLEM ROSTER [--task T] [--person P]`` prints."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from scheduling.audit import audit
from scheduling.audit.people import jobs_of
from scheduling.audit.rows import known_seats, served_rows
from scheduling.duties import Duties
from scheduling.errors import Fault, ProblemError
from scheduling.explain.alternatives import alternatives
from scheduling.explain.cost import cost_breakdown
from scheduling.explain.obstacles import obstacle
from scheduling.explain.unserved import why_unserved
from scheduling.io.roster import assignment_to_json, reason_to_json
from scheduling.problem import Assignment, Problem, Seat
from scheduling.reasons import unserved_reasons
from scheduling.roster import Roster

MOST_ALTERNATIVES = 5
"""Alternatives listed for each seat of a task; asked for one seat, all are."""

Json = dict[str, object]


def explain(problem: Problem, roster: Roster, *, task: str | None = None, person: str | None = None) -> Json:
    """The answer about the roster, one task of it, one person, or one person on one task.

    Always with ``violations``, what the audit finds; rows and seats about nothing known are left out of the rest.
    Raises: ProblemError if the task or the person is unknown.
    """
    _need_known("task", task, problem.task_of)
    _need_known("person", person, problem.person_of)
    rows = _readable(problem, roster.assignments)
    violations = [violation.to_json() for violation in audit(problem, roster)]
    if task is not None and person is not None:
        answer = _about_seat(problem, rows, task, person)
    elif task is not None:
        answer = _about_task(problem, rows, task)
    elif person is not None:
        answer = _about_person(problem, rows, person)
    else:
        answer = _about_roster(problem, rows)
    return {"problem": problem.id, "violations": violations, **answer}


def _need_known(what: str, name: str | None, known: Collection[str]) -> None:
    if name is not None and name not in known:
        raise ProblemError([Fault(path=what, message=f"is not in the problem: {name}")])


def _readable(problem: Problem, assignments: Sequence[Assignment]) -> tuple[Assignment, ...]:
    rows = served_rows(problem, tuple(assignments)).values()
    return tuple(replace(row, people=tuple(_seats(problem, row))) for row in rows)


def _seats(problem: Problem, row: Assignment) -> list[Seat]:
    found = known_seats(problem, problem.task_of[row.task], row)
    return [Seat(person=person.id, role=role.id) for person, role in found]


def _about_roster(problem: Problem, rows: tuple[Assignment, ...]) -> Json:
    unserved = [
        {"task": row.task, "reasons": [reason_to_json(reason) for reason in row.reasons]}
        for row in unserved_reasons(problem, rows)
    ]
    return {**cost_breakdown(problem, rows).to_json(), "unserved": unserved}


def _about_task(problem: Problem, rows: tuple[Assignment, ...], name: str) -> Json:
    row = next((row for row in rows if row.task == name), None)
    if row is None:
        return {"served": False, **why_unserved(problem, rows, name).to_json()}
    open_roles = [
        role.id for role in problem.task_of[name].roles if sum(s.role == role.id for s in row.people) < role.max
    ]
    seats = [(seat.role, seat.person) for seat in row.people] + [(role, None) for role in open_roles]
    return {
        "served": True,
        "row": assignment_to_json(row),
        "costs": cost_breakdown(problem, rows).by_task().get(name, {}),
        "seats": [
            {"role": role, "person": person, "alternatives": _others(problem, rows, name, role, person)}
            for role, person in seats
        ],
    }


def _others(problem: Problem, rows: tuple[Assignment, ...], task: str, role: str, person: str | None) -> list[Json]:
    found = alternatives(problem, rows, task, role, person)
    return [alternative.to_json() for alternative in found[:MOST_ALTERNATIVES]]


def _about_person(problem: Problem, rows: tuple[Assignment, ...], name: str) -> Json:
    return {
        "person": name,
        "tasks": [
            {"task": job.task.id, "start": job.start, "end": job.end} for job in jobs_of(problem, rows).get(name, ())
        ],
        "costs": cost_breakdown(problem, rows).by_person().get(name, {}),
    }


def _about_seat(problem: Problem, rows: tuple[Assignment, ...], task: str, name: str) -> Json:
    """On the team: who else could have the seat. Not on it: what stops the person from each role."""
    row = next((row for row in rows if row.task == task), None)
    seat = next((seat for seat in row.people if seat.person == name), None) if row else None
    answer: Json = {"task": task, "person": name, "seated": seat is not None}
    if seat is not None:
        found = alternatives(problem, rows, task, seat.role, name)
        return {**answer, "role": seat.role, "alternatives": [alternative.to_json() for alternative in found]}
    wanted, person = problem.task_of[task], problem.person_of[name]
    duties = Duties(problem, rows)
    stops = [{"role": role.id, **obstacle(problem, duties, wanted, role, person).to_json()} for role in wanted.roles]
    return {**answer, "roles": stops}
