"""The thin wrapper around htmx-flask: headers that survive latin-1, and the choice of page or fragment.

htmx-flask passes strings through to headers, where Chinese text fails in a real server; here addresses are
percent-quoted and triggers are always JSON.
"""

import json
from typing import Any
from urllib.parse import quote

from flask import Response, make_response, render_template
from flask import request as flask_request
from htmx_flask import Htmx
from werkzeug.wrappers import Response as BaseResponse

htmx = Htmx()
_URL_SAFE = "/:?#[]@!$&'()*+,;=%~"


def wants_fragment() -> bool:
    """Whether htmx asks for a part of a page (and not for the whole page by a boosted link or by history)."""
    asked: Any = getattr(flask_request, "htmx", None)
    return bool(asked) and not asked.boosted and not asked.history_restore_request


def render(page: str, fragment: str, /, **context: Any) -> str:
    """The fragment when htmx asks for one, else the page around it."""
    return render_template(fragment if wants_fragment() else page, **context)


def redirect(url: str) -> BaseResponse:
    """See-other for a browser; HX-Redirect for htmx, which would follow a 303 into the fragment's place."""
    if wants_fragment():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = quote(url, safe=_URL_SAFE)
        return response
    response = make_response("", 303)
    response.headers["Location"] = quote(url, safe=_URL_SAFE)
    return response


def toast(response: Response, message: str, level: str = "success") -> Response:
    """Have the page show a short message (escaped JSON, so any script's letters pass)."""
    response.headers["HX-Trigger"] = json.dumps({"wb:toast": {"message": str(message), "level": level}})
    return response
