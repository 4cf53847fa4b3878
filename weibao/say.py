"""gettext with types: text of the catalogue in the user's language."""

from collections.abc import Iterable

import flask_babel


def _(message: str, **facts: object) -> str:
    """The message in the user's language, with its facts put in."""
    return str(flask_babel.gettext(message, **facts))


def ngettext(singular: str, plural: str, number: int, **facts: object) -> str:
    """The message in its singular or plural form; ``%(num)d`` in it is the number."""
    return str(flask_babel.ngettext(singular, plural, number, **facts))


def listed(words: Iterable[str]) -> str:
    """Words in a row."""
    return _(", ").join(words)
