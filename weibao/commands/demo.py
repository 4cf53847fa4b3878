"""``weibao demo``: a county of invented places and people, ready to be tried."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import click
from flask import Flask
from flask_babel import force_locale

from tenants.crypto import new_key
from tenants.enums import AccountRole
from weibao import logs, words
from weibao.commands.common import ready_app
from weibao.config import Config
from weibao.demo.folder import DemoFolder, sqlite_url
from weibao.demo.rows import ZONE
from weibao.demo_accounts import LISTED
from weibao.server import check_port, serve

_FOLDER = "weibao-demo"


@click.command("demo")
@click.option("--folder", type=click.Path(path_type=Path), default=_FOLDER, show_default=True, help="Where it is kept.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=5000, show_default=True, help="Port to listen on.")
@click.option(
    "--places", type=click.Path(path_type=Path), help="A county's own places file (JSON) for the invented one."
)
@click.option("--fresh", is_flag=True, help="Make the county anew, and forget what was done in the old one.")
@click.option("--check", is_flag=True, help="Set everything up, and stop before serving.")
def demo(folder: Path, host: str, port: int, places: Path | None, fresh: bool, check: bool) -> None:
    """Serve a demonstration county; it is made at the first start, and anew when it is more than six days old."""
    kept = DemoFolder(path=folder)
    config = _config(kept, host, port)
    logs.begin(config.log_level)
    if not check:
        check_port(host, port)
    with _warming_up():
        kept.prepare(config, today=datetime.now(ZONE).date(), places=places, fresh=fresh, say=click.echo)
        app = ready_app(config)
    _print_log_ins(app, config)
    if not check:
        click.echo("按 Ctrl+C 停止  Press Ctrl+C to stop")
        serve(app, config)


@contextmanager
def _warming_up() -> Iterator[None]:
    """Meanwhile, and done at the end: the solver's code is compiled, so that no planner waits for it.

    Another process does it, for the server has no use for a compiler in its memory.
    """
    program = "from scheduling.solve import warm_up; warm_up()"
    with subprocess.Popen([sys.executable, "-c", program]) as process:  # noqa: S603 -- our own program
        try:
            yield
            if process.poll() is None:
                click.echo("preparing the scheduler (up to a minute at the first start) …")
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        raise click.ClickException("the scheduler's code could not be compiled on this machine")


def _config(folder: DemoFolder, host: str, port: int) -> Config:
    """The demonstration's own secret and database; other settings may come from the environment."""
    own = {
        "WEIBAO_SECRET_KEY": folder.secret("secret", partial(secrets.token_urlsafe, 48)),
        "WEIBAO_DATA_KEYS": f"1:{folder.secret('data-key', new_key)}",
        "WEIBAO_INDEX_KEY": folder.secret("index-key", new_key),
        "WEIBAO_REQUIRE_SECOND_FACTOR": "false",
        "WEIBAO_DATABASE_URL": sqlite_url(folder.database),
        "WEIBAO_OWNER_DATABASE_URL": "",
        "WEIBAO_HOST": host,
        "WEIBAO_PORT": str(port),
        "WEIBAO_DEMO": "true",
    }
    return Config.from_environment({**os.environ, **own})


def _print_log_ins(app: Flask, config: Config) -> None:
    """Address and log-ins in both languages; the people behind them are invented."""
    host = f"[{config.host}]" if ":" in config.host else config.host
    click.echo("")
    click.echo("未保 演示（地名、人名均为虚构）  weibao demonstration (all places and people are invented)")
    click.echo(f"地址 Address: http://{host}:{config.port}/")
    click.echo("角色 Role | 用户名 User name | 密码 Password")
    for login in LISTED:
        click.echo(f"{_in_both(app, login.role)} | {login.username} | {login.password}")


def _in_both(app: Flask, role: AccountRole) -> str:
    with app.test_request_context():
        with force_locale("zh_Hans_CN"):
            chinese = str(words.label(role))
        with force_locale("en"):
            return f"{chinese} {words.label(role)}"
