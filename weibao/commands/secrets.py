"""Keys and the audit chain."""

import click
from sqlalchemy import select

from tenants.crypto import SealError
from tenants.models import County
from tenants.queries import audit
from tenants.scope import Scope
from tenants.services import consents, keys
from weibao.commands.common import ready_app
from weibao.config import Config
from weibao.db import session_for


@click.command("rotate-keys")
def rotate_keys() -> None:
    """Seal everything under the newest of WEIBAO_DATA_KEYS; the program may run meanwhile."""
    try:
        _rotate(Config.from_environment())
    except SealError as error:
        raise click.ClickException(
            f"a kept value does not open: {error}; what was sealed anew before stays so"
        ) from None


def _rotate(config: Config) -> None:
    ring = config.keyring
    with ready_app(config).app_context():
        with session_for(Scope.of_system(reason="rotate keys"), reading=True) as session:
            batches = list(keys.batches(session))
        done = 0
        for batch in batches:
            with session_for(Scope.of_system(reason="rotate keys")) as session:
                done += keys.reseal_children(session, ring, batch)
        with session_for(Scope.of_system(reason="rotate keys")) as session:
            accounts = keys.reseal_accounts(session, ring)
            texts = keys.reseal_texts(session, ring)
            signed = consents.reseal(session, ring)
            waiting = keys.reseal_uploads(session, ring)
    click.echo(
        f"key {ring.current}: {done} children's files, {signed} consents, {texts} concerns, notes and photos, "
        f"{waiting} uploads and {accounts} second factors sealed anew"
    )


@click.group("audit")
def audit_group() -> None:
    """The audit log."""


@audit_group.command("verify")
@click.option("--head", help="A digest that was kept outside; without it a cut tail may go unseen.")
def verify(head: str | None) -> None:
    """Walk every county's chain; exit 1 where a line was changed, deleted or cut."""
    app, scope = ready_app(Config.from_environment()), Scope.of_system(reason="verify the log")
    with app.app_context(), session_for(scope, reading=True) as session:
        counties = list(session.scalars(select(County).order_by(County.name)))
        verdicts = {county.name: audit.verify(session, county.id) for county in counties}
        known = head is None or any(audit.holds(session, county.id, head) for county in counties)
    for name, verdict in verdicts.items():
        click.echo(f"{name}: {verdict.lines} lines, head {verdict.head or '-'}")
        for fault in verdict.faults:
            click.echo(f"  {fault}")
    if not known:
        click.echo("no line has the digest that was kept outside: lines were cut or changed")
    if not known or any(verdict.faults for verdict in verdicts.values()):
        raise SystemExit(1)
