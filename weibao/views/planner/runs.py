"""Plan in the background: ask for a run, watch it, stop it."""

from datetime import timedelta

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from scheduling.roster import Score
from tenants.enums import RunState
from tenants.models import SolveRun, utc_now
from tenants.services import rosters, runs, visits
from weibao import charts, hx, i18n
from weibao.access import me
from weibao.db import db
from weibao.explaining.costs import bound_in_words
from weibao.explaining.pins import loose_pins
from weibao.forms.planner import RunForm, weights_in
from weibao.planning import open_draft
from weibao.views.planner.common import blueprint, locked, names_of, opened
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
    point = run.progress[-1] if run.progress else None
    begun = run.started_at if run.state is RunState.RUNNING else None
    elapsed = min(run.seconds, (utc_now() - begun).total_seconds()) if begun else 0.0
    return {
        "point": point,
        "elapsed": int(elapsed),
        "unanswered": run.state is RunState.QUEUED and utc_now() - run.created_at > PATIENCE,
        "bound_words": bound_in_words(*_scores(point)) if point else "",
        "chart": _chart(run, elapsed) if point else None,
    }


def _scores(point: dict[str, int]) -> tuple[Score, Score | None]:
    medium, soft = point["bound_medium"], point["bound_soft"]
    bound = None if medium is None or soft is None else Score(medium=medium, soft=soft)
    return Score(medium=point["medium"], soft=point["soft"]), bound


def _chart(run: SolveRun, elapsed: float) -> charts.LineChart:
    """Cost and bound over time while as much was served as now; the cost of serving less does not compare."""
    now = run.progress[-1]
    same = [point for point in run.progress if point["medium"] == now["medium"]]
    cost = [(point["elapsed"], point["soft"]) for point in same]
    bound = [(p["elapsed"], p["bound_soft"]) for p in same if p["bound_medium"] == now["medium"]]
    return charts.lines([cost, bound], until=max(elapsed, now["elapsed"]))


@blueprint.post("/<roster_id>/stop")
def stop(roster_id: str) -> BaseResponse:
    """Stop the run and keep the best plan."""
    roster = rosters.draft(db.session(), roster_id)
    run = runs.active_run(db.session(), roster)
    if run is not None:
        runs.ask_to_stop(db.session(), me().actor, run)
        flash(_("Stopping; the best plan so far is kept."), "info")
    return hx.redirect(url_for("planner.draft", roster_id=roster_id))
