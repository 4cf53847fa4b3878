"""Line breaks of what is typed count as one character, as the browser counted them."""

from io import BytesIO

import pytest
from flask import Flask, request

from weibao import hx, newlines

CASES = [("one\r\ntwo\r\n", "one\ntwo\n"), ("one\rtwo", "one\ntwo"), ("one\ntwo", "one\ntwo")]


@pytest.fixture
def plain() -> Flask:
    app = Flask("plain")
    newlines.init_app(app)
    return app


@pytest.mark.parametrize(("sent", "read"), CASES)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_forms_text_has_one_sign_for_each_line_break(plain: Flask, kind: str, sent: str, read: str) -> None:
    with plain.test_request_context(method="POST", data={"note": [sent, "x"]}, content_type=kind):
        assert request.form.getlist("note") == [read, "x"]


def test_a_file_stays_as_it_is(plain: Flask) -> None:
    with plain.test_request_context(method="POST", data={"file": (BytesIO(b"one\r\ntwo"), "a.txt"), "note": "\r\n"}):
        assert request.files["file"].read() == b"one\r\ntwo"
        assert request.form["note"] == "\n"


def test_what_else_a_request_can_stays(app: Flask) -> None:
    with app.test_request_context(headers={"HX-Request": "true"}):
        assert hx.wants_fragment()
