from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from weibao.small_numbers import HIDDEN, SMALL, UNTOLD, Told, shown, told_counts, told_parts, told_table


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
    ranges = {SMALL: range(1, 5), HIDDEN: range(5, total + 1), UNTOLD: range(total + 1)}
    options = [ranges.get(cell) or [int(cell)] for cell in cells]
    fitting = [way for way in product(*options) if sum(way) == total]
    return [set(values) for values in zip(*fitting, strict=True)]


@given(counts=st.lists(st.integers(0, 9), min_size=2, max_size=5))
def test_no_small_number_can_be_worked_out_from_the_total(counts: list[int]) -> None:
    cells = shown(counts)
    possible = _ways(cells, sum(counts))
    assert all(len(values) > 1 for cell, values in zip(cells, possible, strict=True) if cell in {SMALL, UNTOLD})


def test_small_numbers_without_anything_larger_hide_behind_the_smallest_other() -> None:
    assert shown([3, 0, 0]) == [UNTOLD, UNTOLD, "0"]
    assert shown([1, 5]) == [UNTOLD, UNTOLD]


def test_visits_are_hidden_where_children_are_few_and_told_where_they_are_many() -> None:
    """Of villages with three, two and twelve children; a zero that is no help to a hidden number is told."""
    assert told_counts([3, 2, 4], [3, 2, 12]) == [SMALL, SMALL, "4"]
    assert told_counts([1, 0, 6], [3, 2, 12]) == [SMALL, "0", HIDDEN]
    assert told_counts([0, 0, 4], [3, 2, 12]) == ["0", "0", "4"]


def test_table_with_known_row_and_column_totals_gives_no_small_cell_away() -> None:
    """A small cell alone would follow from its row; with three larger ones hidden it may be 1 or 2."""
    rows = [[2, 7, 9], [8, 6, 9], [9, 9, 9]]
    assert told_table(rows).cells == [["<5", "≥5", "9"], ["≥5", "≥5", "9"], ["9", "9", "9"]]


def test_table_without_small_cells_and_zeros_is_told_as_it_is() -> None:
    assert told_table([[5, 0], [0, 12]]).cells == [["5", "0"], ["0", "12"]]


def fits(word: str, count: int) -> bool:
    """Whether a reader may think that a word stands for a count."""
    return {SMALL: 1 <= count <= 4, HIDDEN: count >= 5, UNTOLD: True}.get(word, word == str(count))


def readings(told: Told, lines: list[int]) -> list[list[tuple[int, ...]]]:
    """Every table, its totals last, that a reader of cells, totals and lines' sums must think possible: brute force."""
    width = len(told.totals)
    ways = [
        [way for way in product(range(total + 1), repeat=width) if sum(way) == total and all(map(fits, words, way))]
        for words, total in zip(told.cells, lines, strict=True)
    ]
    tables = ([*table, tuple(map(sum, zip(*table, strict=True)))] for table in product(*ways))
    return [table for table in tables if all(map(fits, told.totals, table[-1]))]


def given_away(told: Told, tables: list[list[tuple[int, ...]]]) -> list[tuple[int, int]]:
    """Places of numbers told as small, or not at all, that are the same in every table."""
    words = [*told.cells, told.totals]
    return [
        (r, c)
        for r, line in enumerate(words)
        for c, word in enumerate(line)
        if word in {SMALL, UNTOLD} and len({table[r][c] for table in tables}) == 1
    ]


COUNTS = st.sampled_from([0, 1, 2, 4, 5, 6])


@settings(max_examples=150, deadline=None)
@given(
    rows=st.one_of(
        st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=3),
        st.lists(st.tuples(COUNTS, COUNTS, COUNTS), min_size=1, max_size=2),
    )
)
def test_no_small_number_of_a_table_or_of_its_totals_can_be_worked_out(rows: list[tuple[int, ...]]) -> None:
    told = told_table(rows)
    tables = readings(told, [sum(row) for row in rows])
    assert [*rows, tuple(map(sum, zip(*rows, strict=True)))] in tables
    assert given_away(told, tables) == []


@settings(max_examples=150, deadline=None)
@given(column=st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=4))
def test_no_small_part_can_be_worked_out_from_the_others_the_total_and_the_wholes(
    column: list[tuple[int, int]],
) -> None:
    """A reader of the column of parts alone, who knows that no part is greater than its whole."""
    wholes = [part + rest for part, rest in column]
    told = told_parts([part for part, _rest in column], wholes)
    ways = [
        [(part,) for part in range(whole + 1) if fits(words[0], part)]
        for words, whole in zip(told.cells, wholes, strict=True)
    ]
    tables: list[list[tuple[int, ...]]] = [[*way, (sum(part for (part,) in way),)] for way in product(*ways)]
    tables = [table for table in tables if fits(told.totals[0], table[-1][0])]
    assert given_away(told, tables) == []


def test_only_child_of_a_township_is_told_in_no_group() -> None:
    """Of one open file "<5" would say that it is the one; of others it says what it should."""
    assert told_parts([1, 2, 30], [1, 20, 60]).cells[0] == [UNTOLD]
    assert told_parts([2, 3, 30], [2, 20, 60]).cells == [[SMALL], [SMALL], ["30"]]


def test_small_total_that_the_other_totals_give_away_takes_another_total_with_it() -> None:
    """100 files in all: with 20, 30 and 46 told, the first level's total could only be 4."""
    told = told_table([[4, 8, 15, 23], [0, 12, 15, 23]])
    assert (told.totals[0], told.totals.count(HIDDEN)) == (SMALL, 1)


def test_total_that_leaves_small_cells_no_choice_is_hidden_too() -> None:
    assert told_parts([4, 4], [40, 40]) == Told(cells=[[SMALL], [SMALL]], totals=[HIDDEN])


@given(rows=st.lists(st.tuples(*[st.integers(0, 60)] * 4), min_size=18, max_size=18))
@settings(max_examples=5, deadline=None)
def test_table_of_eighteen_townships_tells_every_number_that_need_not_hide(rows: list[tuple[int, ...]]) -> None:
    told = told_table(rows)
    assert sum(word == UNTOLD for line in told.cells for word in line) == 0
