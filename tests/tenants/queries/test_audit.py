"""The chain: a hundred tamperings, each of which changed something, are all found with the head kept outside."""

import json
import random
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from tenants.models import AuditEntry, AuditHead
from tenants.queries import audit
from tenants.scope import Scope
from tenants.services import audit_log
from tests import databases
from tests.world import World
from weibao.db import session_for

LINES = 40
TAMPERINGS = 100


@pytest.fixture
def owner(database_url: str) -> Iterator[Connection]:
    """Somebody with the database's own password, who has lifted the guard of the log."""
    engine = create_engine(databases.owner_url(database_url), poolclass=NullPool)
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("alter table audit_entry disable trigger user"))
        else:
            for verb in ("update", "delete"):
                connection.execute(text(f"drop trigger audit_entry_no_{verb}"))
        connection.commit()
        yield connection
        connection.rollback()
        if connection.dialect.name == "postgresql":
            connection.execute(text("alter table audit_entry enable trigger user"))
            connection.commit()


def write_lines(app: Flask, world: World) -> str:
    """Forty lines; returns the head's digest, as it would be kept outside."""
    with app.app_context(), session_for(Scope.of_system(reason="test")) as session:
        for number in range(LINES):
            audit_log.record(session, world.head, "child.open", "child", f"row-{number}", details={"number": number})
        return session.get_one(AuditHead, world.county).digest


def snapshot(connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(text("select * from audit_entry order by county_id, number"))]


def tamper(connection: Connection, county: str, dice: random.Random) -> None:
    """One edit, deletion, swap, or cut with the head put right again."""
    number = dice.randint(1, LINES)
    at = {"c": county, "n": number}
    kind = dice.choice(["action", "subject_id", "details", "account_id", "digest", "delete", "cut", "renumber"])
    if kind == "delete":
        connection.execute(text("delete from audit_entry where county_id = :c and number = :n"), at)
    elif kind == "cut":
        connection.execute(text("delete from audit_entry where county_id = :c and number >= :n"), at)
        last = connection.execute(
            text("select digest from audit_entry where county_id = :c order by number desc limit 1"), at
        ).scalar()
        connection.execute(
            text("update audit_head set number = :n - 1, digest = :d where county_id = :c"), {**at, "d": last or ""}
        )
    elif kind == "renumber":
        connection.execute(
            text("update audit_entry set number = number + 100 where county_id = :c and number = :n"), at
        )
    else:
        value = json.dumps({"number": -1}) if kind == "details" else "tampered"
        connection.execute(
            text(f"update audit_entry set {kind} = :v where county_id = :c and number = :n"), {**at, "v": value}
        )


def test_untouched_chain_is_whole(app: Flask, world: World) -> None:
    head = write_lines(app, world)
    with app.app_context(), session_for(Scope.of_system(reason="test")) as session:
        verdict = audit.verify(session, world.county)
        assert (verdict.lines, verdict.head, verdict.faults) == (LINES, head, ())
        assert audit.holds(session, world.county, head)


def test_every_tampering_is_found_with_the_head_kept_outside(app: Flask, world: World, owner: Connection) -> None:
    head, found, dice = write_lines(app, world), 0, random.Random(20260101)
    before = snapshot(owner)
    owner.rollback()
    for _ in range(TAMPERINGS):
        _restore(owner, before, world.county, head)
        tamper(owner, world.county, dice)
        assert snapshot(owner) != before
        owner.commit()
        with app.app_context(), session_for(Scope.of_system(reason="test"), reading=True) as session:
            whole = not audit.verify(session, world.county).faults and audit.holds(session, world.county, head)
        found += not whole
    assert found == TAMPERINGS


def _restore(connection: Connection, rows: list[tuple[object, ...]], county: str, head: str) -> None:
    table = AuditEntry.__table__
    connection.execute(table.delete())
    columns = [column.name for column in table.columns]
    named = ", ".join(f":{name}" for name in columns)
    for row in rows:
        values = dict(zip(columns, row, strict=True))
        if not isinstance(values["details"], str):
            values["details"] = json.dumps(values["details"])
        connection.execute(text(f"insert into audit_entry ({', '.join(columns)}) values ({named})"), values)
    connection.execute(
        text("update audit_head set number = :n, digest = :d where county_id = :c"),
        {"n": LINES, "d": head, "c": county},
    )
    connection.commit()


def test_cut_tail_is_not_found_without_the_head_kept_outside(app: Flask, world: World, owner: Connection) -> None:
    write_lines(app, world)
    owner.execute(text("delete from audit_entry where number > 10"))
    last = owner.execute(text("select digest from audit_entry order by number desc limit 1")).scalar()
    owner.execute(text("update audit_head set number = 10, digest = :d"), {"d": last})
    owner.commit()
    with app.app_context(), session_for(Scope.of_system(reason="test")) as session:
        assert audit.verify(session, world.county).faults == ()  # why the county keeps the head elsewhere


@pytest.mark.parametrize("statement", ["update audit_entry set action = 'x'", "delete from audit_entry"])
def test_log_only_grows(app: Flask, world: World, database_url: str, statement: str) -> None:
    write_lines(app, world)
    engine = create_engine(databases.owner_url(database_url), poolclass=NullPool)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="only grows"):
        connection.execute(text(statement))


REPLACED = {
    "sqlite": "insert or replace into main.audit_entry select * from audit_entry",
    "postgresql": "insert into audit_entry select * from audit_entry "
    "on conflict (county_id, number) do update set action = 'x'",
}


def test_no_line_is_replaced_by_another_one(app: Flask, world: World, database_url: str) -> None:
    write_lines(app, world)
    with app.app_context(), session_for(Scope.of_system(reason="test")) as session:
        with pytest.raises(DBAPIError, match=r"only grows|permission denied"):
            session.connection().exec_driver_sql(REPLACED[database_url.partition("+")[0].partition(":")[0]])
        session.rollback()
