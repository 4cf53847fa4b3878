"""Have a photo drawn anew by a process of its own, within limits of size, time and memory."""

from pathlib import Path

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from weibao import apart

MOST_BYTES = 6 * 1024 * 1024
SECONDS = 20
MOST_ANSWER_BYTES = 2 * 1024 * 1024
_RECODER = Path(__file__).with_name("recoder.py")

REASONS: dict[str, LazyString] = {
    "empty": _l("Choose a photo."),
    "size": _l("The photo is larger than 6 MB. Make it smaller and try again."),
    "kind": _l("This is neither a JPEG nor a PNG photo."),
    "unreadable": _l("The photo is damaged and cannot be read."),
    "pixels": _l("The photo has more than 50 million pixels. Make it smaller and try again."),
    "small": _l("The photo is smaller than 40 pixels."),
    "memory": _l("The photo needs too much memory. Make it smaller and try again."),
    "time": _l("The photo takes too long to read. Make it smaller and try again."),
}


class PhotoError(apart.NotTakenError):
    """A photo that is not taken."""

    reasons = REASONS


def recode(content: bytes) -> bytes:
    """The picture alone, as a JPEG without place, time, device or comment.

    Raises:
        PhotoError: it is no photo, or goes beyond a limit.

    """
    most = MOST_ANSWER_BYTES
    return apart.run(_RECODER, content, PhotoError, largest=MOST_BYTES, seconds=SECONDS, most=most)
