"""What stands in a cell, read into what it means; and back into what Excel shows."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from enum import StrEnum
from typing import Any, TypeAlias

from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _l

from weibao.words import label

Word: TypeAlias = LazyString | str
Shown: TypeAlias = str | int | float | date | time | None
CHINESE = "zh_Hans_CN"
YES, NO = "是", "否"
_SEPARATORS = re.compile(r"[,，、;；\n]+")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_CLOCK = re.compile(r"(\d{1,2})\s*[:：]\s*(\d{2})(?::\d{2})?")
_DIGITS = re.compile(r"[+-]?\d+")


class CellError(ValueError):
    """A cell that cannot be read; ``reason`` is for the person who filled it in."""

    def __init__(self, reason: Word) -> None:
        super().__init__(str(reason))
        self.reason = reason


Reader: TypeAlias = Callable[[Any], Any]
"""From a cell as ``parser.plain`` tells it, never empty, to its meaning; raises CellError."""


def is_empty(cell: Any) -> bool:
    """Whether nothing stands there; spaces are nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Any) -> str:
    """The cell as text, as somebody would type it.

    Raises:
        CellError: a formula, an error value, or a number too long for Excel to hold exactly.

    """
    if isinstance(cell, dict):
        return _special(cell)
    if isinstance(cell, bool):
        return str(YES if cell else NO)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, int) and abs(cell) >= 10**15:
        raise CellError(_l("Excel has rounded this number. Format the cell as text and enter it again."))
    return str(cell).strip()


def _special(cell: Mapping[str, Any]) -> str:
    if "formula" in cell:
        raise CellError(_l("A formula stands here. Enter its result instead."))
    if "fault" in cell:
        raise CellError(_l("Excel shows an error here. Enter the value."))
    return str(cell.get("day") or cell.get("clock") or "")


def shown(cell: Any) -> str:
    """The cell for the page of faults; a formula is told as such, never run."""
    try:
        return "" if is_empty(cell) else text_of(cell)
    except CellError as error:
        return str(cell) if isinstance(cell, int) else str(error.reason)


def text(most: int) -> Reader:
    """Text of some characters at most."""

    def _read(cell: Any) -> str:
        found = text_of(cell)
        if len(found) > most:
            raise CellError(_l("At most %(most)d characters.", most=most))
        return found

    return _read


def whole(low: int, high: int) -> Reader:
    """A whole number within bounds."""

    def _read(cell: Any) -> int:
        found = text_of(cell)
        if not _DIGITS.fullmatch(found) or not low <= int(found) <= high:
            raise CellError(_l("A whole number from %(low)d to %(high)d.", low=low, high=high))
        return int(found)

    return _read


def day(cell: Any) -> date:
    """A day: a date of Excel's, or 2026-03-01, 2026/3/1, 2026年3月1日."""
    found = _DAY.fullmatch(text_of(cell))
    try:
        return date(*(int(part) for part in found.groups())) if found else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise CellError(_l("A day, such as 2026-03-01.")) from None


def clock(cell: Any) -> time:
    """A time of the day; 24:00 is read as midnight, 00:00."""
    found = _CLOCK.fullmatch(str(cell["clock"]) if isinstance(cell, dict) and "clock" in cell else text_of(cell))
    hour, minute = (int(part) for part in found.groups()) if found else (99, 0)
    if (hour, minute) == (24, 0):
        return time(0, 0)
    if hour > 23 or minute > 59:
        raise CellError(_l("A time, such as 16:30."))
    return time(hour, minute)


def yes_or_no(cell: Any) -> bool:
    """是 or 否."""
    found = text_of(cell).lower()
    for answer, words in ((True, {"是", "yes", "true", "1"}), (False, {"否", "no", "false", "0"})):
        if found in words:
            return answer
    raise CellError(_l("Yes or no."))


def by_word(words: Mapping[str, Any]) -> Reader:
    """One of a list, by its word."""

    def _read(cell: Any) -> Any:
        found = text_of(cell)
        if found not in words:
            raise CellError(_l("Choose one from the list: %(words)s.", words=_some(words)))
        return words[found]

    return _read


def several(words: Mapping[str, Any], *, free: int = 0) -> Reader:
    """Several of a list, parted by commas; with ``free`` others too, of so many characters at most."""

    def _read(cell: Any) -> frozenset[Any]:
        parts = {part.strip() for part in _SEPARATORS.split(text_of(cell))} - {""}
        wrong = sorted(part for part in parts if part not in words and not 0 < len(part) <= free)
        if wrong:
            raise CellError(
                _l("Not in the list: %(wrong)s. Choose from: %(words)s.", wrong="、".join(wrong), words=_some(words))
            )
        return frozenset(words.get(part, part) for part in parts)

    return _read


def _some(words: Mapping[str, Any], most: int = 12) -> str:
    held = list(dict.fromkeys(words))
    return "、".join(held[:most]) + ("…" if len(held) > most else "")


def words_of(kind: type[StrEnum]) -> dict[str, Any]:
    """The members of a closed list by their Chinese words."""
    with force_locale(CHINESE):
        return {str(label(member)): member for member in kind}


def label_of(value: StrEnum | None) -> str:
    """A member of a closed list as it stands in a file; nothing for none."""
    return in_chinese(label(value))


def in_chinese(word: Word) -> str:
    """A word as it stands in a file: files pass between offices, so they are Chinese whatever the pages are."""
    with force_locale(CHINESE):
        return str(word)
