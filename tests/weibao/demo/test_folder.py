"""The folder of a demonstration: when its county is kept, and when it is made anew."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import config_for
from tests.weibao.demo.conftest import TODAY
from weibao.config import Config
from weibao.demo.folder import FRESH_DAYS, DemoFolder, Made, sqlite_url

MADE = Made(day=TODAY.isoformat(), schema="0001", places="abc")
PLACES = {
    "format": "weibao-places/1",
    "townships": [
        {
            "name": "甲镇", "name_en": "A", "kind": "zhen", "lat": 35.5, "lon": 112.4,
            "villages": [{"name": "甲一村", "name_en": "A1", "kind": "village", "lat": 35.5, "lon": 112.4}],
        }
    ],
}  # fmt: skip


def _later(days: int) -> Made:
    return replace(MADE, day=(TODAY + timedelta(days=days)).isoformat())


def test_county_is_kept_for_six_days_and_no_longer() -> None:
    assert MADE.outlived_by(_later(FRESH_DAYS)) is None
    assert MADE.outlived_by(_later(FRESH_DAYS + 1)) == "it was made on 2030-03-04"


def test_county_from_a_clock_that_was_ahead_is_made_anew() -> None:
    assert MADE.outlived_by(_later(-1)) == "it was made on 2030-03-04"


def test_county_of_another_schema_or_of_other_places_is_made_anew() -> None:
    assert MADE.outlived_by(replace(MADE, schema="0002")) == "the program's schema has changed"
    assert MADE.outlived_by(replace(MADE, places="def")) == "the places have changed"


class _Desk:
    """A folder, its small places file, and what it has said."""

    def __init__(self, path: Path) -> None:
        self.folder = DemoFolder(path=path)
        self.folder.secret("secret", lambda: "x" * 40)
        self.places = path / "places.json"
        self.places.write_text(json.dumps(PLACES), "utf-8")
        self.said: list[str] = []

    @property
    def config(self) -> Config:
        return config_for(sqlite_url(self.folder.database), demo=True)

    def prepare(self, today: date = TODAY, *, fresh: bool = False) -> None:
        self.folder.prepare(self.config, today=today, places=self.places, fresh=fresh, say=self.said.append)

    def counties(self) -> list[tuple[str]]:
        with closing(sqlite3.connect(self.folder.database)) as database:
            return database.execute("select name from county").fetchall()


@pytest.fixture
def desk(tmp_path: Path) -> _Desk:
    return _Desk(tmp_path)


def test_prepare_makes_the_county_once_and_then_keeps_it(desk: _Desk) -> None:
    desk.prepare()
    before = desk.folder.database.stat().st_mtime_ns
    desk.prepare(TODAY + timedelta(days=1))
    assert desk.said == ["making the demonstration county …"]
    assert desk.folder.database.stat().st_mtime_ns == before
    assert desk.counties() == [("示范县（演示）",)]


def test_prepare_says_in_one_line_why_it_makes_the_county_anew(desk: _Desk) -> None:
    desk.prepare()
    desk.prepare(fresh=True)
    desk.prepare(TODAY + timedelta(days=7))
    assert desk.said[1:] == [
        "making the demonstration county anew: as asked …",
        "making the demonstration county anew: it was made on 2030-03-04 …",
    ]


def test_county_that_a_crash_left_unfinished_is_made_anew(desk: _Desk) -> None:
    (desk.folder.path / "new.sqlite").write_bytes(b"half a county")
    desk.folder.database.write_bytes(b"")
    desk.prepare()
    assert desk.counties() == [("示范县（演示）",)]


def test_secret_is_made_once(desk: _Desk) -> None:
    assert desk.folder.secret("secret", lambda: "y" * 40) == "x" * 40
