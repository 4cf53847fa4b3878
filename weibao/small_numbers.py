"""Small counts of children are not shown exactly where a child could be recognised by them.

Cells of 1 to 4 become "<5". Where the township's total would still give them away, one more cell becomes "≥5"
(primary and secondary suppression, as official statistics do it).
"""

from collections.abc import Sequence

THRESHOLD = 5
SMALL, HIDDEN = f"<{THRESHOLD}", f"≥{THRESHOLD}"


def is_small(count: int) -> bool:
    """Whether a count is told only as a range."""
    return 0 < count < THRESHOLD


def shown(counts: Sequence[int]) -> list[str]:
    """The cells of a column whose total is known to the reader."""
    small = [count for count in counts if is_small(count)]
    second = _second(counts, small) if _is_given_away(small) else None
    words = [SMALL if is_small(count) else str(count) for count in counts]
    if second is not None:
        words[second] = HIDDEN
    return words


def _is_given_away(small: list[int]) -> bool:
    """Whether the sum of the hidden cells leaves them no choice: one alone, all 1, or all 4."""
    return len(small) == 1 or (bool(small) and sum(small) in {len(small), (THRESHOLD - 1) * len(small)})


def _second(counts: Sequence[int], small: list[int]) -> int | None:
    """Place of the smallest larger cell that leaves the hidden ones a choice, if there is one."""
    fits = [(n, place) for place, n in enumerate(counts) if n >= THRESHOLD and sum(small) + n > len(small) + THRESHOLD]
    return min(fits)[1] if fits else None


def shown_table(rows: Sequence[Sequence[int]]) -> list[list[str]]:
    """The cells of a table whose row and column totals are all known to the reader.

    Beside the small cells, others become "≥5" until no hidden cell's value follows from the totals: for each there is
    another table of the same totals and ranges in which it differs (found by a cycle of +1 and -1 steps; Gusfield,
    A graph theoretic approach to statistical data security, SIAM J. Comput. 17, 1988). Where a table is too poor for
    that, every larger cell of the row or column is hidden.
    """
    table = _Table(rows)
    for place in sorted(table.hidden):
        while not table.is_protected(place):
            added = table.next_cover(place)
            if added is None:
                break
            table.hidden.add(added)
    return [
        [
            (SMALL if is_small(count) else HIDDEN) if (r, c) in table.hidden else str(count)
            for c, count in enumerate(row)
        ]
        for r, row in enumerate(rows)
    ]


class _Table:
    """The counts, and the places whose count is not told."""

    def __init__(self, rows: Sequence[Sequence[int]]) -> None:
        self.rows = rows
        self.hidden = {(r, c) for r, row in enumerate(rows) for c, count in enumerate(row) if is_small(count)}

    def is_protected(self, place: tuple[int, int]) -> bool:
        """Whether the cell could be one more, or one less, with every total as it is."""
        return self._turns(place, up=True) or self._turns(place, up=False)

    def _turns(self, place: tuple[int, int], *, up: bool) -> bool:
        """Whether steps through other hidden cells, the ways taking turns, lead from the cell's column to its row."""
        if not self._moves(place, up=up):
            return False
        rows, columns, queue = set[int](), {place[1]}, [place[1]]
        while queue:
            column = queue.pop()
            for row in {
                r for r, c in self.hidden if c == column and (r, c) != place and self._moves((r, c), up=not up)
            }:
                if row == place[0]:
                    return True
                if row not in rows:
                    rows.add(row)
                    further = {c for r, c in self.hidden if r == row and self._moves((r, c), up=up)} - columns
                    columns |= further
                    queue += further
        return False

    def _moves(self, place: tuple[int, int], *, up: bool) -> bool:
        """Whether a hidden count may change that way within the range that is told."""
        count = self.rows[place[0]][place[1]]
        least, most = (1, THRESHOLD - 1) if is_small(count) else (THRESHOLD, None)
        return (most is None or count < most) if up else count > least

    def next_cover(self, place: tuple[int, int]) -> tuple[int, int] | None:
        """The smallest larger cell that is told: first in the row and column, then where it would close a cycle."""
        told = [
            (count, (r, c))
            for r, row in enumerate(self.rows)
            for c, count in enumerate(row)
            if count >= THRESHOLD and (r, c) not in self.hidden
        ]
        reach_rows = {r for r, c in self.hidden if c == place[1]} | {place[0]}
        reach_columns = {c for r, c in self.hidden if r == place[0]} | {place[1]}
        near = [one for one in told if one[1][0] in reach_rows or one[1][1] in reach_columns]
        return min(near, key=lambda one: (one[0] == THRESHOLD, one))[1] if near else (min(told)[1] if told else None)
