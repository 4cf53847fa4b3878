"""What a kind of file looks like: sheets, columns, the example row, the lists to choose from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from openpyxl.utils import get_column_letter

from tenants.enums import SheetKind
from weibao.sheets import cells
from weibao.sheets.cells import Reader, Shown, Word

MARK = "mark"
"""Name of the hidden first column: the row's id here, so that a second import finds it whatever has been renamed."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column.

    ``name`` is the fact's, as the services name it in refusals; ``offers`` is the list to choose from, ``free`` that
    other words are allowed too; ``secret`` keeps what was typed off the pages; ``law`` is what a fault refers to.
    """

    name: str
    word: Word
    read: Reader
    example: Shown = None
    hint: Word = ""
    required: bool = False
    offers: tuple[str, ...] = ()
    several: bool = False
    width: int = 14
    secret: bool = False
    law: Word = ""


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One sheet of a file."""

    title: Word
    columns: tuple[Column, ...]
    named_by: str = ""
    """The column by which a row is known to people; else the first that it fills in."""

    def column(self, name: str) -> Column | None:
        """A column by name."""
        return next((column for column in self.columns if column.name == name), None)

    def letter(self, column: Column) -> str:
        """Where it stands in the template, after the hidden mark."""
        return get_column_letter(self.columns.index(column) + 2)

    def is_example(self, facts: Mapping[str, Any]) -> bool:
        """Whether a row is the example as it came with the template."""
        wanted = {column.name: column.read(as_cell(column.example)) for column in self.columns if column.example}
        return {name: value for name, value in facts.items() if name != MARK} == wanted


def as_cell(value: Shown) -> Any:
    """A value as it is read back from a file."""
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return {"clock": value.strftime("%H:%M")} if isinstance(value, time) else value


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A kind of file."""

    kind: SheetKind
    word: Word
    leaves: tuple[Leaf, ...]
    notes: tuple[Word, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Where something is wrong, and why. ``number`` and ``name`` say which row and fact of the template it is."""

    reason: str
    sheet: str = ""
    address: str = ""
    heading: str = ""
    shown: str = ""
    law: str = ""
    number: int | None = None
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row as it was sent: what its cells mean by the columns' names, and what stood in them."""

    sheet: str
    number: int
    mark: str | None
    facts: Mapping[str, Any]
    sent: Mapping[str, Any]
    letters: Mapping[str, str]


@dataclass(kw_only=True)
class Intake:
    """What was read of a file: lines by the place of their leaf in the layout, faults, examples left out."""

    lines: list[list[Line]] = field(default_factory=list)
    faults: list[Mark] = field(default_factory=list)
    examples: int = 0


def chosen(words: Mapping[str, Any]) -> dict[str, Any]:
    """The reader and the list of a column in which one word is chosen."""
    return {"read": cells.by_word(words), "offers": tuple(words)}


def many(words: Mapping[str, Any], *, free: int = 0) -> dict[str, Any]:
    """The reader and the words of a column that takes several."""
    return {"read": cells.several(words, free=free), "offers": tuple(words), "several": True}


def yes_no() -> dict[str, Any]:
    """The reader and the list of a yes or no."""
    return {"read": cells.yes_or_no, "offers": (cells.in_chinese(cells.YES), cells.in_chinese(cells.NO))}


def joined(parts: Iterable[Word]) -> str:
    """Several words in one cell."""
    return "、".join(str(part) for part in parts)


Exported = Sequence[Sequence[Mapping[str, Shown]]]
"""Rows to write, by leaf; each by the columns' names, with ``MARK``."""
