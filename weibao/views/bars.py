"""Who is barred in the county: the register, and how a bar is lifted or extended to another township."""

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.queries import bars as queries
from tenants.services import barring as services
from weibao import hx
from weibao.access import me
from weibao.db import db, whole_county
from weibao.forms.vetting import ExtendForm, LiftForm
from weibao.views.refusals import shown_in

blueprint = Blueprint("bars", __name__, url_prefix="/county/barred")
Answer = str | tuple[str, int] | BaseResponse


@blueprint.get("")
def index() -> str:
    """The register."""
    return render_template("bars/index.html", rows=queries.listed(db.session()))


@blueprint.get("/<bar_id>")
def show(bar_id: str) -> Answer:
    """One bar: who, where, by whom, and people of the same name."""
    return _page(bar_id, LiftForm())


@blueprint.post("/<bar_id>/lift")
def lift(bar_id: str) -> Answer:
    """Lift it, with a reason."""
    form = LiftForm()
    if form.validate():
        with shown_in(form), whole_county(me().county_id, reason="lift a bar") as work:
            services.lift(work, me().actor, queries.one(work, bar_id), form.reason.data or "")
        if not form.errors:
            flash(_("The bar is lifted. Duties do not come back by themselves: the stations plan again."), "success")
            return hx.redirect(url_for("bars.show", bar_id=bar_id))
    return _page(bar_id, form), 422


@blueprint.post("/<bar_id>/extend")
def extend(bar_id: str) -> Answer:
    """Bar a person of the same name, whom the county knows to be the same."""
    form = ExtendForm()
    if form.validate():
        with shown_in(form), whole_county(me().county_id, reason="extend a bar") as work:
            services.extend(work, me().actor, queries.one(work, bar_id), form.person_id.data or "")
        if not form.errors:
            flash(_("This person is barred too."), "success")
            return hx.redirect(url_for("bars.show", bar_id=bar_id))
    return _page(bar_id, LiftForm(formdata=None)), 422


def _page(bar_id: str, form: LiftForm) -> str:
    session = db.session()
    bar = queries.one(session, bar_id)
    namesakes = queries.namesakes(session, bar) if bar.lifted_at is None else []
    return render_template("bars/show.html", row=queries.shown(session, bar), namesakes=namesakes, form=form)
