"""Line breaks of what is typed: browsers send CR LF for each (WHATWG HTML, 4.10.21.8) but count one character.

A text that fills its ``maxlength`` would arrive longer than it was counted, and be refused. What a form brings has LF
alone, so that the program counts as the browser did; nothing else reads a form's text before.
"""

from typing import IO

from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser

_Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


def normalised(text: str) -> str:
    """A text with LF for each line break."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _Parser(FormDataParser):
    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> _Parsed:
        """Read a form as Werkzeug does; files stay as they are."""
        rest, form, files = super().parse(stream, mimetype, content_length, options)
        return rest, self.cls([(name, normalised(value)) for name, value in form.items(multi=True)]), files


def init_app(app: Flask) -> None:
    """Have every form read so; what else a request of the program can (htmx's part) stays."""
    app.request_class = type("Request", (app.request_class,), {"form_data_parser_class": _Parser})
