"""What a roster costs, line by line."""

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.audit import score_of
from scheduling.explain import cost_breakdown
from scheduling.problem import DAY, Assignment
from tests.scheduling.build import person, problem, role, served, task
from tests.scheduling.strategies import problems, rows_about


def test_costs_are_told_by_term_person_and_task() -> None:
    tasks = [
        task("a", place="far", due=-1, known_by=frozenset({"bob"}), roles=(role(max=2),)),
        task("b", windows=((DAY, DAY + 900),)),
    ]
    ann = person("ann", wants=frozenset({"a"}), avoids=frozenset({"b"}))
    wanted = problem([ann, person("bob")], tasks, published=(served("b", DAY + 500, "bob"),))
    told = cost_breakdown(wanted, (served("a", 540, "ann"), served("b", DAY + 540, "ann"))).to_json()
    assert told == {
        "score": {"medium": 0, "soft": 60 + 60 + 45 + 8 - 20 + 40 + 30 + 60 + 30},
        "terms": {
            "travel": 60, "late": 60, "stranger": 45, "fairness": 8, "want": -20, "avoid": 40, "open_slot": 30,
            "change": 60, "move": 30,
        },
        "people": {"ann": {"travel": 60, "fairness": 8, "want": -20, "avoid": 40}, "bob": {"change": 60}},
        "tasks": {
            "a": {"travel": 60, "late": 60, "stranger": 45, "open_slot": 30, "want": -20},
            "b": {"avoid": 40, "change": 60, "move": 30},
        },
    }  # fmt: skip


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_lines_add_up_to_the_soft_score(data: st.DataObject) -> None:
    problem = data.draw(problems())
    rows: tuple[Assignment, ...] = data.draw(rows_about(problem))
    score, parts = score_of(problem, rows)
    breakdown = cost_breakdown(problem, rows)
    assert breakdown.score == score
    assert sum(line.cost for line in breakdown.lines) == score.soft
    assert breakdown.by_term() == parts.costs(problem.weights)
