"""What a visit's team needs on its day, as the station marks it."""

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.crypto import SealError
from tenants.fields import Fact
from tenants.services import day_needs as services
from tenants.services import identities
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.forms.day_needs import DayNeedsForm
from weibao.login import keyring
from weibao.views import openings
from weibao.views.refusals import shown_in

blueprint = Blueprint("day_needs", __name__, url_prefix="/visits/<visit_id>/needed")
Answer = str | tuple[str, int] | BaseResponse


@blueprint.route("", methods=["GET", "POST"])
def edit(visit_id: str) -> Answer:
    """Mark what the team needs."""
    visit = services.visit_of(db.session(), visit_id)
    form, unopened = DayNeedsForm(), None
    if not form.is_submitted():
        form.facts.data = [Fact(fact) for fact in visit.day_facts or ()]
        note = openings.day_note(visit_id)
        unopened = note if isinstance(note, SealError) else None
        form.note.data = "" if isinstance(note, SealError) else note
    if form.validate_on_submit():
        with shown_in(form):
            facts = form.facts.data or []
            services.mark(db.session(), me().actor, keyring(), visit, facts, form.note.data or "")
            flash(_("Marked. The team sees it on the visit's day, and only then."), "success")
            return hx.redirect(url_for("children.show", child_id=visit.child_id))
    kept = identities.is_kept(visit.child)
    page = render_template("day_needs/edit.html", visit=visit, form=form, kept=kept, unopened=unopened)
    return (page, 422) if form.errors else page
