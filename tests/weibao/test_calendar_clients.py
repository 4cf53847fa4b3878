"""Real calendar clients on a real server: vdirsyncer fetches the feed, khal shows it.

vdirsyncer names what it fetches by the hash of its content, so these tests say nothing of UID and SEQUENCE;
test_feeds.py reads those.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from waitress.server import create_server

from tenants.actor import Actor
from tenants.models import Village
from tenants.services import feed_tokens, publishing
from tests.drafts import VOLUNTEER, at, begin, due_visit, keep, visit_task
from tests.world import World

VDIRSYNCER = """
[general]
status_path = "{folder}/status"
[pair feed]
a = "served"
b = "kept"
collections = null
conflict_resolution = "a wins"
[storage served]
type = "http"
url = "{url}"
[storage kept]
type = "filesystem"
path = "{folder}/kept"
fileext = ".ics"
"""
KHAL = """
[calendars]
[[duties]]
path = {folder}/kept
type = calendar
readonly = True
[locale]
local_timezone = Asia/Shanghai
default_timezone = Asia/Shanghai
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
[default]
highlight_event_days = False
"""
Phone = Callable[[], list[str]]


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """The program behind waitress, as ``weibao serve`` runs it, on a free port."""
    server = create_server(app, host="127.0.0.1", port=0, threads=2)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


def _run(program: str, *arguments: str) -> str:
    command = [str(Path(sys.executable).parent / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, input="y\n")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def phone(server: str, station: Session, world: World, tmp_path: Path) -> Phone:
    """Fetch the volunteer's feed, and list what the calendar then shows: one line to an event."""
    volunteer = world.first.people[VOLUNTEER]
    actor = Actor(county_id=world.county, township_id=world.first.township, person_id=volunteer)
    url = f"{server}/feeds/{feed_tokens.issue(station, actor)}.ics"
    for village in station.scalars(select(Village)):
        village.name, village.name_en = village.name.split()[0], ""
    station.commit()
    (tmp_path / "kept").mkdir()
    (tmp_path / "vdirsyncer.conf").write_text(VDIRSYNCER.format(folder=tmp_path, url=url))
    (tmp_path / "khal.conf").write_text(KHAL.format(folder=tmp_path))
    _run("vdirsyncer", "-c", str(tmp_path / "vdirsyncer.conf"), "discover")

    def fetch_and_list() -> list[str]:
        _run("vdirsyncer", "-c", str(tmp_path / "vdirsyncer.conf"), "sync")
        today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
        shown = "{start-date} {start-time}-{end-time} {title} {status}"
        listed = _run("khal", "-c", str(tmp_path / "khal.conf"), "list", "--day-format", "", "--format", shown,
                      today, "10d")  # fmt: skip
        return sorted(line.strip() for line in listed.splitlines() if line.strip())

    return fetch_and_list


def test_calendar_clients_show_published_then_moved_and_cancelled_duties(
    station: Session, world: World, phone: Phone
) -> None:
    draft = begin(station, world, starts_in=2)
    day = draft.starts_on
    visits = {child: due_visit(station, world, child) for child in (0, 1, 3)}
    keep(station, world, draft, *(visit_task(world, v, at(day, 9 + n), VOLUNTEER) for n, v in visits.items()))
    publishing.publish(station, world.head, draft)
    station.commit()

    assert phone() == [
        f"{day} 09:00-09:40 Home visit · 甲镇0村 · C-000 CONFIRMED",
        f"{day} 10:00-10:40 Home visit · 甲镇1村 · C-001 CONFIRMED",
        f"{day} 12:00-12:40 Home visit · 甲镇0村 · C-003 CONFIRMED",
    ]

    moved = visit_task(world, visits[0], at(day, 15), VOLUNTEER)
    stays = visit_task(world, visits[3], at(day, 12), VOLUNTEER)
    keep(station, world, draft, moved, stays)
    publishing.publish(station, world.head, draft)
    station.commit()

    assert phone() == [
        f"{day} 10:00-10:40 Cancelled: Home visit · 甲镇1村 · C-001 CANCELLED",
        f"{day} 12:00-12:40 Home visit · 甲镇0村 · C-003 CONFIRMED",
        f"{day} 15:00-15:40 Home visit · 甲镇0村 · C-000 CONFIRMED",
    ]
