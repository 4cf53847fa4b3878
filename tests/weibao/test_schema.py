"""The chain of migrations on each database: up, down, up; head equals the models; locks on; wrong states refused."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, Table, create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool

from tenants.crypto import Place
from tenants.models import Base
from tests import databases
from tests.keys import KEYRING
from weibao import schema

REVISIONS = [
    script.revision for script in ScriptDirectory.from_config(schema.alembic_config()).walk_revisions("base", "heads")
]


@pytest.fixture(params=databases.KINDS)
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An owner's engine on a database without any table."""
    with databases.bare(request.param, tmp_path) as url:
        engine = create_engine(url, poolclass=NullPool)
        yield engine
        engine.dispose()


def shape(engine: Engine) -> dict[str, list[str]]:
    """Tables with their columns, constraints and indexes, by name."""
    seen = inspect(engine)
    return {
        table: sorted(
            [column["name"] for column in seen.get_columns(table)]
            + [str(key["name"]) for key in seen.get_foreign_keys(table)]
            + [str(one["name"]) for one in seen.get_unique_constraints(table)]
            + [str(one["name"]) for one in seen.get_check_constraints(table)]
            + [str(one["name"]) for one in seen.get_indexes(table)]
        )
        for table in seen.get_table_names()
    }


def test_chain_has_one_head() -> None:
    script = ScriptDirectory.from_config(schema.alembic_config())
    assert len(script.get_heads()) == 1


def test_chain_goes_up_down_and_up_again_to_the_same_shape(bare: Engine) -> None:
    schema.upgrade(bare)
    first = shape(bare)
    for revision in [*REVISIONS[1:], "base"]:
        schema.downgrade(bare, revision)
    assert set(shape(bare)) <= {"alembic_version"}
    for revision in reversed(REVISIONS):
        schema.upgrade(bare, revision)
    assert shape(bare) == first


def test_head_equals_the_models(bare: Engine) -> None:
    schema.upgrade(bare)
    with bare.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_database_that_is_not_at_head_is_refused_with_what_to_do(bare: Engine) -> None:
    with pytest.raises(schema.SchemaError, match="run 'weibao db upgrade'"):
        schema.check(bare)


def add_visit(engine: Engine, note: str) -> None:
    """A visit as it was kept before its note was sealed; the rows that it points to are left out."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("set local session_replication_role = replica"))
        visit = Table("visit", MetaData(), autoload_with=connection)
        connection.execute(
            visit.insert().values(
                township_id="t" * 26, id="v" * 26, child_id="c" * 26, category="left_behind", risk="high",
                due_on=date(2026, 1, 1), minutes=40, priority="high", service="child_protection", known_by="nobody",
                roles=[], state="done", note=note, day_facts=[],
            )
        )  # fmt: skip


def visit_row(engine: Engine) -> dict[str, Any]:
    with engine.connect() as connection:
        return dict(connection.execute(text("select * from visit")).mappings().one())


def test_notes_of_visits_are_sealed_by_the_migration_and_opened_by_the_way_back(bare: Engine) -> None:
    schema.upgrade(bare, "0028")
    add_visit(bare, "KANARI 走访记录")
    with pytest.raises(RuntimeError, match="keyring"):
        schema.upgrade(bare)
    address = bare.url.render_as_string(hide_password=False)
    schema.migrate(address, address if bare.dialect.name == "sqlite" else databases.program_url(address), KEYRING)
    row = visit_row(bare)
    assert "note" not in row
    place = Place(table="visit", column="note_sealed", tenant="t" * 26, row="v" * 26)
    assert KEYRING.open(row["note_sealed"], place) == "KANARI 走访记录"
    if bare.dialect.name == "sqlite":
        assert b"KANARI" not in b"".join(file.read_bytes() for file in Path(bare.url.database or "").parent.iterdir())
    schema.downgrade(bare, "0028", KEYRING)
    assert visit_row(bare)["note"] == "KANARI 走访记录"


def put(engine: Engine, row_of: str, **facts: Any) -> None:
    """A row as a revision keeps it; the rows that it points to are left out, and so is what a default fills."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("set local session_replication_role = replica"))
        table = Table(row_of, MetaData(), autoload_with=connection)
        connection.execute(table.insert().values(**facts))


def contract_of_the_worker(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(text("select contract_id from staff_member")).scalar_one())


def test_contract_of_a_worker_is_carried_over_and_the_last_one_comes_back(bare: Engine) -> None:
    schema.upgrade(bare, "0029")
    here = {"county_id": "k" * 26}
    put(bare, "county", id="k" * 26, name="县", name_en="", timezone="Asia/Shanghai", invented=False,
        road_detour=1.4, road_kmh=30.0, safety_phones=[], visit_hours={})  # fmt: skip
    for one, year in (("a", 2025), ("b", 2026)):
        put(bare, "service_contract", **here, id=one * 26, number=one, provider="x", from_day=date(year, 1, 1),
            to_day=date(year, 12, 31), weekly_minutes=2400, workers=0, visits=0, activities=0, hours=0)  # fmt: skip
    put(bare, "staff_member", **here, id="s" * 26, name="x", name_en="", skills=[], home="", movable=True, left=False,
        contract_id="a" * 26)  # fmt: skip
    schema.upgrade(bare)
    with bare.connect() as connection:
        rows = connection.execute(text("select staff_id, contract_id from staff_contract")).all()
    assert rows == [("s" * 26, "a" * 26)]
    put(bare, "staff_contract", **here, id="z" * 26, staff_id="s" * 26, contract_id="b" * 26)
    schema.downgrade(bare, "0029")
    assert contract_of_the_worker(bare) == "b" * 26


@pytest.mark.postgres
@pytest.mark.skipif(not databases.POSTGRES, reason="no PostgreSQL: set WEIBAO_TEST_POSTGRES_URL to a server's address")
def test_owner_of_the_tables_is_refused_as_the_programs_role(tmp_path: Path) -> None:
    with databases.bare("postgresql", tmp_path) as url:
        schema.migrate(url, databases.program_url(url))
        owner = create_engine(url, poolclass=NullPool)
        with pytest.raises(schema.SchemaError, match="superuser, bypasses row-level security or owns"):
            schema.check(owner)
        program = create_engine(databases.program_url(url), poolclass=NullPool)
        schema.check(program)
        with program.connect() as connection:
            assert connection.execute(text("select count(*) from county")).scalar() == 0


@pytest.mark.postgres
@pytest.mark.skipif(not databases.POSTGRES, reason="no PostgreSQL: set WEIBAO_TEST_POSTGRES_URL to a server's address")
def test_a_role_that_can_become_the_owner_is_refused(tmp_path: Path) -> None:
    member = f"weibao_test_member_{os.getpid()}"
    with databases.bare("postgresql", tmp_path) as url:
        schema.migrate(url, databases.program_url(url))
        owner = create_engine(url, poolclass=NullPool)
        with owner.begin() as connection:
            connection.execute(text(f"create role {member} login nosuperuser nobypassrls noinherit"))
            connection.execute(text(f"grant {make_url(url).username} to {member}"))
            connection.execute(text(f"grant select on alembic_version to {member}"))
        try:
            engine = create_engine(make_url(url).set(username=member), poolclass=NullPool)
            with pytest.raises(schema.SchemaError, match="or is a member of such a role"):
                schema.check(engine)
        finally:
            with owner.begin() as connection:
                connection.execute(text(f"drop owned by {member}; drop role {member}"))


@pytest.mark.postgres
@pytest.mark.skipif(not databases.POSTGRES, reason="no PostgreSQL: set WEIBAO_TEST_POSTGRES_URL to a server's address")
def test_migrating_twice_leaves_the_locks_as_they_were(tmp_path: Path) -> None:
    with databases.bare("postgresql", tmp_path) as url:
        for _ in range(2):
            schema.migrate(url, databases.program_url(url))
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            count = connection.execute(text("select count(*) from pg_policies")).scalar()
        assert count == 4 * len(Base.metadata.sorted_tables)
