"""A township's planning problem as a file, as its planner's page would plan it."""

from datetime import datetime, timedelta
from pathlib import Path

import click
from flask import Flask

from scheduling.io import encode, problem_to_json
from scheduling.problem import Problem
from tenants.actor import Actor
from tenants.models import Roster
from tenants.scope import Scope
from tenants.services import visits
from tenants.services.rosters import MAX_DAYS
from weibao.commands.common import county_named, ready_app, township_named
from weibao.commands.roster import FILE, need_writable, write
from weibao.config import Config
from weibao.db import session_for
from weibao.planning import build_problem
from weibao.typed import FIRST, LAST


@click.command("export-problem")
@click.option("--county", help="The county's name; may be left out where there is only one.")
@click.option("--township", required=True, help="The township's name.")
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day.")
@click.option("--days", type=click.IntRange(1, MAX_DAYS), default=14, show_default=True)
@click.option("-o", "--output", type=FILE, required=True, help="Where the problem is written.")
def export_problem(county: str | None, township: str, start: datetime, days: int, output: Path) -> None:
    """Write what a township would plan (JSON, opaque ids only); its due visits are brought up to date first."""
    if not FIRST <= start.date() <= LAST:
        raise click.BadParameter(f"must lie between {FIRST} and {LAST}", param_hint="--start")
    app = ready_app(Config.from_environment())
    need_writable(output)
    problem = _problem(app, _actor(app, county, township), Roster(starts_on=start.date(), days=days, revision=0))
    write(output, encode(problem_to_json(problem)))
    click.echo(f"{len(problem.tasks)} tasks and {len(problem.people)} people written to {output}")


def _actor(app: Flask, county: str | None, township: str) -> Actor:
    with app.app_context(), session_for(Scope.of_system(reason="find a township"), reading=True) as session:
        its_county = county_named(session, county)
        return Actor(county_id=its_county.id, township_id=township_named(session, its_county, township).id)


def _problem(app: Flask, actor: Actor, draft: Roster) -> Problem:
    """The problem of a draft that is never kept."""
    draft.township_id, draft.id = actor.township_id or "", draft.starts_on.isoformat()
    scope = Scope.of_township(actor.county_id, draft.township_id, reason="export a problem")
    with app.app_context(), session_for(scope) as session:
        visits.refresh_due(session, actor, draft.starts_on + timedelta(days=draft.days - 1))
        return build_problem(session, draft)
