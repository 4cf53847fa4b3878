"""Engine, sessions and transactions: one session for each request and one scope for each session."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import Flask, Response, g, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.pagination import Pagination
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, Engine, Select, event, select
from sqlalchemy.orm import Session

from tenants.isolation import isolate, shadow_sqlite, tell
from tenants.minors_guard import guard as guard_minors
from tenants.models import Base, Township
from tenants.scope import Scope, enter, guard
from tenants.vetting_guard import guard as guard_vetting
from weibao.typed import number_of


class ScopedSession(FlaskSession):
    """Flask-SQLAlchemy's session, held to its scope."""


guard(ScopedSession)
guard_vetting(ScopedSession)
guard_minors(ScopedSession)
isolate(ScopedSession)
db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": ScopedSession, "expire_on_commit": False})
_reading: ContextVar[bool] = ContextVar("reading", default=False)


def paged(rows: Select[Any], per_page: int) -> Pagination:
    """The page of a list that the address asks for (``?page=``), the first one where it asks for none that could be."""
    page = request.args.get("page", 1, type=number_of)
    return db.paginate(rows, page=max(1, page), per_page=per_page, error_out=False)


def engine_options(url: str) -> dict[str, Any]:
    """Pool settings by kind of database."""
    quiet = {"hide_parameters": True}  # an error's text goes to the log; the values of a statement must not
    if url.startswith("sqlite"):
        return quiet | {"connect_args": {"timeout": 15}, "pool_size": 20}
    return quiet | {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}


def prepare(engine: Engine) -> None:
    """Make SQLite safe: WAL, foreign keys, full sync, and BEGIN IMMEDIATE for whoever may write.

    What is deleted or replaced is overwritten in the file (secure_delete), so that erased text does not linger there.

    A read-only request begins deferred, so that readers do not queue behind a writer; a check-then-write must begin
    immediate, since an upgraded transaction fails at once under WAL.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "recursive_triggers=ON",  # or a row that another one replaces is deleted past every trigger
            "busy_timeout=15000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN DEFERRED" if _reading.get() else "BEGIN IMMEDIATE")


@contextmanager
def session_for(scope: Scope, *, reading: bool = False) -> Iterator[Session]:
    """A session of its own for a chore beside the request; commits at the end, rolls back on an error."""
    token = _reading.set(reading)
    try:
        with ScopedSession(db, expire_on_commit=False) as session:
            enter(session, scope)
            yield session
            session.commit()
    finally:
        _reading.reset(token)


@contextmanager
def apart(scope: Scope) -> Iterator[Session]:
    """A session of its own, within a request, for what must be kept though the request's answer may be a refusal.

    The request's own session lets go of what it has begun, unless it only reads: SQLite has one writer at a time, and
    the head of the audit log is locked by whoever has written a line.
    """
    if not _reading.get():
        db.session.rollback()
    with session_for(scope) as session:
        yield session


@contextmanager
def reading_connection(engine: Engine, scope: Scope) -> Iterator[Connection]:
    """A bare connection that reads in a scope, which the database alone holds it to; for the one hot question."""
    token = _reading.set(True)
    try:
        with engine.connect() as connection:
            tell(connection, scope)
            yield connection
    finally:
        _reading.reset(token)


@contextmanager
def whole_county(county_id: str, *, reason: str) -> Iterator[Session]:
    """A session over every township of a county, for a deed that must hold in all of them in one transaction.

    It commits by itself, so the request's own session must not have begun to write. Whoever uses it looks up by the
    actor's own township what the actor may name.
    """
    with session_for(Scope.of_system(reason=reason), reading=True) as work:
        townships = frozenset(work.scalars(select(Township.id).where(Township.county_id == county_id)))
    with session_for(Scope.of_townships_and_county(county_id, townships, reason=reason)) as session:
        yield session


@contextmanager
def two_townships(county_id: str, one: str, other: str, *, reason: str) -> Iterator[Session]:
    """A session over two townships of a county and what is the county's, for a step of a loan between them.

    It commits by itself, so the request's own session must not have begun to write.
    """
    with session_for(Scope.of_townships_and_county(county_id, frozenset({one, other}), reason=reason)) as session:
        yield session


def init_app(app: Flask) -> None:
    """Bind the engine to the program, and commit once at the end of each request."""
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        if db.engine.dialect.name == "sqlite":
            shadow_sqlite(db.engine)

    @app.before_request
    def _begin_request() -> None:
        g.after_commit = []
        _reading.set(request.method in {"GET", "HEAD", "OPTIONS"})

    @app.after_request
    def _commit(response: Response) -> Response:
        if response.status_code >= 400:
            db.session.rollback()
            return response
        db.session.commit()
        for work in g.pop("after_commit", []):
            work()
        return response


def after_commit(work: Callable[[], None]) -> None:
    """Do something once the request's transaction is in: what needs a session of its own, or leaves the program."""
    g.after_commit.append(work)


def scrub() -> None:
    """After an erasure: bring SQLite's log into the file and empty it, so that no old page is left beside it.

    PostgreSQL frees what was deleted by its own VACUUM (docs/OPERATOR.md).
    """
    if db.engine.dialect.name == "sqlite":
        connection = db.engine.raw_connection()
        try:
            connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        finally:
            connection.close()


def read_here() -> None:
    """Let a request's own session only read, for it writes in another one; call before the first query."""
    _reading.set(True)


def write_on_read() -> None:
    """Let a safe request write (a read of a child's file leaves an audit line); call before the first query."""
    _reading.set(False)
