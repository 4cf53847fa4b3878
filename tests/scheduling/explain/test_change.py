"""What a hand-made change would break or cost, and who else could take a seat."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.audit import RuleId, Violation, score_of
from scheduling.errors import ProblemError
from scheduling.explain import Change, ChangeKind, alternatives, what_if
from scheduling.explain.change import swap_seats
from scheduling.problem import Assignment, Pin, Seat
from scheduling.reasons import serve_free
from tests.scheduling.build import WORKER, person, problem, role, served, task
from tests.scheduling.strategies import problems

WANTED = problem(
    [person("ann"), person("bob", base="far"), person("cy", vetted_through=None)],
    [task("a", roles=(role(max=2),)), task("b", windows=((540, 600),))],
)
ROWS = (served("a", 540, "ann"),)


def change(kind: str, task: str = "a", **facts: Any) -> Change:
    """A change of task ``a``."""
    return Change(kind=ChangeKind(kind), task=task, **facts)


@pytest.mark.parametrize(
    ("made", "rows"),
    [
        (change("assign", person="bob", role="lead"), (served("a", 540, "ann", "bob"),)),
        (change("assign", "b", person="bob", role="lead", start=540), (*ROWS, served("b", 540, "bob"))),
        (change("remove", person="ann"), (served("a", 540),)),
        (change("replace", person="ann", by="bob"), (served("a", 540, "bob"),)),
        (change("move", start=600), (served("a", 600, "ann"),)),
        (change("unassign"), ()),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Change) else "",
)
def test_change_gives_the_rows_and_their_score(made: Change, rows: tuple[Assignment, ...]) -> None:
    answer = what_if(WANTED, ROWS, made)
    assert answer.assignments == rows
    assert answer.score == score_of(WANTED, rows)[0]


def test_change_tells_what_it_would_break_and_cost() -> None:
    """bob travels 30 minutes and 30 back; a place open before is filled; fairness 2 for his first task."""
    told = what_if(WANTED, ROWS, change("assign", person="bob", role="lead")).to_json()
    assert (told["broken"], told["mended"], told["medium"]) == ([], [], 0)
    assert (told["soft"], told["terms"]) == (32, {"travel": 60, "fairness": 2, "open_slot": -30})


def test_two_people_change_places_or_roles() -> None:
    rows = (served("a", 540, "ann", ("cy", "helper")), served("b", 540, "bob"))
    assert swap_seats(rows, ("a", "ann"), ("b", "bob")) == (
        served("a", 540, "bob", ("cy", "helper")),
        served("b", 540, "ann"),
    )
    assert swap_seats(rows, ("a", "ann"), ("a", "cy"))[0] == served("a", 540, "cy", ("ann", "helper"))


@pytest.mark.parametrize(
    "places", [(("a", "bob"), ("b", "bob")), (("a", "ann"), ("c", "bob")), (("a", "ann"), ("b", "cy"))]
)
def test_places_that_are_not_there_or_would_seat_somebody_twice_are_refused(
    places: tuple[tuple[str, str], ...],
) -> None:
    rows = (served("a", 540, "ann", "cy"), served("b", 540, "bob", "cy"))
    with pytest.raises(ProblemError):
        swap_seats(rows, *places)


def test_change_names_only_rules_broken_anew() -> None:
    answer = what_if(WANTED, (served("a", 540, "cy"),), change("move", start=500))
    assert answer.effect.broken == (Violation(rule=RuleId.WINDOW, task="a", minute=500),)
    mended = what_if(WANTED, (served("a", 540, "cy"),), change("unassign"))
    assert mended.effect.mended == (Violation(rule=RuleId.VETTING, task="a", person="cy", role="lead", actual=0),)
    assert (mended.effect.broken, mended.effect.medium) == ((), 10)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (change("move", "z", start=5), "change.task: names no known task: z"),
        (change("move", "b", start=5), "change.task: is not served"),
        (change("unassign", "b"), "change.task: is not served"),
        (change("move"), "change.start: is missing"),
        (change("assign", "b", person="ann", role="lead"), "change.start: is missing"),
        (change("assign", person="ann"), "change.role: is missing"),
        (change("assign", person="ann", role="cook"), "change.role: names no known role of a: cook"),
        (change("assign", role="lead"), "change.person: is missing"),
        (change("assign", person="eve", role="lead"), "change.person: names no known person: eve"),
        (change("remove", person="bob"), "change.person: is not on the team of a: bob"),
        (change("replace", person="ann"), "change.by: is missing"),
        (change("replace", person="ann", by="eve"), "change.by: names no known person: eve"),
    ],
)
def test_change_about_nothing_known_is_refused(made: Change, message: str) -> None:
    with pytest.raises(ProblemError) as caught:
        what_if(WANTED, ROWS, made)
    assert str(caught.value) == message


def test_alternatives_are_ranked_by_rules_then_cost() -> None:
    found = alternatives(WANTED, ROWS, "a", "lead", "ann")
    assert [(other.person, other.feasible, other.effect.soft) for other in found] == [
        ("bob", True, 60),
        ("cy", False, 0),
    ]
    assert found[0].to_json() == {
        "person": "bob",
        "feasible": True,
        "broken": [],
        "mended": [],
        "medium": 0,
        "soft": 60,
        "terms": {"travel": 60},
    }


def test_alternatives_for_an_open_place_may_join() -> None:
    found = alternatives(WANTED, ROWS, "a", "lead")
    assert [(other.person, other.effect.soft) for other in found] == [("bob", 32), ("cy", -28)]


def test_alternatives_leave_out_who_does_not_fit_the_role() -> None:
    wanted = problem([person("ann"), person("wu", kind=WORKER)], [task("a", roles=(role(kinds=frozenset({WORKER})),))])
    assert alternatives(wanted, (served("a", 540, "wu"),), "a", "lead", "wu") == ()


def test_alternatives_know_pins() -> None:
    pin = Pin(task="a", people=(Seat(person="ann", role="lead"),))
    wanted = problem([person("ann"), person("bob")], [task("a")], pins=(pin,))
    (bob,) = alternatives(wanted, ROWS, "a", "lead", "ann")
    assert bob.effect.broken == (Violation(rule=RuleId.PIN, task="a", person="ann", role="lead"),)


def test_alternatives_of_what_is_not_there_are_refused() -> None:
    with pytest.raises(ProblemError, match="task: is not served: b"):
        alternatives(WANTED, ROWS, "b", "lead")
    with pytest.raises(ProblemError, match="role: names no known role of a: cook"):
        alternatives(WANTED, ROWS, "a", "cook")
    with pytest.raises(ProblemError, match="person: is not on the team of a: bob"):
        alternatives(WANTED, ROWS, "a", "lead", "bob")


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_alternatives_break_and_cost_what_the_whole_roster_says(data: st.DataObject) -> None:
    problem = data.draw(problems(pins=True))
    rows = serve_free(problem, ())
    if not rows:
        return
    row = data.draw(st.sampled_from(rows))
    seat = data.draw(st.sampled_from(row.people))
    joins = data.draw(st.booleans())
    for other in alternatives(problem, rows, row.task, seat.role, None if joins else seat.person):
        made = change("assign", row.task, person=other.person, role=seat.role)
        if not joins:
            made = change("replace", row.task, person=seat.person, by=other.person)
        effect = what_if(problem, rows, made).effect
        assert sorted(map(str, other.effect.broken)) == sorted(map(str, effect.broken))
        assert sorted(map(str, other.effect.mended)) == sorted(map(str, effect.mended))
        assert (other.effect.medium, other.effect.soft, other.effect.terms) == (
            effect.medium,
            effect.soft,
            effect.terms,
        )
