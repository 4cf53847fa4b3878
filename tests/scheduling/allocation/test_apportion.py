"""The baselines on cases from the literature, and by their own laws."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scheduling.allocation.apportion import largest_remainder, webster

DEMANDS = st.lists(st.integers(0, 400), min_size=1, max_size=9)


def test_the_methods_differ_where_the_literature_says_so() -> None:
    """Quotas of 26 seats: 9.061, 7.179, 5.259, 3.319, 1.182 (Balinski and Young, 1982, table A1.2)."""
    assert largest_remainder([9061, 7179, 5259, 3319, 1182], 26) == (9, 7, 5, 4, 1)
    assert webster([9061, 7179, 5259, 3319, 1182], 26) == (9, 8, 5, 3, 1)


def test_one_seat_more_costs_the_small_one_a_seat_under_largest_remainders_alone() -> None:
    """The Alabama paradox: with 10 seats the small quota is 1.43 and has the largest remainder, with 11 it is 1.57."""
    assert largest_remainder([6, 6, 2], 10) == (4, 4, 2)
    assert largest_remainder([6, 6, 2], 11) == (5, 5, 1)
    assert webster([6, 6, 2], 10) == (5, 4, 1)
    assert webster([6, 6, 2], 11) == (5, 5, 1)


def test_nobody_stays_below_the_least() -> None:
    assert largest_remainder([100, 1, 1], 6, least=1) == (4, 1, 1)
    assert webster([100, 1, 1], 6, least=1) == (4, 1, 1)


def test_seats_too_few_for_the_least_go_to_the_largest_demand() -> None:
    assert largest_remainder([5, 3, 9], 2, least=1) == (1, 0, 1)
    assert webster([5, 3, 9], 2, least=1) == (1, 0, 1)


def test_seats_without_any_demand_go_round_in_order() -> None:
    assert largest_remainder([0, 0, 0], 2, least=1) == (1, 1, 0)
    assert webster([0, 0, 0], 4, least=1) == (2, 1, 1)


@given(demand=DEMANDS, seats=st.integers(0, 40), least=st.integers(0, 2))
def test_every_seat_is_given_once_and_more_demand_never_gets_fewer(demand: list[int], seats: int, least: int) -> None:
    for method in (largest_remainder, webster):
        got = method(demand, seats, least=least)
        assert sum(got) == seats
        if seats >= least * len(demand) and any(demand):
            assert min(got) >= least
            pairs = list(zip(demand, got, strict=True))
            assert all(a >= b for x, a in pairs for y, b in pairs if x > y)


@given(demand=DEMANDS.filter(any), seats=st.integers(1, 30))
def test_no_seat_under_webster_is_worth_more_elsewhere(demand: list[int], seats: int) -> None:
    """The least divisor at which a seat was given is no less than any at which the next one would be."""
    got = webster(demand, seats)
    given_at = [Fraction(d, 2 * b - 1) for d, b in zip(demand, got, strict=True) if b > 0]
    next_at = [Fraction(d, 2 * a + 1) for d, a in zip(demand, got, strict=True)]
    assert min(given_at) >= max(next_at)
