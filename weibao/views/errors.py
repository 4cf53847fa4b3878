"""One table from what went wrong to one answer in plain words."""

from urllib.parse import urlsplit

from flask import Flask, render_template, request
from flask.globals import request_ctx
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tenants import errors
from weibao import request_limits
from weibao.db import db
from weibao.views import diverted
from weibao.views.refusals import said

ANSWERS: dict[type[errors.DomainError], int] = {
    errors.NotFoundError: 404,
    errors.InvalidError: 422,
    errors.ConflictError: 409,
    errors.ForbiddenError: 403,
    errors.DiversionError: 403,
}
WORDS = {
    400: (_l("The request could not be read"), _l("Please go back, reload the page and try again.")),
    403: (_l("Not for this account"), _l("Your role may not open this page.")),
    404: (_l("Not found"), _l("There is nothing at this address, or it is not yours to see.")),
    405: (_l("Not possible here"), _l("This address cannot be used in that way.")),
    409: (_l("Somebody was quicker"), _l("The data has changed meanwhile. Reload the page to see what is there now.")),
    413: (
        _l("Too large"),
        _l(
            "What was sent is larger than the program takes: at most %(megabytes)d MB in all, and in one form at most "
            "%(kilobytes)d kB of text in %(fields)d fields. Nothing was changed; send less at a time.",
            megabytes=request_limits.MAX_BYTES // 1024**2,
            kilobytes=request_limits.MAX_TEXT // 1000,
            fields=request_limits.MAX_FIELDS,
        ),
    ),
    422: (_l("Not accepted"), _l("Something that was entered breaks a rule.")),
    429: (_l("Too many tries"), _l("Please wait a little and try again.")),
    500: (_l("A fault in the program"), _l("Nothing was changed. The fault is in the log; please tell the operator.")),
}


def _page(status: int, detail: str = "") -> tuple[str, int]:
    db.session.rollback()
    title, advice = WORDS.get(status, WORDS[400] if status < 500 else WORDS[500])
    if request_ctx.url_adapter is None:  # the request names a host that cannot be one: no page could hold an address
        return f"{title}. {advice}", status
    page = render_template(
        "errors/page.html", status=status, title=title, advice=advice, detail=detail, came_from=_came_from()
    )
    return page, status


def _came_from() -> str:
    """The path of the program's page on which the request was made, "" where that is unknown or the same address.

    The path alone is taken, so that no request can lead anybody to another site.
    """
    page = urlsplit(request.referrer or "")
    path = page.path + (f"?{page.query}" if page.query else "")
    is_own = page.netloc == request.host and path.startswith("/") and not path.startswith("//")
    return path if is_own and (request.method != "GET" or path != request.full_path.removesuffix("?")) else ""


def _domain(error: errors.DomainError) -> tuple[str, int]:
    return _page(ANSWERS[type(error)], "" if isinstance(error, errors.NotFoundError) else said(error))


def _diversion(error: errors.DiversionError) -> tuple[str, int]:
    diverted.keep(error)
    return _domain(error)


def init_app(app: Flask) -> None:
    """Register the table."""
    app.register_error_handler(errors.DomainError, _domain)
    app.register_error_handler(errors.DiversionError, _diversion)
    app.register_error_handler(CSRFError, lambda _error: _page(400))
    app.register_error_handler(HTTPException, lambda error: _page(error.code or 500))
    app.register_error_handler(500, lambda _error: _page(500))
