"""Databases for tests: SQLite always, PostgreSQL where WEIBAO_TEST_POSTGRES_URL names a server."""

import atexit
import os
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Row, create_engine, event, make_url, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from tenants.models import Base
from weibao import schema

POSTGRES = os.environ.get("WEIBAO_TEST_POSTGRES_URL", "")
KINDS = ("sqlite", "postgresql") if POSTGRES else ("sqlite",)


@cache
def _sqlite_template() -> Path:
    path = Path(mkdtemp(prefix="weibao-test-")) / "template.sqlite"
    engine = create_engine(f"sqlite:///{path}")
    schema.upgrade(engine)
    engine.dispose()
    return path


APP_ROLE = "weibao_test_app"


@cache
def _postgres_urls() -> tuple[str, str]:
    """The owner's address of this test process's database, and the program's: a role that row-level security holds."""
    owner = _create(f"weibao_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}")
    schema.migrate(owner, program_url(owner))
    atexit.register(_drop, owner)
    return owner, program_url(owner)


def program_url(owner: str) -> str:
    """The address by which the program would connect to an owner's database."""
    return make_url(owner).set(username=APP_ROLE).render_as_string(hide_password=False)


def _create(name: str) -> str:
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        _make_role(connection)
        connection.execute(text(f"drop database if exists {name} with (force)"))
        connection.execute(text(f"create database {name}"))
    server.dispose()
    return make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)


def _make_role(connection: Connection) -> None:
    with suppress(ProgrammingError, IntegrityError):  # another test process was quicker
        connection.execute(text(f"create role {APP_ROLE} login nosuperuser nobypassrls"))


def _drop(owner: str) -> None:
    name = make_url(owner).database
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"drop database if exists {name} with (force)"))
    server.dispose()


@contextmanager
def _unguarded(url: str) -> Iterator[Connection]:
    """A transaction of the owner's on PostgreSQL, in which no guard, key or trigger stands in the way."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))
        yield connection
    engine.dispose()


def _empty(url: str) -> None:
    """Empty every table; ten times quicker than to truncate small tables."""
    with _unguarded(url) as connection:
        connection.execute(text("; ".join(f"delete from {table.name}" for table in Base.metadata.sorted_tables)))


def _put(source: Path, target: Path) -> None:
    """A database file in place of another, whose log goes with it."""
    for rest in ("-wal", "-shm"):
        target.with_name(target.name + rest).unlink(missing_ok=True)
    shutil.copy(source, target)


@contextmanager
def fresh(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database at head; in one folder the same address each time."""
    if kind == "sqlite":
        _put(_sqlite_template(), folder / "test.sqlite")
        yield f"sqlite:///{folder / 'test.sqlite'}"
        return
    owner, program = _postgres_urls()
    _empty(owner)
    yield program


def snapshot(url: str) -> Callable[[], None]:
    """Keep what a database holds now; the result brings an empty one back to it, when nobody is connected."""
    if url.startswith("sqlite"):
        file = Path(make_url(url).database or "")
        kept = Path(mkdtemp(prefix="weibao-test-")) / "kept.sqlite"
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(kept)) as target:
            source.backup(target)
        return lambda: _put(kept, file)
    engine = create_engine(owner_url(url))
    with engine.connect() as connection:
        tables = [(table, connection.execute(table.select()).all()) for table in Base.metadata.sorted_tables]
    engine.dispose()
    filled = [(table.insert(), [dict(row._mapping) for row in rows]) for table, rows in tables if rows]
    return lambda: _fill(owner_url(url), filled)


def kept(url: str) -> Callable[[], None]:
    """Keep what a database holds now; the result brings it back to that, when nobody is connected."""
    put = snapshot(url)

    def _back() -> None:
        if not url.startswith("sqlite"):
            _empty(owner_url(url))
        put()

    return _back


def _fill(url: str, filled: list[tuple[Insert, list[dict[str, Any]]]]) -> None:
    with _unguarded(url) as connection:
        for insert, rows in filled:
            connection.execute(insert, rows)


@contextmanager
def bare(kind: str, folder: Path) -> Iterator[str]:
    """The owner's address of a database without any table."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bare.sqlite'}"
        return
    owner = _create(f"weibao_bare_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}")
    yield owner
    _drop(owner)


def owner_url(url: str) -> str:
    """Who owns the tables of a database that ``fresh`` gave."""
    return url if url.startswith("sqlite") else _postgres_urls()[0]


def rows(engine: Engine, *, but: Collection[str]) -> Iterator[tuple[str, Row[Any]]]:
    """Every row of every table but some, with the table's name, as the engine's role reads them."""
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in but:
                yield from ((table.name, row) for row in connection.execute(table.select()))


@contextmanager
def asked(by: object = Engine) -> Iterator[Counter[str]]:
    """Every statement that an engine, or any of them, runs meanwhile; lists of any length are the same statement."""
    found: Counter[str] = Counter()

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found[re.sub(r"\?(, \?)+", "?", " ".join(statement.split()))] += 1

    event.listen(by, "before_cursor_execute", hear)
    try:
        yield found
    finally:
        event.remove(by, "before_cursor_execute", hear)


def statements(session: Session, work: Callable[[], object]) -> int:
    """How many statements some work sends."""
    with asked(session.get_bind()) as found:
        work()
    return found.total()
