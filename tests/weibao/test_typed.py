"""What addresses ask for is within what can be counted with."""

from datetime import date

import pytest

from weibao.typed import day_of, number_of


@pytest.mark.parametrize("text", [None, "", "heute", "2026-02-31", "0001-01-01", "1899-12-31", "9999-12-31"])
def test_what_is_no_day_of_a_calendar_is_none(text: str | None) -> None:
    assert day_of(text) is None


@pytest.mark.parametrize("text", ["2026-03-09", "2026-03-09T00:00:00+08:00"])
def test_a_day_is_read_with_or_without_its_time(text: str) -> None:
    assert day_of(text) == date(2026, 3, 9)


@pytest.mark.parametrize("text", ["", "x", "2147483648", "-2147483648", "9" * 5000])
def test_what_no_column_holds_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        number_of(text)


def test_the_largest_number_of_a_column_is_one() -> None:
    assert [number_of(text) for text in ("2147483647", "-2147483647", "07")] == [2147483647, -2147483647, 7]
