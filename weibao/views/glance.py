"""The county at a glance: a month's map and tables, a comparison of townships over months, and their files."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tenants.models import Township
from tenants.queries import glance, staffing
from tenants.queries.glance import Beginning, Counts, Month
from weibao import allocating, charts
from weibao.access import me
from weibao.comparison import BASES, SPANS, Comparison
from weibao.db import db
from weibao.i18n import long_day, today, zone
from weibao.indicators import (
    INDICATORS,
    NOTHING,
    NOTHING_NOTE,
    SMALL_NOTE,
    Column,
    month_so_far,
    month_word,
    since_in_use,
    told,
    told_together,
)
from weibao.sheets import county as sheets
from weibao.sheets.county import Sheet
from weibao.views.downloads import download
from weibao.words import named

blueprint = Blueprint("glance", __name__, url_prefix="/county/glance")
MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A township on the map; ``size`` is 0 (nothing, or not told) to 4 (among the largest)."""

    township: Township
    x: float
    y: float
    size: int
    word: str


@dataclass(frozen=True, kw_only=True)
class StaffLoad:
    """Open files of today, and the purchased-service workers for them: today, and once all is done that is decided."""

    files: int
    now: int
    then: int

    def __add__(self, other: "StaffLoad") -> "StaffLoad":
        """Both places together."""
        return StaffLoad(files=self.files + other.files, now=self.now + other.now, then=self.then + other.then)

    @property
    def each(self) -> tuple[float | None, float | None]:
        """Open files for one worker, before and after; None where nobody is."""
        before, after = (self.files / staff if staff else None for staff in (self.now, self.then))
        return before, after


LOAD_MEANING = _l(
    "Open files of today for one purchased-service worker: now, and after the postings that are decided; whatever the "
    "month. What the children weigh by category and risk stands on the county's desk alone: beside these numbers it "
    "would tell small ones that are hidden."
)

NOTES = (
    (_l("Small numbers"), SMALL_NOTE),
    (NOTHING, NOTHING_NOTE),
    (_l("Files for each worker"), LOAD_MEANING),
)
"""What stands below the table and in its file, beside what each indicator means."""


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
    def _told(self) -> dict[str, Column]:
        """The page's month by indicator: small numbers of categories and risks as a range, others exactly."""
        ids = [row.id for row in self.townships]
        columns = told_together(INDICATORS, self.counts, ids)
        return {key: self._since(key, column, self.span) for key, column in columns.items()}

    @cached_property
    def _begun(self) -> Mapping[str, Beginning]:
        return glance.beginnings(db.session(), zone())

    def _since(self, key: str, column: Column, span: Month) -> Column:
        return since_in_use(key, column, span, self._begun, today=today())

    @cached_property
    def cells(self) -> dict[str, dict[str, str]]:
        """What each township's line shows."""
        return {row.id: {key: self._told[key].cells[row.id] for key in INDICATORS} for row in self.townships}

    @cached_property
    def totals(self) -> dict[str, str]:
        """The county's line."""
        return {key: column.total for key, column in self._told.items()}

    @cached_property
    def _before(self) -> Column:
        """The chosen indicator in the month before, for comparison."""
        span = self.span.before(today())
        ids = [row.id for row in self.townships]
        return self._since(self.chosen, told(self.chosen, self.of(span), ids), span)

    @property
    def is_compared(self) -> bool:
        """Whether the month can be set against the one before: not of groups, nor of what has no history, nor of what
        happens in a month that is not over.
        """
        one = INDICATORS[self.chosen]
        return bool(one.part) and not one.group and not (one.flows and self.is_running)

    @property
    def is_running(self) -> bool:
        """Whether the month is not over."""
        return self.span.until > today()

    def change(self, township_id: str) -> str:
        """What the chosen indicator has gained in a township since the month before."""
        if not self.is_compared:
            return ""
        return _gain(self.cells[township_id][self.chosen], self._before.cells[township_id])

    @property
    def change_of_county(self) -> str:
        """The same of all townships."""
        return _gain(self.totals[self.chosen], self._before.total) if self.is_compared else ""

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
    def trend(self) -> list[tuple[str, str]]:
        """The county's chosen indicator over the last months, as it is told; none of what has no history."""
        spans, part = [self.span], INDICATORS[self.chosen].part
        if not part:
            return []
        while len(spans) < MONTHS // 2:
            spans.insert(0, spans[0].before(today()))
        ids = [row.id for row in self.townships]
        read = glance.months(db.session(), spans, zone(), parts=frozenset({part, "children"}))
        words = [self._since(self.chosen, told(self.chosen, read[span], ids), span).total for span in spans]
        return list(zip(map(month_so_far, spans), words, strict=True))

    @property
    def bars(self) -> charts.BarChart:
        """The trend as bars; none where a number is not told exactly, and its word alone stands there."""
        return charts.bars([(month, int(word) if word.isdecimal() else 0, 0) for month, word in self.trend])

    @cached_property
    def loads(self) -> dict[str, StaffLoad]:
        """Staff load today and after the postings that are decided, of each township; empty without a register.

        By the number of files and not by what they weigh: weights, set against the numbers beside them, would tell the
        small ones that are hidden.
        """
        session, files = db.session(), self.of(Month.of(today(), today()))
        standing, _excluded = allocating.present(session, me().county_id, today())
        posts = {one.staff.id: one.place for one in standing}
        moved = {one.staff_id: one.to_township_id for one in staffing.ahead(session) if one.staff_id in posts}
        now, then = Counter(posts.values()), Counter((posts | moved).values())
        if not posts:
            return {}
        return {
            row.id: StaffLoad(files=files[row.id].children, now=now[row.id], then=then[row.id])
            for row in self.townships
        }

    @cached_property
    def load(self) -> StaffLoad | None:
        """The whole county's; None without a register."""
        return sum(self.loads.values(), StaffLoad(files=0, now=0, then=0)) if self.loads else None


def _gain(now: str, before: str) -> str:
    if NOTHING in {now, before}:
        return ""
    more = int(now) - int(before)
    return f"{more:+d}" if more else "±0"


def _page() -> tuple[Page, list[Month]]:
    months = Month.last(MONTHS, today())[::-1]
    asked = request.args.get("month", "")
    span = next((one for one in months if one.first.isoformat()[:7] == asked), months[0])
    chosen = request.args.get("show", "")
    return Page(span, chosen if chosen in INDICATORS else "children"), months


@blueprint.get("")
def index() -> str:
    """Map and table side by side, the trend, all indicators, and what each means."""
    page, months = _page()
    return render_template(
        "glance/index.html",
        page=page,
        months=months,
        indicators=INDICATORS,
        month_word=month_word,
        blocks=_blocks(),
        notes=NOTES,
    )


def _blocks() -> dict[str, list[str]]:
    """The indicators in tables that fit on a page of paper, by their titles; staff stands beside the last."""
    parts = {
        _("Children"): {"children", "categories", "risks"},
        _("Visits and activities"): {"visits", "activities"},
        _("Volunteers and purchased-service workers"): {"", "hours"},
    }
    return {title: [key for key, one in INDICATORS.items() if one.part in held] for title, held in parts.items()}


@blueprint.get("/file")
def file() -> Response:
    """All indicators of the month as a workbook."""
    page, _months = _page()
    heads = [_("Township"), *(str(one.word) for one in INDICATORS.values()), *_load_heads()]
    rows = [[named(row), *page.cells[row.id].values(), *_load_words(page.loads.get(row.id))] for row in page.townships]
    rows.append([_("County"), *(page.totals[key] for key in INDICATORS), *_load_words(page.load)])
    meanings = [(str(one.word), str(one.meaning)) for one in INDICATORS.values()]
    meanings += [(str(word), str(meaning)) for word, meaning in NOTES]
    title = _("%(place)s, indicators of %(month)s", place=me().place, month=month_word(page.span.first))
    name = f"weibao-{page.span.first.isoformat()[:7]}.xlsx"
    sheet = Sheet(name=_("Indicators"), heads=heads, rows=rows)
    as_of = _("as of %(day)s", day=long_day(page.span.as_of))
    return download(sheets.workbook(title, as_of, [sheet], meanings), name)


def _comparison() -> Comparison:
    asked, months = request.args, request.args.get("months", "")
    key, base = asked.get("show", ""), asked.get("base", "")
    return Comparison(
        key=key if key in INDICATORS and INDICATORS[key].part else "children",
        months=int(months) if months in map(str, SPANS) else SPANS[1],
        base=base if base in BASES else "counts",
        chosen=frozenset(asked.getlist("township")),
    )


@blueprint.get("/compare")
def compare() -> str:
    """An indicator of some townships over months: lines, the table, and the change against the year before."""
    choices = {key: one.word for key, one in INDICATORS.items() if one.part}
    return render_template("glance/compare.html", page=_comparison(), choices=choices, spans=SPANS, bases=BASES)


@blueprint.get("/compare/file")
def compare_file() -> Response:
    """The same as a workbook: what the page shows, no more and no less."""
    page = _comparison()
    heads = [_("Township"), *page.heads]
    tables = [Sheet(name=_("Townships by month"), heads=heads, rows=[[line.name, *line.words] for line in page.lines])]
    if page.has_changes:
        rows = [[line.name, *line.changes] for line in page.lines]
        tables.append(Sheet(name=_("Change in a year"), heads=heads, rows=rows))
    name = f"weibao-{page.key}-{page.spans[0].first.isoformat()[:7]}-{page.spans[-1].first.isoformat()[:7]}.xlsx"
    as_of = _("as of %(day)s", day=long_day(today()))
    return download(sheets.workbook(page.title, as_of, tables, page.meanings), name)


def _load_heads() -> list[str]:
    return [_("Workers"), _("Files for each worker"), _("Workers after postings"), _("Files for each worker after")]


def _load_words(load: StaffLoad | None) -> Sequence[Any]:
    if load is None:
        return ["", "", "", ""]
    before, after = ("–" if value is None else f"{value:.1f}" for value in load.each)
    return [str(load.now), before, str(load.then), after]
