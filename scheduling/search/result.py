"""From a state back to the problem's own words."""

from scheduling.problem import Assignment, Seat
from scheduling.search.compile import Compiled
from scheduling.search.model import Model, State


def assignments_of(compiled: Compiled, model: Model, state: State) -> tuple[Assignment, ...]:
    """The served tasks in the order of the problem, each at its earliest start (a solution of the time network)."""
    people, served = compiled.problem.people, []
    trip_of, role_of, trip_person = state.seat.trip.tolist(), model.seat.role.tolist(), model.trip.person.tolist()
    ranges = zip(model.task.seats.tolist(), model.task.seats_end.tolist(), strict=True)
    slots, starts = state.task.slot.tolist(), state.task.earliest.tolist()
    for number, (task, (first, end)) in enumerate(zip(compiled.problem.tasks, ranges, strict=True)):
        if slots[number] < 0:
            continue
        team = sorted(
            Seat(person=people[trip_person[trip_of[j]]].id, role=compiled.role_ids[role_of[j]])
            for j in range(first, end)
            if trip_of[j] >= 0
        )
        served.append(Assignment(task=task.id, start=starts[number], people=tuple(team)))
    return tuple(served)
