"""Run as a process of its own: read one photo from standard input, write it anew as JPEG to standard output.

What is written holds the picture alone: no place, time, device, comment or thumbnail, and nothing behind the picture's
end. It imports nothing of the program's, holds no key and no connection, and begins by limiting its own processor
time, memory and files. Ends with status 3 and one word on standard error when the photo is refused.
"""

import sys
import warnings
from io import BytesIO

MOST_PIXELS = 50_000_000
LONGEST = 1_600
"""Pixels of the longer side that are kept."""
SMALLEST = 40
QUALITY = 82
CPU_SECONDS = 15
MEMORY_BYTES = 1024 * 1024 * 1024
REFUSED = 3
_BEGINS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class RefusedError(Exception):
    """The photo is not taken; the word says why."""


def recode(content: bytes) -> bytes:
    """The picture as a new JPEG, upright, at most 1,600 pixels long.

    Raises:
        RefusedError: it is no JPEG or PNG, is damaged, or has too many pixels or too few.

    """
    if not content.startswith(_BEGINS):
        raise RefusedError("kind")
    from PIL import Image, ImageOps  # noqa: PLC0415 -- not before the first bytes have been looked at

    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as photo:
            if photo.width * photo.height > MOST_PIXELS:
                raise RefusedError("pixels")
            if min(photo.size) < SMALLEST:
                raise RefusedError("small")
            photo.draft("RGB", (LONGEST, LONGEST))  # a JPEG is decoded no larger than it is needed
            upright = ImageOps.exif_transpose(photo)
            upright.thumbnail((LONGEST, LONGEST))
            clear = upright.convert("RGBA")
            fresh = Image.new("RGB", clear.size, "white")  # a new one: what came with the old is not carried over
            fresh.paste(clear, mask=clear)
    except (RefusedError, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise RefusedError("pixels") from None
    except Exception:
        raise RefusedError("unreadable") from None
    written = BytesIO()
    fresh.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


def hold() -> None:
    """Limit this process; where the system knows no such limits (Windows), size, pixels and the caller's clock hold."""
    try:
        import resource  # noqa: PLC0415 -- POSIX alone has it
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Read, draw anew, tell."""
    hold()
    try:
        sys.stdout.buffer.write(recode(sys.stdin.buffer.read()))
    except RefusedError as refused:
        sys.stderr.write(str(refused))
        return REFUSED
    except (MemoryError, RecursionError):
        sys.stderr.write("memory")
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
