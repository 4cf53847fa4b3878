"""The database's schema: bring it to head with its locks on, and tell whether it is there."""

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from tenants.crypto import Keyring
from tenants.isolation import guarded_tables, policies
from tenants.models import AuditEntry
from weibao.resources import folder
from weibao.told import ToldError


class SchemaError(ToldError, RuntimeError):
    """A database that the program must not be started on; the message is one line."""


def alembic_config(connection: Connection | None = None, keyring: Keyring | None = None) -> AlembicConfig:
    """Alembic's settings for the program's own chain; the keys are for migrations that seal."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(folder("migrations")))
    config.attributes.update(connection=connection, keyring=keyring)
    return config


def head() -> str | None:
    """The newest revision of the chain."""
    return _chain().get_current_head()


def _chain() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def current(engine: Engine) -> str | None:
    """The database's revision; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, revision: str = "head", keyring: Keyring | None = None) -> None:
    """Bring the database to a revision."""
    with engine.begin() as connection:
        _see_everything(connection)
        command.upgrade(alembic_config(connection, keyring), revision)


def downgrade(engine: Engine, revision: str, keyring: Keyring | None = None) -> None:
    """Take the database back to a revision."""
    with engine.begin() as connection:
        _see_everything(connection)
        command.downgrade(alembic_config(connection, keyring), revision)


def _see_everything(connection: Connection) -> None:
    """Let data migrations see every row, though the locks hold the owner too."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("set local lock_timeout = '10s'"))
        connection.execute(text("select set_config('weibao.everything', 'on', true)"))


def migrate(owner_url: str, application_url: str, keyring: Keyring | None = None) -> str | None:
    """Bring a database to head and put its locks on; returns the revision.

    Parameters
    ----------
    owner_url : who owns the tables.
    application_url : who the program connects as; on PostgreSQL another role, which is given rights on the rows alone.
    keyring : seals what earlier versions kept in clear; an empty database needs none.

    Raises:
        SchemaError: the database is newer than the program, or there is no such role.

    """
    engine = create_engine(owner_url)
    role = make_url(application_url).username or ""
    try:
        before = current(engine)
        _refuse_newer(before)
        if engine.dialect.name == "postgresql":
            _need_role(engine, role)
        upgrade(engine, keyring=keyring)
        if before not in {None, head()}:
            _leave_nothing_behind(engine)
        if engine.dialect.name == "postgresql":
            with engine.begin() as connection:
                lock(connection, role)
        return current(engine)
    finally:
        engine.dispose()


def _refuse_newer(found: str | None) -> None:
    if found not in {None, *(one.revision for one in _chain().walk_revisions())}:
        raise SchemaError(f"the database is at {found}, which this program does not know: install the newer program")


def _need_role(engine: Engine, role: str) -> None:
    with engine.connect() as connection:
        if connection.scalar(text("select 1 from pg_roles where rolname = :role"), {"role": role}) is None:
            raise SchemaError(f"role {role} of WEIBAO_DATABASE_URL does not exist: make it first, see docs/OPERATOR.md")


def _leave_nothing_behind(engine: Engine) -> None:
    """Write SQLite's file anew and empty its log: what a migration sealed or dropped lies in the old pages still.

    PostgreSQL's owner does that when nobody is connected (docs/OPERATOR.md).
    """
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("vacuum"))
            connection.execute(text("pragma wal_checkpoint(truncate)"))


def lock(connection: Connection, role: str) -> None:
    """Force row-level security on every table of a PostgreSQL database, and give the program's role its rights."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    for table in guarded_tables():
        for verb in ("select", "insert", "update", "delete"):
            connection.execute(text(f"drop policy if exists {table.name}_{verb} on {table.name}"))
        for statement in policies(table):
            connection.execute(text(statement))
        rights = "select, insert" if table.name == AuditEntry.__tablename__ else "select, insert, update, delete"
        connection.execute(text(f"grant {rights} on {table.name} to {quoted}"))
    connection.execute(text(f"grant select on alembic_version to {quoted}"))


def check(engine: Engine) -> None:
    """Refuse a database that is not at head, or a role that row-level security does not hold.

    Raises:
        SchemaError: with one line that says what to do.

    """
    found, wanted = current(engine), head()
    _refuse_newer(found)
    if found != wanted:
        raise SchemaError(
            f"the database is at {found or 'nothing'}, the program needs {wanted}: run 'weibao db upgrade'"
        )
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            _check_role(connection)


def _check_role(connection: Connection) -> None:
    """Refuse a role that row-level security does not hold, or that can become one: by ``set role``, as its member."""
    strong = connection.scalar(
        text(
            "select count(*) from pg_roles as r where pg_has_role(current_user, r.oid, 'MEMBER') and "
            "(r.rolsuper or r.rolbypassrls or exists "
            "(select 1 from pg_tables where schemaname = 'public' and tableowner = r.rolname))"
        )
    )
    if strong:
        name = connection.scalar(text("select current_user"))
        raise SchemaError(
            f"role {name} is a superuser, bypasses row-level security or owns the tables, or is a member of such a "
            "role: WEIBAO_DATABASE_URL must name a role that does not (WEIBAO_OWNER_DATABASE_URL names the owner)"
        )
