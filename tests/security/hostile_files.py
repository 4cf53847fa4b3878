"""Workbooks and photos with something wrong inside: real ones, their XML parts, archives and bytes changed."""

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO

from hypothesis import strategies as st

WORDS: Sequence[bytes] = (
    b"", b"0", b"-1", b"1E309", b"NaN", b"9" * 400, b"\0", b"\xff\xfe", b"&amp;&lt;", b"&a;", b"]]>", b"<!--", b"<v/>",
    b"<x xmlns='y'>", b"A1:XFD1048576", b"XFE1", b"A0", b"=cmd|' /C calc'!A0", b"s", b"str", b"inlineStr", b"t='e'",
    b"n", b"2958466", b"-693594", b"60", b"../../../etc/passwd", b"file:///etc/passwd", b"http://127.0.0.1/", b"rId99",
    "女".encode() * 2000, "\u202e\U0001f600".encode(), b"x" * 40_000,
)  # fmt: skip
DOCTYPES: Sequence[bytes] = (
    b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "' + b"&a;" * 30 + b'"><!ENTITY c "' + b"&b;" * 30 + b'">]>',
    b"<!DOCTYPE",
)
_VALUE = re.compile(rb'"[^"<>]*"|>[^<>]+<')
_WORD = st.sampled_from(WORDS) | st.binary(max_size=6)


@st.composite
def workbooks(draw: st.DrawFn, real: Sequence[bytes]) -> bytes:
    """One of the real workbooks with one to four places wrong in its parts, and now and then its archive broken."""
    with zipfile.ZipFile(BytesIO(draw(st.sampled_from(real)))) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    for _ in range(draw(st.integers(1, 4))):
        parts = _spoilt(draw, parts)
    held = BytesIO()
    with zipfile.ZipFile(held, "w", draw(st.sampled_from([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED]))) as archive:
        for name, content in parts:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # a name that is there twice is one of the hostile things
                archive.writestr(name, content)
    whole = held.getvalue()
    return broken(draw, whole) if draw(st.integers(0, 5)) == 0 else whole


def _spoilt(draw: st.DrawFn, parts: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """One part changed, dropped, renamed or doubled; sheets and styles more often than the rest."""
    if not parts:
        return parts
    sheets = [place for place, (name, _) in enumerate(parts) if "sheet" in name or "styles" in name]
    place = draw(st.sampled_from(sheets)) if sheets and draw(st.booleans()) else draw(st.integers(0, len(parts) - 1))
    name, content = parts[place]
    how = draw(st.integers(0, 11))
    if how == 0:
        return parts[:place] + parts[place + 1 :]
    if how == 1:
        return [*parts, (name + draw(st.sampled_from(["x", "/", "\\..\\a"])), content)]
    if how == 2:
        return [*parts[:place], (name, parts[draw(st.integers(0, len(parts) - 1))][1]), *parts[place + 1 :]]
    return [*parts[:place], (name, _changed(draw, content, how)), *parts[place + 1 :]]


def _changed(draw: st.DrawFn, content: bytes, how: int) -> bytes:
    """A part's XML with another value, a document type, a piece doubled, or bytes broken."""
    if how == 3:
        return broken(draw, content)
    if how == 4:
        end = content.find(b"?>") + 2
        return content[:end] + draw(st.sampled_from(DOCTYPES)) + content[end:]
    if how == 5:
        begin = draw(st.integers(0, len(content)))
        piece = content[begin : begin + draw(st.integers(1, 400))]
        return content[:begin] + piece * draw(st.sampled_from([2, 3, 200])) + content[begin:]
    values = list(_VALUE.finditer(content))
    if not values:
        return broken(draw, content)
    found = draw(st.sampled_from(values))
    return content[: found.start() + 1] + draw(_WORD) + content[found.end() - 1 :]


def broken(draw: st.DrawFn, content: bytes) -> bytes:
    """Bytes changed, cut out, put in or cut off in one to five places."""
    raw = bytearray(content)
    for _ in range(draw(st.integers(1, 5))):
        place = draw(st.integers(0, len(raw)))
        if draw(st.integers(0, 9)) == 0:
            raw = raw[:place]
        else:
            raw[place : place + draw(st.integers(0, 4))] = draw(st.binary(max_size=5) | st.just(b"\xff" * 4))
    return bytes(raw)


@st.composite
def photos(draw: st.DrawFn, real: Sequence[bytes]) -> bytes:
    """One of the real photos with its head, its sizes or any of its bytes wrong."""
    content = draw(st.sampled_from(real))
    how = draw(st.integers(0, 4))
    if how == 0 and content.startswith(b"\x89PNG"):
        return _of_size(content, draw(st.integers(0, 2**32 - 1)), draw(st.sampled_from([0, 1, 40, 60_000, 2**31])))
    if how == 1:  # the head, where sizes, tables and the camera's facts are
        return broken(draw, content[:700]) + content[700:]
    if how == 2:
        return content + draw(st.sampled_from(real)) * draw(st.integers(1, 3))
    if how == 3 and content.startswith(b"\xff\xd8"):
        at = content.find(b"\xff\xc0") + 5
        return content[:at] + draw(st.binary(min_size=4, max_size=4)) + content[at + 4 :]
    return broken(draw, content)


def _of_size(png: bytes, width: int, height: int) -> bytes:
    """A PNG that says another size, its check sum put right."""
    head = b"IHDR" + struct.pack(">II", width, height) + png[24:29]
    return png[:12] + head + struct.pack(">I", zlib.crc32(head)) + png[33:]
