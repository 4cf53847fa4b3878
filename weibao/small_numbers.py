"""Small counts of children are not shown exactly where a child could be recognised by them.

Cells of 1 to 4 become "<5". Where a total would still give them away, one more cell becomes "≥5" (primary and secondary
suppression, as official statistics do it). Where there is nothing to hide behind, "*" tells nothing at all.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import inf

THRESHOLD = 5
SMALL, HIDDEN, UNTOLD = f"<{THRESHOLD}", f"≥{THRESHOLD}", "*"


def is_small(count: int) -> bool:
    """Whether a count is told only as a range."""
    return 0 < count < THRESHOLD


def shown(counts: Sequence[int]) -> list[str]:
    """The cells of a column whose total is known to the reader.

    Where no larger cell is there to hide behind, the small ones are not told at all, and neither is the smallest other.
    """
    hides = [is_small(count) for count in counts]
    small = [count for count in counts if is_small(count)]
    words = [SMALL if hidden else str(count) for count, hidden in zip(counts, hides, strict=True)]
    if not _is_given_away(small):
        return words
    second = _second(counts, small)
    if second is not None:
        words[second] = HIDDEN
        return words
    others = [(count, place) for place, count in enumerate(counts) if not hides[place]]
    behind = {min(others)[1]} if others else set()
    return [UNTOLD if hides[place] or place in behind else word for place, word in enumerate(words)]


def _is_given_away(small: list[int]) -> bool:
    """Whether the sum of the hidden cells leaves them no choice: one alone, all 1, or all 4."""
    return len(small) == 1 or (bool(small) and sum(small) in {len(small), (THRESHOLD - 1) * len(small)})


def _second(counts: Sequence[int], small: list[int]) -> int | None:
    """Place of the smallest larger cell that leaves the hidden ones a choice, if there is one."""
    fits = [(n, place) for place, n in enumerate(counts) if n >= THRESHOLD and sum(small) + n > len(small) + THRESHOLD]
    return min(fits)[1] if fits else None


@dataclass(frozen=True, kw_only=True)
class Told:
    """The words of a table: its cells by line, and the totals of its columns."""

    cells: list[list[str]]
    totals: list[str]


def told_table(rows: Sequence[Sequence[int]]) -> Told:
    """What is told of a table whose line totals, and their sum, are known to the reader; its columns have totals too.

    Beside the small cells, others become "≥5" until no hidden cell's value follows from the totals: for each there is
    another table of the same totals and ranges in which it differs (found by a cycle of +1 and -1 steps; Gusfield,
    A graph theoretic approach to statistical data security, SIAM J. Comput. 17, 1988). Small totals of columns are
    hidden and protected alike. Where a table is too poor for that, whole lines become "*", the totals' line among them.
    """
    table = _Table(rows)
    table.protect(range(len(rows[0]) if rows else 0))
    return table.told()


def told_parts(parts: Sequence[int], wholes: Sequence[int]) -> Told:
    """What is told of a column of parts whose wholes are known: of a township's open files, those of a category.

    It is a table of two columns, the second of which nobody is told: a part is at most its whole, and the reader knows.
    """
    table = _Table([[part, whole - part] for part, whole in zip(parts, wholes, strict=True)])
    table.untold |= {(row, 1) for row in range(len(table.rows))}
    table.protect([0])
    told = table.told()
    return Told(cells=[line[:1] for line in told.cells], totals=told.totals[:1])


def told_groups(groups: Sequence[Sequence[int]], wholes: Sequence[int]) -> Told:
    """What is told of groups that may overlap: of a township's open files, those of each category.

    The reader knows the wholes, that no group is greater than its whole, and that everybody is in one group at least:
    a township of eight files with two groups of "<5" has four in each. What the groups have in common is a column that
    nobody is told, and that is counted against the others of its line as a total is against its column.
    """
    width = len(groups[0]) if groups else 0
    rows = [[*row, sum(row) - whole] for row, whole in zip(groups, wholes, strict=True)]
    table = _Table(rows, against=width, wholes=wholes)
    table.protect(range(width))
    told = table.told()
    return Told(cells=[line[:-1] for line in told.cells], totals=told.totals[:-1])


def told_visits(due: Sequence[int], covered: Sequence[int], children: Sequence[int]) -> tuple[list[str], list[str]]:
    """What is told of the visits of some villages and of those of them that are rostered, whose totals are known.

    Small counts hide in villages of few children. The reader knows that no more are rostered than are due.
    """
    rows = [[part, whole - part, whole] for part, whole in zip(covered, due, strict=True)]
    table = _Table(rows, against=2, untold=[1], children=children)
    table.protect([0, 2])
    cells = table.told().cells
    return [line[2] for line in cells], [line[0] for line in cells]


def told_counts(counts: Sequence[int], children: Sequence[int]) -> list[str]:
    """What is told of visits of some villages whose total is known; small counts hide in villages of few children."""
    table = _Table([[count, count] for count in counts], against=1, untold=[1], children=children)
    table.protect([0])
    return [line[0] for line in table.told().cells]


Place = tuple[int, int]


class _Table:
    """The counts with the totals of the columns as the last line, and the places whose count is not told.

    A total is a cell that is counted against the others of its column: one more of it is one less of theirs. The
    column ``against`` is counted so against the others of its line. With ``wholes`` no count is greater than its
    line's. With ``children`` the lines are villages: their totals are known, and small counts hide where children are
    few. The columns ``untold`` are told nowhere; by default that ``against`` the others.
    """

    def __init__(
        self,
        rows: Sequence[Sequence[int]],
        *,
        against: int | None = None,
        untold: Collection[int] | None = None,
        wholes: Sequence[int] | None = None,
        children: Sequence[int] | None = None,
    ) -> None:
        self.rows: list[Sequence[int]] = [*rows, [sum(column) for column in zip(*rows, strict=True)]]
        self.last, self.against = len(rows), against
        self.wholes = None if wholes is None else [*wholes, sum(wholes)]
        self.covers: set[Place] = set()
        few = [True] * (self.last + 1) if children is None else [*map(is_small, children), False]
        self.lines = [any(line) for line in self.rows] if children is None else [*map(bool, children), False]
        """Those of which a reader does not know at once that there is nothing in them."""
        self.columns: set[int | None] = {against} if untold is None else {*untold}
        self.untold = {(r, c) for c in self.columns if c is not None for r in range(self.last + (children is None))}
        self.hideable = range(self.last if children is not None else self.last + 1)
        self.small = {
            (r, c)
            for r, row in enumerate(self.rows)
            for c, count in enumerate(row)
            if few[r] and is_small(count) and c not in self.columns
        }

    @property
    def hidden(self) -> set[Place]:
        """Every place whose count is not told exactly."""
        return self.small | self.covers | self.untold

    def protect(self, columns: Iterable[int]) -> None:
        """Hide more, until no small or untold count of these columns follows from what is told."""
        watched = set(columns)
        for place in sorted(place for place in self.small if place[1] in watched):
            self._cover(place)
        for lines in self._retreats(watched):
            self.untold |= {(line, c) for line in lines for c in range(len(self.rows[line]))}

    def _cover(self, place: Place) -> None:
        """Hide more until the cell is protected, and tell again what it can do without."""
        added: list[Place] = []
        while not self.is_protected(place):
            cover = self.next_cover(place)
            if cover is None:
                return
            self.covers.add(cover)
            added.append(cover)
        for cover in added[:-1]:
            self.covers.discard(cover)
            if not self.is_protected(place):
                self.covers.add(cover)

    def _retreats(self, watched: set[int]) -> Iterable[Iterable[int]]:
        """Lines to tell nothing of, while a count is not protected: its own, then the totals, then others with any."""
        while loose := self._loose(watched):
            yield sorted({row for row, _column in loose} - {self.last})
            if self._loose(watched) and self.last in self.hideable:
                yield [self.last]
            others = (row for row, has_any in enumerate(self.lines) if has_any)
            for row in sorted(others, key=lambda row: (sum(self.rows[row]), row)):
                if not self._loose(watched):
                    break
                yield [row]
            else:
                return

    def _loose(self, watched: set[int]) -> list[Place]:
        """Counts that follow from what is told; that a line without any has none is known and no secret."""
        places = (place for place in self.small | self.untold if place[1] in watched and self.lines[place[0]])
        return [place for place in sorted(places) if not self.is_protected(place)]

    def told(self) -> Told:
        """The table in words."""
        words = [[self._word((r, c)) for c in range(len(row))] for r, row in enumerate(self.rows)]
        return Told(cells=words[:-1], totals=words[-1])

    def _word(self, place: Place) -> str:
        count = self.rows[place[0]][place[1]]
        if place in self.untold:
            return UNTOLD
        if place in self.small:
            return SMALL
        return HIDDEN if place in self.covers else str(count)

    def is_protected(self, place: Place) -> bool:
        """Whether the cell could be one more, or one less, with every total as it is."""
        return self._turns(place, up=True) or self._turns(place, up=False)

    def _turns(self, place: Place, *, up: bool) -> bool:
        """Whether steps through other hidden cells, the ways taking turns, lead from the cell's column to its row."""
        if not self._moves(place, up=up):
            return False
        in_column, in_row = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
        for r, c in self.hidden - {place}:
            if self._moves((r, c), up=not up):
                in_column[c].append(r)
            if self._moves((r, c), up=up):
                in_row[r].append(c)
        rows, columns, queue = set[int](), {place[1]}, [place[1]]
        while queue:
            for row in in_column[queue.pop()]:
                if row == place[0]:
                    return True
                if row not in rows:
                    rows.add(row)
                    further = set(in_row[row]) - columns
                    columns |= further
                    queue += further
        return False

    def _moves(self, place: Place, *, up: bool) -> bool:
        """Whether a hidden count may change that way within the range that is told."""
        count = self.rows[place[0]][place[1]]
        if (place[0] == self.last) != (place[1] == self.against):
            up = not up
        most = self._most(place)
        if place in self.untold:
            return count < most if up else count > 0
        if is_small(count):
            return count < min(most, THRESHOLD - 1) if up else count > 1
        return count < most if up else count > THRESHOLD

    def _most(self, place: Place) -> float:
        """The greatest count that the reader thinks possible."""
        return inf if self.wholes is None or place[1] == self.against else self.wholes[place[0]]

    def next_cover(self, place: Place) -> Place | None:
        """The smallest larger cell that is told: first in the row and column, then where it would close a cycle."""
        hidden = self.hidden
        told = [
            (r == self.last, count == THRESHOLD, count, (r, c))
            for r, row in enumerate(self.rows)
            for c, count in enumerate(row)
            if count >= THRESHOLD and (r, c) not in hidden and r in self.hideable and c not in self.columns
        ]
        reach_rows = {r for r, c in hidden if c == place[1]} | {place[0]}
        reach_columns = {c for r, c in hidden if r == place[0]} | {place[1]}
        near = [one for one in told if one[3][0] in reach_rows or one[3][1] in reach_columns]
        return min(near or told)[3] if told else None
