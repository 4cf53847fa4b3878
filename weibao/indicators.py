"""The county's indicators: their words, what each means, and what is told of them, for every page and file alike.

What is told is worked out over the whole county and one month, whatever a page shows of it, so that no two pages
together tell what each of them hides.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString, format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tenants.enums import ChildCategory
from tenants.queries.glance import NOT_ASSESSED, RISKS, Beginning, Counts, Month
from weibao import small_numbers
from weibao.i18n import today
from weibao.small_numbers import Told
from weibao.words import label

YEAR = 12
"""Months of a year, by which trends are told."""
SMALL_NOTE = _l(
    "Numbers of children by category and risk, and of who came to activities, from 1 to 4 are told as <5; others are "
    "told as ≥5, or not at all (*), where a sum would give one away."
)

NOTHING = "–"
"""Where there was nothing to count, or there is nothing to set a number against."""
NOTHING_NOTE = _l(
    "There was nothing to count yet: the program was not in use; or there is nothing to set a number against."
)


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A number of a township: its word, what it means, and how it is read.

    ``part`` is the query that it comes from (tenants/queries/glance.py), "" for what has no history; ``group`` says
    that it counts people who could be recognised, so that small numbers are hidden: "category" and "risk" for the
    children of a group, "came" for who was at the activities. ``flows`` says that it grows as the month goes on, so
    that a month that has begun is not set against a whole one. What is read is told in ``unit``s, rounded down; a
    total is that of all that is read.
    """

    word: LazyString | str
    meaning: LazyString | str
    read: Callable[[Counts], int]
    part: str = ""
    group: str = ""
    flows: bool = False
    unit: int = 1


def _category(member: ChildCategory) -> Indicator:
    meaning = _l("Open files in this category on the last day of the month, or today; a child can be in several.")
    return Indicator(
        word=label(member),
        meaning=meaning,
        read=lambda c: c.categories[member.value],
        part="categories",
        group="category",
    )


_RISK_WORDS = {
    "high": _l("High risk"),
    "medium": _l("Medium risk"),
    "low": _l("Low risk"),
    NOT_ASSESSED: _l("Not assessed"),
}


def _risk(level: str) -> Indicator:
    meaning = _l("Open files whose latest assessment by that day has this level.")
    return Indicator(
        word=_RISK_WORDS[level], meaning=meaning, read=lambda c: c.risks[level], part="risks", group="risk"
    )


INDICATORS: dict[str, Indicator] = {
    "children": Indicator(
        word=_l("Open files"),
        meaning=_l("Children in the ledger on the last day of the month, or today."),
        read=lambda c: c.children,
        part="children",
    ),
    **{member.value: _category(member) for member in ChildCategory},
    **{f"risk_{level}": _risk(level) for level in RISKS},
    "due": Indicator(
        word=_l("Visits due"),
        meaning=_l("Visits whose day lies in the month, without those called off."),
        read=lambda c: c.due,
        part="visits",
    ),
    "done": Indicator(
        word=_l("Visits done"),
        meaning=_l("Visits recorded as done on a day of the month."),
        read=lambda c: c.done,
        part="visits",
        flows=True,
    ),
    "overdue": Indicator(
        word=_l("Visits overdue"),
        meaning=_l("Visits that were due before the last day of the month, or today, and not done by then."),
        read=lambda c: c.overdue,
        part="visits",
    ),
    "activities": Indicator(
        word=_l("Activities"),
        meaning=_l("Activities at Children's Homes that have ended in the month, without those called off."),
        read=lambda c: c.activities,
        part="activities",
        flows=True,
    ),
    "heads": Indicator(
        word=_l("Children expected"),
        meaning=_l("Head-counts that these activities were planned for."),
        read=lambda c: c.heads,
        part="activities",
        flows=True,
    ),
    "came": Indicator(
        word=_l("Children who came"),
        meaning=_l("Children in the records that were made after these activities."),
        read=lambda c: c.came,
        part="activities",
        group="came",
    ),
    "guardians": Indicator(
        word=_l("Guardians who came"),
        meaning=_l("Guardians in the records that were made after these activities."),
        read=lambda c: c.guardians,
        part="activities",
        group="came",
    ),
    "unrecorded": Indicator(
        word=_l("Activities without a record"),
        meaning=_l("Those of these activities of which nobody has recorded yet who came."),
        read=lambda c: c.unrecorded,
        part="activities",
        flows=True,
    ),
    "volunteers": Indicator(
        word=_l("Volunteers"), meaning=_l("Active volunteers today, whatever the month."), read=lambda c: c.volunteers
    ),
    "vetted": Indicator(
        word=_l("of these checked"),
        meaning=_l("Those with a criminal-record check that is valid today (art. 62)."),
        read=lambda c: c.vetted,
    ),
    "hours": Indicator(
        word=_l("Volunteer hours"),
        meaning=_l(
            "Hours of volunteers' duties from published rosters that are over, rounded down; the county's from all of "
            "their minutes, so that it can be more than the townships' hours added up."
        ),
        read=lambda c: c.minutes,
        part="hours",
        flows=True,
        unit=60,
    ),
}


_FILED = frozenset({"children", "categories", "risks"})
"""Parts that are read from files, which may be older than the program's use; others are its own work."""
_UNKNOWN = 10_000
"""Nobody knows how many might have come: the number is no part of one that is told."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """What is told of an indicator in one month: by township, and of the county."""

    cells: Mapping[str, str]
    total: str


def told(key: str, counts: Mapping[str, Counts], townships: Sequence[str]) -> Column:
    """An indicator in the words that may be told; ``townships`` are all of the county's."""
    return told_together([key], counts, townships)[key]


def told_together(keys: Collection[str], counts: Mapping[str, Counts], townships: Sequence[str]) -> dict[str, Column]:
    """Some indicators of one month; those of a group are worked out together, whichever of them are asked for."""
    rows = [counts[one] for one in townships]
    groups = {INDICATORS[key].group for key in keys}
    tables = {group: table(rows) for group, (_keys, table) in _TABLES.items() if group in groups}
    return {key: _column(key, rows, townships, tables.get(INDICATORS[key].group)) for key in keys}


def since_in_use(key: str, column: Column, span: Month, begun: Mapping[str, Beginning], *, today: date) -> Column:
    """The column with – in place of 0 where the program was not in use yet: nothing was counted, which is not none."""
    part = INDICATORS[key].part
    if not part:
        return column
    firsts = {one: begun[one].files if part in _FILED else begun[one].work for one in column.cells}
    idle = {one for one, first in firsts.items() if span.until <= min(first or today, today)}
    cells = {one: NOTHING if word == "0" and one in idle else word for one, word in column.cells.items()}
    return Column(cells=cells, total=NOTHING if column.total == "0" and idle == cells.keys() else column.total)


def _column(key: str, rows: Sequence[Counts], townships: Sequence[str], table: Told | None) -> Column:
    indicator = INDICATORS[key]
    values, place = [indicator.read(row) for row in rows], 0
    if table is not None:
        place = _TABLES[indicator.group][0].index(key)
    elif indicator.group:
        table = small_numbers.told_parts(values, [value + _UNKNOWN for value in values])
    if table is None:
        words, total = [str(value // indicator.unit) for value in values], str(sum(values) // indicator.unit)
    else:
        words, total = [line[place] for line in table.cells], table.totals[place]
    return Column(cells=dict(zip(townships, words, strict=True)), total=total)


def _categories(rows: Sequence[Counts]) -> Told:
    groups = [[row.categories[member.value] for member in ChildCategory] for row in rows]
    return small_numbers.told_groups(groups, [row.children for row in rows])


def _risks(rows: Sequence[Counts]) -> Told:
    return small_numbers.told_table([[row.risks[level] for level in RISKS] for row in rows])


_TABLES: Mapping[str, tuple[tuple[str, ...], Callable[[Sequence[Counts]], Told]]] = {
    "category": (tuple(member.value for member in ChildCategory), _categories),
    "risk": (tuple(f"risk_{level}" for level in RISKS), _risks),
}
"""Groups whose indicators stand in one table, in the order of its columns, and what is told of it."""


def month_so_far(span: Month) -> str:
    """A month with its year; the present one says that it is not over."""
    word = month_word(span.first)
    return word if span.until <= today() else str(_("%(month)s so far", month=word))


def month_word(first: date) -> str:
    """A month with its year."""
    return str(format_date(first, "yyyy-MM"))
