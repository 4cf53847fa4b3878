"""Alembic's environment: the same chain for SQLite and PostgreSQL, on a connection that the caller gives."""

from alembic import context

from tenants.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
