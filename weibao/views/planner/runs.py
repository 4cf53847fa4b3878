"""Plan in the background: ask for a run, watch it, stop it."""

from datetime import timedelta

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import RunState
from tenants.models import SolveRun, utc_now
from tenants.services import rosters, runs, visits
from weibao import hx, i18n
from weibao.access import me
from weibao.db import db
from weibao.explaining.pins import loose_pins
from weibao.forms.planner import RunForm, weights_in
from weibao.planning import open_draft
from weibao.views.planner.common import blueprint, locked, names_of, opened
from weibao.views.planner.course import course_of
from weibao.views.planner.pages import DraftPage

PATIENCE = timedelta(seconds=10)
"""How long a run may wait before the page says that no worker answers."""


@blueprint.post("/<roster_id>/plan")
def plan(roster_id: str) -> BaseResponse | tuple[str, int]:
    """Queue a run on the draft, unless pins stand in the way of every plan."""
    form = RunForm()
    if not form.validate():
        return _refused(roster_id, form), 422
    session, actor = db.session(), me().actor
    roster = locked(roster_id, form)
    visits.refresh_due(session, actor, roster.starts_on + timedelta(days=roster.days - 1), today=i18n.today())
    found = open_draft(session, roster)
    if loose_pins(found.problem, names_of(found)):
        return _refused(roster_id, form), 422
    runs.ask(
        session,
        actor,
        roster,
        seconds=form.seconds.data,
        seed=roster.revision,
        weights=weights_in(form),
        calm=form.calm.data,
    )
    return hx.redirect(url_for("planner.draft", roster_id=roster_id))


def _refused(roster_id: str, form: RunForm) -> str:
    found = opened(roster_id)
    names = names_of(found)
    page = DraftPage(draft=found, names=names, tab="", form=form, loose=loose_pins(found.problem, names))
    return render_template("planner/draft.html", page=page, roster=found.roster, ways=None)


@blueprint.get("/<roster_id>/progress")
def progress(roster_id: str) -> str | BaseResponse:
    """How the run goes; asked for again and again by the draft's page, which is loaded anew when it has ended."""
    roster = rosters.draft(db.session(), roster_id)
    run = runs.active_run(db.session(), roster)
    if run is None or not hx.wants_fragment():
        return hx.redirect(url_for("planner.draft", roster_id=roster_id))
    return render_template("planner/_progress.html", roster=roster, run=run, **progress_of(run))


def progress_of(run: SolveRun) -> dict[str, object]:
    """What the progress fragment shows of a run."""
    begun = run.started_at if run.state is RunState.RUNNING else None
    elapsed = min(run.seconds, (utc_now() - begun).total_seconds()) if begun else 0.0
    return {
        "course": course_of(run, elapsed),
        "elapsed": int(elapsed),
        "unanswered": run.state is RunState.QUEUED and utc_now() - run.created_at > PATIENCE,
    }


@blueprint.post("/<roster_id>/stop")
def stop(roster_id: str) -> BaseResponse:
    """Stop the run and keep the best plan."""
    roster = rosters.draft(db.session(), roster_id)
    run = runs.active_run(db.session(), roster)
    if run is not None:
        runs.ask_to_stop(db.session(), me().actor, run)
        flash(_("Stopping; the best plan so far is kept."), "info")
    return hx.redirect(url_for("planner.draft", roster_id=roster_id))
