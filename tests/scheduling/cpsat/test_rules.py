"""Each hard rule in the exact model, on an instance whose best roster would be another without the rule."""

from collections.abc import Callable
from typing import Any

import pytest

from scheduling.audit import hard_violations
from scheduling.cpsat import eligibility, solve_exact
from scheduling.cpsat.constraints import Constraints
from scheduling.problem import DAY, After, Assignment, Pin, Place, Problem, Seat, Service, Weights
from scheduling.roster import Score
from tests.scheduling.build import VOLUNTEER, WORKER, person, problem, role, served, task

FREE = Weights(**dict.fromkeys(Weights.__dataclass_fields__, 0))
"""No soft cost at all, so that only the rule under test decides."""


def best(given: Problem) -> tuple[int, tuple[Assignment, ...]]:
    """The proven least unserved weight and a roster that has it, checked against every rule."""
    found = solve_exact(given, seconds=120.0, workers=1)
    assert found.optimal
    assert found.bound is not None
    assert found.assignments is not None
    assert hard_violations(given, found.assignments) == ()
    return found.bound.medium, found.assignments


def loosened(monkeypatch: pytest.MonkeyPatch, owner: Any, rule: str, free: Callable[..., Any]) -> None:
    """Take a rule out of the model."""
    monkeypatch.setattr(owner, rule, free)


def nothing(_: Constraints) -> None:
    """A constraint that holds nothing."""


def unchecked(given: Problem) -> Score | None:
    """The optimum of a model that may lack a rule."""
    return solve_exact(given, seconds=120.0, workers=1).bound


def test_r1_window_keeps_the_task_between_opening_and_closing() -> None:
    # An hour fits into 9:00-10:00 in one way only.
    assert best(problem([person("p")], [task("t", windows=((540, 600),))])) == (0, (served("t", 540, "p"),))


def two_wanted() -> Problem:
    """A role of two for which one person is there, and a role of one that two want."""
    people = [person("p", wants=frozenset({"one"})), person("q", kind=WORKER, wants=frozenset({"one"}))]
    volunteers = role(min=2, max=2, kinds=frozenset({VOLUNTEER}))
    return problem(people, [task("two", roles=(volunteers,)), task("one")])


def test_r2_role_count_needs_min_and_stops_at_max() -> None:
    # There is one volunteer for two places, so "two" stays open; both want "one", which has one place.
    medium, rows = best(two_wanted())
    assert medium == 10
    assert [(row.task, len(row.people)) for row in rows] == [("one", 1)]


def test_r2_role_count_is_what_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    loosened(monkeypatch, Constraints, "role_count", nothing)
    found = unchecked(two_wanted())
    assert found is not None
    assert found.medium == 0


@pytest.mark.parametrize(
    ("rule", "facts", "wish"),
    [
        ("R2_kind", {}, {"roles": (role(kinds=frozenset({WORKER})),)}),
        ("R2_skill", {"skills": frozenset({"law"})}, {"roles": (role(skills=frozenset({"law", "arts"})),)}),
        ("R3_vetting", {"vetted_through": 0}, {"windows": ((DAY + 540, DAY + 720),)}),
        ("R3_vetting", {"vetted_through": None}, {}),
        ("R6_barred", {"barred_tasks": frozenset({"t"})}, {}),
        ("R7_dedicated", {"dedicated": True}, {"service": Service.OTHER}),
        ("R8_gender", {"gender": "male"}, {"needs_gender": "female"}),
        ("R4_availability", {"availability": ((480, 630), (650, 1080))}, {"windows": ((580, 700),)}),
        ("R4_return", {"availability": ((480, 599),)}, {"place": "far", "windows": ((500, 720),)}),
        ("R4_travel", {"availability": ((511, 720),)}, {"place": "far", "windows": ((500, 600),)}),
        ("R5_day_minutes", {"max_minutes_per_day": 59}, {}),
        ("R5_week_minutes", {"max_minutes_per_week": 59}, {}),
        ("R5_day_tasks", {"max_tasks_per_day": 0}, {}),
    ],
)
def test_rule_leaves_the_only_person_out(rule: str, facts: dict[str, Any], wish: dict[str, Any]) -> None:
    # The one person breaks the rule, so the task stays open; somebody who does not break it serves it.
    alone = problem([person("p", **facts)], [task("t", **wish)])
    assert best(alone) == (10, ()), rule
    skilled = {"skills": frozenset({"law", "arts"}), "gender": "female"}
    kinds = [person("p", **facts), person("q", **skilled), person("r", kind=WORKER, **skilled)]
    assert best(problem(kinds, [task("t", **wish)]))[0] == 0, rule


@pytest.mark.parametrize(
    ("rule", "facts", "wish"),
    [
        ("kind_fits", {}, {"roles": (role(kinds=frozenset({WORKER})),)}),
        ("skills_fit", {}, {"roles": (role(skills=frozenset({"law"})),)}),
        ("not_barred", {"barred_tasks": frozenset({"t"})}, {}),
        ("not_diverted", {"dedicated": True}, {"service": Service.OTHER}),
    ],
    ids=["R2_kind", "R2_skill", "R6_barred", "R7_dedicated"],
)
def test_seat_rule_is_what_leaves_them_out(
    rule: str, facts: dict[str, Any], wish: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tuple(one for one in eligibility.SEAT_RULES if one.__name__ != rule)
    monkeypatch.setattr(eligibility, "SEAT_RULES", rules)
    assert unchecked(problem([person("p", **facts)], [task("t", **wish)], weights=FREE)) == Score(medium=0, soft=0)


def test_r3_vetting_is_what_leaves_them_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eligibility, "vetted_starts", lambda *_: (0, 1 << 40))
    given = problem([person("p", vetted_through=None)], [task("t")], weights=FREE)
    assert unchecked(given) == Score(medium=0, soft=0)


def test_r3_vetting_asks_nothing_where_no_children_are() -> None:
    assert best(problem([person("p", vetted_through=None)], [task("t", with_children=False)]))[0] == 0


def two_places_one_person() -> Problem:
    """A task whose two roles only one person can fill."""
    return problem([person("p")], [task("t", roles=(role("lead"), role("helper")))], weights=FREE)


def two_villages() -> Problem:
    """Two visits half an hour apart, the second begins when the first ends; the person's day leaves time to go."""
    tasks = [task("t1", windows=((540, 600),)), task("t2", place="far", windows=((600, 660),))]
    return problem([person("p")], tasks, weights=FREE)


def slow_way_back() -> Problem:
    """The direct way back from ``far`` takes too long; by ``mid``, where there is nothing to do, it is quick."""
    return problem(
        [person("p", availability=((480, 660),))],
        [task("t", place="far", windows=((540, 600),))],
        places=(*problem([], []).places, Place(id="mid", name="mid", lat=35.5, lon=112.5)),
        travel_minutes=((0, 30, 10), (90, 0, 10), (10, 10, 0)),
        weights=FREE,
    )


def two_visits(**facts: Any) -> Problem:
    """Two visits on one day for one person with the given limits."""
    return problem([person("p", **facts)], [task("t1"), task("t2")], weights=FREE)


def two_days() -> Problem:
    """Two visits on two days of one week; one hour of the week is left."""
    tasks = [task("t1"), task("t2", windows=((DAY + 540, DAY + 720),))]
    return problem([person("p", max_minutes_per_week=119)], tasks, weights=FREE)


def only_men() -> Problem:
    """A woman is asked for and only a man is there."""
    return problem([person("p", gender="male")], [task("t", needs_gender="female")], weights=FREE)


def too_soon() -> Problem:
    """The second visit has to be a day after the first, and both are on day 0."""
    later = task("t2", after=After(task="t1", min_gap=DAY))
    return problem([person("p")], [task("t1"), later], weights=FREE)


def pinned_dear() -> Problem:
    """The visit is pinned to somebody from the other village at 9:30."""
    people = [person("near"), person("away", base="far")]
    pin = Pin(task="t", start=570, people=(Seat(person="away", role="lead"),))
    return problem(people, [task("t", windows=((540, 720),))], pins=(pin,), weights=Weights(fairness=0))


@pytest.mark.parametrize(
    ("rule", "given", "least"),
    [
        # t1 ends at 10:00 in one village, t2 begins at 10:00 in the other: one of the two stays open.
        ("travel", two_villages(), 10),
        # 60 + 60 minutes on one day against 119.
        ("day_minutes", two_visits(max_minutes_per_day=119), 10),
        # 60 + 60 minutes in one week against 119.
        ("week_minutes", two_days(), 10),
        # Two tasks on one day against one.
        ("day_tasks", two_visits(max_tasks_per_day=1), 10),
        ("gender", only_men(), 10),
        # The gap cannot be kept, so the successor stays open.
        ("after", too_soon(), 10),
    ],
    ids=[
        "R4_travel",
        "R5_day_minutes",
        "R5_week_minutes",
        "R5_day_tasks",
        "R8_gender",
        "R9_after",
    ],
)
def test_constraint_costs_a_task_and_nothing_else_does(
    rule: str, given: Problem, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert best(given)[0] == least
    loosened(monkeypatch, Constraints, rule, nothing)
    assert unchecked(given) == Score(medium=0, soft=0)


def test_r4_availability_is_what_ties_a_seat_to_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    # Two visits at the same hour, one person: without a stay in a window the seats would hold no time at all.
    tasks = [task("t1", windows=((540, 600),)), task("t2", windows=((540, 600),))]
    given = problem([person("p")], tasks, weights=FREE)
    assert best(given)[0] == 10
    loosened(monkeypatch, Constraints, "availability", nothing)
    assert unchecked(given) == Score(medium=0, soft=0)


def test_r5_week_minutes_count_each_week_by_itself() -> None:
    # Days 6 and 7 lie in two weeks, so an hour in each keeps 60 minutes a week.
    windows = tuple((d * DAY + 480, d * DAY + 1080) for d in range(8))
    tasks = [task(f"t{d}", windows=((d * DAY + 540, d * DAY + 600),), with_children=False) for d in (6, 7)]
    assert best(problem([person("p", availability=windows, max_minutes_per_week=60)], tasks))[0] == 0


def test_r8_gender_is_met_by_one_of_the_team() -> None:
    people = [person("p", gender="male"), person("q", gender="female")]
    helpers = role("helper", min=0, max=1)
    medium, rows = best(problem(people, [task("t", needs_gender="female", roles=(role(), helpers))]))
    assert medium == 0
    assert "q" in {seat.person for seat in rows[0].people}


def test_r9_after_needs_the_predecessor_served() -> None:
    # Nobody can do t1, so t2, which comes after it, stays open too: 10 + 10.
    first = task("t1", roles=(role(skills=frozenset({"law"})),))
    assert best(problem([person("p")], [first, task("t2", after=After(task="t1", min_gap=0))]))[0] == 20


def test_r9_after_keeps_the_longest_gap() -> None:
    # t2 may begin at most 90 minutes after t1, and cannot begin before 12:00, so t1 begins at 10:30 or later.
    later = task("t2", windows=((720, 800),), after=After(task="t1", min_gap=60, max_gap=90))
    medium, rows = best(problem([person("p"), person("q")], [task("t1"), later]))
    start = {row.task: row.start for row in rows}
    assert medium == 0
    assert 60 <= start["t2"] - start["t1"] <= 90


def test_r10_pin_is_kept_where_another_choice_is_cheaper(monkeypatch: pytest.MonkeyPatch) -> None:
    # Pinned, 30 minutes there and 30 back; free, the neighbour goes without travel.
    found = solve_exact(pinned_dear(), seconds=120.0, workers=1)
    assert (found.bound, found.assignments) == (Score(medium=0, soft=60), (served("t", 570, "away"),))
    loosened(monkeypatch, Constraints, "pin", nothing)
    assert unchecked(pinned_dear()) == Score(medium=0, soft=0)


def test_pins_that_no_roster_holds_are_proven_infeasible() -> None:
    pin = Pin(task="t", start=500)
    found = solve_exact(problem([person("p")], [task("t")], pins=(pin,)), seconds=120.0, workers=1)
    assert (found.infeasible, found.assignments, found.optimal) == (True, None, False)


def test_r2_twice_leaves_the_second_role_empty_and_the_task_open() -> None:
    assert best(two_places_one_person())[0] == 10


def test_r4_return_takes_the_direct_way_home() -> None:
    # The visit ends at 10:00, the direct way home takes until 11:30, the window closes at 11:00.
    assert best(slow_way_back())[0] == 10
