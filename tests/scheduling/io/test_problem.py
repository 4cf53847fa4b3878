"""Reading and writing problems: what is refused, and where the fault is said to stand."""

import copy
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling import limits
from scheduling.errors import ProblemError
from scheduling.io import encode, problem_from_json, problem_to_json, read_problem
from scheduling.problem import After, Pin, Problem, Seat
from scheduling.rules import RuleId
from tests.scheduling import build, strategies

KINDS = "volunteer, social_worker, child_director, station_staff"
SORTED = "must be sorted and not overlap the one before"
INSIDE = "must lie in the horizon, minutes 0 to 10080"


def raw() -> dict[str, Any]:
    """The JSON of a small valid problem with all its parts."""
    problem = build.problem(
        [build.person("ann", wants=frozenset({"b"})), build.person("bob", skills=frozenset({"law"}))],
        [
            build.task("a", known_by=frozenset({"ann"})),
            build.task("b", windows=((2000, 2200),), after=After(task="a", min_gap=60, max_gap=2000)),
        ],
        pins=(Pin(task="a", start=600, people=(Seat(person="bob", role="lead"),)),),
        published=(build.served("a", 600, "ann"),),
    )
    data: dict[str, Any] = copy.deepcopy(problem_to_json(problem))
    return data


def faults(data: object) -> list[str]:
    """The faults of a JSON value, as text."""
    with pytest.raises(ProblemError) as caught:
        problem_from_json(data)
    return [str(fault) for fault in caught.value.faults]


def with_value(path: str, value: object) -> dict[str, Any]:
    """The JSON of the small problem with one value replaced; a number in the path is a place in a list."""
    data = raw()
    *way, last = [int(key) if key.isdigit() else key for key in path.split("/")]
    data["pins"] = data["pins"] if way[:1] == ["pins"] else []
    here: Any = data
    for key in way:
        here = here[key]
    here[last] = value
    return data


@given(problem=strategies.problems(pins=True))
@settings(max_examples=80, deadline=None)
def test_problem_is_equal_after_writing_and_reading(problem: Problem) -> None:
    assert read_problem(encode(problem_to_json(problem))) == problem


@given(data=strategies.JSON_VALUES)
@settings(max_examples=80, deadline=None)
def test_no_json_value_gives_a_traceback(data: object) -> None:
    with pytest.raises(ProblemError):
        problem_from_json(data)


@given(data=strategies.broken_json())
@settings(max_examples=250, deadline=None)
def test_no_broken_problem_gives_a_traceback(data: object) -> None:
    with suppress(ProblemError):
        problem = problem_from_json(data)
        assert problem_from_json(problem_to_json(problem)) == problem


@given(text=st.text(max_size=20) | st.binary(max_size=20))
def test_no_text_gives_a_traceback(text: str | bytes) -> None:
    with pytest.raises(ProblemError):
        read_problem(text)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("format", "weibao-roster/1", "format: must be weibao-roster-problem/1"),
        ("id", "", "id: must be text of 1 to 500 characters"),
        ("id", "\ud800", "id: must be text of 1 to 500 characters"),
        ("horizon", None, "horizon: must be an object"),
        ("horizon/days", True, "horizon.days: must be an integer"),
        ("horizon/days", 0, "horizon.days: must be from 1 to 366, is 0"),
        ("horizon/start", "2026-13-01", "horizon.start: must be a date as 2026-12-05"),
        ("horizon/timezone", "Mars/Olympus", "horizon.timezone: must be a zone of the IANA database"),
        ("places/0/lat", 91, "places[0].lat: must be from -90 to 90 degrees"),
        ("places/0/lon", float("nan"), "places[0].lon: must be a number"),
        ("places/1/id", "home", "places[1].id: stands twice: home"),
        ("travel_minutes/1", [0], "travel_minutes[1]: must have 2 numbers, has 1"),
        ("travel_minutes/1", [0, 1.5], "travel_minutes[1]: must be a list of integers"),
        ("travel_minutes", [[0, 1]], "travel_minutes: must have a row for each of 2 places, has 1"),
        ("travel_minutes/0/1", -5, "travel_minutes[0][1]: must be from 0 to 10080, is -5"),
        ("travel_minutes/1/1", 5, "travel_minutes[1][1]: must be 0 on the diagonal, is 5"),
        ("people/1", "bob", "people[1]: must be an object"),
        ("people/0/kind", "teacher", f"people[0].kind: must be one of {KINDS}"),
        ("people/0/gender", "other", "people[0].gender: must be female, male or null"),
        ("people/0/base", "moon", "people[0].base: names no known place: moon"),
        ("people/0/skills", ["law", 5], "people[0].skills[1]: must be text of 1 to 500 characters"),
        ("people/0/dedicated", 0, "people[0].dedicated: must be true or false"),
        ("people/0/vetted_through", 10**9, "people[0].vetted_through: must be from -100000 to 100000, is 1000000000"),
        ("people/0/availability/0", [600, 600], "people[0].availability[0]: must open before it closes"),
        ("people/0/availability/0", [600], "people[0].availability[0]: must be a pair of integers"),
        ("people/0/availability/1", [1000, 1300], f"people[0].availability[1]: {SORTED}"),
        ("people/0/availability/6", [9000, 10081], f"people[0].availability[6]: {INSIDE}"),
        ("people/0/max_tasks_per_day", -1, "people[0].max_tasks_per_day: must be from 0 to 100000, is -1"),
        ("people/0/recent_tasks", None, "people[0].recent_tasks: must be an integer"),
        ("people/0/wants", ["c"], "people[0].wants: names no known task: c"),
        ("people/0/barred_tasks", ["c"], "people[0].barred_tasks: names no known task: c"),
        ("people/1/id", "ann", "people[1].id: stands twice: ann"),
        ("tasks/0/minutes", 0, "tasks[0].minutes: must be from 1 to 10080, is 0"),
        ("tasks/0/windows/0", [700, 600], "tasks[0].windows[0]: must open before it closes"),
        ("tasks/0/windows/0", [600, 659], "tasks[0].windows[0]: is too short for a task of 60 minutes"),
        ("tasks/0/windows", [[540, 720], [660, 760]], "tasks[0].windows[1]: must not overlap windows[0]"),
        ("tasks/0/windows/0", [-60, 60], f"tasks[0].windows[0]: {INSIDE}"),
        ("tasks/0/priority", [], "tasks[0].priority: must be one of critical, high, normal, low"),
        ("tasks/0/roles", [], "tasks[0].roles: must ask for at least one person (sum of min)"),
        ("tasks/0/roles/0/max", 101, "tasks[0].roles[0].max: must be from 1 to 100, is 101"),
        ("tasks/0/roles/0/min", 2, "tasks[0].roles[0].max: must not be below min"),
        ("tasks/0/roles/0/kinds", [], "tasks[0].roles[0].kinds: must name at least one kind"),
        ("tasks/0/roles/0/kinds", ["cook"], f"tasks[0].roles[0].kinds[0]: must be one of {KINDS}"),
        ("tasks/0/known_by", ["eve"], "tasks[0].known_by: names no known person: eve"),
        ("tasks/0/place", "moon", "tasks[0].place: names no known place: moon"),
        ("tasks/1/after/task", "c", "tasks[1].after.task: names no known task: c"),
        ("tasks/1/after/task", "b", "tasks[1].after.task: must be another task"),
        ("tasks/1/after/max_gap", 59, "tasks[1].after.max_gap: must not be below min_gap"),
        ("pins/0", 5, "pins[0]: must be an object"),
        ("pins/0/task", "c", "pins[0].task: names no known task: c"),
        ("pins/0/people/0/person", "eve", "pins[0].people[0].person: names no known person: eve"),
        ("pins/0/people/0/role", "cook", "pins[0].people[0].role: names no known role of a: cook"),
        ("published/0/start", "600", "published[0].start: must be an integer"),
        ("weights/late", 10**6, "weights.late: must be from 0 to 10000, is 1000000"),
    ],
)  # fmt: skip
def test_fault_is_named_with_its_path(path: str, value: object, expected: str) -> None:
    assert faults(with_value(path, value)) == [expected]


@pytest.mark.parametrize(
    ("path", "key"),
    [("", "pins"), ("", "published"), ("weights", "move"), ("tasks/0", "due"), ("people/1", "avoids"), ("", "tasks")],
)
def test_missing_key_is_named(path: str, key: str) -> None:
    data = raw()
    here: Any = data
    for step in path.split("/") if path else []:
        here = here[int(step) if step.isdigit() else step]
    del here[key]
    where = f"{'.'.join(path.split('/'))}.{key}".replace(".0", "[0]").replace(".1", "[1]").removeprefix(".")
    assert f"{where}: is missing" in faults(data)


def test_all_faults_are_listed_at_once() -> None:
    data = raw()
    data["tasks"][0]["minutes"] = False
    data["people"][0]["base"] = "moon"
    data["weights"].pop("late")
    data["travel_minutes"][0][0] = 1
    data["pins"][0]["people"][0]["person"] = "eve"
    assert faults(data) == [
        "tasks[0].minutes: must be an integer",
        "weights.late: is missing",
        "travel_minutes[0][0]: must be 0 on the diagonal, is 1",
        "people[0].base: names no known place: moon",
        "pins[0].people[0].person: names no known person: eve",
    ]


def test_pin_against_a_rule_is_named_beside_other_faults() -> None:
    data = with_value("pins/0/start", 700)
    data["people"][0]["gender"] = "?"
    with pytest.raises(ProblemError) as caught:
        problem_from_json(data)
    assert [(fault.path, fault.rule) for fault in caught.value.faults] == [
        ("people[0].gender", None),
        ("pins[0].start", RuleId.WINDOW),
    ]


def test_cycle_in_after_is_named_once() -> None:
    data = raw()
    data["pins"] = []
    data["tasks"][0]["after"] = {"task": "b", "min_gap": 0, "max_gap": None}
    assert faults(data) == ["tasks[0].after: is a cycle: a after b after a"]


def test_second_pin_of_a_task_is_a_fault() -> None:
    data = raw()
    data["pins"].append(data["pins"][0])
    assert faults(data) == ["pins[1].task: is pinned twice: a"]


def test_published_rows_may_name_what_is_gone() -> None:
    data = raw()
    data["published"].append({"task": "gone", "start": 5, "people": [{"person": "left", "role": "x"}]})
    assert problem_from_json(data).published[1] == build.served("gone", 5, ("left", "x"))


def test_task_published_twice_is_a_fault() -> None:
    data = raw()
    data["published"].append(data["published"][0])
    assert faults(data) == ["published[1].task: stands twice: a"]


def test_person_twice_in_a_published_row_is_a_fault() -> None:
    data = raw()
    data["published"][0]["people"] *= 2
    assert faults(data) == ["published[0].people: must not name a person twice"]


def test_windows_of_a_task_are_sorted_on_reading() -> None:
    data = with_value("tasks/0/windows", [[900, 1000], [540, 720]])
    assert problem_from_json(data).tasks[0].windows == ((540, 720), (900, 1000))


@pytest.mark.parametrize("key", ["places", "people", "tasks"])
def test_too_large_a_problem_is_refused_before_its_parts_are_read(key: str) -> None:
    most = {"places": limits.MAX_PLACES, "people": limits.MAX_PEOPLE, "tasks": limits.MAX_TASKS}[key]
    data = {"format": None, key: [None] * (most + 1)}
    assert faults(data) == [f"{key}: must have at most {most} entries, has {most + 1}"]


def test_list_of_faults_is_cut_off() -> None:
    data = with_value("tasks", [None] * limits.MAX_TASKS)
    found = faults(data)
    assert len(found) == limits.MAX_FAULTS + 1
    assert found[-1] == "more than 1000 faults; the rest is left out"


def test_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(raw()), encoding="utf-8")
    assert read_problem(file) == problem_from_json(raw())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"{", "is no JSON: "),
        (b"\xff\xfe", "is no JSON: "),
        (b'{"id": NaN}', "is no JSON: NaN is no number"),
        (b"[" * 100_000, "is no JSON: "),
        (b"1" * 10_000, "is no JSON: "),
        (b"null", "must be an object"),
        (b"[]", "must be an object"),
    ],
)
def test_file_that_is_no_json_object_is_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    file = tmp_path / "problem.json"
    file.write_bytes(content)
    with pytest.raises(ProblemError) as caught:
        read_problem(file)
    assert str(caught.value).startswith(f"{file}: {expected}")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="cannot be read: No such file"):
        read_problem(tmp_path / "nowhere.json")


def test_too_large_a_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduling.io.text.MAX_BYTES", 10)
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(raw()), encoding="utf-8")
    with pytest.raises(ProblemError, match="is larger than 10 bytes"):
        read_problem(file)
