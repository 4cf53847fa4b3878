"""Why a worker is posted elsewhere, and from where their way to work is counted."""

from collections.abc import Mapping

import pytest
from flask import Flask

from weibao.explaining import moves
from weibao.i18n import language

POSTED = {"minutes_before": 0, "minutes": 35}
NEW = {"minutes_before": None, "minutes": 50}
OFF = {"minutes_before": 10, "minutes": None}


@pytest.mark.parametrize(
    ("facts", "known", "said"),
    [
        (POSTED, True, "The way to work: 0 minutes before, 35 after."),
        (POSTED, False, "Where they live is not in the register; from the seat of East: 35 minutes."),
        (NEW, True, "The way to work: 50 minutes."),
        (NEW | {"minutes": 0}, True, "The way to work: 0 minutes."),
        (NEW | {"minutes": 0}, False, "Where they live is not in the register: no way to work is counted."),
        (OFF, True, "A first post: nobody loses a worker by it."),
    ],
)
def test_way_says_from_where_it_is_counted(app: Flask, facts: Mapping[str, object], known: bool, said: str) -> None:
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert language() == "en"
        assert moves.reasons(facts, "East", "West", home_known=known)[-1] == said
