"""A township's children by category and risk, guessed from what the county is told and from nothing else.

A hidden number is taken at the county's share, within the range that is told; how categories and risks meet is told
nowhere, so a township's risks are taken to be the same in each of its categories. Two townships that are told alike are
guessed alike, whatever their files hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from sqlalchemy.orm import Session

from tenants.enums import ChildCategory
from tenants.queries import glance, staffing
from tenants.queries.glance import RISKS, Month
from weibao.indicators import Column, told_together
from weibao.small_numbers import HIDDEN, SMALL, THRESHOLD

FILES = "children"
CATEGORIES = tuple(category.value for category in ChildCategory)
Table = Mapping[str, Mapping[str, int]]
"""Weights: ``{category: {risk: weight}}``."""
_PARTS = frozenset({FILES, "categories", "risks"})


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A township's open files, and about how many of them are in each category at each risk; each child once."""

    files: int
    classes: Mapping[tuple[str, str], float]


def estimates(session: Session, today: date, zone: tzinfo) -> dict[str, Estimate]:
    """Every township of the county by name, its files as they are told today."""
    span = Month.of(today, today)
    counts = glance.months(session, [span], zone, parts=_PARTS)[span]
    order = [place.id for place in staffing.townships(session)]
    keys = (FILES, *CATEGORIES, *(f"risk_{risk}" for risk in RISKS))
    return from_told(told_together(keys, counts, order), order)


def from_told(columns: Mapping[str, Column], townships: Sequence[str]) -> dict[str, Estimate]:
    """The estimates that follow from the county page's words, by indicator."""
    files = {one: int(columns[FILES].cells[one]) for one in townships}
    guessed = {key: _column(column, files) for key, column in columns.items()}
    return {one: _township(files[one], {key: cells[one] for key, cells in guessed.items()}) for one in townships}


def weight_of(one: Estimate, table: Table) -> float:
    """About what a township's children weigh by a table; never more than if each were of its heaviest class."""
    about = sum(table.get(category, {}).get(risk, 0) * number for (category, risk), number in one.classes.items())
    return min(about, one.files * max(weight for row in table.values() for weight in row.values()))


def weighed_as_told(children: Mapping[str, Estimate], table: Table, loads: Mapping[str, int]) -> dict[str, Estimate]:
    """The estimates, moved so that by the table in force each township weighs what the county is told that it does.

    ``loads`` are the weights that the county's desk shows today (views/staffing/proposals.py), by township; where it
    shows none, the estimate stays.
    """
    found = {}
    for township, one in children.items():
        about = weight_of(one, table)
        scale = loads[township] / about if township in loads and about else 1.0
        found[township] = replace(one, classes={key: number * scale for key, number in one.classes.items()})
    return found


def _column(column: Column, files: Mapping[str, int]) -> dict[str, float]:
    """A column's numbers; those that are not told by the county's share, or by that of the townships that are told."""
    known = {one: int(word) for one, word in column.cells.items() if word.isdecimal()}
    whole, part = (
        (sum(files.values()), int(column.total))
        if column.total.isdecimal()
        else (sum(files[one] for one in known), sum(known.values()))
    )
    share = part / whole if whole else 0.0
    return {
        one: float(known[one]) if one in known else _within(word, files[one], files[one] * share)
        for one, word in column.cells.items()
    }


def _within(word: str, files: int, guess: float) -> float:
    """A guess moved into the range that a word tells."""
    least, most = {SMALL: (1, min(THRESHOLD - 1, files)), HIDDEN: (THRESHOLD, files)}.get(word, (0, files))
    return float(min(max(guess, least), most))


def _township(files: int, numbers: Mapping[str, float]) -> Estimate:
    assessed = sum(numbers[f"risk_{risk}"] for risk in RISKS)
    entries = sum(numbers[category] for category in CATEGORIES)
    once = min(1.0, files / entries) if entries else 0.0
    classes = {
        (category, risk): numbers[category] * once * numbers[f"risk_{risk}"] / assessed if assessed else 0.0
        for category in CATEGORIES
        for risk in RISKS
    }
    return Estimate(files=files, classes=classes)
