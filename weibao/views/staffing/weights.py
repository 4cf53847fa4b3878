"""The table of weights: what holds and what is to come, for everybody; a new version is kept after it was looked at."""

from datetime import timedelta

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import ChildCategory
from tenants.example_rules import weights_from
from tenants.marks import mark_of
from tenants.queries import staffing as queries
from tenants.queries.due import rules_of
from tenants.services import weights as services
from weibao import hx, previews
from weibao.access import me
from weibao.db import db
from weibao.forms.staffing import RISKS, WeightsForm, weights_form
from weibao.i18n import today, zone
from weibao.permissions import COUNTY
from weibao.previews import Estimate, WeightsEffect
from weibao.views.refusals import shown_in
from weibao.views.staffing.common import blueprint, names, officer_name
from weibao.views.staffing.proposals import Answer, today_state

CATEGORIES = {category.value: category for category in ChildCategory}


@blueprint.get("/weights")
def weights() -> str:
    """The table in force, and the versions; a township sees it too."""
    session, user = db.session(), me()
    if user.role not in COUNTY:
        return _page(None)
    held = queries.weights_in_force(session, user.county_id, today())
    table = held.weights if held else weights_from(rules_of(session, user.county_id).values())
    return _page(weights_form(table, today() + timedelta(days=1)))


@blueprint.post("/weights/decide")
def decide_weights() -> Answer:
    """Set a new version: first what it would do, then, if that was looked at, it is kept."""
    session, user, form = db.session(), me(), WeightsForm()
    if form.validate():
        with shown_in(form):
            terms = form.terms()
            services.check(session, user.actor, terms)
            found = previews.weights_effects(session, user.county_id, _children(), terms.weights, terms.from_day)
            looked_at, seen = form.seen.data, mark_of(terms, found)
            if looked_at == seen:
                services.decide(session, user.actor, terms)
                flash(_("The table of weights has been decided."), "success")
                return hx.redirect(url_for("staffing.weights"))
            services.looked_at(session, user.actor, terms)
            form.seen.data = seen
            return _page(form, found, again=bool(looked_at))
    return _page(form), 422


@blueprint.post("/weights/versions/<weights_id>/take-back")
def take_back_weights(weights_id: str) -> BaseResponse:
    """Drop a version that does not hold yet."""
    services.take_back(db.session(), me().actor, weights_id)
    flash(_("Taken back: the table stays as it is."), "success")
    return hx.redirect(url_for("staffing.weights"))


def _children() -> dict[str, Estimate]:
    """What is guessed of each township, so that by the table in force it weighs what the desk shows today."""
    children = previews.estimates(db.session(), today(), zone())
    held, (state, _hindrance) = queries.weights_in_force(db.session(), me().county_id, today()), today_state()
    if held is None or state is None:
        return children
    return previews.weighed_as_told(children, held.weights, {load.township: load.demand for load in state.loads})


def _page(form: WeightsForm | None, found: list[WeightsEffect] | None = None, *, again: bool = False) -> str:
    session, county_id = db.session(), me().county_id
    versions = queries.weights_versions(session, county_id)
    return render_template(
        "staffing/weights.html",
        held=queries.weights_in_force(session, county_id, today()),
        versions=versions,
        deciders={row.id: officer_name(row.decided_by) for row in versions},
        form=form,
        effects=found,
        again=again,
        names=names() if found else None,
        risks=RISKS,
        categories=CATEGORIES,
    )
