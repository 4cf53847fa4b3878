"""Files are read in a process of its own, within limits, and no formula is evaluated."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.sheets import saved, workbook
from weibao.sheets import parser, parsing
from weibao.sheets.parsing import FileError, parse


def refused(content: bytes) -> str:
    with pytest.raises(FileError) as told:
        parse(content)
    return told.value.word


def zipped(parts: dict[str, bytes]) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def test_cells_come_back_by_kind() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["姓名", None, 3, 2.5, True])
    sheet.append([])
    sheet["A3"] = "=1+1"
    sheet["B3"] = "#N/A"
    (read,) = parse(saved(book))
    assert read.rows == (
        (1, ("姓名", None, 3, 2.5, True)),
        (3, ({"formula": True}, {"fault": "#N/A"})),
    )


def test_what_is_no_workbook_is_refused_in_one_word() -> None:
    assert refused(b"") == "empty"
    assert refused(b"x" * (parsing.MOST_BYTES + 1)) == "size"
    assert refused(b"PK\x03\x04 nothing") == "unreadable"
    assert refused(zipped({"xl/workbook.xml": b"<a/>"})) == "unreadable"
    assert refused(workbook({"a": [["x"]]})[:-30]) == "unreadable"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)) == "unreadable"


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    bomb = zipped({"xl/worksheets/sheet1.xml": bytes(parser.MOST_INFLATED + 1)})
    assert len(bomb) < 100_000
    assert refused(bomb) == "inflated"
    assert refused(zipped({f"part{n}": b"" for n in range(parser.MOST_PARTS + 1)})) == "inflated"


def test_a_part_longer_than_it_says_is_cut_and_refused() -> None:
    content = workbook({"a": [["x" * 100]] * 50})
    with zipfile.ZipFile(BytesIO(content)) as archive:
        real = archive.getinfo("xl/worksheets/sheet1.xml")
    lying = content.replace(real.file_size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != content
    assert refused(lying) == "unreadable"


def test_entities_are_not_expanded() -> None:
    content = workbook({"a": [["x"]]})
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    head = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = head + sheet.replace(b"</sheetData>", b"&b;</sheetData>")
    assert refused(zipped(parts)) == "unreadable"


@pytest.mark.parametrize(
    ("sheets", "word"),
    [
        ({"a": [["x"]] * (parser.MOST_ROWS + 1)}, "rows"),
        ({"a": [["x"] * (parser.MOST_COLUMNS + 1)]}, "columns"),
        ({"a": [["x" * (parser.MOST_TEXT + 1)]]}, "text"),
        ({str(n): [["x"]] for n in range(parser.MOST_SHEETS + 1)}, "sheets"),
    ],
)
def test_limits_hold(sheets: dict[str, list[list[str]]], word: str) -> None:
    assert refused(workbook(sheets)) == word


def test_a_sheet_that_lies_about_its_size_is_read_as_it_is() -> None:
    content = workbook({"a": [["x"], ["y"]]})
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    lying = sheet.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
    assert lying != sheet
    (read,) = parse(zipped({**parts, "xl/worksheets/sheet1.xml": lying}))
    assert [number for number, _cells in read.rows] == [1, 2]


def test_macros_are_refused() -> None:
    content = workbook({"a": [["x"]]})
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    assert refused(zipped({**parts, "xl/vbaProject.bin": b"x"})) == "macros"


def test_the_reader_has_no_key_and_no_address(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    # A reader that only tells what it was given: nothing of the program's settings may be among it.
    spy = tmp_path / "spy.py"
    spy.write_text("import json, os\nprint(json.dumps({'sheets': [{'name': k, 'rows': []} for k in os.environ]}))\n")
    monkeypatch.setenv("WEIBAO_SECRET_KEY", "a secret")
    monkeypatch.setattr(parsing, "_PARSER", spy)
    assert not [sheet.name for sheet in parse(b"x") if "WEIBAO" in sheet.name or "KEY" in sheet.name]


def test_a_reader_that_hangs_or_eats_memory_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    spy = tmp_path / "spy.py"
    monkeypatch.setattr(parsing, "_PARSER", spy)
    monkeypatch.setattr(parsing, "SECONDS", 0.3)
    spy.write_text("import time\ntime.sleep(60)\n")
    assert refused(b"x") == "time"
    monkeypatch.setattr(parsing, "SECONDS", 20)
    begin = f"import sys\nsys.path.insert(0, {str(Path(parser.__file__).parent)!r})\nimport parser\n"
    spy.write_text(begin + "parser.hold()\nx = bytearray(parser.MEMORY_BYTES + 1)\n")
    assert refused(b"x") == "memory"
