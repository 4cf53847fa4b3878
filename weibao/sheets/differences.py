"""What a file would do, row by row: which rows are new, and which cells say something else than what is there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tenants.services.imports.run import Verdict
from weibao.sheets import cells
from weibao.sheets.cells import Shown
from weibao.sheets.layout import MARK, Column, Exported, Layout, Leaf, Line, as_cell

HIDDEN = "••••"
"""In place of what is sealed when it is taken in."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A cell: its heading, what is there now (empty: nothing, or not known), and what the file says."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A row that is added, or changes something; ``what`` is the cell that names it."""

    sheet: str
    number: int
    what: str
    is_new: bool
    changes: tuple[Change, ...]


def differences(
    layout: Layout, lines: Sequence[Line], verdicts: Sequence[Verdict], present: Exported
) -> tuple[Difference, ...]:
    """The rows of a file that do something, in its order; ``present`` is what is there, as it would be sent out."""
    leaf_of = {cells.in_chinese(leaf.title): leaf for leaf in layout.leaves}
    known = {row[MARK]: row for rows in present for row in rows}
    return tuple(
        _difference(leaf_of.get(line.sheet, layout.leaves[0]), line, known.get(line.mark, {}), verdict)
        for line, verdict in zip(lines, verdicts, strict=True)
        if verdict is not Verdict.SAME
    )


def _difference(leaf: Leaf, line: Line, known: Mapping[str, Shown], verdict: Verdict) -> Difference:
    return Difference(
        sheet=line.sheet,
        number=line.number,
        what=_name(leaf, line),
        is_new=verdict is Verdict.ADDED,
        changes=tuple(_changes(leaf, line, known)),
    )


def _name(leaf: Leaf, line: Line) -> str:
    open_ones = [column.name for column in leaf.columns if column.name in line.sent and not column.secret]
    first = leaf.named_by if leaf.named_by in open_ones else next(iter(open_ones), None)
    return cells.shown(line.sent[first]) if first else ""


def _changes(leaf: Leaf, line: Line, known: Mapping[str, Shown]) -> Iterator[Change]:
    for column in leaf.columns:
        if column.name not in line.sent:
            continue
        before, after = cells.shown(as_cell(known.get(column.name))), cells.shown(line.sent[column.name])
        if before != after:
            yield Change(heading=cells.in_chinese(column.word), before=before, after=_told(column, after))


def _told(column: Column, text: str) -> str:
    return HIDDEN if column.secret else text
