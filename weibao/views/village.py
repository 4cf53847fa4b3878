"""The child director's page on a phone: who comes to my village, and which visits are to be made."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.errors import NotFoundError
from tenants.models import Village
from tenants.queries import feeds
from tenants.queries import village as queries
from tenants.services import visits
from weibao import duty_words
from weibao.access import me
from weibao.db import db
from weibao.forms.children import VisitForm
from weibao.i18n import today
from weibao.login import keyring
from weibao.views import openings
from weibao.views.refusals import shown_in

blueprint = Blueprint("village", __name__, url_prefix="/village")


@blueprint.get("")
def roster() -> str:
    """My village: coming visits and activities with their teams, visits due, the home's opening hours."""
    village = queries.directed_by(db.session(), me().actor)
    if village is None:
        return render_template("village/none.html")
    return _page(village, None)


@blueprint.post("/visits/<visit_id>/done")
def record(visit_id: str) -> tuple[str, int] | BaseResponse:
    """Record that a visit has been made."""
    session, actor = db.session(), me().actor
    village = queries.directed_by(session, actor)
    if village is None:
        raise NotFoundError("no village")
    visit, form = queries.due_visit(session, village.id, visit_id), VisitForm(prefix=visit_id)
    if form.validate():
        with shown_in(form):
            visits.record_done(session, actor, visit, form.done_on.data, form.note.data or "", keyring=keyring())
            flash(_("The visit has been recorded."), "success")
            return redirect(url_for("village.roster"), 303)
    return _page(queries.directed_by(session, actor) or village, form), 422


def _page(village: Village, sent: VisitForm | None) -> str:
    """The page; ``sent`` is the form of one visit that was refused, with what was typed in it."""
    session, day, now = db.session(), today(), datetime.now(UTC)
    coming = feeds.of_village(session, village.id, now)
    due = queries.due_visits(session, village.id, day)
    openings.village_listed(village.id, files=len(due))
    forms = {visit.id: VisitForm(formdata=None, prefix=visit.id, done_on=day) for visit in due}
    homeless = None  # somebody else has recorded the visit meanwhile: its form has no place any more
    if sent is not None and (key := sent._prefix.rstrip("-")) in forms:
        forms[key] = sent
    else:
        homeless = sent
    return render_template(
        "village/roster.html",
        village=village,
        days=duty_words.by_day(coming),
        pseudonyms=queries.pseudonyms(session, village.id, [task.visit_id for task in coming]),
        due=due,
        forms_of=forms,
        homeless=homeless,
        now=now,
        ahead=queries.AHEAD.days,
        words=duty_words,
    )
