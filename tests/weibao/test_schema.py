"""The chain of migrations on each database: up, down, up; head equals the models; locks on; wrong states refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from tenants.models import Base
from tests import databases
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
def test_migrating_twice_leaves_the_locks_as_they_were(tmp_path: Path) -> None:
    with databases.bare("postgresql", tmp_path) as url:
        for _ in range(2):
            schema.migrate(url, databases.program_url(url))
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            count = connection.execute(text("select count(*) from pg_policies")).scalar()
        assert count == 4 * len(Base.metadata.sorted_tables)
