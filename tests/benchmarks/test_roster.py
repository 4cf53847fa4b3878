"""The benchmark of rosters: what a peer is given, what a dropped change is, and one run that the judge has passed."""

from pathlib import Path

import pytest

from benchmarks.roster.drops import better_for_nothing
from benchmarks.roster.runs import rival, run, weibao
from benchmarks.roster.vroom import expressible
from scheduling.io import encode, problem_from_json, problem_to_json
from scheduling.problem import After, Assignment, Seat
from tests.scheduling.build import person, problem, role, served, task
from tests.scheduling.judging import generate, shared


def test_routing_peer_is_given_tasks_for_one_person_without_a_predecessor_only() -> None:
    tasks = [
        task("alone"),
        task("later", after=After(task="alone", min_gap=0, max_gap=None)),
        task("two", roles=(role(min=2, max=2),)),
        task("pair", roles=(role("lead"), role("second"))),
    ]
    data = problem_to_json(problem([person("p", wants=frozenset({"alone", "two"}))], tasks))
    given = problem_from_json(expressible(data))
    assert [t.id for t in given.tasks] == ["alone"]
    assert given.people[0].wants == frozenset({"alone"})


def test_change_without_gain_is_found_and_a_gainful_one_is_none() -> None:
    # Published: ann, who lives there. With bob, half an hour away, both the change and the road are paid for nothing.
    held = (Assignment(task="t", start=540, people=(Seat(person="ann", role="lead"),)),)
    given = problem([person("ann"), person("bob", base="far")], [task("t", windows=((540, 600),))], published=held)
    assert better_for_nothing(given, (served("t", 540, "bob"),)) == (2, 1)
    assert better_for_nothing(given, held) == (0, 0)


@pytest.mark.judge
def test_run_of_greedy_and_of_the_scheduler_are_judged(tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    shared()
    path.write_text(encode(generate("tiny", 1)), "utf-8")
    hand, made = run(path, rival("greedy", 0)), run(path, weibao(1.0))
    assert (made.medium, made.soft) <= (hand.medium, hand.soft)
    assert made.megabytes > 10
