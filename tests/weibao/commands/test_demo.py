"""``weibao demo`` as a user meets it: from nothing, again, and in the way of something else."""

import json
import os
import signal
import socket
import stat
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.command_line import fetch, free_port, run, serving, told_in_one_line
from weibao.demo_accounts import LISTED


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration made from nothing; the tests leave it fit for use."""
    folder = tmp_path_factory.mktemp("demo") / "made"
    done = run("demo", "--folder", folder, "--check", cwd=folder.parent)
    assert done.returncode == 0, done.stderr
    return folder


def test_check_prints_every_log_in_in_both_languages(folder: Path) -> None:
    printed = run("demo", "--folder", folder, "--check", cwd=folder.parent).stdout
    assert "均为虚构" in printed
    assert "are invented" in printed
    for login in LISTED:
        assert f" | {login.username} | {login.password}" in printed


def test_secrets_are_readable_by_their_owner_alone(folder: Path) -> None:
    for name in ("secret", "data-key", "index-key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_second_start_serves_what_was_made_and_ends_cleanly_on_sigterm(folder: Path) -> None:
    secret, made, port = (folder / "secret").read_bytes(), (folder / "demo.json").read_bytes(), free_port()
    address = f"http://127.0.0.1:{port}"
    command = ("demo", "--folder", folder, "--port", port)
    with serving(*command, cwd=folder.parent, path=f"{address}/health", within=60) as server:
        assert json.loads(fetch(f"{address}/health"))["status"] == "ok"
        page = fetch(f"{address}/login")
        assert all(login.username in page for login in LISTED)
        workers = _children(server.pid)
        assert len(workers) == 1
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=10) == 0
    _await_end(workers)
    assert (folder / "secret").read_bytes() == secret
    assert (folder / "demo.json").read_bytes() == made


def test_what_the_server_logs_is_said_once(folder: Path) -> None:
    address, log = f"http://127.0.0.1:{(port := free_port())}", folder / "log"
    with (
        log.open("w", encoding="utf-8") as said,
        serving(
            "demo", "--folder", folder, "--port", port, cwd=folder.parent, path=f"{address}/health", within=60, log=said
        ),
    ):
        pass
    assert log.read_text("utf-8").count(f"serving on {address}") == 1


def _children(parent: int) -> list[int]:
    """Its processes: the embedded worker is a child of the thread that watches it."""
    threads = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(pid) for thread in threads for pid in thread.read_text("utf-8").split()]


def _await_end(processes: list[int]) -> None:
    until = time.monotonic() + 10
    while alive := [pid for pid in processes if _runs(pid)]:
        assert time.monotonic() < until, f"still running: {alive}"
        time.sleep(0.1)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text("utf-8")


def test_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    done = run("demo", "--folder", tmp_path / "file" / "demo", "--check", cwd=tmp_path)
    assert "the folder cannot be used" in told_in_one_line(done)


def test_taken_port_is_told_in_one_line(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = told_in_one_line(run("demo", "--folder", folder, "--port", port, cwd=folder.parent))
    assert line.startswith(f"cannot listen on 127.0.0.1:{port}: ")


def test_faulty_places_file_is_told_in_one_line_with_its_path(tmp_path: Path) -> None:
    places = {"format": "weibao-places/1", "townships": [{"name": "甲镇"}]}
    (tmp_path / "places.json").write_text(json.dumps(places), "utf-8")
    done = run("demo", "--folder", "demo", "--places", "places.json", "--check", cwd=tmp_path)
    assert told_in_one_line(done) == "places.json: townships[0].villages: must be a list"


def test_demonstration_older_than_six_days_is_made_anew_with_one_line(folder: Path) -> None:
    note = json.loads((folder / "demo.json").read_text("utf-8"))
    old = (date.fromisoformat(note["day"]) - timedelta(days=8)).isoformat()
    (folder / "demo.json").write_text(json.dumps(note | {"day": old}), "utf-8")
    printed = run("demo", "--folder", folder, "--check", cwd=folder.parent).stdout
    assert f"making the demonstration county anew: it was made on {old} …\n" in printed
    assert json.loads((folder / "demo.json").read_text("utf-8"))["day"] > old
