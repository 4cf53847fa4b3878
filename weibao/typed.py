"""What comes from forms and addresses, within what the program and its database can count with."""

from datetime import date

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
"""Beyond them a week or a month more is no day any more, and nobody means them."""
MOST = 2**31 - 1
"""The largest whole number of a column."""


def day_of(text: str | None) -> date | None:
    """The day of an address (ISO 8601, what follows the day is left out); None where it is none."""
    try:
        day = date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None


def number_of(text: str) -> int:
    """A whole number of an address or of a hidden field.

    Raises:
        ValueError: it is none, or no column holds it; what reads an address then takes its default.

    """
    number = int(text) if len(text) <= len(str(MOST)) + 1 else MOST + 1
    if abs(number) > MOST:
        raise ValueError("a larger number than can be kept")
    return number
