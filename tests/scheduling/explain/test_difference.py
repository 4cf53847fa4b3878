"""Who is new, who is dropped, whose time moved."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.explain import TaskNews, difference
from scheduling.reasons import serve_free
from tests.scheduling.build import person, problem, role, served, task
from tests.scheduling.strategies import problems

WANTED = problem(
    [person("ann"), person("bob"), person("cy")],
    [task("a", roles=(role(max=2), role("helper", 0, 1))), task("b"), task("c")],
)


def test_difference_tells_tasks_and_people() -> None:
    before = served("a", 540, "ann", "bob"), served("b", 600, "cy")
    after = served("a", 600, ("ann", "helper"), "cy"), served("c", 540, "bob")
    told: Any = difference(WANTED, before, after).to_json()
    assert told["tasks"] == [
        {
            "task": "a",
            "news": "changed",
            "start_before": 540,
            "start_after": 600,
            "joined": [{"person": "cy", "role": "lead"}],
            "left": [{"person": "bob", "role": "lead"}],
            "changed_role": [{"person": "ann", "role": "helper"}],
        },
        {
            "task": "b",
            "news": "dropped",
            "start_before": 600,
            "start_after": None,
            "joined": [],
            "left": [{"person": "cy", "role": "lead"}],
            "changed_role": [],
        },
        {
            "task": "c",
            "news": "added",
            "start_before": None,
            "start_after": 540,
            "joined": [{"person": "bob", "role": "lead"}],
            "left": [],
            "changed_role": [],
        },
    ]
    assert told["people"] == [
        {"person": "ann", "gained": [], "lost": [], "moved": ["a"], "changed_role": ["a"]},
        {"person": "bob", "gained": ["c"], "lost": ["a"], "moved": [], "changed_role": []},
        {"person": "cy", "gained": ["a"], "lost": ["b"], "moved": [], "changed_role": []},
    ]
    assert (told["before"], told["after"]) == ({"medium": 10, "soft": 36}, {"medium": 10, "soft": 36})
    assert set(told["terms"].values()) == {0}


def test_order_of_rows_and_seats_is_no_difference() -> None:
    before = served("a", 540, "ann", "bob"), served("b", 600, "cy")
    after = served("b", 600, "cy"), served("a", 540, "bob", "ann")
    found = difference(WANTED, before, after)
    assert (found.tasks, found.people) == ((), ())


def test_moved_time_is_told_to_everyone_who_stays() -> None:
    found = difference(WANTED, (served("a", 540, "ann", "bob"),), (served("a", 541, "ann", "bob"),))
    assert [(row.person, row.moved) for row in found.people] == [("ann", ("a",)), ("bob", ("a",))]
    assert [row.moved for row in found.tasks] == [True]


@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_difference_from_nothing_is_the_whole_roster(data: st.DataObject) -> None:
    problem = data.draw(problems())
    rows = serve_free(problem, ())
    found = difference(problem, (), rows)
    assert {row.task for row in found.tasks} == {row.task for row in rows}
    assert all(row.news is TaskNews.ADDED for row in found.tasks)
    assert {(p.person, t) for p in found.people for t in p.gained} == {
        (s.person, r.task) for r in rows for s in r.people
    }
    assert difference(problem, rows, rows).tasks == ()
    assert difference(problem, rows, tuple(replace(row, start=row.start + 1) for row in rows)).people == tuple(
        replace(p, gained=(), moved=p.gained) for p in found.people
    )
