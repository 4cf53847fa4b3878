"""A solution in the form that the judge reads."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from benchmarks.hhcrsp.board import Board
from benchmarks.hhcrsp.instance import Instance


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One visit, its start and end in minutes."""

    patient: str
    service: str
    start: float
    end: float

    def to_json(self) -> dict[str, Any]:
        """The published form of a stop; arrival is the start of the service, not of waiting for it."""
        return {
            "patient": self.patient,
            "service": self.service,
            "arrival_time": self.start,
            "departure_time": self.end,
        }


@dataclass(frozen=True, kw_only=True)
class Solution:
    """A route, possibly empty, for each caregiver; travel and tardiness in minutes."""

    routes: dict[str, tuple[Stop, ...]]
    travel: float
    tardiness: float
    max_tardiness: float

    @property
    def cost(self) -> float:
        """The mean of the three terms, as in Mankowska et al. (2014)."""
        return (self.travel + self.tardiness + self.max_tardiness) / 3

    def to_json(self) -> dict[str, Any]:
        """The published form of a solution."""
        routes = [{"caregiver_id": c, "locations": [s.to_json() for s in stops]} for c, stops in self.routes.items()]
        return {"routes": routes}


def solution_of(instance: Instance, board: Board) -> Solution:
    """Read the routes off a linked and timed board, and add its cost up from them."""
    offices = 2 * len(instance.patients)
    routes = {carer.id: _route(instance, board, offices + c) for c, carer in enumerate(instance.caregivers)}
    place = {patient.id: p + 1 for p, patient in enumerate(instance.patients)}
    travel, late = 0.0, [0.0]
    for stops in routes.values():
        places = [0, *(place[stop.patient] for stop in stops), 0]
        travel += sum(instance.distances[a][b] for a, b in pairwise(places))
        late += [max(0.0, stop.start - instance.patients[place[stop.patient] - 1].window[1]) for stop in stops]
    return Solution(routes=routes, travel=travel, tardiness=sum(late), max_tardiness=max(late))


def _route(instance: Instance, board: Board, office: int) -> tuple[Stop, ...]:
    stops = []
    at = int(board.visit[office]["after"])
    while at != office:
        patient, row = instance.patients[at // 2], board.visit[at]
        kind = patient.services[at % 2].kind
        stops.append(Stop(patient=patient.id, service=kind, start=float(row["start"]), end=float(row["leave"])))
        at = int(row["after"])
    return tuple(stops)
