"""The ``weibao`` command as a user meets it: in a process of its own."""

import os
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests import databases
from tests.command_line import free_port, run, settings_for, told_in_one_line


@pytest.fixture
def empty(tmp_path: Path) -> dict[str, str]:
    """Settings over an SQLite file that is not there yet."""
    return settings_for(f"sqlite:///{tmp_path / 'empty.sqlite'}")


def test_command_without_a_verb_lists_the_verbs(tmp_path: Path) -> None:
    done = run(cwd=tmp_path)
    assert done.returncode == 2
    assert all(verb in done.stderr for verb in ("demo", "serve", "solve", "create-county", "check-config"))


def test_a_database_file_is_readable_by_its_owner_alone(tmp_path: Path, empty: dict[str, str]) -> None:
    before = os.umask(0o022)
    try:
        assert run("db", "upgrade", cwd=tmp_path, settings=empty).returncode == 0
    finally:
        os.umask(before)
    made = [file for file in tmp_path.iterdir() if file.name.startswith("empty.sqlite")]
    assert made
    assert [oct(file.stat().st_mode) for file in made if file.stat().st_mode & 0o077] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEIBAO_SECRET_KEY", "short"),
        ("WEIBAO_PORT", "http"),
        ("WEIBAO_PORT", "0"),
        ("WEIBAO_COLOUR", "blue"),
        ("WEIBAO_LANGUAGE", "fr"),
        ("WEIBAO_DATABASE_URL", "mysql://localhost/weibao"),
        ("WEIBAO_DATABASE_URL", "sqlite:///"),
        ("WEIBAO_DATABASE_URL", "sqlite:///:memory:"),
        ("WEIBAO_DATABASE_URL", "postgresql+psycopg://weibao:hush@localhost:port/weibao"),
        ("WEIBAO_OWNER_DATABASE_URL", "postgresql+psycopg://owner:hush@localhost/weibao"),
    ],
)
def test_unreadable_setting_is_told_in_one_line_that_names_it(
    tmp_path: Path, empty: dict[str, str], name: str, value: str
) -> None:
    line = told_in_one_line(run("check-config", cwd=tmp_path, settings=empty | {name: value}))
    assert line.startswith(name)
    assert "hush" not in line


@pytest.mark.parametrize("verb", ["serve", "worker", "check-config"])
def test_database_that_is_not_at_head_is_told_with_what_to_do(tmp_path: Path, empty: dict[str, str], verb: str) -> None:
    settings = empty | {"WEIBAO_PORT": str(free_port())}
    assert "run 'weibao db upgrade'" in told_in_one_line(run(verb, cwd=tmp_path, settings=settings))


@pytest.mark.parametrize("verb", [("check-config",), ("db", "upgrade")])
def test_database_of_a_newer_program_is_told_with_what_to_do(
    tmp_path: Path, empty: dict[str, str], verb: tuple[str, ...]
) -> None:
    assert run("db", "upgrade", cwd=tmp_path, settings=empty).returncode == 0
    with closing(sqlite3.connect(tmp_path / "empty.sqlite")) as connection, connection:
        connection.execute("update alembic_version set version_num = '9999'")
    assert "install the newer program" in told_in_one_line(run(*verb, cwd=tmp_path, settings=empty))


@pytest.mark.skipif(not databases.POSTGRES, reason="no PostgreSQL here (set WEIBAO_TEST_POSTGRES_URL)")
def test_role_that_is_missing_or_has_no_rights_is_told_in_one_line(tmp_path: Path) -> None:
    with databases.fresh("postgresql", tmp_path) as url:
        owner, nobody = databases.owner_url(url), make_url(url).set(username="weibao_nobody", password="x")
        missing = settings_for(nobody.render_as_string(hide_password=False)) | {"WEIBAO_OWNER_DATABASE_URL": owner}
        line = told_in_one_line(run("db", "upgrade", cwd=tmp_path, settings=missing))
        assert "role weibao_nobody" in line
        no_rights = settings_for(url) | {"WEIBAO_OWNER_DATABASE_URL": url}
        line = told_in_one_line(run("db", "upgrade", cwd=tmp_path, settings=no_rights))
        assert line.startswith("the database cannot be used: ")


def test_unreachable_postgresql_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))  # bound, so nobody else takes it, but not listening
        url = f"postgresql+psycopg://weibao:hush@127.0.0.1:{unheard.getsockname()[1]}/weibao"
        line = told_in_one_line(run("check-config", cwd=tmp_path, settings=settings_for(url)))
    assert line.startswith("the database cannot be used: ")
    assert "hush" not in line


def test_file_that_is_no_database_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "letter.sqlite").write_text("Dear county, this is a letter and no database at all.", "utf-8")
    settings = settings_for(f"sqlite:///{tmp_path / 'letter.sqlite'}")
    assert "not a database" in told_in_one_line(run("serve", cwd=tmp_path, settings=settings))


def test_taken_port_is_told_in_one_line(tmp_path: Path, empty: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = told_in_one_line(run("serve", cwd=tmp_path, settings=empty | {"WEIBAO_PORT": str(port)}))
    assert line.startswith(f"cannot listen on 127.0.0.1:{port}: ")
