"""The whole solver: proofs on small problems, limits, stopping, repeatability, and the judge's verdicts."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from scheduling.audit import audit
from scheduling.errors import ProblemError
from scheduling.io import encode, read_problem, roster_to_json
from scheduling.problem import Pin, Place, Priority, Problem, Seat
from scheduling.roster import Progress, Score, Status
from scheduling.solve import solve, warm_up
from tests.scheduling.build import many_visits, person, problem, role, task
from tests.scheduling.judging import judge, shared
from tests.scheduling.strategies import problems

UP_TO_LARGE = ["small-1", "small-2", "medium-1", "medium-2", "large-1", "small-1-replan", "medium-1-replan"]
SECONDS = {"tiny": 10, "small": 3, "medium": 5, "large": 9}


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Compile the kernels once, so that no limit below pays for it."""
    warm_up()


def two_visits_far_apart() -> Problem:
    return problem(
        [person("p")],
        [task("here", priority=Priority.HIGH, windows=((540, 600),)), task("far", place="far", windows=((540, 600),))],
    )


def test_tiny_problem_is_proven_optimal() -> None:
    # One person, two visits at the same hour: the high one (100) is served, the normal one (10) stays open. At home
    # nothing is travelled; the only soft cost is fairness, 2 x (1 squared - 0) = 2. No roster has less.
    found = solve(two_visits_far_apart(), seconds=5)
    assert (found.status, found.score, found.bound) == (
        Status.OPTIMAL,
        Score(medium=10, soft=2),
        Score(medium=10, soft=2),
    )
    assert [a.task for a in found.assignments] == ["here"]
    assert audit(two_visits_far_apart(), found) == ()


def test_task_that_nobody_can_do_stays_open_with_its_reason() -> None:
    found = solve(problem([person("p")], [task("t", roles=(role(skills=frozenset({"law"})),))]), seconds=2)
    assert [(u.task, u.reasons[0].code.value, u.reasons[0].role) for u in found.unserved] == [
        ("t", "no_eligible_person", "lead")
    ]


def test_pin_is_kept_where_another_choice_would_be_cheaper() -> None:
    # Free, the visit would go to the neighbour; pinned, it goes to whoever lives half an hour away.
    people = [person("near"), person("away", base="far")]
    pinned = problem(people, [task("t")], pins=(Pin(task="t", start=600, people=(Seat(person="away", role="lead"),)),))
    found = solve(pinned, seconds=3)
    assert [(a.start, a.people[0].person) for a in found.assignments] == [(600, "away")]


def test_pins_that_cannot_hold_together_are_named() -> None:
    seat = (Seat(person="p", role="lead"),)
    tasks = [task("a", windows=((540, 600),)), task("b", windows=((540, 600),))]
    pins = (Pin(task="a", people=seat), Pin(task="b", people=seat))
    with pytest.raises(ProblemError, match=r"pins\[\d\]"):
        solve(problem([person("p")], tasks, pins=pins), seconds=2)


def test_bound_allows_for_a_way_that_is_shorter_than_the_direct_one() -> None:
    # Alone, the visit in "far" is out of reach (200 minutes); by way of the one in "mid" both are done: none is open.
    bare = problem([], [])
    found = solve(
        problem(
            [person("p", availability=((480, 600),))],
            [
                task("t", place="far", windows=((500, 590),)),
                task("stop", place="mid", minutes=10, windows=((480, 520),)),
            ],
            places=(*bare.places, Place(id="mid", name="mid", lat=35.5, lon=112.5)),
            travel_minutes=((0, 200, 10), (10, 0, 10), (10, 10, 0)),
        ),
        seconds=5,
    )
    assert (found.score.medium, found.status) == (0, Status.OPTIMAL)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(problems())
def test_any_valid_problem_gets_a_roster_that_passes_the_audit(odd: Problem) -> None:
    assert audit(odd, solve(odd, seconds=0.5)) == ()


def test_time_limit_is_met() -> None:
    begun = time.perf_counter()
    solve(many_visits(), seconds=2)
    assert time.perf_counter() - begun < 2 * 1.05 + 0.5 + 1.0  # a second for a loaded test machine


def test_stopping_keeps_the_best_so_far() -> None:
    begun, news = time.perf_counter(), list[Progress]()
    found = solve(
        many_visits(),
        seconds=60,
        on_progress=news.append,
        should_stop=lambda: time.perf_counter() - begun > 1.5,
    )
    assert time.perf_counter() - begun < 10
    assert news
    assert found.score <= news[-1].score
    assert audit(many_visits(), found) == ()


def test_same_seed_gives_the_same_bytes_where_it_is_asked_for() -> None:
    rosters = [
        encode(roster_to_json(solve(many_visits(), seconds=1, workers=1, seed=7, deterministic=True))) for _ in range(2)
    ]
    assert rosters[0] == rosters[1]


GREEDY = """
import json, runpy, sys
made = runpy.run_path(sys.argv[1])
problem = json.load(open(sys.argv[2], encoding="utf-8"))
served = {a["task"] for a in made["greedy"](problem)}
weight = {"critical": 1000, "high": 100, "normal": 10, "low": 1}
print(sum(weight[t["priority"]] for t in problem["tasks"] if t["id"] not in served))
"""


def greedy_weight(instance: Path) -> int:
    """What the generator's own planner by hand leaves open, run as a separate program."""
    command = [sys.executable, "-c", GREEDY, str(shared() / "roster" / "make_instances.py"), str(instance)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.judge
@pytest.mark.parametrize("name", [*UP_TO_LARGE, "tiny-1", "tiny-2"])
def test_judge_passes_the_roster_and_greedy_serves_no_more(name: str, tmp_path: Path) -> None:
    instance = shared() / "roster" / "instances" / f"{name}.json"
    found = solve(read_problem(instance), seconds=SECONDS[name.partition("-")[0]])
    verdict = judge(tmp_path, json.loads(instance.read_text(encoding="utf-8")), roster_to_json(found))
    assert verdict["violations"] == []
    assert found.score.medium <= greedy_weight(instance)
    if name.startswith("tiny"):
        assert found.status is Status.OPTIMAL
