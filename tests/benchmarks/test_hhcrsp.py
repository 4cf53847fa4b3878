"""The public benchmark's solver: its times are consistent, its optimum true, its solutions valid for the judge."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.hhcrsp.__main__ import main
from benchmarks.hhcrsp.anneal import UNSOLVED, solve
from benchmarks.hhcrsp.board import LARGEST, TARDY, TRAVEL, Board, new_board
from benchmarks.hhcrsp.instance import Caregiver, Instance, Patient, Service
from benchmarks.hhcrsp.kernels import search
from tests.scheduling.judging import shared

ANN = Caregiver(id="ann", abilities=frozenset({"wash", "lift"}))
BEN = Caregiver(id="ben", abilities=frozenset({"lift"}))


def patient(name: str, opens: float, closes: float, *kinds: str, gap: tuple[float, float] = (0.0, 0.0)) -> Patient:
    services = tuple(Service(kind=kind, duration=10.0) for kind in kinds)
    return Patient(id=name, window=(opens, closes), services=services, gap=gap)


def on_a_line(*patients: Patient) -> Instance:
    """Patients 10 minutes apart on one road, the office at its beginning."""
    places = range(0, 10 * len(patients) + 1, 10)
    distances = tuple(tuple(float(abs(a - b)) for b in places) for a in places)
    return Instance(patients=patients, caregivers=(ANN, BEN), distances=distances)


def many() -> Instance:
    """Thirty patients, every third with two services, in windows too narrow for two caregivers."""
    rows = []
    for i in range(30):
        kinds = ("wash", "lift") if i % 3 == 0 else ("lift",)
        rows.append(patient(f"p{i}", 17.0 * (i % 7), 17.0 * (i % 7) + 60, *kinds, gap=(0.0, 5.0 * (i % 2))))
    return on_a_line(*rows)


def walked(instance: Instance, moves: int) -> tuple[Board, Board]:
    """The board after a hot walk, and the best board met."""
    board, best = new_board(instance, 7), new_board(instance, 7)
    best.total[:] = UNSOLVED
    search(board, best, moves, 5.0)
    return board, best


def test_times_after_thousands_of_moves_are_those_of_a_decode_from_nothing() -> None:
    board, best = walked(many(), 20_000)
    starts, total = board.visit["start"].copy(), board.total.copy()
    search(board, best, 0, 5.0)  # no move: only the decode with which a search begins
    assert np.array_equal(board.visit["start"], starts)
    assert board.total[[TRAVEL, TARDY, LARGEST]] == pytest.approx(total[[TRAVEL, TARDY, LARGEST]])


def test_equal_seeds_walk_the_same_way() -> None:
    first, second = walked(many(), 5_000)[0], walked(many(), 5_000)[0]
    assert np.array_equal(first.visit, second.visit)


def test_optimum_of_two_patients_is_found() -> None:
    # Only ann washes, so ann and ben both go to the far patient (20 away): 40 minutes of travel each, and the near one
    # lies on the way: travel is 80 at least. She is open from 0 to 5 but 10 away: 5 minutes late at least, for anybody.
    # The far one opens at 100, in time for both. Cost (80 + 5 + 5) / 3 = 30.
    found = solve(
        on_a_line(patient("near", 0, 5, "lift"), patient("far", 100, 100, "wash", "lift")), seconds=0.2, workers=1
    )
    assert (found.travel, found.tardiness, found.max_tardiness) == (80.0, 5.0, 5.0)
    assert found.cost == 30.0


def test_services_in_sequence_keep_their_gap_and_no_caregiver_is_in_two_places() -> None:
    instance = on_a_line(
        patient("a", 0, 60, "wash", "lift", gap=(15, 20)), patient("b", 0, 60, "lift", "wash", gap=(3, 4))
    )
    routes = solve(instance, seconds=0.2, workers=1).routes
    start = {(stop.patient, stop.service): stop.start for stops in routes.values() for stop in stops}
    assert 15 <= start["a", "lift"] - start["a", "wash"] <= 20
    assert 3 <= start["b", "wash"] - start["b", "lift"] <= 4
    assert all(second.start >= first.end + 10 for stops in routes.values() for first, second in pairwise(stops))


def test_service_that_nobody_is_able_to_do_is_refused() -> None:
    with pytest.raises(ValueError, match="patient a: too few caregivers"):
        on_a_line(patient("a", 0, 60, "cook"))


def test_pair_that_one_caregiver_alone_is_able_to_do_is_refused() -> None:
    with pytest.raises(ValueError, match="patient a: too few caregivers"):
        on_a_line(patient("a", 0, 60, "wash", "wash"))


@pytest.mark.parametrize("text", ["{", "[]", '{"patients": []}'])
def test_file_that_is_no_instance_is_an_error_and_no_traceback(text: str, tmp_path: Path, capsys: Any) -> None:
    source = tmp_path / "broken.json"
    source.write_text(text, encoding="utf-8")
    assert main([str(source), "-o", str(tmp_path / "solution.json")]) == 2
    assert capsys.readouterr().err.startswith("hhcrsp: ")


@pytest.mark.judge
@pytest.mark.parametrize("name", ["mankowska-10-1", "mankowska-10-3"])
def test_judge_finds_ten_patients_solved_at_the_published_cost(name: str, tmp_path: Path) -> None:
    # Both published costs are optimal: CP-SAT proves instances 10-1 to 10-3 in under a second.
    folder = shared() / "hhcrsp"
    instance, solution = folder / "instances" / f"{name}.json", tmp_path / "solution.json"
    assert main([str(instance), "-o", str(solution), "--seconds", "2"]) == 0
    command = [sys.executable, "-S", str(folder / "check_hhcrsp.py"), str(instance), str(solution)]
    verdict = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    assert verdict["violations"] == []
    published = json.loads((folder / "published.json").read_text(encoding="utf-8"))[name]
    assert verdict["cost"] == pytest.approx(published, abs=1e-3)
