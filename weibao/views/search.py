"""Search across what the account may see, and what it opened lately."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from tenants.models import Roster
from tenants.queries import search as queries
from weibao import hx, i18n, recent
from weibao.access import may, me
from weibao.db import db
from weibao.words import named

blueprint = Blueprint("search", __name__, url_prefix="/search")
_PAST = timedelta(days=30)
# kind of row -> the page that shows one, and the argument that takes its id
_PAGES = {
    "people": ("people.show", "person_id"),
    "villages": ("homes.edit", "village_id"),
    "activities": ("activities.show", "activity_id"),
    "children": ("children.show", "child_id"),
    "rosters": ("planner.draft", "roster_id"),
}
_LISTS = {
    "people": "people.index",
    "villages": "homes.index",
    "activities": "activities.index",
    "children": "children.index",
}


@blueprint.get("")
def index() -> str:
    """What fits the text in the address, by kind; without a text what was opened lately."""
    text = request.args.get("q", "").strip()[: queries.LONGEST]
    kinds = frozenset(kind for kind, endpoint in _LISTS.items() if may(endpoint))
    session, actor = db.session(), me().actor
    return hx.render(
        "search/index.html",
        "search/_found.html",
        text=text,
        found=queries.find(session, actor, text, kinds, datetime.now(UTC) - _PAST),
        lately=[_line(kind, row) for kind, row in queries.still_there(session, actor, recent.seen())]
        if not text
        else [],
        line=_line,
    )


def _line(kind: str, row: Any) -> dict[str, Any]:
    """A row as a result: what it is called, where it leads (None: nowhere for this role)."""
    endpoint, argument = _PAGES[kind]
    url = url_for(endpoint, **{argument: row.id}) if may(endpoint) else url_for(_LISTS.get(kind, "search.index"))
    if kind == "children":
        return {"url": url, "label": row.case_code, "note": named(row.village), "icon": "ledger"}
    if isinstance(row, Roster):
        return {
            "url": url,
            "label": _("Draft"),
            "note": f"{i18n.day(row.starts_on)} – {i18n.day(row.ends_on)}",
            "icon": "route",
        }
    icon = {"people": "person", "villages": "village", "activities": "activity"}[kind]
    return {"url": url, "label": named(row), "note": _note(kind, row), "icon": icon}


def _note(kind: str, row: Any) -> str:
    if kind == "activities":
        return f"{i18n.moment(row.starts_at)} · {named(row.home)}"
    if kind == "villages":
        return row.home.opening_hours if row.home else ""
    return row.phone or ""
