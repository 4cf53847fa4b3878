"""``weibao create-county`` and ``weibao create-account``."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tenants.models import Account
from tenants.services import passwords
from tests.command_line import run, settings_for, told_in_one_line

PLACES = {
    "format": "weibao-places/1",
    "townships": [
        {
            "name": "甲镇", "name_en": "A", "kind": "zhen", "lat": 35.5, "lon": 112.4,
            "villages": [
                {"name": "甲一村", "name_en": "A1", "kind": "village", "lat": 35.5, "lon": 112.4},
                {"name": "甲二社区", "name_en": "A2", "kind": "community", "lat": 35.51, "lon": 112.41},
            ],
        }
    ],
}  # fmt: skip
PASSWORD = "seven green bottles"
ACCOUNT = ("create-account", "--password-stdin")
OF_STATION = ("--role", "station_head", "--township", "甲镇")


@pytest.fixture
def empty(tmp_path: Path) -> dict[str, str]:
    """Settings over an SQLite file that is not there yet."""
    return settings_for(f"sqlite:///{tmp_path / 'empty.sqlite'}")


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """A places file of one township."""
    path = tmp_path / "places.json"
    path.write_text(json.dumps(PLACES), "utf-8")
    return path


def test_database_that_nobody_named_is_one_file_of_the_folder_for_every_verb(
    tmp_path: Path, empty: dict[str, str], places: Path
) -> None:
    del empty["WEIBAO_DATABASE_URL"]
    steps = [
        run("db", "upgrade", cwd=tmp_path, settings=empty),
        run("check-config", cwd=tmp_path, settings=empty),
        run("create-county", "甲县", "--name-en", "A", "--places", places, cwd=tmp_path, settings=empty),
        run("retention", cwd=tmp_path, settings=empty),
    ]
    assert [step.returncode for step in steps] == [0] * 4, [step.stderr for step in steps]
    with closing(sqlite3.connect(tmp_path / "weibao.sqlite")) as database:
        assert database.execute("select name from county").fetchall() == [("甲县",)]


def test_county_and_officer_are_created_from_nothing(tmp_path: Path, empty: dict[str, str], places: Path) -> None:
    # From an empty database to a log-in, as an operator does it.
    steps = [
        run("db", "upgrade", cwd=tmp_path, settings=empty),
        run("create-county", "甲县", "--name-en", "A", "--places", places, cwd=tmp_path, settings=empty),
        run(*ACCOUNT, "officer", "--role", "county_officer", cwd=tmp_path, settings=empty, said=f"{PASSWORD}\n"),
        run(*ACCOUNT, "station", *OF_STATION, cwd=tmp_path, settings=empty, said=f"{PASSWORD}\n"),
        run("check-config", cwd=tmp_path, settings=empty),
    ]
    assert [step.returncode for step in steps] == [0] * 5, [step.stderr for step in steps]
    with closing(sqlite3.connect(tmp_path / "empty.sqlite")) as database:
        assert database.execute("select name from village order by name").fetchall() == [("甲一村",), ("甲二社区",)]
        assert database.execute("select count(*) from visit_rule where is_example").fetchall() == [(15,)]
        accounts = database.execute("select username, role, password_hash, township_id is null from account").fetchall()
    assert {row[:2] + row[3:] for row in accounts} == {("officer", "county_officer", 1), ("station", "station_head", 0)}
    assert all(passwords.matches(Account(password_hash=row[2], disabled=False), PASSWORD) for row in accounts)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Settings over a database with one county; the tests that use it are refused, so it stays as it is."""
    folder = tmp_path_factory.mktemp("county")
    (folder / "places.json").write_text(json.dumps(PLACES), "utf-8")
    settings = settings_for(f"sqlite:///{folder / 'county.sqlite'}")
    run("db", "upgrade", cwd=folder, settings=settings)
    run("create-county", "甲县", "--name-en", "A", "--places", "places.json", cwd=folder, settings=settings)
    return settings


def test_county_of_the_same_name_is_refused(tmp_path: Path, founded: dict[str, str], places: Path) -> None:
    again = run("create-county", "甲县", "--name-en", "A", "--places", places, cwd=tmp_path, settings=founded)
    assert told_in_one_line(again) == "name: there is a county called 甲县 already"


@pytest.mark.parametrize(
    ("arguments", "said", "told"),
    [
        (["--role", "county_officer"], "too short", "password: must have at least 10 characters"),
        ([*OF_STATION[:-1], "乙镇"], PASSWORD, "township: there is no township called 乙镇 in 甲县"),
        (["--role", "station_head"], PASSWORD, "township: a county officer has no township, everybody else has one"),
        ([*OF_STATION, "--person", "某某"], PASSWORD, "person: there is nobody called 某某 in 甲镇"),
        (["--role", "county_officer", "--county", "乙县"], PASSWORD, "county: there is no county called 乙县"),
    ],
)  # fmt: skip
def test_faulty_account_is_told_with_its_field(
    tmp_path: Path, founded: dict[str, str], arguments: list[str], said: str, told: str
) -> None:
    done = run(*ACCOUNT, "zhang", *arguments, cwd=tmp_path, settings=founded, said=said)
    assert told_in_one_line(done) == told


def test_password_is_not_read_from_a_pipe_unless_asked_for(tmp_path: Path, founded: dict[str, str]) -> None:
    done = run("create-account", "zhang", "--role", "county_officer", cwd=tmp_path, settings=founded, said=PASSWORD)
    assert "--password-stdin" in told_in_one_line(done, code=2)
