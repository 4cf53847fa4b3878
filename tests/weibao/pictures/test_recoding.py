"""Photos are drawn anew by a process of its own, within limits, and nothing but the picture is left."""

import struct
import zlib
from pathlib import Path

import pytest

from tests.photos import CAMERA, COMMENT, PLACE, jpeg, opened, png
from weibao.pictures import recoder, recoding
from weibao.pictures.recoding import PhotoError, recode


def refused(content: bytes) -> str:
    with pytest.raises(PhotoError) as told:
        recode(content)
    return told.value.word


def claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("content", [jpeg(), png(), jpeg() + b"CANARY-BEHIND"], ids=["jpeg", "png", "behind"])
def test_nothing_but_the_picture_is_left(content: bytes) -> None:
    assert b"CANARY" in content  # the control: it was there
    written = recode(content)
    assert [word for word in (b"CANARY", CAMERA, PLACE, COMMENT, b"Exif", b"ICC_PROFILE") if word in written] == []
    photo = opened(written)
    assert (photo.format, photo.mode, photo.size, dict(photo.getexif())) == ("JPEG", "RGB", (320, 200), {})
    left, right = photo.getpixel((40, 100)), photo.getpixel((280, 100))
    assert (left[0] > 200, left[2] < 60) == (right[2] > 200, right[0] < 60) == (True, True)


def test_a_photo_stands_upright_though_the_word_on_it_is_gone() -> None:
    photo = opened(recode(jpeg(320, 200, turned=True)))
    assert photo.size == (200, 320)
    assert photo.getpixel((100, 40))[0] > 200  # what was left is above now


def test_a_large_photo_is_made_smaller() -> None:
    assert opened(recode(jpeg(4000, 1000))).size == (1600, 400)


def test_what_shines_through_stands_on_white() -> None:
    assert min(opened(recode(png())).getpixel((0, 0))) > 150


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\xff\xd8\xff" + bytes(recoding.MOST_BYTES), "size"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        (b"GIF89a" + bytes(100), "kind"),
        (b"\xff\xd8\xff and no more", "unreadable"),
        (jpeg()[:400], "unreadable"),
        (claims(50_000, 50_000), "pixels"),
        (claims(7_000, 7_200), "pixels"),
        (claims(100, 100), "unreadable"),
        (png(39, 400), "small"),
    ],
)
def test_what_is_no_photo_is_refused_with_the_reason(content: bytes, word: str) -> None:
    assert refused(content) == word
    assert word in recoding.REASONS


def test_a_reader_that_hangs_or_eats_memory_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spy = tmp_path / "spy.py"
    monkeypatch.setattr(recoding, "_RECODER", spy)
    spy.write_text("import os, sys\nsys.stdout.write(' '.join(sorted(os.environ)))\n")
    monkeypatch.setenv("WEIBAO_SECRET_KEY", "a secret")
    assert b"WEIBAO" not in recode(b"x")
    monkeypatch.setattr(recoding, "SECONDS", 0.3)
    spy.write_text("import time\ntime.sleep(60)\n")
    assert refused(b"x") == "time"
    monkeypatch.setattr(recoding, "SECONDS", 20)
    begin = f"import sys\nsys.path.insert(0, {str(Path(recoder.__file__).parent)!r})\nimport recoder\n"
    spy.write_text(begin + "recoder.hold()\nx = bytearray(recoder.MEMORY_BYTES + 1)\n")
    assert refused(b"x") == "memory"
