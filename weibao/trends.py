"""A township's own indicators over the last year, for the page of its villages."""

from dataclasses import dataclass

from tenants.queries import glance
from tenants.queries.glance import Month
from weibao import charts
from weibao.db import db
from weibao.i18n import today, zone
from weibao.indicators import INDICATORS, YEAR, Indicator, month_word

TRENDS = ("children", "due", "done", "overdue", "activities", "heads", "hours")
"""What is told of a township exactly, so that nothing of it need hide; groups of children stand in the comparison."""


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A township's indicator by month, with its chart."""

    indicator: Indicator
    rows: tuple[tuple[str, int], ...]

    @property
    def chart(self) -> charts.ColumnChart:
        """The months as points."""
        return charts.columns([(word, float(value)) for word, value in self.rows])

    @property
    def path(self) -> str:
        """The line through them."""
        return charts.trend(self.chart)


def trends_of(township_id: str) -> list[Trend]:
    """A township's indicators over the last year."""
    spans = Month.last(YEAR, today())
    parts = frozenset(INDICATORS[key].part for key in TRENDS)
    read = glance.months(db.session(), spans, zone(), parts=parts, township=township_id)
    counts = [(month_word(span.first), read[span][township_id]) for span in spans]
    return [
        Trend(indicator=one, rows=tuple((word, one.read(count)) for word, count in counts))
        for one in (INDICATORS[key] for key in TRENDS)
    ]
