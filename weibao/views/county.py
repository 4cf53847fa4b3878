"""The county's tables: every township, and one township by village; numbers only."""

from datetime import datetime, time
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from tenants.queries import county as queries
from tenants.queries import staffing
from tenants.queries.county import TownshipRow
from tenants.queries.county_steps import county_steps
from weibao import small_numbers
from weibao.access import me
from weibao.db import db
from weibao.i18n import today, zone
from weibao.trends import trends_of
from weibao.words import named

blueprint = Blueprint("county", __name__, url_prefix="/county")

# Field of Figures -> the column's word, in the table's order.
COLUMNS: dict[str, LazyString] = {
    "children": _l("Open files"),
    "due": _l("Due in 14 days"),
    "covered": _l("of these rostered"),
    "overdue": _l("Overdue"),
    "done": _l("Done in 30 days"),
    "volunteers": _l("Volunteers"),
    "vetted": _l("of these checked"),
    "social_workers": _l("Social workers"),
}


def _midnight() -> datetime:
    return datetime.combine(today(), time(), tzinfo=zone())


@blueprint.get("")
def townships() -> str:
    """All townships, sorted as asked."""
    rows = queries.townships(db.session(), today(), _midnight())
    sort, order = request.args.get("sort", "name"), request.args.get("order", "")
    if sort not in {"name", "version", *COLUMNS}:
        sort = "name"
    descending = order == "desc"
    rows.sort(key=lambda row: _key(row, sort), reverse=descending)
    return render_template(
        "county/townships.html",
        rows=rows,
        total=queries.total(rows),
        columns=COLUMNS,
        sort=sort,
        descending=descending,
        attempts=staffing.unseen_attempts(db.session(), me().id),
        waiting=staffing.waiting_for(db.session(), me().id),
        steps=None if any(row.version for row in rows) else county_steps(db.session(), me().county_id, today()),
    )


def _key(row: TownshipRow, sort: str) -> Any:
    if sort == "name":
        return named(row)
    return (row.version or 0) if sort == "version" else getattr(row.figures, sort)


@blueprint.get("/townships/<township_id>")
def township(township_id: str) -> str:
    """One township by village; small counts of children are told as a range."""
    session = db.session()
    place = queries.township(session, township_id)
    rows = queries.villages(session, township_id, today(), _midnight())
    rows.sort(key=lambda row: (row.id is None, named(row)))
    return render_template(
        "county/township.html",
        township=place,
        lines=list(zip(rows, told_cells(rows), strict=True)),
        total=queries.total(rows),
        columns=COLUMNS,
        trends=trends_of(township_id),
    )


def told_cells(rows: list[queries.VillageRow]) -> list[dict[str, str]]:
    """What each village's line shows. In a village of few children their visits are told as a range too."""
    columns = {name: [getattr(row.figures, name) for row in rows] for name in COLUMNS}
    children = columns["children"]
    told = {name: [str(value) for value in values] for name, values in columns.items()}
    told["children"] = small_numbers.shown(children)
    told["due"], told["covered"] = small_numbers.told_visits(columns["due"], columns["covered"], children)
    told |= {name: small_numbers.told_counts(columns[name], children) for name in ("overdue", "done")}
    return [{name: told[name][place] for name in COLUMNS} for place in range(len(rows))]
