"""The audit and the judge agree on every roster: same verdict, same score, same parts."""

import copy
import random
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling.audit import audit, hard_violations, score_of
from scheduling.io import problem_from_json, problem_to_json, roster_from_json, roster_to_json
from scheduling.problem import Assignment, Problem
from scheduling.reasons import serve_free, unserved_reasons
from scheduling.roster import Reason, ReasonCode, Roster, Status, Unserved
from tests.scheduling import strategies
from tests.scheduling.judging import generate, judge

pytestmark = pytest.mark.judge

Json = dict[str, Any]


def claims(problem: Problem, assignments: tuple[Assignment, ...]) -> Roster:
    """A roster of these rows that states its true score and calls every other task competing with the first row."""
    rows = {row.task for row in assignments}
    instead = tuple(sorted(rows & set(problem.task_of)))[:1]
    reason = Reason(code=ReasonCode.COMPETING, instead=instead)
    return Roster(
        problem=problem.id,
        assignments=assignments,
        unserved=tuple(Unserved(task=t.id, reasons=(reason,)) for t in problem.tasks if t.id not in rows),
        score=score_of(problem, assignments)[0],
        bound=None,
        status=Status.FEASIBLE,
        seconds=0.0,
    )


def valid_part(problem: Problem) -> tuple[Assignment, ...]:
    """The published rows without those that break a rule."""
    rows = problem.published
    while found := hard_violations(problem, rows):
        wrong = {violation.task or violation.person for violation in found}
        broken = [row for row in rows if row.task in wrong or wrong & {seat.person for seat in row.people}]
        rows = tuple(row for row in rows if row is not broken[0])
    return rows


def assert_same_verdict(folder: Path, problem: Json, roster: Json) -> bool:
    """Both sides agree; returns whether the roster is valid."""
    verdict = judge(folder, problem, roster)
    ours = problem_from_json(problem)
    found = audit(ours, roster_from_json(roster))
    assert bool(found) == bool(verdict["violations"]), (found, verdict["violations"])
    score, parts = score_of(ours, roster_from_json(roster).assignments)
    assert (asdict(score), asdict(parts)) == (verdict["score"], verdict["parts"])
    return not found


def move_start(rng: random.Random, problem: Json, roster: Json) -> None:
    rng.choice(roster["assignments"])["start"] += rng.choice([-1440, -61, -15, -1, 1, 15, 61, 1440])


def other_person(rng: random.Random, problem: Json, roster: Json) -> None:
    seat = rng.choice([seat for row in roster["assignments"] for seat in row["people"]])
    seat["person"] = rng.choice(problem["people"])["id"]


def other_role(rng: random.Random, problem: Json, roster: Json) -> None:
    seat = rng.choice([seat for row in roster["assignments"] for seat in row["people"]])
    seat["role"] = rng.choice(["lead", "companion", "specialist", "helper", "nothing"])


def less_or_more_people(rng: random.Random, problem: Json, roster: Json) -> None:
    row = rng.choice(roster["assignments"])
    if rng.random() < 0.5:
        row["people"].append({"person": rng.choice(problem["people"])["id"], "role": row["people"][0]["role"]})
    else:
        row["people"].pop()


def stranger(rng: random.Random, problem: Json, roster: Json) -> None:
    rng.choice(roster["assignments"])["people"].append({"person": "nobody", "role": "lead"})


def row_gone(rng: random.Random, problem: Json, roster: Json) -> None:
    row = roster["assignments"].pop(rng.randrange(len(roster["assignments"])))
    if rng.random() < 0.7:
        reasons = [{"code": "competing", "instead": [rng.choice(problem["tasks"])["id"]]}]
        roster["unserved"].append({"task": row["task"], "reasons": reasons})


def row_twice(rng: random.Random, problem: Json, roster: Json) -> None:
    roster["assignments"].append(copy.deepcopy(rng.choice(roster["assignments"])))
    if rng.random() < 0.3:
        roster["assignments"][-1]["task"] = "nothing"


def other_reason(rng: random.Random, problem: Json, roster: Json) -> None:
    task = rng.choice(problem["tasks"])
    role = rng.choice([role["id"] for role in task["roles"]] + ["nothing"])
    reasons = [
        {"code": "no_eligible_person", "role": role},
        {"code": "no_possible_team"},
        {"code": "predecessor_unserved"},
        {"code": "competing", "instead": [rng.choice(problem["tasks"])["id"]]},
        {"code": "competing"},
    ]
    roster["assignments"] = [row for row in roster["assignments"] if row["task"] != task["id"]]
    roster["unserved"].append({"task": task["id"], "reasons": rng.sample(reasons, rng.randrange(3))})


def other_claim(rng: random.Random, problem: Json, roster: Json) -> None:
    score = dict(roster["score"])
    bounds = [None, score, {**score, "soft": score["soft"] + 1}, {**score, "medium": score["medium"] - 1}]
    roster["bound"] = rng.choice(bounds)
    roster["status"] = rng.choice(["optimal", "feasible"])
    roster["score"]["soft"] += rng.choice([0, 0, 1])


def other_name(rng: random.Random, problem: Json, roster: Json) -> None:
    roster["problem"] = rng.choice(["other", problem["id"]])


def tighter_person(rng: random.Random, problem: Json, roster: Json) -> None:
    held = rng.choice([seat["person"] for row in roster["assignments"] for seat in row["people"]])
    person = next(p for p in problem["people"] if p["id"] == held)
    key = rng.choice(["max_minutes_per_day", "max_minutes_per_week", "max_tasks_per_day", "vetted_through", "skills"])
    value = {"max_minutes_per_day": 60, "max_minutes_per_week": 100, "max_tasks_per_day": 1, "vetted_through": 3}
    person[key] = value.get(key, [])
    person["barred_tasks"] = rng.sample([task["id"] for task in problem["tasks"]], 3)
    person["dedicated"] = rng.random() < 0.5


def shorter_availability(rng: random.Random, problem: Json, roster: Json) -> None:
    for person in problem["people"]:
        if person["availability"] and rng.random() < 0.2:
            window = rng.choice(person["availability"])
            window[1] = max(window[0] + 1, window[1] - rng.randrange(120))


def other_task(rng: random.Random, problem: Json, roster: Json) -> None:
    name = rng.choice(roster["assignments"])["task"]
    task = next(t for t in problem["tasks"] if t["id"] == name)
    task["needs_gender"] = rng.choice(["female", "male"])
    others = [t for t in problem["tasks"] if t["after"] is None and t is not task]
    if rng.random() < 0.5 and all(t["after"] is None or t["after"]["task"] != task["id"] for t in problem["tasks"]):
        task["after"] = {"task": rng.choice(others)["id"], "min_gap": -2000, "max_gap": rng.choice([None, 4000])}


def pinned(rng: random.Random, problem: Json, roster: Json) -> None:
    row = copy.deepcopy(rng.choice(roster["assignments"]))
    if rng.random() < 0.3:
        row["start"] = None
    problem["pins"].append(row)


MUTATIONS: list[Callable[[random.Random, Json, Json], None]] = [
    move_start, other_person, other_role, less_or_more_people, stranger, row_gone, row_twice, other_reason,
    other_claim, other_name, tighter_person, shorter_availability, other_task, pinned,
]  # fmt: skip


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda m: m.__name__)
def test_audit_agrees_with_the_judge_on_mutated_rosters(
    tmp_path: Path, mutate: Callable[[random.Random, Json, Json], None]
) -> None:
    rng = random.Random(mutate.__name__)
    for seed in (1, 2):
        problem = generate("tiny", seed, "--replan")
        roster = roster_to_json(claims(problem_from_json(problem), valid_part(problem_from_json(problem))))
        for _ in range(12):
            changed, about = copy.deepcopy(roster), copy.deepcopy(problem)
            mutate(rng, about, changed)
            if rng.random() < 0.2:
                rng.choice(MUTATIONS[:5])(rng, about, changed)
            if rng.random() < 0.7 and mutate is not other_claim:
                changed["score"] = asdict(score_of(problem_from_json(about), roster_from_json(changed).assignments)[0])
            assert_same_verdict(tmp_path, about, changed)


@pytest.mark.parametrize("size", ["tiny", "small", "medium", "large"])
def test_audit_passes_a_valid_roster_as_the_judge_does(tmp_path: Path, size: str) -> None:
    problem = generate(size, 5, "--replan")
    roster = claims(problem_from_json(problem), valid_part(problem_from_json(problem)))
    assert len(roster.assignments) > 4
    assert assert_same_verdict(tmp_path, problem, roster_to_json(roster))


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_audit_agrees_with_the_judge_on_odd_problems(tmp_path: Path, data: st.DataObject) -> None:
    problem = data.draw(strategies.problems(pins=True))
    rows = data.draw(strategies.rows_about(problem))
    assert_same_verdict(tmp_path, problem_to_json(problem), roster_to_json(claims(problem, rows)))


@given(problem=strategies.problems(pins=True))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_reasons_are_true_by_the_judge(tmp_path: Path, problem: Problem) -> None:
    """Each task that can be served as things are is served, each other one has its reasons."""
    rows = serve_free(problem, ())
    roster = replace(claims(problem, rows), unserved=unserved_reasons(problem, rows))
    assert judge(tmp_path, problem_to_json(problem), roster_to_json(roster))["violations"] == []
