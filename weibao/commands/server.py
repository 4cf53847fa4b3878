"""Settings, schema, server, worker."""

import secrets
import signal
import threading

import click

from scheduling.solve import warm_up
from tenants.crypto import new_key
from weibao import jobs, logs, outbox, schema
from weibao.commands.common import ready_app
from weibao.config import Config
from weibao.db import db
from weibao.server import check_port, serve


@click.command("check-config")
def check_config() -> None:
    """Read the settings, reach the database, and say whether the program can be started."""
    config = Config.from_environment()
    app = ready_app(config)
    with app.app_context():
        click.echo(f"ok: {db.engine.dialect.name} at {schema.head()}, {config.host}:{config.port}")


@click.command("new-keys")
def new_keys() -> None:
    """Print fresh secrets for the settings; keep them outside the database and its backups."""
    click.echo(f"WEIBAO_SECRET_KEY={secrets.token_urlsafe(48)}")
    click.echo(f"WEIBAO_DATA_KEYS=1:{new_key()}")
    click.echo(f"WEIBAO_INDEX_KEY={new_key()}")


@click.group("db")
def database() -> None:
    """The database's schema."""


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest schema."""
    config = Config.from_environment()
    click.echo(f"the database is at {schema.migrate(config.owner_url, config.database_url, config.keyring)}")


@click.command("serve")
def serve_command() -> None:
    """Serve the program."""
    config = Config.from_environment()
    logs.begin(config.log_level)
    check_port(config.host, config.port)
    serve(ready_app(config), config)


@click.command("worker")
def worker() -> None:
    """Take planning runs, one at a time, and send what waits in the outbox; 'weibao serve' starts one beside itself."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    config = Config.from_environment()
    logs.begin(config.log_level)
    app = ready_app(config)
    post = threading.Thread(target=outbox.deliver_forever, args=(app, stop), name="outbox")
    post.start()
    warm_up()
    jobs.work_forever(app, stop)
    post.join()
