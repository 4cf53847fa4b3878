"""Reading pages in tests."""

import html
import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_SIGN = re.compile(r'<svg[^>]*aria-label="([^"]*)"[^>]*>.*?</svg>')
_TAG = re.compile(r"<[^>]+>")


def in_english(client: FlaskClient) -> FlaskClient:
    """The client, with English chosen as a visitor's switch leaves it."""
    client.set_cookie("language", "en")
    return client


def text_of(answer: TestResponse, *, signs: bool = False) -> str:
    """The page's text as a reader sees it, in one line; with ``signs``, as one hears it: signs by their words."""
    body = answer.text.split("<main", 1)[-1].split("</main>")[0]
    heard = _SIGN.sub(r" [\1] ", body) if signs else body
    return " ".join(html.unescape(_TAG.sub(" ", heard)).split())
