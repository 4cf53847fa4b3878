"""What it costs to disturb fewer people."""

from scheduling.audit import audit
from scheduling.problem import Assignment, Problem, Seat
from scheduling.replan import disturbed, ways
from scheduling.roster import Score
from tests.scheduling.build import person, problem, role, served, task


def held(task: str, start: int, *people: str) -> Assignment:
    return Assignment(task=task, start=start, people=tuple(Seat(person=name, role="lead") for name in people))


def far_away() -> Problem:
    """Published: ann, who lives 70 minutes from the visit. bob lives there, but a change costs 60."""
    return problem(
        [person("ann"), person("bob", base="far")],
        [task("t", place="far", windows=((540, 720),))],
        travel_minutes=((0, 70), (70, 0)),
        published=(held("t", 600, "ann"),),
    )


def test_whoever_loses_joins_or_is_moved_is_disturbed() -> None:
    given = problem(
        [person(name) for name in ("ann", "bob", "cy")],
        [task(name, roles=(role(max=2),)) for name in ("t", "u", "new")],
        published=(held("t", 540, "ann"), held("u", 600, "bob")),
    )
    assert disturbed(given, (served("t", 540, "ann"), served("u", 600, "bob"), served("new", 660, "cy"))) == set()
    assert disturbed(given, (served("t", 540, "ann", "cy"), served("u", 600, "bob"))) == {"cy"}
    assert disturbed(given, (served("t", 560, "ann"), served("u", 600, "bob"))) == {"ann"}
    assert disturbed(given, (served("t", 540, "ann"),)) == {"bob"}


def test_ways_lead_from_nobody_disturbed_to_the_cheapest_roster() -> None:
    # Kept: 140 minutes of travel and fairness 2. Changed: no travel, one change (60), fairness 2.
    calm, cheap = ways(far_away(), seconds=4)
    assert (calm.disturbed, calm.roster.score) == (frozenset(), Score(medium=0, soft=142))
    assert (cheap.disturbed, cheap.roster.score) == ({"ann", "bob"}, Score(medium=0, soft=62))
    assert [audit(far_away(), way.roster) for way in (calm, cheap)] == [(), ()]


def test_only_one_way_where_nobody_holds_anything() -> None:
    found = ways(problem([person("ann")], [task("t")]), seconds=1)
    assert [way.disturbed for way in found] == [frozenset()]
