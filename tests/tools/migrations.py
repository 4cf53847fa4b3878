"""Check that the migrations have one head, and that a database at head has exactly the tables of the models."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from tenants.models import Base
from weibao import schema


def differences() -> list[str]:
    """What a new migration would have to change, a line each; on SQLite, the embedded default."""
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'head.sqlite'}")
        schema.upgrade(engine)
        with engine.connect() as connection:
            found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
        engine.dispose()
    return [f"models and migrations differ: {difference}" for difference in found]


def main() -> int:
    """Print the faults; 1 when there are any."""
    heads = ScriptDirectory.from_config(schema.alembic_config()).get_heads()
    lines = [f"several heads: {', '.join(heads)}"] if len(heads) > 1 else differences()
    for line in lines:
        click.echo(line)
    click.echo(f"migrations: head {', '.join(heads)}, {len(lines)} faults")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
