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


def main_of(page: str) -> str:
    """The page's own part, without the frame around it."""
    return page.split("<main", 1)[-1].split("</main>", maxsplit=1)[0]


def names_of_fields(page: str) -> set[str]:
    """What a form of the page sends, by name."""
    return set(re.findall(r'<(?:input|select|textarea)\b[^>]*\bname="([^"]+)"', main_of(page)))


def text_of(answer: TestResponse, *, signs: bool = False) -> str:
    """The page's text as a reader sees it, in one line; with ``signs``, as one hears it: signs by their words."""
    body = main_of(answer.text)
    heard = _SIGN.sub(r" [\1] ", body) if signs else body
    return " ".join(html.unescape(_TAG.sub(" ", heard)).split())
