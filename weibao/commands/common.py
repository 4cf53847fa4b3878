"""What several commands share."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.errors import InvalidError
from tenants.models import County, Township
from weibao import schema
from weibao.app import create_app
from weibao.config import Config
from weibao.db import db


def ready_app(config: Config) -> Flask:
    """The program over a database that is at head.

    Raises:
        SchemaError: it is not, or its role is not held by row-level security.

    """
    app = create_app(config)
    with app.app_context():
        schema.check(db.engine)
    return app


def county_named(session: Session, name: str | None) -> County:
    """The county of that name, or the only one.

    Raises:
        InvalidError: there is none, or there are several to choose from.

    """
    found = session.scalars(select(County).where(County.name == name) if name else select(County)).all()
    if not found:
        raise InvalidError(f"there is no county called {name}" if name else "there is none yet", field="county")
    if len(found) > 1:
        raise InvalidError("there are several: say which one", field="county")
    return found[0]


def township_named(session: Session, county: County, name: str) -> Township:
    """The county's township of that name.

    Raises:
        InvalidError: there is none.

    """
    found = session.scalar(select(Township).where(Township.county_id == county.id, Township.name == name))
    if found is None:
        raise InvalidError(f"there is no township called {name} in {county.name}", field="township")
    return found
