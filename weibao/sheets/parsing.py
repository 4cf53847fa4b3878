"""Have a workbook read by a process of its own, within limits of size, time and memory."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from weibao import apart

MOST_BYTES = 5 * 1024 * 1024
SECONDS = 20
MOST_ANSWER_BYTES = 24 * 1024 * 1024
_PARSER = Path(__file__).with_name("parser.py")

REASONS: dict[str, LazyString] = {
    "empty": _l("Choose a file."),
    "size": _l("The file is larger than 5 MB."),
    "unreadable": _l("This is not an Excel workbook (.xlsx), or it is damaged. Save it as .xlsx and try again."),
    "inflated": _l("The file inflates to more than 40 MB. Take out pictures and empty formatted rows."),
    "locked": _l("The file is locked with a password. Take the password off first."),
    "macros": _l("The file holds macros. Save it as .xlsx, without them."),
    "sheets": _l("The file has more than 8 sheets."),
    "rows": _l("A sheet has more than 2,000 rows. Split it into several files."),
    "columns": _l("A sheet has more than 60 columns. Use the template."),
    "text": _l("A cell holds more than 1,000 characters."),
    "memory": _l("The file needs too much memory. Use the template, and split it into several files."),
    "time": _l("The file takes too long to read. Use the template, and split it into several files."),
}


class FileError(apart.NotTakenError):
    """A file that is not read."""

    reasons = REASONS


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet as it was sent: row numbers as Excel shows them, cells as ``parser.plain`` tells them."""

    name: str
    rows: tuple[tuple[int, tuple[Any, ...]], ...]


def parse(content: bytes) -> list[Sheet]:
    """The cells of a workbook.

    Raises:
        FileError: it is not a workbook, or goes beyond a limit.

    """
    most = MOST_ANSWER_BYTES
    return sheets_of(apart.run(_PARSER, content, FileError, largest=MOST_BYTES, seconds=SECONDS, most=most))


def sheets_of(answer: bytes) -> list[Sheet]:
    """The sheets of the parser's answer."""
    told = json.loads(answer)
    return [
        Sheet(name=sheet["name"], rows=tuple((number, tuple(cells)) for number, cells in sheet["rows"]))
        for sheet in told["sheets"]
    ]


def answer_of(sheets: list[Sheet]) -> bytes:
    """The sheets in the parser's own form, for keeping."""
    return json.dumps({"sheets": [{"name": sheet.name, "rows": sheet.rows} for sheet in sheets]}).encode()
