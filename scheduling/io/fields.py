"""Typed reading of decoded JSON: every fault is collected with its path, nothing is raised and nothing coerced.

A bool is no integer, 5.0 is no integer, and text with a lone surrogate is no text (it could not be written again).
"""

import math
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from scheduling.errors import Faults, FaultsError
from scheduling.limits import MAX_LIST, MAX_TEXT

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Fields:
    """One JSON object at ``path``; a getter gives an empty value after it has noted a fault."""

    def __init__(self, value: object, path: str, faults: Faults) -> None:
        self.path, self.faults = path, faults
        self._open = faults.need(isinstance(value, dict), path, "must be an object")
        self._values: dict[str, object] = value if isinstance(value, dict) else {}
        self.sound = self._open

    def build(self, make: Callable[[], T]) -> T | None:
        """What ``make`` builds from the values read; None if any was at fault or they break a law together."""
        if not self.sound:
            return None
        try:
            return make()
        except FaultsError as error:
            self.faults.extend(error.faults, under=self.path)
            return None

    def at(self, key: str) -> str:
        """Path of a key of this object."""
        return f"{self.path}.{key}" if self.path else key

    def need_format(self, word: str) -> None:
        """The key ``format`` must hold this word."""
        self._read("format", lambda value: value == word, f"must be {word}")

    def has(self, key: str) -> bool:
        """True if the key stands here."""
        return key in self._values

    def objects(self, key: str) -> list[dict[str, object]]:
        """The entries of a list, {} for one that is no object; notes no fault."""
        value = self._values.get(key)
        return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, list) else []

    def text(self, key: str) -> str:
        """A text."""
        value = self._read(key, _is_text, _TEXT)
        return value if isinstance(value, str) else ""

    def text_or_null(self, key: str) -> str | None:
        """A text or null."""
        return None if self._is_null(key) else self.text(key)

    def integer(self, key: str) -> int:
        """An integer."""
        value = self._read(key, _is_integer, "must be an integer")
        return value if isinstance(value, int) else 0

    def integer_or_null(self, key: str) -> int | None:
        """An integer or null."""
        return None if self._is_null(key) else self.integer(key)

    def number(self, key: str) -> float:
        """A finite number."""
        value = self._read(key, _is_number, "must be a number")
        return float(value) if isinstance(value, int | float) else 0.0

    def flag(self, key: str) -> bool:
        """True or false."""
        return self._read(key, lambda value: isinstance(value, bool), "must be true or false") is True

    def one_of(self, key: str, kinds: type[E]) -> E:
        """A word of ``kinds``."""
        words = [kind.value for kind in kinds]
        value = self._read(key, lambda value: value in words, f"must be one of {', '.join(words)}")
        return next((kind for kind in kinds if kind.value == value), next(iter(kinds)))

    def items(self, key: str, most: int = MAX_LIST) -> list[object]:
        """A list of at most ``most`` entries."""
        value = self._read(key, lambda value: isinstance(value, list), "must be a list")
        if not isinstance(value, list) or not self._need(len(value) <= most, key, f"must have at most {most} entries"):
            return []
        return value

    def words(self, key: str) -> list[str]:
        """A list of texts."""
        values = self.items(key)
        for i, value in enumerate(values):
            self._need(_is_text(value), f"{key}[{i}]", _TEXT)
        return [value for value in values if isinstance(value, str)]

    def kinds(self, key: str, kinds: type[E]) -> frozenset[E]:
        """A list of words of ``kinds``."""
        words, known = self.items(key), [kind.value for kind in kinds]
        for i, word in enumerate(words):
            self._need(word in known, f"{key}[{i}]", f"must be one of {', '.join(known)}")
        return frozenset(kind for kind in kinds if kind.value in words)

    def spans(self, key: str) -> tuple[tuple[int, int], ...]:
        """A list of pairs of integers; the pairs that are none are left out."""
        pairs = self.items(key)
        for i, pair in enumerate(pairs):
            self._need(_is_span(pair), f"{key}[{i}]", "must be a pair of integers")
        return tuple((pair[0], pair[1]) for pair in pairs if isinstance(pair, list) and _is_span(pair))

    def each(self, key: str, read: "Callable[[Fields], T | None]", most: int = MAX_LIST) -> list[T | None]:
        """A list of objects, each read by ``read``; None stands where one could not be read."""
        items = [
            read(Fields(item, f"{self.at(key)}[{i}]", self.faults)) for i, item in enumerate(self.items(key, most))
        ]
        self.sound = self.sound and None not in items
        return items

    def one(self, key: str, read: "Callable[[Fields], T | None]") -> T | None:
        """An object, read by ``read``."""
        item = read(Fields(self._values[key], self.at(key), self.faults)) if self._present(key) else None
        self.sound = self.sound and item is not None
        return item

    def one_or_null(self, key: str, read: "Callable[[Fields], T | None]") -> T | None:
        """An object or null."""
        return None if self._is_null(key) else self.one(key, read)

    def _read(self, key: str, fits: Callable[[object], bool], message: str) -> object:
        if not self._present(key) or not self._need(fits(self._values[key]), key, message):
            return None
        return self._values[key]

    def _present(self, key: str) -> bool:
        return self._open and self._need(key in self._values, key, "is missing")

    def _is_null(self, key: str) -> bool:
        return key in self._values and self._values[key] is None

    def _need(self, holds: bool, key: str, message: str) -> bool:
        self.sound = self.faults.need(holds, self.at(key), message) and self.sound
        return holds


_TEXT = f"must be text of 1 to {MAX_TEXT} characters"


def text_or_none(value: object) -> str | None:
    """The value, if it is text that can be written as UTF-8 and is neither empty nor too long."""
    fits = isinstance(value, str) and 0 < len(value) <= MAX_TEXT and not any("\ud800" <= c <= "\udfff" for c in value)
    return value if fits and isinstance(value, str) else None


def _is_text(value: object) -> bool:
    return text_or_none(value) is not None


def _is_integer(value: object) -> bool:
    return type(value) is int


def _is_number(value: object) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _is_span(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(minute) is int for minute in value)
