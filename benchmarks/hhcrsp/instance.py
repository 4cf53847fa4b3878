"""An instance of home health care routing and scheduling, as the University of Udine publishes it.

The problem is that of Mankowska, Meisel, Bierwirth (2014), https://doi.org/10.1007/s10729-013-9243-1; the JSON form
that of Ceschia, Di Gaspero, Rosati, Schaerf (2024), https://doi.org/10.1111/itor.13585.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service that a patient asks for, ``duration`` minutes long."""

    kind: str
    duration: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.duration) and self.duration > 0):
            raise ValueError(f"service {self.kind}: duration {self.duration} is not a positive number")


@dataclass(frozen=True, kw_only=True)
class Patient:
    """A patient with one service, or two whose starts lie ``gap`` = (least, most) minutes apart in their order.

    A start before ``window[0]`` is forbidden, one after ``window[1]`` is tardy.
    """

    id: str
    window: tuple[float, float]
    services: tuple[Service, ...]
    gap: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        if len(self.services) not in {1, 2}:
            raise ValueError(f"patient {self.id}: {len(self.services)} services, not 1 or 2")
        if not self.window[0] <= self.window[1] or not 0 <= self.gap[0] <= self.gap[1]:
            raise ValueError(f"patient {self.id}: window {self.window} or gap {self.gap} runs backwards")


@dataclass(frozen=True, kw_only=True)
class Caregiver:
    """A caregiver and the kinds of service that she is able to do."""

    id: str
    abilities: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Instance:
    """Patients, caregivers and ``distances`` in minutes: row and column 0 are the office, then patients in order."""

    patients: tuple[Patient, ...]
    caregivers: tuple[Caregiver, ...]
    distances: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        size = len(self.patients) + 1
        if len(self.distances) != size or any(len(row) != size for row in self.distances):
            raise ValueError(f"distances are not {size} x {size}")
        if any(not (math.isfinite(leg) and leg >= 0) for row in self.distances for leg in row):
            raise ValueError("a distance is negative or not a number")
        for patient in self.patients:
            self._require_carers(patient)

    def _require_carers(self, patient: Patient) -> None:
        able = [{c.id for c in self.caregivers if s.kind in c.abilities} for s in patient.services]
        if not all(able) or len(set.union(*able)) < len(able):
            raise ValueError(f"patient {patient.id}: too few caregivers are able to do the services")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file.

        Raises: OSError; ValueError where the file is no JSON, or no instance.
        """
        data = json.loads(path.read_text(encoding="utf-8"))
        try:
            return cls._from_json(data)
        except (KeyError, TypeError, IndexError) as error:
            raise ValueError(f"{path.name} is no instance: {error!r}") from error

    @classmethod
    def _from_json(cls, data: dict[str, Any]) -> Self:
        if len(data["central_offices"]) != 1:
            raise ValueError("only instances with one central office are supported")
        default = {row["id"]: row.get("default_duration") for row in data["services"]}
        return cls(
            patients=tuple(_patient(row, default) for row in data["patients"]),
            caregivers=tuple(Caregiver(id=c["id"], abilities=frozenset(c["abilities"])) for c in data["caregivers"]),
            distances=tuple(tuple(map(float, row)) for row in data["distances"]),
        )


def _patient(row: dict[str, Any], default: dict[str, Any]) -> Patient:
    needs = row["required_caregivers"]
    gap = (0.0, 0.0)
    if len(needs) == 2 and row["synchronization"]["type"] == "sequential":
        gap = (float(row["synchronization"]["distance"][0]), float(row["synchronization"]["distance"][1]))
    return Patient(
        id=row["id"],
        window=(float(row["time_window"][0]), float(row["time_window"][1])),
        services=tuple(_service(need, default) for need in needs),
        gap=gap,
    )


def _service(need: dict[str, Any], default: dict[str, Any]) -> Service:
    kind = need["service"]
    return Service(kind=kind, duration=float(need.get("duration") or default[kind]))
