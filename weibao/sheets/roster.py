"""A published roster as a workbook: days, villages and people, and nothing of any child."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from weibao import i18n
from weibao.board import Notice
from weibao.say import _
from weibao.sheets.workbooks import content_of, put

_WIDTHS = (14, 9, 9, 22, 34, 40)


def workbook(notices: Sequence[Notice]) -> bytes:
    """One sheet by day, one by person, one by village."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _sheet(book, _("By day"), "", [("", notices)])
    _sheet(book, _("By person"), _("Person"), _by(notices, lambda line: line.people))
    _sheet(book, _("By village"), "", _by(notices, lambda line: (line.village,)))
    return content_of(book)


def _by(notices: Iterable[Notice], keys: Callable[[Notice], tuple[str, ...]]) -> list[tuple[str, list[Notice]]]:
    found: dict[str, list[Notice]] = defaultdict(list)
    for line in notices:
        for key in keys(line):
            found[key].append(line)
    return sorted(found.items())


def _sheet(book: Workbook, title: str, first: str, groups: Sequence[tuple[str, Sequence[Notice]]]) -> None:
    sheet = book.create_sheet(title)
    heads = [_("Day"), _("From"), _("Until"), _("Village"), _("Work"), _("People")]
    columns = [first, *heads] if first else heads
    for place, head in enumerate(columns, start=1):
        put(sheet.cell(1, place), head)
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = ((16, *_WIDTHS) if first else _WIDTHS)[place - 1]
    sheet.freeze_panes = "A2"
    rows = ((key, line) for key, lines in groups for line in lines)
    for number, (key, line) in enumerate(rows, start=2):
        for place, value in enumerate([key, *_cells(line)] if first else _cells(line), start=1):
            put(sheet.cell(number, place), value)


def _cells(line: Notice) -> list[str]:
    people = "、".join(line.people) or _("Nobody")
    return [i18n.day(line.day), i18n.clock(line.starts_at), i18n.clock(line.ends_at), line.village, line.work, people]
