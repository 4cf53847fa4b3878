"""Choose a period; the draft's page; throw a draft away; its problem as a file."""

from datetime import timedelta

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from scheduling.io import encode, problem_to_json
from tenants.errors import ConflictError, InvalidError
from tenants.queries import rosters as queries
from tenants.queries.calendar import calendar_of
from tenants.services import rosters, visits
from weibao import hx, i18n
from weibao.access import me
from weibao.db import db
from weibao.forms.planner import PeriodForm, RevisionForm, quick_periods, suggested_period
from weibao.views import openings
from weibao.views.planner.common import blueprint, locked, names_of, opened
from weibao.views.planner.pages import DraftPage
from weibao.views.planner.ways import ways_page
from weibao.views.refusals import put, said


@blueprint.get("/")
def start() -> str:
    """Choose a period, or go on with what there is."""
    starts_on, days = suggested_period(i18n.today())
    return _start(PeriodForm(starts_on=starts_on, days=days))


def _start(form: PeriodForm) -> str:
    session = db.session()
    return render_template(
        "planner/start.html",
        form=form,
        quick=quick_periods(i18n.today(), calendar_of(session, me().county_id)),
        drafts=queries.drafts(session),
        versions=queries.versions(session)[:5],
    )


@blueprint.post("/")
def begin() -> BaseResponse | tuple[str, int]:
    """Begin a draft: visits that fall due in its period are entered first."""
    form = PeriodForm()
    if not form.validate():
        return _start(form), 422
    session, actor, today = db.session(), me().actor, i18n.today()
    starts_on, days = form.starts_on.data, form.days.data
    try:
        roster = rosters.begin_draft(session, actor, starts_on=starts_on, days=days, today=today)
    except (InvalidError, ConflictError) as error:
        put(form, error.field, said(error))
        return _start(form), 422
    visits.refresh_due(session, actor, starts_on + timedelta(days=days - 1), today=today)
    return hx.redirect(url_for("planner.draft", roster_id=roster.id))


@blueprint.get("/<roster_id>")
def draft(roster_id: str) -> str:
    """A draft: what it has to serve, and by whom and when it is served."""
    found = opened(roster_id)
    openings.draft_listed(found.roster.id)
    page = DraftPage(draft=found, names=names_of(found), tab=request.args.get("tab", ""))
    return render_template("planner/draft.html", page=page, roster=found.roster, ways=ways_page(page))


@blueprint.post("/<roster_id>/discard")
def discard(roster_id: str) -> BaseResponse:
    """Throw the draft away."""
    form = RevisionForm()
    roster = locked(roster_id, form)
    rosters.throw_away(db.session(), me().actor, roster)
    flash(_("The draft is gone. What was published stays."), "success")
    return hx.redirect(url_for("planner.start"))


@blueprint.get("/<roster_id>/problem.json")
def problem(roster_id: str) -> Response:
    """The draft's problem as 'weibao solve' reads it: ids and numbers, no name."""
    found = opened(roster_id)
    answer = Response(encode(problem_to_json(found.problem)), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="problem-{found.problem.id}.json"'
    return answer
