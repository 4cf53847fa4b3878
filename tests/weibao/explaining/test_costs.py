"""How far a plan is from the best one, in words."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale

from scheduling.problem import Weights
from scheduling.roster import Score
from weibao.explaining.costs import TERMS, bound_in_words, by_term


@pytest.fixture(autouse=True)
def _english(app: Flask) -> Iterator[None]:
    with app.test_request_context(), force_locale("en"):
        yield


def score(medium: int, soft: int) -> Score:
    return Score(medium=medium, soft=soft)


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        (None, "How much better a plan could be is not known yet."),
        (score(10, 400), "Proven: there is no better plan."),
        (score(0, 400), "More might still be served; that is not proven either way yet."),
        (score(10, 398), "No more can be served, and the cost is within 1 % of the best possible."),
        (score(10, 300), "No more can be served; at most 25 % of the cost could still be saved."),
    ],
)
def test_the_bound_is_told_plainly(bound: Score | None, said: str) -> None:
    assert bound_in_words(score(10, 400), bound) == said


@pytest.mark.parametrize(("cost", "bound"), [(400, -132), (400, 0), (-40, -60), (0, -5)])
def test_a_bound_below_nothing_is_no_part_of_the_cost(cost: int, bound: int) -> None:
    said = bound_in_words(score(10, cost), score(10, bound))
    assert said == "No more can be served; how much less it could cost is not proven yet."


def test_terms_are_listed_dearest_first_and_those_of_no_weight_left_out() -> None:
    found = by_term({"travel": 30, "want": -40, "late": 0})
    assert [(str(word), cost) for word, cost in found] == [("Wishes granted", -40), ("Minutes on the road", 30)]


def test_every_term_of_the_scheduler_has_a_word() -> None:
    assert set(TERMS) == set(Weights.__dataclass_fields__)
