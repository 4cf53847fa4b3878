"""Reading and writing rosters."""

from typing import Any

import pytest
from hypothesis import given

from scheduling.errors import RosterError
from scheduling.io import encode, read_roster, roster_from_json, roster_to_json
from scheduling.roster import Reason, ReasonCode, Roster, Score, Status, Unserved
from tests.scheduling import build, strategies

ROSTER = Roster(
    problem="test",
    assignments=(build.served("a", 600, "ann", ("bob", "helper")),),
    unserved=(
        Unserved(task="b", reasons=(Reason(code=ReasonCode.NO_ELIGIBLE_PERSON, role="lead"),)),
        Unserved(task="c", reasons=(Reason(code=ReasonCode.COMPETING, instead=("a",)),)),
    ),
    score=Score(medium=20, soft=-5),
    bound=None,
    status=Status.FEASIBLE,
    seconds=1.5,
)


def test_roster_is_equal_after_writing_and_reading() -> None:
    assert read_roster(encode(roster_to_json(ROSTER))) == ROSTER


def test_bound_is_written_where_there_is_one() -> None:
    data = roster_to_json(Roster(**{**ROSTER.__dict__, "bound": Score(medium=1, soft=2)}))
    assert data["bound"] == {"medium": 1, "soft": 2}
    assert roster_from_json(data).bound == Score(medium=1, soft=2)


def test_reason_names_only_what_it_has() -> None:
    data: Any = roster_to_json(ROSTER)
    assert data["unserved"][0]["reasons"] == [{"code": "no_eligible_person", "role": "lead"}]
    assert data["unserved"][1]["reasons"] == [{"code": "competing", "instead": ["a"]}]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("format", "x", "format: must be weibao-roster/1"),
        ("status", "good", "status: must be one of optimal, feasible"),
        ("assignments", [{"task": "a", "start": 1.0, "people": []}], "assignments[0].start: must be an integer"),
        ("unserved", [{"task": "a", "reasons": [{"code": "lazy"}]}], "unserved[0].reasons[0].code: must be one of"),
        ("score", None, "score: must be an object"),
    ],
)
def test_fault_is_named_with_its_path(key: str, value: object, expected: str) -> None:
    with pytest.raises(RosterError) as caught:
        roster_from_json(roster_to_json(ROSTER) | {key: value})
    assert [str(fault)[: len(expected)] for fault in caught.value.faults] == [expected]


@given(data=strategies.JSON_VALUES)
def test_no_json_value_gives_a_traceback(data: object) -> None:
    with pytest.raises(RosterError):
        roster_from_json(data)
