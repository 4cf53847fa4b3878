"""The county of a month at a glance: a map and tables of indicators with their definitions, and the file of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import LazyString, format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tenants.enums import ChildCategory
from tenants.errors import InvalidError
from tenants.models import Township
from tenants.queries import glance, staffing
from tenants.queries.glance import NOT_ASSESSED, RISKS, Counts, Month
from tenants.services.allocations import Wishes
from weibao import allocating, charts, small_numbers
from weibao.access import me
from weibao.allocating import Load, Outlook
from weibao.db import db
from weibao.i18n import today, zone
from weibao.sheets import county as sheets
from weibao.views.downloads import download
from weibao.words import label, named

blueprint = Blueprint("glance", __name__, url_prefix="/county/glance")
MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A number of a township: its word, what it means, and how it is read; ``of`` is its small-number group."""

    word: LazyString | str
    meaning: LazyString | str
    read: Callable[[Counts], int]
    group: str = ""


def _category(member: ChildCategory) -> Indicator:
    meaning = _l("Open files in this category on the last day of the month, or today; a child can be in several.")
    return Indicator(word=label(member), meaning=meaning, read=lambda c: c.categories[member.value], group="category")


_RISK_WORDS = {
    "high": _l("High risk"),
    "medium": _l("Medium risk"),
    "low": _l("Low risk"),
    NOT_ASSESSED: _l("Not assessed"),
}


def _risk(level: str) -> Indicator:
    meaning = _l("Open files whose latest assessment by that day has this level.")
    return Indicator(word=_RISK_WORDS[level], meaning=meaning, read=lambda c: c.risks[level], group="risk")


INDICATORS: dict[str, Indicator] = {
    "children": Indicator(
        word=_l("Open files"),
        meaning=_l("Children in the ledger on the last day of the month, or today."),
        read=lambda c: c.children,
    ),
    **{member.value: _category(member) for member in ChildCategory},
    **{f"risk_{level}": _risk(level) for level in RISKS},
    "due": Indicator(
        word=_l("Visits due"),
        meaning=_l("Visits whose day lies in the month, without those called off."),
        read=lambda c: c.due,
    ),
    "done": Indicator(
        word=_l("Visits done"), meaning=_l("Visits recorded as done on a day of the month."), read=lambda c: c.done
    ),
    "overdue": Indicator(
        word=_l("Visits overdue"),
        meaning=_l("Visits that were due before the last day of the month, or today, and not done by then."),
        read=lambda c: c.overdue,
    ),
    "activities": Indicator(
        word=_l("Activities"),
        meaning=_l("Activities at Children's Homes that have ended in the month, without those called off."),
        read=lambda c: c.activities,
    ),
    "heads": Indicator(
        word=_l("Children expected"),
        meaning=_l("Head-counts that these activities were planned for."),
        read=lambda c: c.heads,
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
        meaning=_l("Hours of volunteers' duties from published rosters that are over, rounded down."),
        read=lambda c: c.minutes // 60,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A township on the map; ``size`` is 0 (nothing, or not told) to 4 (among the largest)."""

    township: Township
    x: float
    y: float
    size: int
    word: str


@dataclass(frozen=True)
class Page:
    """A month of the county, and the indicator that the map shows."""

    span: Month
    chosen: str

    @cached_property
    def townships(self) -> list[Township]:
        """In the order of the user's names."""
        return sorted(staffing.townships(db.session()), key=named)

    @cached_property
    def _read(self) -> dict[Month, dict[str, Counts]]:
        """The months that have been read already."""
        return {}

    def of(self, span: Month) -> dict[str, Counts]:
        """A month by township."""
        if span not in self._read:
            self._read[span] = glance.month(db.session(), span, today(), zone())
        return self._read[span]

    @property
    def counts(self) -> dict[str, Counts]:
        """The page's month by township."""
        return self.of(self.span)

    @cached_property
    def cells(self) -> dict[str, dict[str, str]]:
        """What each township's line shows: small numbers of categories and risks as a range, others exactly."""
        ids = [row.id for row in self.townships]
        shown: dict[str, dict[str, str]] = {one: {} for one in ids}
        for key, indicator in INDICATORS.items():
            values = [indicator.read(self.counts[one]) for one in ids]
            words = small_numbers.shown(values) if indicator.group == "category" else [str(n) for n in values]
            for one, word in zip(ids, words, strict=True):
                shown[one][key] = word
        risks = [[self.counts[one].risks[level] for level in RISKS] for one in ids]
        for one, line in zip(ids, small_numbers.shown_table(risks), strict=True):
            shown[one] |= {f"risk_{level}": word for level, word in zip(RISKS, line, strict=True)}
        return shown

    @cached_property
    def totals(self) -> dict[str, str]:
        """The county's line."""
        return {key: self._told(key, self._sum(self.counts, key)) for key in INDICATORS}

    def _sum(self, counts: dict[str, Counts], key: str) -> int:
        return sum(INDICATORS[key].read(counts[row.id]) for row in self.townships)

    @staticmethod
    def _told(key: str, value: int) -> str:
        small = INDICATORS[key].group and small_numbers.is_small(value)
        return small_numbers.SMALL if small else str(value)

    @property
    def before(self) -> dict[str, Counts]:
        """The month before, for comparison."""
        return self.of(self.span.before(today()))

    def change(self, township_id: str) -> str:
        """What the chosen indicator has gained since the month before; nothing is said of children's groups."""
        indicator = INDICATORS[self.chosen]
        if indicator.group:
            return ""
        more = indicator.read(self.counts[township_id]) - indicator.read(self.before[township_id])
        return f"{more:+d}" if more else "±0"

    @cached_property
    def spots(self) -> list[Spot]:
        """The map: seats by longitude and latitude, on a plane true enough for a county."""
        rows = self.townships
        if not rows:
            return []
        lats, lons = [row.lat for row in rows], [row.lon for row in rows]
        wide, high = (max(lons) - min(lons)) or 1.0, (max(lats) - min(lats)) or 1.0
        words = {row.id: self.cells[row.id][self.chosen] for row in rows}
        numbers = [int(word) for word in words.values() if word.isdecimal()]
        most = max(numbers, default=0) or 1
        return [
            Spot(
                township=row,
                x=round(50 + 500 * (row.lon - min(lons)) / wide, 1),
                y=round(40 + 380 * (max(lats) - row.lat) / high, 1),
                size=min(4, -(-4 * int(words[row.id]) // most)) if words[row.id].isdecimal() else 0,
                word=words[row.id],
            )
            for row in rows
        ]

    @cached_property
    def trend(self) -> list[tuple[str, str, int]]:
        """The county's chosen indicator over the last months: word, number as it is told, number."""
        spans = [self.span]
        while len(spans) < MONTHS // 2:
            spans.insert(0, spans[0].before(today()))
        found = []
        for span in spans:
            value = self._sum(self.of(span), self.chosen)
            told = self._told(self.chosen, value)
            found.append((month_word(span.first), told, value if told.isdecimal() else 0))
        return found

    @property
    def bars(self) -> charts.BarChart:
        """The trend as bars."""
        return charts.bars([(word, value, 0) for word, _told, value in self.trend])

    @cached_property
    def loads(self) -> dict[str, Load]:
        """Staff load today and after the postings that are decided; empty without weights or a register."""
        try:
            reading = allocating.read(db.session(), me().county_id, day=today(), wishes=Wishes(), name="today")
        except InvalidError:
            return {}
        problem = allocating.of_json(reading.problem)
        posts: dict[str, str | None] = {worker.id: worker.current for worker in problem.staff}
        posts |= {p.staff_id: p.to_township_id for p in staffing.ahead(db.session()) if p.staff_id in posts}
        return {load.township: load for load in Outlook(problem, posts).loads}


def month_word(first: date) -> str:
    """A month with its year."""
    return str(format_date(first, "yyyy-MM"))


def _page() -> tuple[Page, list[Month]]:
    months = [Month.of(today(), today())]
    while len(months) < MONTHS:
        months.append(months[-1].before(today()))
    asked = request.args.get("month", "")
    span = next((one for one in months if one.first.isoformat()[:7] == asked), months[0])
    chosen = request.args.get("show", "")
    return Page(span, chosen if chosen in INDICATORS else "children"), months


@blueprint.get("")
def index() -> str:
    """Map and table side by side, the trend, all indicators, and what each means."""
    page, months = _page()
    return render_template("glance/index.html", page=page, months=months, indicators=INDICATORS, month_word=month_word)


@blueprint.get("/file")
def file() -> Response:
    """All indicators of the month as a workbook."""
    page, _months = _page()
    heads = [_("Township"), *(str(one.word) for one in INDICATORS.values()), *_load_heads()]
    rows = [[named(row), *page.cells[row.id].values(), *_load_words(page.loads.get(row.id))] for row in page.townships]
    rows.append([_("County"), *(page.totals[key] for key in INDICATORS)])
    meanings = [(str(one.word), str(one.meaning)) for one in INDICATORS.values()]
    title = _("%(place)s, indicators of %(month)s", place=me().place, month=month_word(page.span.first))
    name = f"weibao-{page.span.first.isoformat()[:7]}.xlsx"
    content = sheets.workbook(title, heads, rows, [*meanings, (_("Small numbers"), str(SMALL_NOTE))])
    return download(content, name)


SMALL_NOTE = _l(
    "Numbers of children by category and risk from 1 to 4 are told as <5; others are told as ≥5 where a sum would give "
    "one away."
)


def _load_heads() -> list[str]:
    return [_("Workers"), _("Weight for each"), _("Workers after postings"), _("Weight for each after")]


def _load_words(load: Load | None) -> Sequence[Any]:
    if load is None:
        return ["", "", "", ""]
    each = ["–" if value is None else f"{value:.1f}" for value in (load.now, load.then)]
    return [str(load.staff_now), each[0], str(load.staff_then), each[1]]
