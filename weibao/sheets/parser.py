"""Run as a process of its own: read one workbook from standard input, write its cells as JSON to standard output.

It imports nothing of the program's, holds no key and no connection, and begins by limiting its own processor time,
memory and files, so that a file made to hurt ends this process alone. No formula is ever evaluated: one is told as
such. Ends with status 3 and one word on standard error when the file is refused.
"""

import json
import sys
import zipfile
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

MOST_INFLATED = 40 * 1024 * 1024
MOST_PARTS = 200
MOST_SHEETS = 8
MOST_ROWS = 2_001
MOST_COLUMNS = 60
MOST_TEXT = 1_000
CPU_SECONDS = 15
MEMORY_BYTES = 768 * 1024 * 1024
REFUSED = 3


class RefusedError(Exception):
    """The file is not read; the word says why."""


def check_archive(content: bytes) -> None:
    """Look at the archive's own figures before anything is inflated; a part that is longer than it says is cut there.

    Raises:
        RefusedError: it is no archive, or would inflate beyond the limits.

    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise RefusedError("unreadable") from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INFLATED:
        raise RefusedError("inflated")
    if any(part.flag_bits & 1 for part in parts):
        raise RefusedError("locked")
    if any(part.filename.endswith("vbaProject.bin") for part in parts):
        raise RefusedError("macros")


def plain(cell: Any) -> Any:
    """A cell as JSON: nothing, text, number, truth, or a mapping with day, clock, formula or fault."""
    value, kind = cell.value, cell.data_type
    if kind == "f":
        return {"formula": True}
    if kind == "e":
        return {"fault": str(value)[:20]}
    if isinstance(value, date | time):
        return moment(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if len(str(value)) > MOST_TEXT:
        raise RefusedError("text")
    return str(value)


def moment(value: date | time) -> dict[str, str]:
    """A day, a time, or both."""
    day = {"day": value.strftime("%Y-%m-%d")} if isinstance(value, date) else {}
    return {**day, "clock": value.strftime("%H:%M")} if isinstance(value, datetime | time) else day


def rows_of(sheet: Any) -> list[list[Any]]:
    """The rows that hold anything, each ``[number, cells]``; the sheet's own word on its size is not believed."""
    sheet.reset_dimensions()
    rows: list[list[Any]] = []
    for row in sheet.iter_rows():
        cells = [plain(cell) for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise RefusedError("columns")
        if len(rows) >= MOST_ROWS:
            raise RefusedError("rows")
        rows.append([next(cell.row for cell in row if cell.value is not None), cells])
    return rows


def parse(content: bytes) -> dict[str, Any]:
    """Every sheet's cells.

    Raises:
        RefusedError: the file is no workbook, or is larger than the limits.

    """
    check_archive(content)
    from openpyxl import load_workbook  # noqa: PLC0415 -- not before the archive has been looked at

    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        if len(book.worksheets) > MOST_SHEETS:
            raise RefusedError("sheets")
        return {"sheets": [{"name": sheet.title, "rows": rows_of(sheet)} for sheet in book.worksheets]}
    except (RefusedError, MemoryError):
        raise
    except Exception:
        raise RefusedError("unreadable") from None


def hold() -> None:
    """Limit this process; where the system knows no such limits (Windows), size, rows and the caller's clock hold."""
    try:
        import resource  # noqa: PLC0415 -- POSIX alone has it
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Read, parse, tell."""
    hold()
    try:
        json.dump(parse(sys.stdin.buffer.read()), sys.stdout, ensure_ascii=True)
    except RefusedError as refused:
        sys.stderr.write(str(refused))
        return REFUSED
    except (MemoryError, RecursionError):
        sys.stderr.write("memory")
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
