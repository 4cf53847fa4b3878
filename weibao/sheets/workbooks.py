"""Write workbooks: templates with lists to choose from, rows that go out, faults marked in what was sent.

Every text is written as text: Excel would run one that begins with = + - @ as a formula.
"""

from collections.abc import Iterable, Mapping
from datetime import date, time
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from weibao.sheets import cells
from weibao.sheets.cells import Shown, in_chinese
from weibao.sheets.intake import MARK_HEADING
from weibao.sheets.layout import MARK, Column, Exported, Intake, Layout, Leaf, Mark

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROOM = 2_000
"""How many rows of a template have lists to choose from."""
_HEAD = PatternFill("solid", fgColor="DCE6F1")
_WRONG = PatternFill("solid", fgColor="FFC7CE")
_LISTS, _NOTES = "选项", "填写说明"
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def put(cell: Cell | MergedCell, value: Shown) -> None:
    """Write a value; a text stays a text whatever it begins with, and what cannot stand in a file is left out."""
    if isinstance(value, str):
        text = "".join(letter for letter in value if letter >= " " or letter in "\n\t")
        cell.value = text or None
        if text:
            cell.data_type = "s"
        if text.startswith(_RISKY):
            cell.quotePrefix = True  # Excel itself then marks it as text, also after it has been edited
        cell.number_format = "@"
        return
    cell.value = value
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, time):
        cell.number_format = "hh:mm"


def template(layout: Layout) -> bytes:
    """An empty file with one example row in each sheet."""
    example = [[{column.name: column.example for column in leaf.columns}] for leaf in layout.leaves]
    return content_of(_book(layout, example, example=True))


def filled(layout: Layout, rows: Exported) -> bytes:
    """A file of rows, to change and send back."""
    return content_of(_book(layout, rows))


def marked(layout: Layout, intake: Intake, faults: Iterable[Mark]) -> bytes:
    """What was sent, as it was typed and in the same rows, with each wrong cell coloured and the reason beside it."""
    book = _book(layout, [[] for _leaf in layout.leaves])
    for leaf, lines in zip(layout.leaves, intake.lines, strict=True):
        sheet = book[in_chinese(leaf.title)]
        for line in lines:
            sent = {MARK: line.mark, **{name: cells.shown(cell) for name, cell in line.sent.items()}}
            _row(sheet, leaf, line.number, sent, example=False)
        for fault in faults:
            if fault.number is not None and any(line.sheet == fault.sheet for line in lines):
                _colour(sheet, leaf, fault.number, fault)
    return content_of(book)


def table(title: str, head: Iterable[Shown], rows: Iterable[Iterable[Shown]]) -> bytes:
    """A plain table, to print or to fill in outside."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(title)
    for number, line in enumerate([head, *rows], start=1):
        for place, value in enumerate(line, start=1):
            put(sheet.cell(number, place), value)
            sheet.cell(number, place).font = Font(bold=number == 1)
            sheet.column_dimensions[get_column_letter(place)].width = 20
    return content_of(book)


def _colour(sheet: Worksheet, leaf: Leaf, number: int, fault: Mark) -> None:
    column = leaf.column(fault.name)
    cell = sheet[f"{leaf.letter(column) if column else 'B'}{number}"]
    told = [cell.comment.text] if cell.comment else []
    cell.fill = _WRONG
    cell.comment = Comment("\n".join([*told, " ".join(part for part in (fault.reason, fault.law) if part)]), "weibao")


def _book(layout: Layout, rows: Exported, *, example: bool = False) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for leaf, lines in zip(layout.leaves, rows, strict=True):
        sheet = book.create_sheet(in_chinese(leaf.title))
        _head(sheet, leaf)
        for number, line in enumerate(lines, start=2):
            _row(sheet, leaf, number, line, example=example)
    _notes(book.create_sheet(_NOTES), layout)
    lists = book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    for leaf in layout.leaves:
        _offer(book[in_chinese(leaf.title)], lists, leaf)
    return book


def _head(sheet: Worksheet, leaf: Leaf) -> None:
    sheet.freeze_panes = "C2"
    put(sheet.cell(1, 1), MARK_HEADING)
    sheet.column_dimensions["A"].hidden = True
    for place, column in enumerate(leaf.columns, start=2):
        cell = sheet.cell(1, place)
        put(cell, in_chinese(column.word) + ("*" if column.required else ""))
        cell.font, cell.fill = Font(bold=True), _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = column.width


def _row(sheet: Worksheet, leaf: Leaf, number: int, line: Mapping[str, Shown], *, example: bool) -> None:
    put(sheet.cell(number, 1), line.get(MARK))
    for place, column in enumerate(leaf.columns, start=2):
        cell = sheet.cell(number, place)
        put(cell, line.get(column.name))
        if example:
            cell.font = Font(italic=True, color="808080")


def _offer(sheet: Worksheet, lists: Worksheet, leaf: Leaf) -> None:
    for column in leaf.columns:
        letter = leaf.letter(column)
        _keep_as_text(sheet, column, letter)
        if not column.offers or column.several:
            continue
        place = lists.max_column + (1 if lists.cell(1, 1).value else 0)
        for number, word in enumerate(column.offers, start=1):
            put(lists.cell(number, place), word)
        source = get_column_letter(place)
        rule = DataValidation(
            type="list", formula1=f"{_LISTS}!${source}$1:${source}${len(column.offers)}", allow_blank=True
        )
        rule.showErrorMessage = True
        sheet.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}{ROOM + 1}")


def _keep_as_text(sheet: Worksheet, column: Column, letter: str) -> None:
    """Long numbers keep their digits only in cells of text."""
    if isinstance(column.example, str):
        sheet.column_dimensions[letter].number_format = "@"


def _notes(sheet: Worksheet, layout: Layout) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 90
    number = 1
    for note in layout.notes:
        put(sheet.cell(number, 1), in_chinese(note))
        number += 1
    for leaf in layout.leaves:
        number += 1
        put(sheet.cell(number, 1), in_chinese(leaf.title))
        sheet.cell(number, 1).font = Font(bold=True)
        for column in leaf.columns:
            number += 1
            put(sheet.cell(number, 1), in_chinese(column.word) + ("*" if column.required else ""))
            put(sheet.cell(number, 2), " ".join(part for part in (_hint(column), in_chinese(column.law)) if part))


def _hint(column: Column) -> str:
    words = "、".join(column.offers[:40])
    return " ".join(part for part in (in_chinese(column.hint), words) if part)


def content_of(book: Workbook) -> bytes:
    """A workbook as the bytes of its file."""
    held = BytesIO()
    book.save(held)
    return held.getvalue()
