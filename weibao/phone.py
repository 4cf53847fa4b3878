"""What a phone keeps of the program: the shell alone, never a page that somebody has logged in to see.

The shell is a list of static files and the page that is shown where there is no network. Its version is a digest of
their content, so that a new release of the program makes a new cache and drops the old one.
"""

import hashlib
import json
from functools import cache

from flask import render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from weibao.i18n import LANGUAGES, LOCALES
from weibao.resources import STATIC

PREFIX = "weibao-shell-"
SHELL = (
    "vendor/bootstrap-5.3.9/bootstrap.min.css",
    "vendor/bootstrap-5.3.9/bootstrap.bundle.min.js",
    "weibao.css",
    "theme.js",
    "weibao.js",
    "outbox.js",
    "phone.js",
    "icons.svg",
    "mark.svg",
    "icon-192.png",
)
ICONS = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"),
         ("icon-maskable-512.png", "512x512", "maskable"))  # fmt: skip
COLOUR = "#0f5666"


def manifest(language: str) -> dict[str, object]:
    """The web app manifest (W3C) in a language: the program can then be put on the home screen."""
    with force_locale(LOCALES[language]):
        icons: list[dict[str, str]] = [
            {"src": url_for("static", filename=name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ]
        icons.append({"src": url_for("static", filename="mark.svg"), "sizes": "any", "type": "image/svg+xml"})
        return {
            "id": url_for("desk.start"),
            "name": _("Weibao: child-protection desk"),
            "short_name": _("Weibao"),
            "description": _("the operating desk of a county's child-protection network"),
            "lang": "zh-Hans" if language == "zh" else "en",
            "dir": "ltr",
            "start_url": url_for("desk.start"),
            "scope": url_for("desk.start"),
            "display": "standalone",
            "background_color": COLOUR,
            "theme_color": COLOUR,
            "icons": icons,
        }


def offline_page(language: str) -> str:
    """The page without a network: the same for everybody, whoever asks for it."""
    with force_locale(LOCALES[language]):
        return render_template("phone/offline.html", lang=language)


def worker(default: str) -> str:
    """The service worker's script: the shell's addresses and version, and the code; ``default`` is a language."""
    pages = {language: url_for("phone.offline", lang=language) for language in LANGUAGES}
    facts = {
        "prefix": PREFIX,
        "version": _version(request.script_root),
        "files": [url_for("static", filename=name) for name in SHELL],
        "pages": pages,
        "language": default,
        "outbox": url_for("static", filename="outbox.js"),
        "visits": url_for("phone.visits"),
    }
    return f"const SHELL = {json.dumps(facts)};\n{(STATIC / 'worker.js').read_text('utf-8')}"


@cache
def _version(_script_root: str) -> str:
    """Made once for each address that the program is reached under: a browser asks for the worker with every page."""
    files = ((STATIC / name).read_bytes() for name in (*SHELL, "worker.js"))
    pages = (offline_page(language).encode() for language in LANGUAGES)
    digest = hashlib.sha256()
    for part in (*files, *pages):
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()[:16]
