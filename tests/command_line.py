"""The real command in a process of its own, with no settings but those given."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.request import urlopen

from tests.conftest import config_for

COMMAND = (sys.executable, "-m", "weibao")
ROOT = Path(__file__).resolve().parents[1]


def environment(**settings: str) -> dict[str, str]:
    """This process's environment, its settings replaced by WEIBAO_<NAME> for each one given."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("WEIBAO_")}
    return own | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | settings


def settings_for(url: str) -> dict[str, str]:
    """What the program needs over a database."""
    config = config_for(url)
    return {
        "WEIBAO_SECRET_KEY": config.secret_key,
        "WEIBAO_DATA_KEYS": config.data_keys,
        "WEIBAO_INDEX_KEY": config.index_key,
        "WEIBAO_DATABASE_URL": url,
    }


def run(
    *arguments: object, cwd: Path, settings: dict[str, str] | None = None, said: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run to the end; ``said`` is given on standard input."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=environment(**settings or {}), input=said, capture_output=True, text=True, timeout=240,
        check=False,
    )  # fmt: skip


def told_in_one_line(done: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """The one line of a command that ended with this code and no traceback."""
    assert done.returncode == code, done.stderr + done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith("weibao: ")
    return line.removeprefix("weibao: ")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    *arguments: object, cwd: Path, path: str, within: float, settings: dict[str, str] | None = None,
    log: IO[str] | None = None,
) -> Iterator[subprocess.Popen[str]]:  # fmt: skip
    """The command running as a server, once ``path`` (a whole address) answers; it must do so ``within`` seconds.

    ``log`` takes all that it and its children say.
    """
    command, said = [*COMMAND, *map(str, arguments)], log or subprocess.PIPE
    with subprocess.Popen(
        command, cwd=cwd, env=environment(**settings or {}), stdout=said, stderr=log, text=True
    ) as server:
        try:
            _await(server, path, within)
            yield server
        finally:
            server.kill()


def _await(server: subprocess.Popen[str], path: str, within: float) -> None:
    until = time.monotonic() + within
    while True:
        try:
            fetch(path)
        except OSError:
            assert server.poll() is None, f"it ended with {server.returncode}"
            assert time.monotonic() < until, f"no answer within {within} s"
            time.sleep(0.1)
        else:
            return


def fetch(address: str) -> str:
    """The page at an address of this machine."""
    with urlopen(address, timeout=10) as page:
        return str(page.read().decode())
