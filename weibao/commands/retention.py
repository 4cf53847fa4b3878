"""What is due by the retention periods, in numbers, for a nightly look; nothing is changed."""

from collections import Counter

import click
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, DisposalStep
from tenants.models import Township
from tenants.queries import retention as queries
from tenants.queries.due import county_today
from tenants.scope import Scope
from weibao.commands.common import ready_app
from weibao.config import Config
from weibao.db import session_for


@click.command("retention")
def retention() -> None:
    """Print how many files of each township are due for each step, held ones apart; stations propose and approve."""
    app = ready_app(Config.from_environment())
    with app.app_context(), session_for(Scope.of_system(reason="list townships"), reading=True) as session:
        townships = session.scalars(select(Township).order_by(Township.county_id, Township.name)).all()
    lines = [line for township in townships for line in _lines(app, township)]
    for line in lines or ["no file is due"]:
        click.echo(line)


def _lines(app: Flask, township: Township) -> list[str]:
    scope = Scope.of_township(township.county_id, township.id, reason="retention preview")
    with app.app_context(), session_for(scope, reading=True) as session:
        due, held = _counted(session, township)
    return [
        f"{township.name}: {step.value}: {due[step]} files due, {held[step]} held" for step in DisposalStep if due[step]
    ]


def _counted(session: Session, township: Township) -> tuple[Counter[DisposalStep], Counter[DisposalStep]]:
    actor = Actor(county_id=township.county_id, township_id=township.id, role=AccountRole.STATION_HEAD)
    found = queries.preview(session, actor, county_today(session, township.county_id))
    return Counter(due.step for due in found), Counter(due.step for due in found if due.hold)
