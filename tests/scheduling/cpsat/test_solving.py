"""How CP-SAT is run: limits, and what is passed on."""

import pytest
from ortools.sat.python import cp_model

from scheduling.cpsat.solving import Limits, proven, run


@pytest.mark.parametrize(
    ("bound", "integer"),
    [
        (3.0, 3),
        (3.0000001, 3),  # rounding noise of an integer
        (2.9999999, 3),
        (2.5, 3),  # no integer lies between 2.5 and 3
        (-2.5, -2),
    ],
)
def test_proven_rounds_a_bound_up_to_an_integer(bound: float, integer: int) -> None:
    assert proven(bound) == integer


@pytest.mark.parametrize("facts", [{"seconds": -0.1}, {"seconds": 1.0, "workers": 0}])
def test_limits_refuse_what_makes_no_sense(facts: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="Expected seconds >= 0 and workers >= 1"):
        Limits(**facts)  # type: ignore[arg-type]


def test_limits_are_over_when_time_is_or_when_told() -> None:
    assert Limits(seconds=0.0).over
    assert Limits(seconds=9.0, should_stop=lambda: True).over
    assert not Limits(seconds=9.0, should_stop=lambda: False).over
    assert Limits(seconds=9.0, deterministic=True).left == 9.0


def test_invalid_model_is_raised_not_returned() -> None:
    model = cp_model.CpModel()
    model.add(model.new_int_var(0, 1 << 62, "x") * (1 << 62) <= 1)
    with pytest.raises(RuntimeError, match="invalid"):
        run(model, Limits(seconds=5.0))
