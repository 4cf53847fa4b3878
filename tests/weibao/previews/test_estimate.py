"""What is guessed of a township's children from the county page's words."""

import pytest

from tenants.enums import ChildCategory
from tenants.queries.glance import RISKS
from weibao.indicators import Column
from weibao.previews import Estimate, from_told, weighed_as_told

DISABLED = ChildCategory.DISABLED.value
NOTHING = {
    key: Column(cells={"a": "0", "b": "0"}, total="0") for key in (*ChildCategory, *(f"risk_{r}" for r in RISKS))
}
FILES = Column(cells={"a": "20", "b": "10"}, total="30")


def guess(**columns: Column) -> dict[str, Estimate]:
    risks = {
        "risk_high": Column(cells={"a": "5", "b": "10"}, total="15"),
        "risk_low": Column(cells={"a": "15", "b": "0"}, total="15"),
    }
    return from_told({**NOTHING, **risks, "children": FILES, **columns}, ["a", "b"])


def test_risks_are_taken_to_be_the_same_in_each_category() -> None:
    found = guess(disabled=Column(cells={"a": "12", "b": "6"}, total="18"))
    assert found["a"].files == 20
    assert (found["a"].classes[DISABLED, "high"], found["a"].classes[DISABLED, "low"]) == (3.0, 9.0)
    assert (found["b"].classes[DISABLED, "high"], found["b"].classes[DISABLED, "low"]) == (6.0, 0.0)


@pytest.mark.parametrize(
    ("word", "total", "number"),
    [("<5", "15", 4), ("<5", "3", 1), ("≥5", "3", 5), ("≥5", "24", 8), ("*", "24", 8), ("<5", "*", 4)],
)
def test_a_hidden_number_is_the_countys_share_within_its_range(word: str, total: str, number: int) -> None:
    """The second township has a third of the files; where no total is told, the first one's share counts: a half."""
    found = guess(disabled=Column(cells={"a": "10", "b": word}, total=total))
    assert sum(found["b"].classes.values()) == pytest.approx(number)


def test_a_child_in_two_categories_counts_once() -> None:
    twice = Column(cells={"a": "20", "b": "10"}, total="30")
    assert sum(guess(disabled=twice, left_behind=twice)["a"].classes.values()) == pytest.approx(20)


def test_an_estimate_is_moved_to_the_load_that_is_told() -> None:
    found = guess(disabled=Column(cells={"a": "12", "b": "6"}, total="18"))
    table = {DISABLED: {"high": 2, "medium": 0, "low": 2, "none": 0}}
    moved = weighed_as_told(found, table, {"a": 30})
    assert (moved["a"].classes[DISABLED, "high"], moved["b"]) == (3.0 * 30 / 24, found["b"])
