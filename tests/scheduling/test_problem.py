"""The data guards itself where no JSON is read."""

from dataclasses import replace

import pytest

from scheduling.errors import Fault, Faults, ProblemError
from scheduling.limits import MAX_ROLES
from scheduling.problem import Place, Priority
from tests.scheduling.build import person, problem, role, task


def test_several_faults_of_one_person_are_raised_together() -> None:
    with pytest.raises(ProblemError) as caught:
        person("ann", gender="x", recent_tasks=-1, availability=((5, 5),))
    assert [fault.path for fault in caught.value.faults] == ["gender", "availability[0]", "recent_tasks"]


def test_roles_of_a_task_are_different_and_not_too_many() -> None:
    with pytest.raises(ProblemError, match=r"roles\[1\].id: stands twice: lead"):
        task("a", roles=(role(), role()))
    with pytest.raises(ProblemError, match="roles: must not be more than"):
        task("a", roles=tuple(role(f"r{i}") for i in range(MAX_ROLES + 1)))


def test_problem_names_unknown_places() -> None:
    with pytest.raises(ProblemError) as caught:
        problem([person("ann", base="moon")], [task("a", place="mars")])
    assert [str(fault) for fault in caught.value.faults] == [
        "people[0].base: is no known place: moon",
        "tasks[0].place: is no known place: mars",
    ]


def test_problem_names_people_and_places_that_stand_twice() -> None:
    with pytest.raises(ProblemError, match=r"people\[1\].id: stands twice: ann"):
        problem([person("ann"), person("ann")], [])
    twice = problem([], []).places[0]
    with pytest.raises(ProblemError, match=r"places\[1\].id: stands twice: home"):
        replace(problem([], []), places=(twice, twice))


def test_place_lies_on_the_globe() -> None:
    with pytest.raises(ProblemError, match="lat: must be from -90 to 90 degrees"):
        Place(id="x", name="x", lat=91, lon=0)


def test_weights_of_priorities_are_those_of_the_format() -> None:
    assert [priority.weight for priority in Priority] == [1000, 100, 10, 1]


def test_faults_are_seen_from_what_holds_them() -> None:
    assert Fault(path="", message="m").under("a") == Fault(path="a", message="m")
    assert Fault(path="b", message="m").under("") == Fault(path="b", message="m")
    assert Fault(path="[1]", message="m").under("a") == Fault(path="a[1]", message="m")
    assert str(Fault(path="", message="m")) == "m"


def test_no_fault_raises_nothing() -> None:
    Faults().raise_problem()
