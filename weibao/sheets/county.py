"""The county's indicators as a workbook that can be sent upwards: numbers, and what each means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from weibao.say import _
from weibao.sheets.cells import Shown
from weibao.sheets.workbooks import content_of, put

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table of a workbook, in words; the first column names the line."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def workbook(title: str, as_of: str, sheets: Sequence[Sheet], meanings: Sequence[tuple[str, str]]) -> bytes:
    """Sheets of numbers under a title and its day, and one of definitions; a count told as a range is a text."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for one in sheets:
        _fill(book, title, as_of, one)
    notes = book.create_sheet(_("Definitions"))
    for number, (word, meaning) in enumerate(meanings, start=1):
        put(notes.cell(number, 1), word)
        put(notes.cell(number, 2), meaning)
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 28, 90
    return content_of(book)


def _fill(book: Workbook, title: str, as_of: str, one: Sheet) -> None:
    sheet = book.create_sheet(one.name)
    put(sheet.cell(1, 1), title)
    put(sheet.cell(2, 1), as_of)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    for place, head in enumerate(one.heads, start=1):
        cell = sheet.cell(3, place)
        put(cell, head)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(place)].width = 16 if place == 1 else 11
    for number, row in enumerate(one.rows, start=4):
        for place, word in enumerate(row, start=1):
            value, cell = _value(word) if place > 1 else word, sheet.cell(number, place)
            put(cell, value)
            if isinstance(value, float):
                cell.number_format = "0.0"
    sheet.freeze_panes = "B4"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _value(word: str) -> Shown:
    """A number where the word is one."""
    plain = word.removeprefix("±")
    if not _NUMBER.fullmatch(plain):
        return word
    return float(plain) if "." in plain else int(plain)
