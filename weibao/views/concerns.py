"""A concern about a child: raised by anybody on duty, opened by the village's child director and the station."""

from datetime import UTC, datetime

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.models import Concern
from tenants.queries import concerns as queries
from tenants.queries import duties
from tenants.queries.arrangements import arrangements_of
from tenants.queries.people import villages
from tenants.services import concerns as services
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.forms.day import ConcernForm, OutcomeForm
from weibao.login import keyring
from weibao.message_words import since
from weibao.views import openings
from weibao.views.refusals import shown_in
from weibao.words import named

blueprint = Blueprint("concerns", __name__, url_prefix="/concerns")
Answer = str | tuple[str, int] | BaseResponse
PAGE = 20


@blueprint.get("")
def index() -> str:
    """The concerns that I may open."""
    session, now = db.session(), datetime.now(UTC)
    pager = db.paginate(queries.listed(me().actor), per_page=PAGE, max_per_page=PAGE, error_out=False)
    names = queries.names(session, list(pager.items))
    return render_template("concerns/index.html", pager=pager, names=names, mine=me().id, now=now, since=since)


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Raise a concern; with ``duty`` it belongs to a duty of mine."""
    session, user = db.session(), me()
    duty_id = request.values.get("duty", "")
    duty = duties.of_person(session, user.person_id, duty_id) if duty_id and user.person_id else None
    form = ConcernForm(village_id=duty.village_id if duty else None)
    form.village_id.choices = [(row.id, named(row)) for row in villages(session)]
    if form.validate_on_submit():
        with shown_in(form):
            services.raise_concern(
                session, user.actor, keyring(), village_id=form.village_id.data, text=form.text.data,
                duty_id=duty.id if duty else None,
            )  # fmt: skip
            flash(_("The child director and the station have been told."), "success")
            return hx.redirect(url_for("desk.start"))
    phones = arrangements_of(session, user.township_id or "").phones
    page = render_template("concerns/new.html", form=form, duty=duty, phones=phones)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/<concern_id>")
def show(concern_id: str) -> str:
    """Open a concern: the text is shown, and the opening is written down."""
    concern = queries.one(db.session(), me().actor, concern_id)
    return _page(concern, services.read(db.session(), me().actor, keyring(), concern))


def _page(concern: Concern, text: str) -> str:
    names = queries.names(db.session(), [concern])
    now, form = datetime.now(UTC), OutcomeForm(formdata=None)
    return render_template(
        "concerns/show.html", concern=concern, text=text, names=names, form=form, now=now, since=since
    )


@blueprint.post("/<concern_id>/take")
def take(concern_id: str) -> str:
    """I take it in hand."""
    concern = queries.one(db.session(), me().actor, concern_id)
    services.take(db.session(), me().actor, concern)
    return _page(concern, services.read(db.session(), me().actor, keyring(), concern))


@blueprint.post("/<concern_id>/close")
def close(concern_id: str) -> Answer:
    """Say what came of it."""
    concern, form = queries.one(db.session(), me().actor, concern_id), OutcomeForm()
    if not form.validate():
        text = openings.concern_text(concern_id)
        return _page(queries.one(db.session(), me().actor, concern_id), text), 422
    services.close(db.session(), me().actor, concern, form.outcome.data)
    flash(_("The concern is closed."), "success")
    return hx.redirect(url_for("concerns.index"))
