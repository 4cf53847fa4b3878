"""The database's own lock on tenants, below the ORM's: a query that forgot its filter still sees its scope alone.

PostgreSQL: forced row-level security by settings that are local to each transaction. SQLite: temporary views that
shadow the tables for reads, and temporary triggers that stop writes, by functions bound to the connection's scope.
Both guard against forgotten filters; neither stops an attacker who can run SQL of their own (docs/SECURITY.md).
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Table, event, text
from sqlalchemy.orm import Session, SessionTransaction

from tenants.models import (
    Account,
    Addressed,
    AuditEntry,
    AuditHead,
    Base,
    County,
    CountyOnly,
    Lending,
    SystemOnly,
    Township,
)
from tenants.scope import Scope, scope_of

_INFO = "weibao_scope"


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How one database says the predicates; ``{}`` stands for a column."""

    everything: str
    officer: str
    county: str
    reads: str
    writes: str


SQLITE = Dialect(
    everything="wb_all()",
    officer="wb_officer()",
    county="{} = wb_county()",
    reads="{} in (select value from json_each(wb_reads()))",
    writes="{} in (select value from json_each(wb_writes()))",
)
POSTGRESQL = Dialect(
    everything="current_setting('weibao.everything', true) = 'on'",
    officer="current_setting('weibao.officer', true) = 'on'",
    county="{} = nullif(current_setting('weibao.county', true), '')",
    reads="{} = any(string_to_array(current_setting('weibao.reads', true), ','))",
    writes="{} = any(string_to_array(current_setting('weibao.writes', true), ','))",
)


def _tables_of(kind: type) -> frozenset[str]:
    mappers = (mapper for mapper in Base.registry.mappers if issubclass(mapper.class_, kind))
    return frozenset(mapper.local_table.name for mapper in mappers)  # type: ignore[attr-defined]  # ours have tables


SYSTEM_TABLES = _tables_of(SystemOnly)
OFFICERS_TABLES = _tables_of(CountyOnly)
ADDRESSED_TABLES = _tables_of(Addressed)
_SIDES = ("lender_id", "borrower_id")


def guarded_tables() -> list[Table]:
    """Every table of the model: each belongs to a township or to a county."""
    return list(Base.metadata.sorted_tables)


def may_read(table: Table, say: Dialect, row: str = "") -> str:
    """SQL that is true for the rows of a table which the scope may read."""
    at = row and f"{row}."
    county, reads = say.county.format(f"{at}county_id"), say.reads.format(f"{at}township_id")
    either = " or ".join(say.reads.format(f"{at}{side}") for side in _SIDES)
    special = {
        Lending.__tablename__: f"{county} and ({say.officer} or {either})",
        County.__tablename__: say.county.format(f"{at}id"),
        Township.__tablename__: say.reads.format(f"{at}id"),
        Account.__tablename__: f"{county} and ({say.officer} or {reads})",
        AuditEntry.__tablename__: f"{county} and ({say.officer} or {reads})",
    }
    special |= dict.fromkeys(ADDRESSED_TABLES, f"{county} and ({say.officer} or {reads})")
    if table.name in OFFICERS_TABLES:
        county = f"{say.officer} and {county}"
    own = reads if "township_id" in table.primary_key.columns else county
    return _rule(table, say, special.get(table.name, own))


def may_write(table: Table, say: Dialect, row: str = "") -> str:
    """SQL that is true for the rows of a table which the scope may write."""
    at = row and f"{row}."
    county, writes = say.county.format(f"{at}county_id"), say.writes.format(f"{at}township_id")
    either = " or ".join(say.writes.format(f"{at}{side}") for side in _SIDES)
    special = {
        Lending.__tablename__: f"{county} and ({say.officer} or {either})",
        County.__tablename__: f"{say.officer} and {say.county.format(f'{at}id')}",
        Account.__tablename__: f"{county} and ({say.officer} or {writes})",
        AuditEntry.__tablename__: county,
        AuditHead.__tablename__: county,
    }
    special |= dict.fromkeys(ADDRESSED_TABLES, f"{county} and ({say.officer} or {writes})")
    own = writes if "township_id" in table.primary_key.columns else f"{say.officer} and {county}"
    return _rule(table, say, special.get(table.name, own))


def _rule(table: Table, say: Dialect, rule: str) -> str:
    return f"({say.everything})" if table.name in SYSTEM_TABLES else f"({say.everything} or ({rule}))"


def isolate(session_class: type[Session]) -> None:
    """Tell the database the scope at the begin of every transaction, so that a pooled connection cannot leak it."""

    @event.listens_for(session_class, "after_begin")
    def _begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
        tell(connection, scope_of(session))


def tell(connection: Connection, scope: Scope) -> None:
    """Tell the database a transaction's scope."""
    if connection.dialect.name == "sqlite":
        connection.info[_INFO] = scope
        return
    connection.execute(text(_SET_LOCAL), _settings(scope))


_NAMES = ("everything", "officer", "county", "reads", "writes")
_SET_LOCAL = "select " + ", ".join(f"set_config('weibao.{name}', :{name}, true)" for name in _NAMES)


def _settings(scope: Scope) -> dict[str, str]:
    return {
        "everything": "on" if scope.everything else "off",
        "officer": "on" if scope.write_county else "off",
        "county": scope.county_id or "",
        "reads": ",".join(sorted(scope.read)),
        "writes": ",".join(sorted(scope.write)),
    }


def shadow_sqlite(engine: Engine) -> None:
    """Shadow every table of an SQLite engine's connections; the schema must be there already."""
    tables = guarded_tables()
    names = "|".join(table.name for table in tables)
    written = re.compile(rf"^(\s*(?:INSERT INTO|UPDATE|DELETE FROM)) ({names})\b", re.IGNORECASE)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: Any) -> None:
        _bind_functions(connection, record)
        for table in tables:
            _shadow(connection, table)

    @event.listens_for(engine, "checkin")
    def _checkin(connection: Any, record: Any) -> None:
        record.info.pop(_INFO, None)

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def _reach_table(
        _conn: Connection, _cursor: Any, statement: str, parameters: Any, context: Any, _many: bool
    ) -> tuple[str, Any]:
        if context is not None and context.compiled is not None and not context.is_text:
            statement = written.sub(r"\1 main.\2", statement)
        return statement, parameters


def _bind_functions(connection: Any, record: Any) -> None:
    def scope() -> Scope:
        held: Scope = record.info.get(_INFO) or Scope(reason="none")
        return held

    answers = {
        "wb_all": lambda: int(scope().everything),
        "wb_officer": lambda: int(scope().write_county),
        "wb_county": lambda: scope().county_id,
        "wb_reads": lambda: json.dumps(sorted(scope().read)),
        "wb_writes": lambda: json.dumps(sorted(scope().write)),
    }
    for name, answer in answers.items():
        # Deterministic in SQLite's sense: the same within one statement, so it is asked once for each and not each row.
        connection.create_function(name, 0, answer, deterministic=True)


def _shadow(connection: Any, table: Table) -> None:
    name = table.name
    if connection.execute("select 1 from main.sqlite_master where name = ?", (name,)).fetchone() is None:
        return
    connection.execute(f"create temp view {name} as select * from main.{name} where {may_read(table, SQLITE)}")  # noqa: S608 -- names of our own tables
    for verb, rows in (("insert", ("new",)), ("update", ("new", "old")), ("delete", ("old",))):
        outside = " or ".join(f"not coalesce({may_write(table, SQLITE, row)}, 0)" for row in rows)
        connection.execute(
            f"create temp trigger {name}_guard_{verb} before {verb} on main.{name} when {outside} "
            "begin select raise(abort, 'outside the scope of this session'); end"
        )


def policies(table: Table) -> list[str]:
    """PostgreSQL statements that force row-level security on a table."""
    name, reads, writes = table.name, may_read(table, POSTGRESQL), may_write(table, POSTGRESQL)
    return [
        f"alter table {name} enable row level security",
        f"alter table {name} force row level security",
        f"create policy {name}_select on {name} for select using {reads}",
        f"create policy {name}_insert on {name} for insert with check {writes}",
        f"create policy {name}_update on {name} for update using {writes} with check {writes}",
        f"create policy {name}_delete on {name} for delete using {writes}",
    ]
