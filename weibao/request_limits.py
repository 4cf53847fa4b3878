"""How large a request may be, and which ones are not read at all."""

from flask import Flask, abort, request

MAX_BYTES = 8 * 1024 * 1024
"""A whole request, in bytes."""
MAX_TEXT = 500 * 1000
"""The text fields of one form together, in bytes; of a form with files, each one."""
MAX_FIELDS = 1_000
"""Fields of one form."""
_PLAIN_FORM = "application/x-www-form-urlencoded"


def _refuse() -> None:
    """Werkzeug counts and measures the parts of a form with files alone; here the plain form's are.

    A part without a name has no place in any form, and the token's check would stumble over it.
    """
    if request.mimetype == _PLAIN_FORM and (request.content_length or 0) > MAX_TEXT:
        abort(413)
    if sum(1 for _ in request.form.items(multi=True)) > MAX_FIELDS:
        abort(413)
    if None in request.form or _holds_nul():
        abort(400)


def _holds_nul() -> bool:
    """Whether an address, a form or a file's name holds U+0000, which nobody types and PostgreSQL keeps in no text."""
    files = ((name, file.filename) for name, file in request.files.items(multi=True))
    pairs = (*request.args.items(multi=True), *request.form.items(multi=True), *files)
    return "\0" in request.path or any("\0" in text for pair in pairs for text in pair if text)


def init_app(app: Flask) -> None:
    """Set the limits; before the token is looked for."""
    app.config.update(MAX_CONTENT_LENGTH=MAX_BYTES, MAX_FORM_MEMORY_SIZE=MAX_TEXT, MAX_FORM_PARTS=MAX_FIELDS)
    app.before_request(_refuse)
