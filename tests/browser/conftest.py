"""A real server over the demonstration county, and Debian's Chromium in front of it."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests import databases
from tests.chromium import logged_in
from weibao.demo_accounts import PASSWORD

SHOTS = Path(__file__).parents[2] / "artifacts" / "screenshots"
START_SECONDS = 300


def picture(page: Page, name: str, *, whole: bool = True) -> None:
    """Keep a picture of the loaded page, or of the part in the window."""
    page.wait_for_load_state()
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=whole)


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """One kind of database is enough to look at pages; the other's locks are tried in the tests of the service."""
    with databases.fresh("sqlite", tmp_path) as url:
        yield url


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Opens pages of the served program as somebody, and keeps pictures of them."""

    browser: Browser
    address: str

    def open(self, username: str, *, width: int = 1280, height: int = 900, language: str = "en") -> Page:
        """A browser window in which somebody has logged in through the log-in page."""
        return logged_in(self.browser, self.address, username, PASSWORD, width=width, height=height, language=language)

    def keep(self, page: Page, name: str, *, whole: bool = True) -> None:
        """Keep a picture of the page, or of the part in the window."""
        picture(page, name, whole=whole)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail("the server did not start")


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the demonstration is served."""
    folder, port = tmp_path_factory.mktemp("demo"), _free_port()
    command = [sys.executable, "-m", "weibao", "demo", "--folder", str(folder), "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_for(f"http://127.0.0.1:{port}", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture
def desk(browser: Browser, address: str) -> Desk:
    """Opens pages as somebody."""
    return Desk(browser=browser, address=address)


Complaints = Callable[[Page], list[str]]


@pytest.fixture
def complaints() -> Complaints:
    """Begins to listen to a page's console; the list fills with errors and warnings (a refused script, say)."""

    def _listen(page: Page) -> list[str]:
        heard: list[str] = []
        page.on("console", lambda message: heard.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        return heard

    return _listen
