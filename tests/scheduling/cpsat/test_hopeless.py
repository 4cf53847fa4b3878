"""What nobody can do, and what must come after it."""

from dataclasses import replace

from scheduling.cpsat.hopeless import hopeless_weight
from scheduling.problem import After, Place, Priority
from tests.scheduling.build import person, problem, role, task

LAW = role(skills=frozenset({"law"}))


def test_hopeless_weight_counts_what_nobody_can_do_and_what_comes_after_it() -> None:
    # Nobody knows the law (100), so the visit after it (10) and the one after that (1) are lost too; t4 is not.
    tasks = [
        task("t1", roles=(LAW,), priority=Priority.HIGH),
        task("t2", after=After(task="t1", min_gap=0)),
        task("t3", after=After(task="t2", min_gap=0), priority=Priority.LOW),
        task("t4"),
    ]
    assert hopeless_weight(problem([person("p")], tasks)) == 111


def test_hopeless_weight_counts_a_task_whose_team_never_meets() -> None:
    # One comes before 10:30, the other after it; the visit takes an hour and needs both.
    people = [person("p", availability=((480, 630),)), person("q", availability=((630, 720),))]
    assert hopeless_weight(problem(people, [task("t", roles=(role(min=2, max=2),))])) == 10


def test_hopeless_weight_spares_a_task_that_another_on_the_way_brings_near() -> None:
    # The direct road to "far" takes 200 minutes: alone, the visit is out of reach. By "mid" it takes 20, and the
    # visit there makes the stop: 8:00 -> 8:10 to 8:20 at mid -> 8:30 at far, an hour, and home by 9:30 + 10.
    bare = problem([], [])
    given = problem(
        [person("p", availability=((480, 600),))],
        [task("t", place="far", windows=((500, 590),)), task("stop", place="mid", minutes=10, windows=((480, 520),))],
        places=(*bare.places, Place(id="mid", name="mid", lat=35.5, lon=112.5)),
        travel_minutes=((0, 200, 10), (10, 0, 10), (10, 10, 0)),
    )
    assert hopeless_weight(given) == 0
    assert hopeless_weight(replace(given, travel_minutes=((0, 200, 90), (10, 0, 90), (90, 90, 0)))) == 20
