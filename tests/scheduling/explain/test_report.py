"""The answers of the command: one JSON object for each question."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.errors import ProblemError
from scheduling.explain import explain
from scheduling.roster import Reason, ReasonCode, Roster, Score, Status, Unserved
from tests.scheduling.build import person, problem, role, served, task
from tests.scheduling.strategies import problems, rows_about

WANTED = problem(
    [person("ann"), person("bob"), person("cy", vetted_through=None)],
    [
        task("a", windows=((540, 600),), roles=(role(max=2),)),
        task("b", windows=((540, 600),), roles=(role(min=3, max=3),)),
    ],
)
ROSTER = Roster(
    problem="test",
    assignments=(served("a", 540, "ann"),),
    unserved=(Unserved(task="b", reasons=(Reason(code=ReasonCode.NO_ELIGIBLE_PERSON, role="lead"),)),),
    score=Score(medium=10, soft=32),
    bound=None,
    status=Status.FEASIBLE,
    seconds=0.0,
)


def test_roster_is_told_by_cost_and_unserved() -> None:
    assert explain(WANTED, ROSTER) == {
        "problem": "test",
        "violations": [],
        "score": {"medium": 10, "soft": 32},
        "terms": {
            "travel": 0, "late": 0, "stranger": 0, "fairness": 2, "want": 0, "avoid": 0, "open_slot": 30, "change": 0,
            "move": 0,
        },
        "people": {"ann": {"fairness": 2}},
        "tasks": {"a": {"open_slot": 30}},
        "unserved": [{"task": "b", "reasons": [{"code": "no_eligible_person", "role": "lead"}]}],
    }  # fmt: skip


def test_served_task_is_told_by_seats_and_alternatives() -> None:
    told: Any = explain(WANTED, ROSTER, task="a")
    assert (told["served"], told["costs"], told["row"]["start"]) == (True, {"open_slot": 30}, 540)
    assert [(seat["role"], seat["person"]) for seat in told["seats"]] == [("lead", "ann"), ("lead", None)]
    assert [other["person"] for other in told["seats"][0]["alternatives"]] == ["bob", "cy"]


def test_unserved_task_is_told_by_reasons_places_and_fixes() -> None:
    told: Any = explain(WANTED, ROSTER, task="b")
    assert told["served"] is False
    assert told["reasons"] == [{"code": "no_eligible_person", "role": "lead"}]
    assert [found["person"] for found in told["places"][0]["nearest"]] == ["bob", "ann", "cy"]


def test_person_is_told_by_tasks_and_costs() -> None:
    told = explain(WANTED, ROSTER, person="ann")
    assert told["tasks"] == [{"task": "a", "start": 540, "end": 600}]
    assert told["costs"] == {"fairness": 2}
    assert explain(WANTED, ROSTER, person="bob")["tasks"] == []


def test_seated_person_is_told_by_all_alternatives() -> None:
    told: Any = explain(WANTED, ROSTER, task="a", person="ann")
    assert (told["seated"], told["role"]) == (True, "lead")
    assert [other["feasible"] for other in told["alternatives"]] == [True, False]


def test_person_who_is_not_on_the_team_is_told_what_stops_them() -> None:
    told = explain(WANTED, ROSTER, task="a", person="cy")
    assert told["seated"] is False
    assert told["roles"] == [{"role": "lead", "rule": "R3_vetting", "person": "cy", "day": 0}]
    busy: Any = explain(WANTED, ROSTER, task="b", person="ann")
    assert busy["roles"][0]["rule"] == "R4_travel"


@pytest.mark.parametrize("question", [{"task": "z"}, {"person": "z"}])
def test_unknown_names_are_refused(question: dict[str, str]) -> None:
    with pytest.raises(ProblemError, match="is not in the problem: z"):
        explain(WANTED, ROSTER, **question)


def test_broken_roster_is_explained_with_its_violations() -> None:
    rows = (served("a", 500, "ann", "eve", "ann"), served("z", 5))
    told: Any = explain(WANTED, replace(ROSTER, assignments=rows), task="a")
    assert {violation["rule"] for violation in told["violations"]} >= {"R1_window", "B_unknown", "R2_twice"}
    assert told["row"]["people"] == [{"person": "ann", "role": "lead"}]


@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_no_question_about_any_roster_gives_a_traceback(data: st.DataObject) -> None:
    problem = data.draw(problems(pins=True))
    roster = replace(ROSTER, problem=problem.id, assignments=data.draw(rows_about(problem)), unserved=())
    for task_id in [None, *(each.id for each in problem.tasks)]:
        for person_id in [None, *(someone.id for someone in problem.people)]:
            json.dumps(explain(problem, roster, task=task_id, person=person_id))
