"""Forty-two probes across the border, on each database; and the same without locks, so that a zero means something."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from tenants.errors import ScopeError
from tenants.models import Base, Village
from tenants.scope import Scope, enter
from tests import databases
from tests.security.probes import READS, WRITES
from tests.world import World
from weibao.db import ScopedSession, db, session_for

BLOCKED = (ScopeError, SQLAlchemyError)


@pytest.fixture
def privileged(database_url: str) -> Iterator[Engine]:
    """Who owns the tables: no scope, no policy, no shadow."""
    engine = create_engine(databases.owner_url(database_url), poolclass=NullPool)
    yield engine
    engine.dispose()


def digest(connection: Connection, township: str) -> list[tuple[Any, ...]]:
    """Every row that carries a township's id."""
    rows: list[tuple[Any, ...]] = []
    for table in Base.metadata.sorted_tables:
        if "township_id" in table.columns:
            found = connection.execute(select(table).where(table.c.township_id == township))
            rows += sorted((table.name, *map(str, row)) for row in found)
    return rows


def digest_by(engine: Engine, township: str) -> list[tuple[Any, ...]]:
    """The same on a connection of its own."""
    with engine.connect() as connection:
        return digest(connection, township)


def scoped(app: Flask, world: World, probe: Callable[[Session, World], Any]) -> Any:
    """A probe's result inside the first township's scope; None when it was stopped."""
    scope = Scope.of_township(world.county, world.first.township, reason="probe")
    try:
        with app.app_context(), session_for(scope) as session:
            return probe(session, world)
    except BLOCKED:
        return None


@pytest.mark.parametrize("name", READS)
def test_probe_reads_nothing_of_the_neighbour(name: str, app: Flask, world: World) -> None:
    found = scoped(app, world, READS[name])
    assert [row for row in found or [] if world.second.canary in str(row)] == []


@pytest.mark.parametrize("name", WRITES)
def test_probe_changes_nothing_of_the_neighbour(name: str, app: Flask, world: World, privileged: Engine) -> None:
    before = digest_by(privileged, world.second.township)
    scoped(app, world, WRITES[name])
    assert digest_by(privileged, world.second.township) == before


def test_probes_without_the_locks_get_through(app: Flask, world: World, privileged: Engine) -> None:
    read = [name for name, probe in READS.items() if _reads_without_locks(privileged, world, probe)]
    written = [name for name, probe in WRITES.items() if _writes_without_locks(privileged, world, probe)]
    assert set(READS) - set(read) == set()
    assert set(WRITES) - set(written) == {
        "point_across",
        "move_row_by_update",
    }  # composite keys stop these, whoever asks
    print(f"control: {len(read)} of {len(READS)} reads and {len(written)} of {len(WRITES)} writes got through")


def _reads_without_locks(engine: Engine, world: World, probe: Callable[[Session, World], Any]) -> bool:
    with Session(engine) as session:
        return any(world.second.canary in str(row) for row in probe(session, world))


def _writes_without_locks(engine: Engine, world: World, probe: Callable[[Session, World], Any]) -> bool:
    before = digest_by(engine, world.second.township)
    with Session(engine) as session:
        try:
            probe(session, world)
            session.flush()
        except SQLAlchemyError:
            return False
        changed = digest(session.connection(), world.second.township) != before
        session.rollback()
        return changed


def test_session_keeps_its_first_scope(app: Flask, world: World) -> None:
    first = Scope.of_township(world.county, world.first.township, reason="a")
    with (
        app.app_context(),
        session_for(first) as session,
        pytest.raises(ScopeError, match="keeps its scope"),
    ):
        enter(session, Scope.of_township(world.county, world.second.township, reason="b"))


def test_session_without_scope_reads_nothing(app: Flask, world: World) -> None:
    with app.app_context(), ScopedSession(db) as session, pytest.raises(ScopeError, match="no scope"):
        session.scalars(select(Village)).all()


def test_pooled_connection_forgets_its_last_scope(app: Flask, world: World) -> None:
    for turn in range(200):
        place = (world.first, world.second)[turn % 2]
        with app.app_context(), session_for(Scope.of_township(world.county, place.township, reason="turn")) as session:
            seen = set(session.connection().execute(text("select township_id from village")).scalars())
            assert seen == {place.township}
    with app.app_context(), db.engine.connect() as bare:
        assert bare.execute(text("select count(*) from village")).scalar() == 0


def test_every_table_is_locked(app: Flask, privileged: Engine, database_url: str) -> None:
    with privileged.connect() as connection:
        if connection.dialect.name == "postgresql":
            loose = connection.execute(
                text(
                    "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace "
                    "and relname <> 'alembic_version' and not (relrowsecurity and relforcerowsecurity)"
                )
            ).scalars()
            assert list(loose) == []
            return
    with app.app_context(), db.engine.connect() as bare:
        views = set(bare.execute(text("select name from sqlite_temp_master where type = 'view'")).scalars())
        triggers = set(bare.execute(text("select name from sqlite_temp_master where type = 'trigger'")).scalars())
        tables = set(bare.execute(text("select name from main.sqlite_master where type = 'table'")).scalars())
    tables -= {"alembic_version"}
    assert views == tables
    assert triggers == {f"{t}_guard_{verb}" for t in tables for verb in ("insert", "update", "delete")}
