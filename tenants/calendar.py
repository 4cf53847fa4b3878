"""School days and free days: the county's own table of holidays and terms, seeded by the State Council's calendar.

One calendar answers for every rule. A make-up working day on a weekend is a school day; a day swapped off is free;
there is no school in the winter and summer holidays, make-up day or not. Years for which no notice is known yet have
no make-up days in the library's data, so their answers are provisional (暂定).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, cached_property
from importlib.metadata import version
from typing import Any

import holidays

DAY = timedelta(days=1)
LANTERN_AFTER = timedelta(days=14)  # the fifteenth of the first lunar month
EXAMPLE_SOURCE = "示例：请按县教育局校历改定"
_LIBRARY = version("holidays")
_OBSERVED = {"zh_CN": "（补假）", "en_US": " (observed)"}
_SWAPPED = {"zh_CN": "休息日", "en_US": "Day off"}
_EVE = {"zh_CN": "农历除夕", "en_US": "Chinese New Year's Eve"}


class DayKind(StrEnum):
    """What a day is for a child at school."""

    SCHOOL = "school_day"
    FREE = "free_day"


class Subject(StrEnum):
    """The two tables of a county: a calendar year's holidays, and a school year's terms."""

    HOLIDAYS = "holidays"
    TERMS = "terms"


class SpanKind(StrEnum):
    """What some days in a row are; the first two stand in a table of holidays, the others in one of terms."""

    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    TERM = "term"
    WINTER = "winter"
    SUMMER = "summer"


KINDS = {
    Subject.HOLIDAYS: (SpanKind.HOLIDAY, SpanKind.MAKE_UP),
    Subject.TERMS: (SpanKind.TERM, SpanKind.WINTER, SpanKind.SUMMER),
}
NO_SCHOOL = frozenset({SpanKind.WINTER, SpanKind.SUMMER})


@dataclass(frozen=True, kw_only=True, order=True)
class Span:
    """Days in a row, both ends among them, with their name in both languages."""

    first: date
    last: date
    kind: SpanKind
    name: str
    name_en: str = ""

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        """Whether a day is among them."""
        return self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        """The days in order."""
        return _in_a_row(self.first, self.days)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One version of a year's table; it is in force for days from ``since`` on, until a higher ``number`` is.

    ``year`` is the calendar year of holidays, and the year in which a school year begins.
    """

    subject: Subject
    year: int
    spans: tuple[Span, ...]
    provisional: bool
    source: str
    since: date
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class CountyCalendar:
    """A county's days; where the county has no table of a year, the library's stands for its holidays."""

    tables: tuple[Table, ...] = ()

    def table(self, subject: Subject, year: int, day: date) -> Table | None:
        """The version in force on a day; the library's for holidays without one, None for terms without one."""
        found = [t for t in self._versions.get((subject, year), ()) if t.since <= day]
        if found:
            return max(found, key=lambda table: table.number)
        return library_table(year) if subject is Subject.HOLIDAYS else None

    @cached_property
    def _versions(self) -> dict[tuple[Subject, int], list[Table]]:
        found: dict[tuple[Subject, int], list[Table]] = {}
        for table in self.tables:
            found.setdefault((table.subject, table.year), []).append(table)
        return found

    def tables_on(self, day: date) -> list[Table]:
        """The versions in force that may say something of a day: those of both school years, and the holidays."""
        terms = [self.table(Subject.TERMS, year, day) for year in (day.year - 1, day.year)]
        return [table for table in (*terms, self.table(Subject.HOLIDAYS, day.year, day)) if table is not None]

    def spans_on(self, day: date) -> list[Span]:
        """What a day belongs to: term or school holiday, statutory holiday, make-up day."""
        return [span for table in self.tables_on(day) for span in table.spans if day in span]

    def kind(self, day: date) -> DayKind:
        """Free in school holidays, on weekends and statutory holidays, unless it is a make-up working day."""
        kinds = {span.kind for span in self.spans_on(day)}
        if kinds & NO_SCHOOL:
            return DayKind.FREE
        if SpanKind.MAKE_UP in kinds:
            return DayKind.SCHOOL
        return DayKind.FREE if SpanKind.HOLIDAY in kinds or day.weekday() >= 5 else DayKind.SCHOOL

    def is_workday(self, day: date) -> bool:
        """Whether adults work: no weekend and no statutory holiday, or a make-up day; school holidays are none."""
        kinds = {span.kind for span in self.spans_on(day)}
        if SpanKind.MAKE_UP in kinds:
            return True
        return SpanKind.HOLIDAY not in kinds and day.weekday() < 5

    def is_free(self, day: date) -> bool:
        """Whether children have no school."""
        return self.kind(day) is DayKind.FREE

    def is_provisional(self, year: int) -> bool:
        """Whether the year's make-up days are not known yet."""
        table = self.table(Subject.HOLIDAYS, year, date(year, 12, 31))
        return table is None or table.provisional

    def next_free_days(self, after: date) -> tuple[date, int]:
        """The first day and the number of the next free days in a row, at most nine.

        They begin after ``after``; the rest of days that have begun counts where it is three days at least.
        """
        tomorrow = after + DAY
        if self.is_free(after) and self._run(tomorrow) >= 3:
            return tomorrow, self._run(tomorrow)
        begins = (day for day in _in_a_row(tomorrow, 120) if self.is_free(day) and not self.is_free(day - DAY))
        first = next(begins, tomorrow)
        return first, max(1, self._run(first))

    def _run(self, first: date) -> int:
        return next((index for index in range(9) if not self.is_free(first + index * DAY)), 9)

    def first_free(self, first: date, days: int) -> date:
        """The first free day of a period, its last day where it has none."""
        return next((day for day in _in_a_row(first, days) if self.is_free(day)), first + (days - 1) * DAY)

    def holidays_between(self, first: date, last: date) -> list[Span]:
        """Winter, summer and statutory holidays that share a day with the period, in order."""
        found = {span for day in _in_a_row(first, (last - first).days + 1) for span in self.spans_on(day)}
        return sorted(span for span in found if span.kind in NO_SCHOOL | {SpanKind.HOLIDAY})

    def make_up_days(self, first: date, last: date) -> list[date]:
        """Days of a weekend in a period on which there is school."""
        days = _in_a_row(first, (last - first).days + 1)
        return [day for day in days if day.weekday() >= 5 and not self.is_free(day)]


@cache
def _year(year: int, language: str = "zh_CN") -> Any:
    return holidays.country_holidays("CN", years=year, language=language)


@cache
def library_table(year: int) -> Table:
    """The library's holidays of a year: statutory days with the weekends that touch them, and make-up days."""
    work = sorted(day for day in _year(year).weekend_workdays if day.year == year)
    free = [day for day in _days_of(year) if not _year(year).is_working_day(day)]
    runs = [run for run in _runs(free) if any(day in _year(year) for day in run)]
    rest = [_span(SpanKind.HOLIDAY, run, _name(run, "zh_CN"), _name(run, "en_US")) for run in runs]
    made_up = [_span(SpanKind.MAKE_UP, [day], "调休上班日", "Make-up working day") for day in work]
    notice = f"国务院办公厅关于{year}年部分节假日安排的通知（holidays {_LIBRARY}）"
    guess = f"国务院办公厅尚未公布，由 holidays {_LIBRARY} 推算"
    return Table(
        subject=Subject.HOLIDAYS,
        year=year,
        spans=tuple(sorted([*rest, *made_up])),
        provisional=not work,
        source=notice if work else guess,
        since=date(year, 1, 1),
    )


def school_year(day: date) -> int:
    """The year in whose September the school year of a day begins; from August on it is the coming one."""
    return day.year if day.month >= 8 else day.year - 1


def example_terms(year: int) -> Table:
    """A school year as it might be; nobody's decision, for terms are set locally.

    Winter holiday: from the Saturday two weeks before Spring Festival to the Sunday by Lantern Festival; summer
    holiday: from the first Saturday of July (4 July at the earliest) to the end of August.
    """
    spring = next(day for day in sorted(_year(year + 1)) if "春节" in _year(year + 1)[day])
    eve, lantern = spring - 14 * DAY, spring + LANTERN_AFTER
    winter = eve - (eve.weekday() - 5) % 7 * DAY
    back = lantern - (lantern.weekday() + 1) % 7 * DAY
    july = date(year + 1, 7, 4)
    summer = july + (5 - july.weekday()) % 7 * DAY
    spans = (
        Span(kind=SpanKind.TERM, first=date(year, 9, 1), last=winter - DAY, name="秋季学期", name_en="Autumn term"),
        Span(kind=SpanKind.WINTER, first=winter, last=back, name="寒假", name_en="Winter holiday"),
        Span(kind=SpanKind.TERM, first=back + DAY, last=summer - DAY, name="春季学期", name_en="Spring term"),
        Span(kind=SpanKind.SUMMER, first=summer, last=date(year + 1, 8, 31), name="暑假", name_en="Summer holiday"),
    )
    return Table(
        subject=Subject.TERMS, year=year, spans=spans, provisional=True, source=EXAMPLE_SOURCE, since=date(year, 8, 1)
    )


@cache
def festivals(year: int) -> dict[date, tuple[str, str]]:
    """Lunar festivals of a year by name, whether or not they are days off; Chinese and English."""
    zh, en = _year(year), _year(year, "en_US")
    found = {
        day: (zh[day].split("; ")[0], en[day].split("; ")[0])
        for day in zh
        if any(name in zh[day] for name in ("除夕", "清明节", "端午节", "中秋节")) and "补假" not in zh[day]
    }
    spring = next(day for day in sorted(zh) if "春节" in zh[day])
    found[spring] = ("春节", "Spring Festival")
    found[spring + LANTERN_AFTER] = ("元宵节", "Lantern Festival")
    ninth = holidays.country_holidays("HK", years=year, language="en_US", observed=False)
    found |= {day: ("重阳节", "Double Ninth Festival") for day in ninth if "Double Ninth" in ninth[day]}
    return found


def _days_of(year: int) -> Iterator[date]:
    return _in_a_row(date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days)


def _in_a_row(first: date, days: int) -> Iterator[date]:
    return (first + index * DAY for index in range(days))


def _runs(days: Sequence[date]) -> list[list[date]]:
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _span(kind: SpanKind, run: Sequence[date], name: str, name_en: str) -> Span:
    return Span(kind=kind, first=run[0], last=run[-1], name=name, name_en=name_en)


def _name(run: Sequence[date], language: str) -> str:
    """The festivals of days in a row; a day swapped off has no name of its own, and the eve goes with the festival."""
    known = _year(run[0].year, language)
    words = [word.replace(_OBSERVED[language], "") for day in run if day in known for word in known[day].split("; ")]
    names = list(dict.fromkeys(word for word in words if not word.startswith(_SWAPPED[language])))
    kept = [name for name in names if name != _EVE[language]] or names
    return "、".join(kept) if language == "zh_CN" else ", ".join(kept)
