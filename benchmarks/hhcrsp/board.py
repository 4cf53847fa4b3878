"""The memory that the kernels work on: one row for each visit and each patient, and scratch lists.

Visit ``2p`` is the first service of patient ``p`` and ``2p + 1`` the second, if there is one. Rows ``2P + c`` stand for
the office at the ends of caregiver ``c``'s route, so that every route is a ring and no end of it is a special case.
"""

import random
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.hhcrsp.instance import Instance, Patient

NEIGHBOURS = 30  # patients that a patient may be put next to by the guided moves

VISIT = np.dtype(
    [(name, np.int32) for name in ("carer", "to", "before", "after", "place", "exists")]
    + [(name, np.float64) for name in ("start", "leave", "late", "length")],
    align=True,
)
PATIENT = np.dtype(
    [(name, np.float64) for name in ("opens", "closes", "least", "most", "key", "fresh")]
    + [(name, np.int32) for name in ("paired", "queued")],
    align=True,
)
TIMES = np.dtype([("visit", np.int64), ("start", np.float64), ("leave", np.float64), ("late", np.float64)])

QUEUE, MOVED, LIFTED, LIFTED_AFTER, PUT = range(5)  # rows of ``lists``; ``size`` has their lengths at the same places
TIMED = 5  # in ``size``: length of ``times``
TRAVEL, TARDY, LARGEST, NEWEST, LOST = range(5)  # in ``total``


class Board(NamedTuple):
    """A solution under change. ``total`` is in minutes; ``random`` holds the generator's 64 bits."""

    distance: NDArray[np.float64]
    able: NDArray[np.bool_]
    near: NDArray[np.int64]
    visit: NDArray[Any]
    patient: NDArray[Any]
    times: NDArray[Any]
    lists: NDArray[np.int64]
    size: NDArray[np.int64]
    total: NDArray[np.float64]
    random: NDArray[np.uint64]


def new_board(instance: Instance, seed: int) -> Board:
    """A board with caregivers drawn at random and no routes yet; equal seeds give equal searches."""
    patients, carers = len(instance.patients), len(instance.caregivers)
    rows = 2 * patients
    return Board(
        distance=np.array(instance.distances, np.float64),
        able=_able(instance),
        near=_near(instance),
        visit=_visits(instance, random.Random(seed)),  # noqa: S311  # a start for a search, no secret
        patient=_patients(instance),
        times=np.zeros(rows, TIMES),
        lists=np.zeros((5, rows + carers), np.int64),
        size=np.zeros(6, np.int64),
        total=np.zeros(5, np.float64),
        random=np.array([(seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) % (1 << 64) or 1], np.uint64),
    )


def _able(instance: Instance) -> NDArray[np.bool_]:
    """Whether caregiver (row) is able to do visit (column)."""
    able = np.zeros((len(instance.caregivers), 2 * len(instance.patients)), np.bool_)
    for p, patient in enumerate(instance.patients):
        for i, service in enumerate(patient.services):
            able[:, 2 * p + i] = [service.kind in carer.abilities for carer in instance.caregivers]
    return able


def _visits(instance: Instance, rng: random.Random) -> NDArray[Any]:
    carers = instance.caregivers
    rows = np.zeros(2 * len(instance.patients) + len(carers), VISIT)
    for p, patient in enumerate(instance.patients):
        able = [
            [c for c, carer in enumerate(instance.caregivers) if s.kind in carer.abilities] for s in patient.services
        ]
        teams = [(a,) for a in able[0]] if len(able) == 1 else [(a, b) for a in able[0] for b in able[1] if a != b]
        for i, (service, carer) in enumerate(zip(patient.services, rng.choice(teams), strict=True)):
            rows[2 * p + i]["exists"] = 1
            rows[2 * p + i]["place"] = p + 1
            rows[2 * p + i]["carer"] = carer
            rows[2 * p + i]["length"] = service.duration
    return rows


def _patients(instance: Instance) -> NDArray[Any]:
    rows = np.zeros(len(instance.patients), PATIENT)
    order = sorted(range(len(instance.patients)), key=lambda p: instance.patients[p].window)
    for p, patient in enumerate(instance.patients):
        rows[p]["opens"], rows[p]["closes"] = patient.window
        rows[p]["least"], rows[p]["most"] = patient.gap
        rows[p]["paired"] = len(patient.services) == 2
        rows[p]["key"] = order.index(p)
    return rows


def _near(instance: Instance) -> NDArray[np.int64]:
    """For each patient the others, nearest first, by what following each other costs: travel, waiting, tardiness."""
    patients = instance.patients
    count = len(patients)
    cost = np.full((count, count), np.inf)
    for p in range(count):
        for q in range(count):
            if p != q:
                leg = instance.distances[p + 1][q + 1]
                cost[p, q] = min(_follow(patients[p], patients[q], leg), _follow(patients[q], patients[p], leg))
    return np.argsort(cost, axis=1, kind="stable")[:, : max(1, min(NEIGHBOURS, count - 1))].astype(np.int64)


def _follow(first: Patient, second: Patient, leg: float) -> float:
    step = first.services[0].duration + leg
    waiting = max(0.0, second.window[0] - first.window[1] - step)
    tardy = max(0.0, first.window[0] + step - second.window[1])
    return leg + 0.3 * waiting + tardy
