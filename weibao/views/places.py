"""What I could take now: whoever asks me to step in, and open places."""

from datetime import UTC, datetime

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import SignUpState
from tenants.queries import exchange as queries
from tenants.services import sign_ups
from weibao import duty_words, exchange, hx
from weibao.access import me
from weibao.db import db

blueprint = Blueprint("places", __name__, url_prefix="/places")


@blueprint.get("")
def index() -> str:
    """Duties that I could take now, and what I have asked for."""
    if me().person_id is None:
        return render_template("mine/nobody.html")
    session, person_id, now = db.session(), me().own_person, datetime.now(UTC)
    wishes = queries.wishes_of(session, person_id, now)
    return render_template(
        "places/index.html",
        calls=queries.calls_to(session, person_id, now),
        wishes=wishes,
        in_queue=queries.places_in_queue(session, wishes),
        places=exchange.open_places(session, person_id, me().township_id or ""),
        words=duty_words,
    )


@blueprint.post("/<activity_id>")
def take(activity_id: str) -> BaseResponse:
    """Take a place, or ask for it."""
    session = db.session()
    wish = exchange.sign_up(session, me().actor, me().own_person, activity_id, request.form.get("role", ""))
    if wish.state is SignUpState.WAITING:
        number = queries.places_in_queue(session, [wish])[wish.id]
        flash(_("You are number %(number)d on the waiting list. You will be told when a place comes free for you.",
                number=number), "success")  # fmt: skip
    elif wish.state is SignUpState.ACCEPTED:
        flash(_("You have the place. It stands among your duties."), "success")
    else:
        flash(_("You have asked for the place. The station will answer."), "success")
    return hx.redirect(url_for("places.index"))


@blueprint.post("/wishes/<wish_id>/withdraw")
def withdraw(wish_id: str) -> BaseResponse:
    """I no longer want the place."""
    sign_ups.withdraw(db.session(), me().actor, me().own_person, wish_id)
    flash(_("You no longer ask for the place."), "success")
    return hx.redirect(url_for("places.index"))


@blueprint.post("/calls/<swap_id>/take")
def step_in(swap_id: str) -> BaseResponse:
    """Step in for somebody."""
    duty = exchange.step_in(db.session(), me().actor, me().own_person, swap_id)
    flash(_("The duty is yours. Thank you!"), "success")
    return hx.redirect(url_for("mine.duty", duty_id=duty.id))


@blueprint.post("/calls/<swap_id>/refuse")
def stay_out(swap_id: str) -> BaseResponse:
    """I cannot step in."""
    exchange.stay_out(db.session(), me().actor, me().own_person, swap_id)
    flash(_("Thank you for answering. Others are asked."), "info")
    return hx.redirect(url_for("places.index"))
