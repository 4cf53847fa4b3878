"""The county's indicators of a month as a workbook that can be sent upwards: numbers, and what each means."""

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from weibao.say import _
from weibao.sheets.workbooks import content_of, put


def workbook(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], meanings: Sequence[tuple[str, str]]
) -> bytes:
    """One sheet of numbers under a title, one of definitions; a count that is told as a range stays a text."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(_("Indicators"))
    put(sheet.cell(1, 1), title)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    for place, head in enumerate(heads, start=1):
        cell = sheet.cell(3, place)
        put(cell, head)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(place)].width = 16 if place == 1 else 11
    for number, row in enumerate(rows, start=4):
        for place, word in enumerate(row, start=1):
            put(sheet.cell(number, place), int(word) if word.isdecimal() and place > 1 else word)
    sheet.freeze_panes = "B4"
    notes = book.create_sheet(_("Definitions"))
    for number, (word, meaning) in enumerate(meanings, start=1):
        put(notes.cell(number, 1), word)
        put(notes.cell(number, 2), meaning)
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 28, 90
    return content_of(book)
