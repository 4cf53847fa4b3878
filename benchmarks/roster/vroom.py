"""VROOM (pyvroom, BSD-2-Clause) on the part of a problem that it can express.

Each window of a person is a vehicle, each task a job with a skill of its own that the vehicles of eligible people have.
What it cannot express is taken out of the problem by ``expressible``, for every solver of that comparison.
"""

from pathlib import Path
from typing import Any

from benchmarks.roster.program import Answer, main
from scheduling.eligibility import Eligibility
from scheduling.problem import DAY, Assignment, Person, Problem, Seat, Span, Task

PRIORITY = {1000: 100, 100: 60, 10: 30, 1: 1}
FREE = 1_000_000


def expressible(data: dict[str, Any]) -> dict[str, Any]:
    """The problem's JSON with tasks for one person without ``after`` only, and without limits over several windows."""
    kept = {
        t["id"] for t in data["tasks"] if sum(r["min"] for r in t["roles"]) == 1 == len(t["roles"]) and not t["after"]
    }
    people = [_with_day_limits_of_single_windows(person) for person in data["people"]]
    for person in people:
        for field in ("barred_tasks", "wants", "avoids"):
            person[field] = [task for task in person[field] if task in kept]
    tasks = [task for task in data["tasks"] if task["id"] in kept]
    return {**data, "id": f"{data['id']}-vroom", "tasks": tasks, "people": people, "pins": [], "published": []}


def _with_day_limits_of_single_windows(person: dict[str, Any]) -> dict[str, Any]:
    days = [window[0] // DAY for window in person["availability"]]
    once = len(days) == len(set(days))
    day = {field: person[field] if once else None for field in ("max_minutes_per_day", "max_tasks_per_day")}
    return {**person, **day, "max_minutes_per_week": None}


def answer(problem: Problem, _path: Path, seconds: float) -> Answer:
    """VROOM's routes, each job's seat in the task's only role."""
    import vroom  # noqa: PLC0415 -- an optional package

    able = Eligibility(problem)
    place = {place.id: number for number, place in enumerate(problem.places)}
    given = vroom.Input()
    import numpy as np  # noqa: PLC0415 -- comes with it

    given.set_durations_matrix("car", np.array(problem.travel_minutes, dtype=np.uint32))
    jobs = [_job(vroom, number, task, place) for number, task in enumerate(problem.tasks)]
    trips: list[tuple[Person, Span]] = [(person, span) for person in problem.people for span in person.availability]
    may = {person.id: set[int]() for person in problem.people}
    for number, task in enumerate(problem.tasks):
        for person in able.candidates(task).able_by_role[task.roles[0].id]:
            if task.needs_gender in {None, person.gender}:
                may[person.id].add(number)
    vehicles = [_vehicle(vroom, number, trip, problem, may, place) for number, trip in enumerate(trips)]
    given.add_vehicle([vehicle for vehicle in vehicles if vehicle is not None])
    given.add_job(jobs)
    routes = given.solve(exploration_level=5, nb_threads=2).to_dict()["routes"]
    return tuple(_rows(problem, trips, routes)), None


def _job(vroom: Any, number: int, task: Task, place: dict[str, int]) -> Any:
    windows = [vroom.TimeWindow(opens, closes - task.minutes) for opens, closes in task.windows]
    return vroom.Job(
        number,
        place[task.place],
        default_service=task.minutes,
        pickup=[task.minutes],
        skills={number},
        priority=PRIORITY[task.priority.weight],
        time_windows=windows,
    )


def _vehicle(
    vroom: Any,
    number: int,
    trip: tuple[Person, Span],
    problem: Problem,
    may: dict[str, set[int]],
    place: dict[str, int],
) -> Any:
    person, (opens, closes) = trip
    day = opens // DAY
    vetted = person.vetted_through is not None and person.vetted_through >= day
    skills = {task for task in may[person.id] if vetted or not problem.tasks[task].with_children}
    if not skills:
        return None
    return vroom.Vehicle(
        number,
        start=place[person.base],
        end=place[person.base],
        capacity=[person.max_minutes_per_day if person.max_minutes_per_day is not None else FREE],
        skills=skills,
        time_window=vroom.TimeWindow(opens, closes),
        max_tasks=person.max_tasks_per_day if person.max_tasks_per_day is not None else FREE,
    )


def _rows(problem: Problem, trips: list[tuple[Person, Span]], routes: list[dict[str, Any]]) -> list[Assignment]:
    rows = []
    for route in routes:
        person = trips[route["vehicle"]][0]
        for step in route["steps"]:
            if step["type"] == "job":
                task = problem.tasks[step["id"]]
                start = step["arrival"] + step["waiting_time"]
                seats = (Seat(person=person.id, role=task.roles[0].id),)
                rows.append(Assignment(task=task.id, start=start, people=seats))
    return rows


if __name__ == "__main__":
    main(answer)
