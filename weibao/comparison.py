"""An indicator over months: some townships beside each other, as the page and its file tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tenants.models import Township
from tenants.queries import glance, staffing
from tenants.queries.glance import Month
from weibao import charts
from weibao.access import me
from weibao.db import db
from weibao.i18n import today, zone
from weibao.indicators import (
    INDICATORS,
    NOTHING,
    NOTHING_NOTE,
    SMALL_NOTE,
    YEAR,
    Column,
    Indicator,
    month_so_far,
    month_word,
    since_in_use,
    told,
)
from weibao.small_numbers import UNTOLD
from weibao.words import named

SPANS = (6, 12, 24)
ONE_CHART = 5
"""So many lines can be told apart in one chart; more stand in charts of their own."""


@dataclass(frozen=True, kw_only=True)
class Base:
    """What a number is set against, and how many times that; ``each`` is 0 for counts as they are."""

    word: LazyString
    meaning: LazyString
    each: int


BASES: dict[str, Base] = {
    "counts": Base(word=_l("as counts"), meaning=_l("Numbers as they are."), each=0),
    "children": Base(
        word=_l("per 100 children"),
        meaning=_l("For each 100 open files on the last day of the month, or today."),
        each=100,
    ),
    "workers": Base(
        word=_l("per worker"),
        meaning=_l(
            "For each purchased-service worker of the county's register who served the township under contract on that "
            "day, by the postings since."
        ),
        each=1,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Value:
    """A cell: what is told, and the number where it is told exactly."""

    word: str
    number: float | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A township over the months, or the county; ``changes`` are against the same month of the year before."""

    name: str
    township_id: str | None
    values: tuple[Value, ...]
    changes: tuple[str, ...]
    chart: charts.TrendChart

    @property
    def is_county(self) -> bool:
        """Whether it is the county's."""
        return self.township_id is None

    @property
    def words(self) -> list[str]:
        """What its cells show."""
        return [value.word for value in self.values]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """An indicator of some townships (none chosen: all of them) over the last months.

    The numbers of every township are read, whatever is chosen: what is told of one depends on the others.
    """

    key: str
    months: int
    base: str
    chosen: frozenset[str]

    @property
    def indicator(self) -> Indicator:
        """What is compared."""
        return INDICATORS[self.key]

    @property
    def base_key(self) -> str:
        """The base; files are not set against themselves."""
        return "counts" if self.key == self.base == "children" else self.base

    @cached_property
    def townships(self) -> list[Township]:
        """All, in the order of the user's names."""
        return sorted(staffing.townships(db.session()), key=named)

    @cached_property
    def rows(self) -> list[Township]:
        """Those that are shown."""
        return [row for row in self.townships if row.id in self.chosen] or self.townships

    @cached_property
    def _read_spans(self) -> list[Month]:
        return Month.last(self.months + YEAR, today())

    @property
    def spans(self) -> list[Month]:
        """The months that are shown, the oldest first."""
        return self._read_spans[YEAR:]

    @cached_property
    def heads(self) -> list[str]:
        """What the months are called."""
        return [month_so_far(span) for span in self.spans]

    @cached_property
    def _counts(self) -> glance.Table:
        parts = frozenset({self.indicator.part, "children"})
        return glance.months(db.session(), self._read_spans, zone(), parts=parts)

    @cached_property
    def _workers(self) -> Mapping[Month, Mapping[str, int]]:
        return glance.workers(db.session(), self._read_spans)

    @cached_property
    def _columns(self) -> dict[Month, Column]:
        ids = [row.id for row in self.townships]
        return {
            span: since_in_use(self.key, told(self.key, self._counts[span], ids), span, self._begun, today=today())
            for span in self._read_spans
        }

    @cached_property
    def _begun(self) -> Mapping[str, glance.Beginning]:
        return glance.beginnings(db.session(), zone())

    def _base_of(self, span: Month, townships: Sequence[str]) -> int:
        if self.base_key == "workers":
            return sum(self._workers[span][one] for one in townships)
        return sum(self._counts[span][one].children for one in townships)

    def _value(self, span: Month, township: str | None) -> Value:
        """A township's cell, or the county's."""
        column, each = self._columns[span], BASES[self.base_key].each
        word = column.total if township is None else column.cells[township]
        if not each or not word.isdecimal():
            number = float(word) if word.isdecimal() else None
            return Value(word=UNTOLD if each and word != NOTHING else word, number=number)
        base = self._base_of(span, [township] if township else [row.id for row in self.townships])
        rate = each * int(word) / base if base else None
        return Value(word=NOTHING if rate is None else f"{rate:.1f}", number=rate)

    def _change(self, span: Month, now: Value, then: Value) -> str:
        """What a whole month has more than the same one of the year before, where both are told."""
        if span.until > today() or then.word == NOTHING:
            return NOTHING
        if now.number is None or then.number is None:
            return UNTOLD if UNTOLD in {now.word, then.word} or not BASES[self.base_key].each else NOTHING
        more = now.number - then.number
        if BASES[self.base_key].each:
            return f"{more:+.1f}" if round(more, 1) else "±0"
        return f"{int(more):+d}" if more else "±0"

    @cached_property
    def lines(self) -> list[Line]:
        """The townships that are shown, and the county."""
        places: list[tuple[str, str | None]] = [*((named(row), row.id) for row in self.rows), (_("County"), None)]
        read = {one: [self._value(span, one) for span in self._read_spans] for _name, one in places}
        numbers = (value.number or 0 for one, values in read.items() if one for value in values[YEAR:])
        top = max(numbers, default=0)
        return [self._line(name, one, read[one], top) for name, one in places]

    def _line(self, name: str, township: str | None, values: list[Value], top: float) -> Line:
        shown = values[YEAR:]
        changes = [self._change(span, now, then) for span, now, then in zip(self.spans, shown, values, strict=False)]
        chart = charts.trends([[value.number for value in shown]], self._ticks, size=charts.SMALLEST, ceiling=top)
        return Line(name=name, township_id=township, values=tuple(shown), changes=tuple(changes), chart=chart)

    @property
    def _ticks(self) -> list[str]:
        return [month_word(span.first) for span in self.spans]

    @property
    def places(self) -> list[Line]:
        """The lines of townships."""
        return [line for line in self.lines if not line.is_county]

    @property
    def in_one_chart(self) -> bool:
        """Whether the townships are few enough for one chart."""
        return len(self.rows) <= ONE_CHART

    @property
    def chart(self) -> charts.TrendChart:
        """The townships' lines in one chart."""
        return charts.trends([[value.number for value in line.values] for line in self.places], self._ticks)

    @property
    def has_changes(self) -> bool:
        """Whether there is any month to compare with one of the year before."""
        return any(word != NOTHING for line in self.lines for word in line.changes)

    @property
    def blocks(self) -> list[slice]:
        """The months by the year, so that a table fits on a page; the latest last."""
        return [slice(at, at + YEAR) for at in range(0, self.months, YEAR)]

    @property
    def title(self) -> str:
        """What the page and the file are called."""
        facts = {"indicator": self.indicator.word, "base": BASES[self.base_key].word, "place": me().place}
        first, last = (month_word(span.first) for span in (self.spans[0], self.spans[-1]))
        return str(_("%(place)s: %(indicator)s %(base)s, %(first)s to %(last)s", first=first, last=last, **facts))

    @property
    def meanings(self) -> list[tuple[str, str]]:
        """Words and what they mean, for whoever is sent the page or the file."""
        found = [(str(self.indicator.word), str(self.indicator.meaning))]
        if self.base_key != "counts":
            found.append((str(BASES[self.base_key].word), str(BASES[self.base_key].meaning)))
        if self.indicator.group:
            found.append((_("Small numbers"), str(SMALL_NOTE)))
        found.append((NOTHING, str(NOTHING_NOTE)))
        change = _(
            "A month that is over, against the same month of the year before; – where there is nothing to compare."
        )
        return [*found, (_("Change in a year"), change)] if self.has_changes else found
