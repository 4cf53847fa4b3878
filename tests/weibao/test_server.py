"""The program as waitress serves it, alone or behind a proxy: whose word it takes for where a request is from."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from urllib.request import Request, urlopen

from flask import request

from tests import databases
from tests.conftest import config_for
from weibao import permissions, server
from weibao.app import create_app


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(tmp_path: Path, hops: int) -> Iterator[str]:
    """The address of a program that tells who asked, behind so many proxies."""
    with databases.fresh("sqlite", tmp_path) as url:
        config = config_for(url, proxy_hops=hops, port=_free_port(), threads=1)
        app = create_app(config)
        app.add_url_rule("/who", "who", lambda: f"{request.remote_addr} {request.url_root}")
        permissions.PERMISSIONS["who"] = permissions.OPEN
        listening = server._listen(app, config)
        thread = Thread(target=listening.run, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{config.port}"
        finally:
            del permissions.PERMISSIONS["who"]
            listening.close()


FORWARDED = {"X-Forwarded-For": "6.6.6.6, 10.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "desk.example"}


def asked(address: str) -> tuple[str, str | None]:
    """Who asked by the program's word, and what it says of TLS."""
    with urlopen(Request(f"{address}/who", headers=FORWARDED), timeout=20) as answer:
        return answer.read().decode(), answer.headers["Strict-Transport-Security"]


def test_a_trusted_proxy_tells_the_client_the_scheme_and_the_host(tmp_path: Path) -> None:
    with served(tmp_path, 1) as address:
        assert asked(address) == ("10.0.0.1 https://desk.example/", "max-age=31536000")


def test_without_a_proxy_nobody_is_taken_at_their_word(tmp_path: Path) -> None:
    with served(tmp_path, 0) as address:
        assert asked(address) == (f"127.0.0.1 {address}/", None)
