"""What surrounds every page: navigation, the user, the language switch, security headers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_login import current_user

from tenants.errors import ScopeError
from tenants.queries import messages
from weibao import access, i18n
from weibao.db import db
from weibao.help import help_for

_CSP = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

# endpoint, word, icon; shown to whoever may reach the endpoint, in this order.
NAVIGATION = (
    ("desk.start", _l("Start"), "house"),
    ("mine.duties", _l("My duties"), "calendar-check"),
    ("places.index", _l("Step in"), "swap"),
    ("village.roster", _l("My village"), "village"),
    ("county.townships", _l("Townships"), "table"),
    ("staffing.index", _l("Staff"), "swap"),
    ("planner.start", _l("Plan"), "route"),
    ("roster.index", _l("Rosters"), "table"),
    ("availability_requests.index", _l("Who is free"), "clock"),
    ("day.index", _l("Attendance"), "check-circle"),
    ("concerns.index", _l("Concerns"), "warning"),
    ("exchange.index", _l("Swaps and sign-ups"), "swap"),
    ("calendar.page", _l("Calendar"), "calendar"),
    ("activities.index", _l("Activities"), "activity"),
    ("figures.index", _l("Charts"), "chart"),
    ("children.index", _l("Children"), "ledger"),
    ("people.index", _l("People"), "people"),
    ("applications.index", _l("Applications"), "inbox"),
    ("lendings.index", _l("Lending"), "swap"),
    ("vetting.index", _l("Checks"), "shield"),
    ("bars.index", _l("Barred people"), "shield"),
    ("homes.index", _l("Villages and homes"), "house"),
    ("sheets.index", _l("Excel files"), "table"),
    ("rules.index", _l("Visit rules"), "settings"),
    ("retention.index", _l("Retention"), "lock"),
    ("retention.periods", _l("Retention periods"), "lock"),
    ("arrangements.edit", _l("Duty rules"), "bell"),
    ("holidays.index", _l("Holidays and terms"), "sun"),
    ("audit.index", _l("Audit log"), "history"),
    ("accounts.index", _l("Accounts"), "key"),
    ("availability.own", _l("My availability"), "clock"),
)

# word, icon, nouns (blueprints): where a menu is long, these stand behind one button.
GROUPS = (
    (_l("My own"), "person", {"mine", "places", "availability"}),
    (
        _lp("menu", "Planning"),
        "route",
        {"planner", "roster", "availability_requests", "exchange", "activities", "figures"},
    ),
    (_l("Records"), "ledger", {"children", "people", "applications", "lendings", "vetting", "bars", "homes", "sheets"}),
    (_l("Settings"), "settings", {"rules", "retention", "arrangements", "holidays", "audit", "accounts"}),
)
FEW = 8
"""Up to this many entries stand side by side at 1280 pixels, in both languages."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One page of the menu."""

    noun: str
    url: str
    label: LazyString
    icon: str
    active: bool


@dataclass(frozen=True, kw_only=True)
class Group:
    """Entries behind one button."""

    label: LazyString
    icon: str
    entries: tuple[Entry, ...]

    @property
    def active(self) -> bool:
        """Whether the present page is one of them."""
        return any(entry.active for entry in self.entries)


def _menu() -> list[Entry | Group]:
    """What the present account may reach; where that is much, grouped by what it is about."""
    if not current_user.is_authenticated:
        return []
    here = (request.endpoint or "").split(".")[0]
    entries = [
        Entry(noun=noun, url=url_for(endpoint), label=word, icon=icon, active=here == noun)
        for endpoint, word, icon in NAVIGATION
        for noun in (endpoint.split(".")[0],)
        if access.may(endpoint)
    ]
    return grouped(entries) if len(entries) > FEW else [*entries]


def grouped(entries: Sequence[Entry]) -> list[Entry | Group]:
    """The entries, those of a group together where its first one stood; a group of one is no group."""
    groups = [Group(label=word, icon=icon, entries=_of(entries, nouns)) for word, icon, nouns in GROUPS]
    home = {entry.url: group for group in groups if len(group.entries) > 1 for entry in group.entries}
    return list(dict.fromkeys(home.get(entry.url, entry) for entry in entries))


def _of(entries: Sequence[Entry], nouns: set[str]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.noun in nouns)


def _unread() -> int:
    """The present account's unread messages; asked by the frame of a page alone."""
    if not current_user.is_authenticated:
        return 0
    try:
        return messages.unread(db.session(), current_user.id)
    except ScopeError:  # the page of a request that was turned away at the door
        return 0


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")  # no-referrer would break the check of forms over https
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "private, no-store")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def init_app(app: Flask) -> None:
    """Register the context of the templates and the headers of every answer."""

    @app.context_processor
    def _context() -> dict[str, Any]:
        return {
            "nav": _menu(),
            "languages": i18n.LANGUAGES,
            "language": i18n.language(),
            "demo": app.config["WEIBAO"].demo,
            "may": access.may,
            "today": i18n.today,
            "help_for": help_for,
            "unread": _unread,
        }

    app.after_request(_headers)
