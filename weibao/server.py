"""Serve the program: waitress, and the embedded worker beside it."""

import logging
import signal
import socket
import sys
from typing import Any

from flask import Flask

from weibao.config import Config
from weibao.jobs import EmbeddedWorker
from weibao.told import ToldError

_log = logging.getLogger(__name__)


class PortTakenError(ToldError, OSError):
    """Another program listens there already, or the address is none of this machine's."""


def check_port(host: str, port: int) -> None:
    """Raise PortTakenError where the address cannot be bound."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTakenError(f"cannot listen on {host}:{port}: {error.strerror}") from None


def serve(app: Flask, config: Config) -> None:
    """Run until interrupted or terminated; the embedded worker ends with the server.

    Raises:
        PortTakenError: the address was taken since it was checked.

    """
    server = _listen(app, config)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # waitress winds up on SystemExit
    worker = EmbeddedWorker(config) if config.embedded_worker else None
    if worker:
        worker.start()
    _log.info("serving on http://%s:%s", f"[{config.host}]" if ":" in config.host else config.host, config.port)
    try:
        server.run()
    finally:
        if worker:
            worker.end()


def _listen(app: Flask, config: Config) -> Any:
    """Waitress takes the headers of a proxy off unless told to leave them to ``ProxyFix``."""
    from waitress.server import create_server  # noqa: PLC0415 -- only the server process needs it

    try:
        return create_server(
            app, host=config.host, port=config.port, threads=config.threads, ident="weibao",
            clear_untrusted_proxy_headers=not config.proxy_hops,
        )  # fmt: skip
    except OSError as error:
        raise PortTakenError(f"cannot listen on {config.host}:{config.port}: {error.strerror}") from None
