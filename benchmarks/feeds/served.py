"""The program and a bare Flask one in the same process, for a server to serve.

``python -m benchmarks.feeds.served PORT`` serves them by waitress, as the program does; granian takes ``application``.
The database's address comes from WEIBAO_BENCH_DATABASE. ``/bare`` is answered by Flask with a word and nothing else.
"""

import base64
import os
import sys

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from weibao.app import create_app
from weibao.config import Config

THREADS = 8


def settings(database_url: str) -> Config:
    """Settings as a served program has them, with keys of no worth."""
    return Config(
        secret_key="benchmark" * 8,
        data_keys=f"1:{base64.b64encode(bytes(32)).decode()}",
        index_key=base64.b64encode(bytes(32)).decode(),
        database_url=database_url,
        embedded_worker=False,
    )


def _bare() -> Flask:
    app = Flask("bare")

    @app.get("/")
    def word() -> str:
        return "word"

    return app


def _served() -> DispatcherMiddleware:
    return DispatcherMiddleware(create_app(settings(os.environ["WEIBAO_BENCH_DATABASE"])), {"/bare": _bare()})


if "WEIBAO_BENCH_DATABASE" in os.environ:
    application = _served()

if __name__ == "__main__":
    from waitress import serve

    serve(application, host="127.0.0.1", port=int(sys.argv[1]), threads=THREADS, _quiet=True)
