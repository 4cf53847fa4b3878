"""``python -m benchmarks.feeds``: what a 304 and a 200 cost beside a bare Flask response, in one run of one server.

Each server process answers in turn blocks of requests of each kind; the figures are medians over the blocks of wall
time and of the server's CPU time per request (Linux). Every request comes on a connection of its own, as from a
calendar that asks once an hour; a kept one waitress would still close after each 304, which has no body, and after no
other answer. granian and Radicale are measured where they are installed.
"""

import http.client
import importlib.util
import itertools
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.feeds import stand
from benchmarks.feeds.stand import EVENTS, Stand
from benchmarks.results import machine, put, table

BLOCKS, REQUESTS, REQUESTS_200 = 7, 300, 30
SECTION = "Calendar feeds"
NO_TOOL = "Left out: {}."
START_SECONDS = 60
_numbers = itertools.count()


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of one request, in milliseconds."""

    wall: float
    cpu: float


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A kind of request, and the answer that it must get."""

    path: str
    headers: Mapping[str, str]
    status: int
    number: int = REQUESTS
    is_new: bool = False
    """Whether every request says that it has something else, so that none can be answered from memory."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: list[str], port: int, log: Path, **environment: str) -> Iterator[int]:
    """A server's process group, once it listens."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | environment)
    try:
        until = time.monotonic() + START_SECONDS
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server did not start: {log.read_text('utf-8', 'replace')[-500:]}")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process and of those it has begun (Linux)."""
    total = 0
    for task in (pid, *_children(pid)):
        fields = Path(f"/proc/{task}/stat").read_text("utf-8").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()]


def _ask(port: int, asked: Asked) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {**asked.headers, "Connection": "close"}
    if asked.is_new:
        headers["If-None-Match"] = f'"{next(_numbers)}"'
    connection.request("GET", asked.path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != asked.status:
        raise RuntimeError(f"{asked.path} answered {answer.status}, not {asked.status}")
    return answer


def measure(pid: int, port: int, kinds: Mapping[str, Asked]) -> dict[str, Cost]:
    """Medians over blocks that take turns."""
    costs: dict[str, list[Cost]] = {name: [] for name in kinds}
    for block in range(BLOCKS + 1):
        for name, asked in kinds.items():
            wall, cpu = time.perf_counter(), _cpu_seconds(pid)
            for _number in range(asked.number):
                _ask(port, asked)
            wall, cpu = time.perf_counter() - wall, _cpu_seconds(pid) - cpu
            if block:  # the first one warms up
                costs[name].append(Cost(wall=1000 * wall / asked.number, cpu=1000 * cpu / asked.number))
    return {
        name: Cost(wall=statistics.median(c.wall for c in found), cpu=statistics.median(c.cpu for c in found))
        for name, found in costs.items()
    }


def _tag_of(port: int, path: str) -> str:
    return _ask(port, Asked(path=path, headers={}, status=200)).getheader("ETag") or ""


def program(folder: Path, place: Stand, server: str) -> dict[str, Cost]:
    """Bare Flask, 304 and 200 in one server that runs both."""
    port = _free_port()
    commands = {
        "waitress": [sys.executable, "-m", "benchmarks.feeds.served", str(port)],
        "granian": [
            str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--port", str(port),
            "--workers", "1", "--blocking-threads", "8", "benchmarks.feeds.served:application",
        ],
    }  # fmt: skip
    log = folder / f"{server}.log"
    with _running(commands[server], port, log, WEIBAO_BENCH_DATABASE=place.database_url) as pid:
        known = {"If-None-Match": _tag_of(port, place.path)}
        return measure(
            pid,
            port,
            {
                "bare Flask": Asked(path="/bare/", headers={}, status=200),
                "feed, 304": Asked(path=place.path, headers=known, status=304),
                f"feed, 200 with {EVENTS} events, made anew": Asked(
                    path=place.path, headers={}, status=200, number=REQUESTS_200, is_new=True
                ),
                "feed, 200, as it was": Asked(path=place.path, headers={}, status=200, number=REQUESTS_200),
            },
        )


def radicale(folder: Path, text: bytes) -> dict[str, Cost]:
    """Radicale's own server over a collection of the same events."""
    port, path = _free_port(), "/weibao/duties/"
    command = [
        sys.executable, "-m", "radicale", "--auth-type", "none", "--rights-type", "owner_only", "--server-hosts",
        f"127.0.0.1:{port}", "--storage-filesystem-folder", str(folder / "radicale"), "--logging-level", "error",
    ]  # fmt: skip
    with _running(command, port, folder / "radicale.log") as pid:
        login = {"Authorization": "Basic d2VpYmFvOng="}  # user weibao, any password
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("PUT", path, body=text, headers={**login, "Content-Type": "text/calendar"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status not in {201, 204}:
            raise RuntimeError(f"Radicale took no calendar: {answer.status}")
        whole = Asked(path=path, headers=login, status=200, number=REQUESTS_200)
        tag = _ask(port, whole).getheader("ETag") or ""
        known = Asked(path=path, headers={**login, "If-None-Match": tag}, status=200, number=REQUESTS_200)
        return measure(pid, port, {f"Radicale, 200 with {EVENTS} events": whole, "Radicale, with its ETag": known})


def _text_of(folder: Path, place: Stand) -> bytes:
    port = _free_port()
    command = [sys.executable, "-m", "benchmarks.feeds.served", str(port)]
    with _running(command, port, folder / "text.log", WEIBAO_BENCH_DATABASE=place.database_url):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", place.path)
        return connection.getresponse().read()


def _rows(server: str, costs: Mapping[str, Cost]) -> list[list[str]]:
    bare = costs.get("bare Flask")
    return [
        [server, name, f"{cost.wall:.2f}", f"{cost.cpu:.2f}", f"{cost.wall / bare.wall:.1f}" if bare else "",
         f"{cost.cpu / bare.cpu:.1f}" if bare else ""]
        for name, cost in costs.items()
    ]  # fmt: skip


def main() -> int:
    """Measure and write the section."""
    rows, left_out = [], []
    with TemporaryDirectory() as name:
        folder = Path(name)
        place = stand.build(folder)
        for server in ("waitress", "granian"):
            if server == "granian" and not importlib.util.find_spec("granian"):
                left_out.append("granian, which is not installed")
                continue
            rows += _rows(server, program(folder, place, server))
        if importlib.util.find_spec("radicale"):
            rows += _rows("Radicale's own", radicale(folder, _text_of(folder, place)))
        else:
            left_out.append("Radicale, which is not installed")
    head = ("server", "answer", "wall ms", "CPU ms", "wall to bare", "CPU to bare")
    notes = "\n".join(NO_TOOL.format(one) for one in left_out)
    put(
        SECTION,
        f"One volunteer with {EVENTS} duties in teams of three; SQLite; a connection for each request, as from a "
        f"calendar; medians of {BLOCKS} blocks of {REQUESTS} requests ({REQUESTS_200} for a whole calendar) that take "
        "turns in one server.\n"
        f"{machine()}\n\n    python -m benchmarks.feeds\n\n{table(head, rows)}\n\n{notes}",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
