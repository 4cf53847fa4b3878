"""Files that are handed out."""

import re
from urllib.parse import quote

from flask import Response, make_response

from weibao.sheets.workbooks import MIME


def download(content: bytes, name: str, mime: str = MIME) -> Response:
    """A file to save under a name: a workbook, unless its kind is given.

    A header carries Latin letters alone: any other name goes beside them in its encoded form (RFC 6266, 4.3).
    """
    answer = make_response(content)
    answer.headers["Content-Type"] = mime
    plain = name if re.fullmatch(r"[\w .()-]+", name, re.ASCII) else f"weibao.{name.rpartition('.')[2]}"
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return answer
