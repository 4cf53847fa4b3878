"""The county at a glance: a month's map and tables, a comparison of townships over months, and their files."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from tenants.errors import InvalidError
from tenants.models import Township
from tenants.queries import glance, staffing
from tenants.queries.glance import Counts, Month
from tenants.services.allocations import Reading, Wishes
from weibao import allocating, charts
from weibao.access import me
from weibao.allocating import Load, Outlook, total_of
from weibao.comparison import BASES, SPANS, Comparison
from weibao.db import db
from weibao.i18n import long_day, today, zone
from weibao.indicators import INDICATORS, SMALL_NOTE, Column, month_so_far, month_word, told
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
        return {key: told(key, self.counts, ids) for key in INDICATORS}

    @cached_property
    def cells(self) -> dict[str, dict[str, str]]:
        """What each township's line shows."""
        return {row.id: {key: self._told[key].cells[row.id] for key in INDICATORS} for row in self.townships}

    @cached_property
    def totals(self) -> dict[str, str]:
        """The county's line."""
        return {key: column.total for key, column in self._told.items()}

    @property
    def before(self) -> dict[str, Counts]:
        """The month before, for comparison."""
        return self.of(self.span.before(today()))

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

    def change(self, *township_ids: str) -> str:
        """What the chosen indicator has gained in some townships since the month before."""
        if not self.is_compared:
            return ""
        read = INDICATORS[self.chosen].read
        more = sum(read(self.counts[one]) - read(self.before[one]) for one in township_ids)
        return f"{more:+d}" if more else "±0"

    @property
    def change_of_county(self) -> str:
        """The same of all townships."""
        return self.change(*(row.id for row in self.townships))

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
        """The county's chosen indicator over the last months: word, number as it is told, number; none of what has no
        history.
        """
        spans, part = [self.span], INDICATORS[self.chosen].part
        if not part:
            return []
        while len(spans) < MONTHS // 2:
            spans.insert(0, spans[0].before(today()))
        ids = [row.id for row in self.townships]
        read = glance.months(db.session(), spans, zone(), parts=frozenset({part, "children"}))
        words = [told(self.chosen, read[span], ids).total for span in spans]
        months = [month_so_far(span) for span in spans]
        numbers = [int(word) if word.isdecimal() else 0 for word in words]
        return list(zip(months, words, numbers, strict=True))

    @property
    def bars(self) -> charts.BarChart:
        """The trend as bars."""
        return charts.bars([(word, value, 0) for word, _told, value in self.trend])

    @cached_property
    def _reading(self) -> Reading | None:
        """Staff and weight of today; None without weights or a register."""
        try:
            return allocating.read(db.session(), me().county_id, day=today(), wishes=Wishes(), name="today")
        except InvalidError:
            return None

    @cached_property
    def loads(self) -> dict[str, Load]:
        """Staff load today and after the postings that are decided."""
        if self._reading is None:
            return {}
        problem = allocating.of_json(self._reading.problem)
        posts: dict[str, str | None] = {worker.id: worker.current for worker in problem.staff}
        posts |= {p.staff_id: p.to_township_id for p in staffing.ahead(db.session()) if p.staff_id in posts}
        return {load.township: load for load in Outlook(problem, posts).loads}

    @cached_property
    def load(self) -> Load | None:
        """The whole county's; None without weights or a register."""
        return total_of(list(self.loads.values())) if self.loads else None

    @property
    def load_meaning(self) -> str:
        """What the columns of staff load mean, and which table of weights they go by."""
        said = _(
            "Weight of the children by the table in force for one purchased-service worker: today, and after the "
            "postings that are decided; whatever the month."
        )
        if self._reading is None:
            return str(said)
        held = self._reading.weights
        facts = {"source": _("example") if held.is_example else held.source, "since": long_day(held.from_day)}
        return str(said + " " + _("Weights of the children: %(source)s, in force from %(since)s.", **facts))


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
        small_note=SMALL_NOTE,
    )


@blueprint.get("/file")
def file() -> Response:
    """All indicators of the month as a workbook."""
    page, _months = _page()
    heads = [_("Township"), *(str(one.word) for one in INDICATORS.values()), *_load_heads()]
    rows = [[named(row), *page.cells[row.id].values(), *_load_words(page.loads.get(row.id))] for row in page.townships]
    rows.append([_("County"), *(page.totals[key] for key in INDICATORS), *_load_words(page.load)])
    meanings = [(str(one.word), str(one.meaning)) for one in INDICATORS.values()]
    meanings += [(_("Small numbers"), str(SMALL_NOTE)), (_("Weight for each"), page.load_meaning)]
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
    return [_("Workers"), _("Weight for each"), _("Workers after postings"), _("Weight for each after")]


def _load_words(load: Load | None) -> Sequence[Any]:
    if load is None:
        return ["", "", "", ""]
    each = ["–" if value is None else f"{value:.1f}" for value in (load.now, load.then)]
    return [str(load.staff_now), each[0], str(load.staff_then), each[1]]
