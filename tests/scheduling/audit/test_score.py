"""The score by hand, term by term."""

from scheduling.audit import Parts, score_of
from scheduling.problem import DAY, PersonKind, TaskKind, Weights
from scheduling.roster import Score
from tests.scheduling.build import WORKER, person, problem, role, served, task

WEIGHTS = Weights(travel=1, late=60, stranger=45, fairness=2, want=20, avoid=40, open_slot=30, change=60, move=30)


def test_score_of_an_empty_roster_is_what_is_unserved_and_unpublished() -> None:
    wanted = problem([person("ann")], [task("a"), task("b")], published=(served("a", 540, "ann", "eve"),))
    assert score_of(wanted, ()) == (Score(medium=20, soft=120), Parts(change=2))


def test_each_soft_term_is_counted() -> None:
    """ann goes 30 out and 30 back; two days after ``due``; a stranger; her 4th and 5th task; one place open;
    published for ann and bob at another time."""
    tasks = [
        task("a", place="far", windows=((2 * DAY, 3 * DAY),), due=0, known_by=frozenset({"bob"}), roles=(role(max=2),)),
        task("b", kind=TaskKind.ACTIVITY, known_by=frozenset({"bob"})),
    ]
    ann = person("ann", recent_tasks=3, wants=frozenset({"a", "c"}), avoids=frozenset({"b"}))
    wanted = problem([ann, person("bob", kind=WORKER)], tasks, published=(served("a", 2 * DAY + 540, "ann", "bob"),))
    rows = served("a", 2 * DAY + 600, "ann"), served("b", 540, "ann")
    parts = Parts(travel=60, late=2, stranger=1, fairness=16, want=-1, avoid=1, open_slot=1, change=1, move=1)
    soft = 60 + 120 + 45 + 32 - 20 + 40 + 30 + 60 + 30
    assert score_of(wanted, rows) == (Score(medium=0, soft=soft), parts)
    assert sum(parts.costs(WEIGHTS).values()) == soft


def test_fairness_counts_volunteers_alone() -> None:
    people = [person("wu", kind=PersonKind.SOCIAL_WORKER, recent_tasks=9), person("ann", recent_tasks=9)]
    wanted = problem(people, [task("a")])
    assert score_of(wanted, (served("a", 540, "wu"),))[1].fairness == 0
    assert score_of(wanted, (served("a", 540, "ann"),))[1].fairness == 19
