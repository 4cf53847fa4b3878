"""How evenly work is shared."""

import pytest

from tenants.enums import PersonKind
from tenants.queries.figures import Member
from weibao.figures import Load, fairness, gini


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], 0),
        ([0, 0], 0),
        ([5, 5, 5], 0),
        ([0, 0, 0, 8], 0.75),  # one has everything: 1 - 1/4
        ([1, 3], 0.25),  # mean difference of all four pairs: (0 + 2 + 2 + 0) / 4 = 1; 1 / (2 * mean 2)
    ],
)
def test_gini_is_half_of_the_relative_mean_difference(values: list[float], expected: float) -> None:
    assert gini(values) == pytest.approx(expected)


def loads(*minutes: int) -> list[Load]:
    member = Member(id="x", name="x", name_en="", kind=PersonKind.VOLUNTEER)
    return [Load(member=member, duties=1, minutes=one) for one in minutes]


def test_the_spread_is_told_in_words() -> None:
    found = fairness(loads(120, 60, 0))
    assert found is not None
    assert (found.mean, found.median, found.most, found.idle) == (60, 60, 120, 1)
    assert fairness(loads(0, 0)) is None
    assert fairness([]) is None
