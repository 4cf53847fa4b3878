"""Publish a draft: first what changes for people, then a numbered version."""

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.errors import InvalidError
from tenants.services import publishing
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.explaining.deltas import news_of
from weibao.explaining.limits import over_most
from weibao.explaining.names import Names
from weibao.explaining.rules import Warning, warnings_of
from weibao.forms.planner import PublishForm
from weibao.planning import Draft, open_draft
from weibao.views.planner.common import blueprint, locked, names_of, opened
from weibao.views.refusals import put, said


@blueprint.get("/<roster_id>/review")
def review(roster_id: str) -> str:
    """What publishing would change for people."""
    draft = opened(roster_id)
    return _review(draft, PublishForm(revision=draft.roster.revision))


@blueprint.post("/<roster_id>/publish")
def publish(roster_id: str) -> BaseResponse | tuple[str, int]:
    """Publish the draft as the next version, unless the law or the planner's own doubt stands against it."""
    form, session = PublishForm(), db.session()
    draft = open_draft(session, locked(roster_id, form))
    warnings = _warnings(draft, names_of(draft))
    if any(warning.law for warning in warnings) or (warnings and not form.confirmed.data):
        form.confirmed.errors = [_("Mend what is listed, or confirm it where that is allowed.")]
        return _review(draft, form), 422
    try:
        published, _changes = publishing.publish(session, me().actor, draft.roster)
    except InvalidError as error:
        put(form, error.field, said(error))
        return _review(draft, form), 422
    flash(_("Version %(number)d is published. Calendars and phones follow by themselves.", number=published.version),
          "success")  # fmt: skip
    return hx.redirect(url_for("roster.version", number=published.version))


def _warnings(draft: Draft, names: Names) -> list[Warning]:
    """What the draft breaks, and who would have more duties than they take."""
    broken = warnings_of(draft.violations, draft.problem, names)
    return [*broken, *over_most(draft.months, draft.rows, names)]


def _review(draft: Draft, form: PublishForm) -> str:
    delta = publishing.compare(db.session(), draft.roster)
    names = names_of(draft, duties=(*delta.dropped, *(duty for duty, *_rest in delta.changed)))
    return render_template(
        "planner/review.html",
        roster=draft.roster,
        delta=delta,
        news=news_of(delta, names),
        open_tasks=len(draft.open_tasks),
        warnings=_warnings(draft, names),
        form=form,
    )
