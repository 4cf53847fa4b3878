"""How phones and calendars reach the program."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, url_for

_ONLY_HERE = {"localhost", "127.0.0.1", "::1"}


def base_url() -> str:
    """The set public address, or else the one that this request came to; no slash at its end."""
    return str(current_app.config["WEIBAO"].public_url or request.url_root).rstrip("/")


def address_of(endpoint: str, **values: Any) -> str:
    """The whole address of a page."""
    return base_url() + url_for(endpoint, **values).removeprefix(request.script_root)


def is_only_here() -> bool:
    """Whether the address means the server's own machine, so that no phone can reach it."""
    return urlsplit(base_url()).hostname in _ONLY_HERE
