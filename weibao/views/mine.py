"""My duties: accept, decline, have somebody step in."""

from datetime import UTC, datetime

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from tenants.queries import attendance
from tenants.queries import duties as queries
from tenants.queries.arrangements import arrangements_of
from tenants.queries.duties import HeldDuty
from tenants.queries.exchange import calls_to, search_for
from tenants.queries.feed_tokens import live_token
from tenants.services import answers, day_needs, swaps, trainings
from weibao import duty_words, exchange, hx
from weibao.access import me
from weibao.db import db
from weibao.forms.day import LeaveForm
from weibao.forms.day_needs import WORDS
from weibao.forms.exchange import ReasonForm
from weibao.i18n import local, today
from weibao.login import keyring

blueprint = Blueprint("mine", __name__, url_prefix="/mine")


@blueprint.get("/duties")
def duties() -> str:
    """My coming duties by day, and the past ones folded."""
    if me().person_id is None:
        return render_template("mine/nobody.html")
    person_id, now, session = me().own_person, datetime.now(UTC), db.session()
    return render_template(
        "mine/duties.html",
        days=duty_words.by_day(queries.coming(session, person_id, now)),
        past=queries.past(session, person_id, now),
        calls=calls_to(session, person_id, now),
        token=live_token(session, person_id),
        trainings=trainings.of_person(session, person_id),
        words=duty_words,
    )


@blueprint.get("/duties/<duty_id>")
def duty(duty_id: str) -> str:
    """One duty of mine."""
    return _duty_page(duty_id, ReasonForm())


@blueprint.post("/duties/<duty_id>/needed")
def needed(duty_id: str) -> str:
    """What the station has marked for today's visit; that it was opened is written down."""
    found = day_needs.read(db.session(), me().actor, keyring(), duty_id)
    return _duty_page(duty_id, ReasonForm(formdata=None), found)


def _marked(held: HeldDuty) -> str:
    """Whether something is marked for a coming visit: to be shown today, or later; empty: no."""
    day = local(held.starts_at).date()
    coming = held.visit_id is not None and not held.is_cancelled and day >= today()
    if not coming or not day_needs.is_marked(db.session(), held.visit_id or ""):
        return ""
    return "today" if day == today() else "later"


def _duty_page(duty_id: str, form: ReasonForm, found: day_needs.Needed | None = None) -> str:
    session, now = db.session(), datetime.now(UTC)
    held = queries.of_person(session, me().own_person, duty_id)
    settled = arrangements_of(session, me().township_id or "")
    return render_template(
        "mine/duty.html",
        duty=held,
        form=form,
        needed=found,
        need_words=WORDS,
        marked=_marked(held),
        search=search_for(session, duty_id),
        coming=held.starts_at > now and not held.is_cancelled,
        until=held.starts_at - settled.notice,
        may_decline=now <= held.starts_at - settled.notice,
        today=not held.is_cancelled and now >= held.starts_at - attendance.OPENS,
        record=attendance.of_duty(session, duty_id),
        leave=LeaveForm(formdata=None),
        phones=settled.phones,
        now=now,
        words=duty_words,
    )


@blueprint.post("/duties/<duty_id>/accept")
def accept(duty_id: str) -> BaseResponse:
    """I shall come."""
    session = db.session()
    answers.accept(session, me().actor, answers.own(session, me().own_person, duty_id))
    flash(_("Thank you. The station sees that you will come."), "success")
    return hx.redirect(url_for("mine.duty", duty_id=duty_id))


@blueprint.post("/duties/<duty_id>/decline")
def decline(duty_id: str) -> str | tuple[str, int] | BaseResponse:
    """I cannot come."""
    session, form = db.session(), ReasonForm()
    held = answers.own(session, me().own_person, duty_id)
    if not form.validate():
        return _duty_page(duty_id, form), 422
    exchange.decline(session, me().actor, held, form.reason.data)
    flash(_("The duty is no longer yours. The station has been told."), "success")
    return hx.redirect(url_for("mine.duties"))


@blueprint.post("/duties/<duty_id>/substitute")
def substitute(duty_id: str) -> str | tuple[str, int] | BaseResponse:
    """Have those who fit asked to step in."""
    session, form = db.session(), ReasonForm()
    held = answers.own(session, me().own_person, duty_id)
    if not form.validate():
        return _duty_page(duty_id, form), 422
    swap = exchange.look_for_substitute(session, me().actor, held, form.reason.data)
    if swap.asks:
        flash(ngettext("%(num)d person who fits has been asked. The duty stays yours until somebody takes it.",
                       "%(num)d people who fit have been asked. The duty stays yours until somebody takes it.",
                       len(swap.asks)), "success")  # fmt: skip
    else:
        flash(_("Nobody who fits was found. The station has been told; the duty stays yours for now."), "warning")
    return hx.redirect(url_for("mine.duty", duty_id=duty_id))


@blueprint.post("/duties/<duty_id>/substitute/end")
def end_substitute(duty_id: str) -> BaseResponse:
    """I come after all."""
    session = db.session()
    swaps.withdraw(session, me().actor, answers.own(session, me().own_person, duty_id))
    flash(_("The search has ended; the duty stays yours."), "success")
    return hx.redirect(url_for("mine.duty", duty_id=duty_id))
