"""Debian's Chromium for tests in a browser, its light form if there; skips with one line where there is none."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

EXECUTABLE = shutil.which("chromium-headless-shell") or shutil.which("chromium") or ""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)  # a slow machine may take longer than the five seconds meant for one
needs_chromium = pytest.mark.skipif(not EXECUTABLE, reason="no Chromium here (apt-get install chromium fonts-noto-cjk)")


@contextmanager
def launched() -> Iterator[Browser]:
    """A running browser without any state."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=QUIET)
        yield browser
        browser.close()


def logged_in(
    browser: Browser, address: str, username: str, password: str, *, width: int, height: int, language: str
) -> Page:
    """A window in which somebody has logged in through the log-in page."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    context.add_cookies([{"name": "language", "value": language, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/login")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of the program, served on a free port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
