from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from weibao.small_numbers import HIDDEN, SMALL, shown, shown_table


def test_one_to_four_are_told_as_a_range_and_others_exactly() -> None:
    assert shown([0, 1, 3, 12]) == ["0", SMALL, SMALL, "12"]


def test_a_lone_small_number_takes_a_second_cell_with_it() -> None:
    # The total is 19: with 12 and 5 told exactly, the hidden one could only be 2.
    assert shown([2, 12, 5]) == [SMALL, "12", HIDDEN]


def test_numbers_that_their_sum_gives_away_take_a_second_cell_with_them() -> None:
    # Two hidden cells that sum to 2 are both 1; with 5 hidden too the sum 7 would still leave them no choice, 6 does.
    assert shown([1, 1, 5, 6]) == [SMALL, SMALL, "5", HIDDEN]
    assert shown([4, 4, 9]) == [SMALL, SMALL, HIDDEN]


def _ways(cells: list[str], total: int) -> list[set[int]]:
    """Every value that each hidden cell could have, for a reader who knows the total."""
    ranges = {SMALL: range(1, 5), HIDDEN: range(5, total + 1)}
    options = [ranges.get(cell) or [int(cell)] for cell in cells]
    fitting = [way for way in product(*options) if sum(way) == total]
    return [set(values) for values in zip(*fitting, strict=True)]


@given(counts=st.lists(st.integers(0, 9), min_size=1, max_size=5))
def test_no_small_number_can_be_worked_out_from_the_total(counts: list[int]) -> None:
    assume(max(counts) >= 6)  # a larger cell is needed to hide behind

    cells = shown(counts)

    possible = _ways(cells, sum(counts))
    assert all(len(values) > 1 for cell, values in zip(cells, possible, strict=True) if cell == SMALL)


def possible_tables(rows: list[list[int]], shown: list[list[str]]) -> list[list[list[int]]]:
    """Every table that a reader of the cells and of the totals must think possible; by brute force, counts up to 9."""
    ranges = [
        [range(1, 5) if word == "<5" else range(5, 10) if word == "≥5" else [int(word)] for word in line]
        for line in shown
    ]
    width = len(rows[0])
    return [
        [list(flat[i : i + width]) for i in range(0, len(flat), width)]
        for flat in product(*(cell for line in ranges for cell in line))
        if all(sum(flat[i * width : (i + 1) * width]) == sum(row) for i, row in enumerate(rows))
        and all(sum(flat[c::width]) == sum(row[c] for row in rows) for c in range(width))
    ]


def test_table_with_known_row_and_column_totals_gives_no_small_cell_away() -> None:
    """A small cell alone would follow from its row; with three larger ones hidden it may be 1 or 2."""
    rows = [[2, 7, 9], [8, 6, 9], [9, 9, 9]]
    assert shown_table(rows) == [["<5", "≥5", "9"], ["≥5", "≥5", "9"], ["9", "9", "9"]]


def test_table_without_small_cells_and_zeros_is_told_as_it_is() -> None:
    assert shown_table([[5, 0], [0, 12]]) == [["5", "0"], ["0", "12"]]


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(st.sampled_from([0, 1, 2, 4, 6, 8]), min_size=2, max_size=2), min_size=3, max_size=3))
def test_no_small_cell_is_the_same_in_every_possible_table_unless_everything_is_hidden(rows: list[list[int]]) -> None:
    shown = shown_table(rows)
    tables = possible_tables(rows, shown)
    assert rows in tables
    for r, line in enumerate(shown):
        for c, word in enumerate(line):
            if word == "<5" and len({table[r][c] for table in tables}) == 1:
                assert all(
                    w != str(n) or n == 0
                    for row, ws in zip(rows, shown, strict=True)
                    for n, w in zip(row, ws, strict=True)
                )
