"""From the cells of a file to lines by the columns of a layout, with every cell that cannot be read told."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from openpyxl.utils import get_column_letter

from weibao.sheets import cells
from weibao.sheets.cells import CellError
from weibao.sheets.layout import MARK, Column, Intake, Layout, Leaf, Line, Mark
from weibao.sheets.parsing import Sheet

MARK_HEADING = "系统标识"


def take_in(layout: Layout, sheets: Sequence[Sheet]) -> Intake:
    """Read every leaf that the file has."""
    intake = Intake(lines=[[] for _leaf in layout.leaves])
    found = _matched(layout, sheets)
    if not any(found):
        intake.faults.append(
            Mark(reason=_("The sheets of the template are missing: %(names)s.", names=_titles(layout)))
        )
    for place, (leaf, sheet) in enumerate(zip(layout.leaves, found, strict=True)):
        if sheet is not None:
            intake.lines[place] = _leaf(leaf, sheet, intake)
    if any(found) and not any(intake.lines) and not intake.faults:
        intake.faults.append(Mark(reason=_("There is no row to take in; the example does not count.")))
    return intake


def _titles(layout: Layout) -> str:
    return "、".join(cells.in_chinese(leaf.title) for leaf in layout.leaves)


def _matched(layout: Layout, sheets: Sequence[Sheet]) -> list[Sheet | None]:
    """The sheet of each leaf, by title; a file of one sheet may call it anything."""
    by_title = {sheet.name.strip(): sheet for sheet in sheets}
    found = [by_title.get(cells.in_chinese(leaf.title)) for leaf in layout.leaves]
    if not any(found) and len(layout.leaves) == 1 and len(sheets) == 1:
        return [sheets[0]]
    return found


def _leaf(leaf: Leaf, sheet: Sheet, intake: Intake) -> list[Line]:
    if not sheet.rows:
        return []
    (number, headings), rows = sheet.rows[0], sheet.rows[1:]
    columns = _columns(leaf, sheet.name, number, headings, intake)
    lines = (_line(leaf, sheet.name, number, row, columns, intake) for number, row in rows)
    return [line for line in lines if line is not None]


def _columns(leaf: Leaf, sheet: str, number: int, headings: Sequence[Any], intake: Intake) -> dict[int, Column | None]:
    """The column of each place in a row; None is the hidden mark."""
    by_word = {cells.in_chinese(column.word): column for column in leaf.columns}
    found: dict[int, Column | None] = {}
    for place, cell in enumerate(headings):
        word = cells.shown(cell).rstrip("*＊ ")
        if word == MARK_HEADING:
            found[place] = None
        elif word in by_word and by_word[word] not in found.values():
            found[place] = by_word[word]
        elif word:
            reason = _("The template has no such column, or it stands twice.")
            address = f"{get_column_letter(place + 1)}{number}"
            intake.faults.append(Mark(sheet=sheet, address=address, heading=word, shown=word, reason=reason))
    for column in leaf.columns:
        if column.required and column not in found.values():
            heading, reason = cells.in_chinese(column.word), _("This column is missing.")
            intake.faults.append(Mark(sheet=sheet, address=str(number), heading=heading, reason=reason))
    return found


def _line(
    leaf: Leaf, sheet: str, number: int, row: Sequence[Any], columns: Mapping[int, Column | None], intake: Intake
) -> Line | None:
    facts: dict[str, Any] = {}
    sent: dict[str, Any] = {}
    faults: list[Mark] = []
    letters = {column.name: get_column_letter(place + 1) for place, column in columns.items() if column is not None}
    line = Line(sheet=sheet, number=number, mark=_mark(row, columns), facts=facts, sent=sent, letters=letters)
    for place, cell in enumerate(row):
        if cells.is_empty(cell):
            continue
        if place not in columns:
            reason = _("This value stands under no heading of the template.")
            address = f"{get_column_letter(place + 1)}{number}"
            faults.append(Mark(sheet=sheet, address=address, reason=reason, number=number))
        elif (column := columns[place]) is not None:
            sent[column.name] = cell
            faults += _read(line, facts, column, cell)
    if not sent and not faults:
        return None
    if not faults and leaf.is_example(facts):
        intake.examples += 1
        return None
    faults += [
        fault_of(line, leaf, column.name, _("This must be filled in."))
        for column in leaf.columns
        if column.required and column.name not in sent and column.name in letters
    ]
    intake.faults += faults
    return line


def _read(line: Line, facts: dict[str, Any], column: Column, cell: Any) -> list[Mark]:
    try:
        facts[column.name] = column.read(cell)
    except CellError as error:
        return [_fault(line, column, str(error.reason))]
    return []


def _mark(row: Sequence[Any], columns: Mapping[int, Column | None]) -> str | None:
    place = next((place for place, column in columns.items() if column is None), None)
    cell = row[place] if place is not None and place < len(row) else None
    return cell if isinstance(cell, str) and cell != MARK else None


def fault_of(line: Line, leaf: Leaf, name: str | None, reason: str) -> Mark:
    """A fault of a line, at the cell of a fact, or at the row when the fact has no cell."""
    column = leaf.column(name or "")
    if column is None:
        return Mark(sheet=line.sheet, address=str(line.number), reason=reason, number=line.number)
    return _fault(line, column, reason)


def _fault(line: Line, column: Column, reason: str) -> Mark:
    letter = line.letters.get(column.name, "")
    return Mark(
        sheet=line.sheet,
        address=f"{letter}{line.number}",
        heading=cells.in_chinese(column.word),
        shown="" if column.secret else cells.shown(line.sent.get(column.name)),
        reason=reason,
        law=str(column.law),
        number=line.number,
        name=column.name,
    )
