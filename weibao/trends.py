"""A township's own indicators over the last year, for the page of its villages."""

from dataclasses import dataclass

from tenants.queries import glance, staffing
from tenants.queries.glance import Month
from weibao import charts
from weibao.db import db
from weibao.i18n import today, zone
from weibao.indicators import INDICATORS, NOTHING, YEAR, Indicator, month_word, since_in_use, told

TRENDS = ("children", "due", "done", "overdue", "activities", "heads", "came", "guardians", "unrecorded", "hours")
"""Of a township's months; groups of children stand in the comparison."""


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A township's indicator by month, with its chart."""

    indicator: Indicator
    rows: tuple[tuple[str, str], ...]
    """Months, and the number as it is told."""

    @property
    def values(self) -> list[int | None]:
        """The numbers; None where one is not told exactly."""
        return [int(word) if word.isdecimal() else None for _month, word in self.rows]

    @property
    def is_whole(self) -> bool:
        """Whether every month's number is told."""
        return None not in self.values

    @property
    def has_any(self) -> bool:
        """Whether anything was counted."""
        return any(word not in {"0", NOTHING} for _month, word in self.rows)

    @property
    def chart(self) -> charts.ColumnChart:
        """The months as points."""
        months = [month for month, _word in self.rows]
        return charts.columns([(month, float(value or 0)) for month, value in zip(months, self.values, strict=True)])

    @property
    def broken(self) -> charts.TrendChart:
        """The months as a line that breaks where a number is not told."""
        return charts.trends([self.values], [month for month, _word in self.rows])

    @property
    def path(self) -> str:
        """The line through them."""
        return charts.trend(self.chart)


def trends_of(township_id: str) -> list[Trend]:
    """A township's indicators over the last year.

    Where small numbers hide, every township is read: what is told of one depends on the others.
    """
    session, spans = db.session(), Month.last(YEAR, today())
    parts = {key: INDICATORS[key].part for key in TRENDS}
    read = glance.months(session, spans, zone(), parts=frozenset(parts.values()), township=township_id)
    hiding = frozenset(part for key, part in parts.items() if INDICATORS[key].group)
    county, ids = glance.months(session, spans, zone(), parts=hiding), [row.id for row in staffing.townships(session)]
    begun = glance.beginnings(session, zone())

    def word(key: str, span: Month) -> str:
        column = told(key, county[span], ids) if INDICATORS[key].group else told(key, read[span], [township_id])
        return since_in_use(key, column, span, begun, today=today()).cells[township_id]

    return [
        Trend(indicator=INDICATORS[key], rows=tuple((month_word(span.first), word(key, span)) for span in spans))
        for key in TRENDS
    ]
