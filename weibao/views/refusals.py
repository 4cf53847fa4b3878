"""Show what a service refuses beside the field that it names."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import FieldList

from tenants.errors import ConflictError, DomainError, InvalidError
from weibao.db import db
from weibao.words import refusal


@contextmanager
def shown_in(form: FlaskForm, session: Session | None = None) -> Iterator[None]:
    """Turn a refusal into an error of the form; the page is then rendered again, over unchanged data.

    ``session`` is where the deed is done, if that is not the request's own one.
    """
    try:
        yield
    except (InvalidError, ConflictError) as error:
        (session or db.session).rollback()
        put(form, error.field, said(error))


def said(error: DomainError) -> str:
    """A refusal in the user's language, with the names and numbers that it tells."""
    return refusal(error.message, error.facts)


def put(form: FlaskForm, name: str | None, message: str) -> None:
    """Add a message to a field, or to the form as a whole.

    A field in a row is named ``LIST-N-FIELD``, with N the row's place; the row itself may be numbered otherwise, since
    rows come and go.
    """
    trail = _trail(form, name)
    if not trail:
        form.form_errors.append(message)
        return
    trail[-1].errors = [*trail[-1].errors, message]
    for outer in trail[:-1]:
        if isinstance(outer, FieldList):
            outer.errors = [*outer.errors, {trail[-1].short_name: [message]}]  # as its own validation leaves it


def _trail(form: Any, name: str | None) -> list[Any]:
    """The field of that name with those around it, outermost first; empty when there is none."""
    first, _, rest = (name or "").partition("-")
    if first not in form:
        return []
    field = form[first]
    place, _, inner = rest.partition("-")
    if not place.isdecimal():
        return [field]
    row = field[int(place)]
    return [field, row, *_trail(row.form, inner)]
