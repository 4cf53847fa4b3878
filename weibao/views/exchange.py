"""The station's side: who would like a place, and who looks for a substitute."""

from datetime import UTC, datetime

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.queries import exchange as queries
from tenants.queries.arrangements import arrangements_of
from tenants.services import sign_ups
from weibao import duty_words, hx
from weibao import exchange as bridge
from weibao.access import me
from weibao.db import db

blueprint = Blueprint("exchange", __name__, url_prefix="/exchange")


@blueprint.get("")
def index() -> str:
    """What waits for the station's word."""
    session, now = db.session(), datetime.now(UTC)
    searches = queries.searches(session, now)
    return render_template(
        "exchange/index.html",
        wishes=queries.to_decide(session, now),
        searches=searches,
        left=bridge.left_of(session, [search.swap for search in searches]),
        mode=arrangements_of(session, me().township_id or "").sign_up,
        words=duty_words,
    )


@blueprint.post("/<wish_id>/approve")
def approve(wish_id: str) -> BaseResponse:
    """Give the place."""
    bridge.approve(db.session(), me().actor, wish_id)
    flash(_("The place is given; the person has been told."), "success")
    return hx.redirect(url_for("exchange.index"))


@blueprint.post("/<wish_id>/refuse")
def refuse(wish_id: str) -> BaseResponse:
    """Do not give the place."""
    session = db.session()
    sign_ups.refuse(session, me().actor, sign_ups.locked(session, wish_id))
    flash(_("The place is not given; the person has been told."), "success")
    return hx.redirect(url_for("exchange.index"))
