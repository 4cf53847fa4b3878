"""A known roster as CP-SAT's first guess."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from scheduling.cpsat.eligibility import Stay
from scheduling.cpsat.variables import BASE, Trip, Variables
from scheduling.problem import Assignment


def add_hint(variables: Variables, assignments: Sequence[Assignment]) -> None:
    """Hint every variable that the roster decides; seats and stays unknown to the model are passed over."""
    held = {assignment.task: assignment for assignment in assignments}
    for task, literal in variables.served.items():
        variables.model.add_hint(literal, task in held)
        if task in held:
            variables.model.add_hint(variables.start[task], held[task].start)
    for (task, seat), literal in variables.seat.items():
        variables.model.add_hint(literal, task in held and seat in held[task].people)
    team = {(task, seat.person) for task in held for seat in held[task].people}
    stays = [
        stay
        for stay in variables.stay
        if (stay.task, stay.person) in team and any(a <= held[stay.task].start <= b for a, b in stay.starts)
    ]
    _hint_stays(variables, stays)
    _hint_legs(variables, _legs(stays, held))


def _hint_stays(variables: Variables, stays: Iterable[Stay]) -> None:
    made = set(stays)
    for stay, literal in variables.stay.items():
        variables.model.add_hint(literal, stay in made)


def _legs(stays: Iterable[Stay], held: dict[str, Assignment]) -> set[tuple[Trip, str, str]]:
    trips: dict[Trip, list[str]] = defaultdict(list)
    for stay in sorted(stays, key=lambda stay: held[stay.task].start):
        trips[stay.person, stay.window].append(stay.task)
    return {
        (trip, origin, destination)
        for trip, tasks in trips.items()
        for origin, destination in zip([BASE, *tasks], [*tasks, BASE], strict=True)
    }


def _hint_legs(variables: Variables, legs: set[tuple[Trip, str, str]]) -> None:
    for leg, literal in variables.leg.items():
        variables.model.add_hint(literal, leg in legs)
    used = {trip for trip, _, _ in legs}
    for trip, literal in variables.idle.items():
        variables.model.add_hint(literal, trip not in used)
