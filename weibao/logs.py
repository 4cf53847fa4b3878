"""What the program's processes write to their log, and what never stands in it.

A log names rows by id. Two things would bring more into it, and are kept out at every level: the libraries' own talk
(the database driver's statements with their values, a font's characters one by one) and addresses that are secrets.
"""

import logging
import re

_PATH = re.compile(r"/(feeds|link|free)/[^\s/?#]+")
_QUIET = ("sqlalchemy", "psycopg", "alembic", "fontTools", "fpdf")
FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class HideTokens(logging.Filter):
    """Takes the secret out of a log line that names the path of a feed, a one-time link or a question."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the line; every line passes."""
        message = record.getMessage()
        if _PATH.search(message):
            record.msg, record.args = _PATH.sub(r"/\1/…", message), None
        return True


def begin(level: str) -> None:
    """Log to standard error from this level on; the libraries' talk stays at warnings even at DEBUG."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORM))
    handler.addFilter(HideTokens())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
