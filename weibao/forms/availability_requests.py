"""Ask who is free when, and answer by half-days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, validators

from tenants.enums import DayPart
from tenants.services.halves import HOURS, Half, WeekHalf, half_of, key_of
from weibao import i18n
from weibao.forms.fields import ChecksField, DayField
from weibao.forms.people import WEEKDAYS
from weibao.words import label

# What the service answers, for the catalogue; the texts are shown through gettext.
ANSWERS = (
    _l("Choose at least one person of the list."),
    _l("An open request asks for a part of these days already. Close it first."),
    _l("The deadline lies between today and the last day asked for."),
    _l("This request is closed."),
    _l("They were reminded today already. Once a day is enough."),
    _l("The deadline has passed."),
    _l("Choose half-days of the period that is asked for."),
    _l("This form has been sent very often. Please call the station."),
)
_REQUIRED = validators.InputRequired()


@dataclass(frozen=True, kw_only=True)
class GridRow:
    """One day of a grid of half-days: its heading, and the value and full word of each part."""

    label: str | LazyString
    cells: tuple[tuple[str, str], ...]


def hours() -> list[tuple[LazyString | str, str]]:
    """Word and hours of each part of the day, for the grid's heading."""
    return [(label(part), "–".join(i18n.minute_clock(minute) for minute in HOURS[part])) for part in DayPart]


class AskForm(FlaskForm):
    """The period that is asked for, until when to answer, and who is asked."""

    from_day = DayField(_l("First day"), [_REQUIRED])
    to_day = DayField(_l("Last day"), [_REQUIRED])
    answer_by = DayField(_l("Answer by"), [_REQUIRED])
    people = ChecksField(_l("Who is asked"))


class HalvesForm(FlaskForm):
    """The half-days of a period on which somebody is free."""

    free = SelectMultipleField(_l("Free half-days"))

    def offer(self, days: Sequence[date]) -> list[GridRow]:
        """The half-days of these days, to choose from."""
        rows = [_row(i18n.day(day), [(key_of((day, part)), part) for part in DayPart]) for day in days]
        self.free.choices = [cell for row in rows for cell in row.cells]
        return rows

    def halves(self) -> set[Half]:
        """What was ticked."""
        return {half_of(key) for key in self.free.data or ()}


class WeekHalvesForm(FlaskForm):
    """The half-days of every week on which somebody is free."""

    free = SelectMultipleField(
        _l("Free half-days"),
        choices=[(f"{weekday}/{part.value}", part.value) for weekday in range(7) for part in DayPart],
    )

    @staticmethod
    def rows() -> list[GridRow]:
        """The seven days."""
        days = enumerate(WEEKDAYS)
        return [_row(word, [(f"{weekday}/{part.value}", part) for part in DayPart]) for weekday, word in days]

    def halves(self) -> set[WeekHalf]:
        """What was ticked."""
        return {(int(weekday), DayPart(part)) for weekday, _slash, part in map(_parts, self.free.data or ())}


def _parts(key: str) -> tuple[str, str, str]:
    return key.partition("/")


def week_keys(halves: Iterable[WeekHalf]) -> set[str]:
    """Half-days of the week as the grid's values."""
    return {f"{weekday}/{part.value}" for weekday, part in halves}


def _row(word: str | LazyString, cells: list[tuple[str, DayPart]]) -> GridRow:
    return GridRow(label=word, cells=tuple((key, f"{word} {label(part)}") for key, part in cells))
