"""My duties: accept, decline, have somebody step in."""

from datetime import UTC, datetime
from functools import partial

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from tenants.queries import attendance, lendings
from tenants.queries import duties as queries
from tenants.queries.arrangements import arrangements_of
from tenants.queries.duties import HeldDuty
from tenants.queries.exchange import calls_to, search_for
from tenants.queries.feed_tokens import live_token
from tenants.services import answers, day_needs, swaps, trainings
from tenants.services.attendance import may_stay
from weibao import abroad, duty_words, exchange, hx
from weibao.abroad import Desk
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
    everywhere = partial(abroad.gathered, session, me().township_id, person_id)
    return render_template(
        "mine/duties.html",
        days=duty_words.by_day(everywhere(lambda work: queries.coming(work, person_id, now))),
        past=everywhere(lambda work: queries.past(work, person_id, now))[::-1],
        calls=calls_to(session, person_id, now),
        loans=lendings.unanswered(session, me().township_id or "", person_id),
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
    with abroad.desk_of(duty_id) as desk:
        found = day_needs.read(desk.session, desk.actor, keyring(), duty_id)
        return _page_at(desk, duty_id, ReasonForm(formdata=None), found)


def _marked(session: Session, held: HeldDuty) -> str:
    """Whether something is marked for a coming visit: to be shown today, or later; empty: no."""
    day = local(held.starts_at).date()
    coming = held.visit_id is not None and not held.is_cancelled and day >= today()
    if not coming or not day_needs.is_marked(session, held.visit_id or ""):
        return ""
    return "today" if day == today() else "later"


def _duty_page(duty_id: str, form: ReasonForm) -> str:
    with abroad.desk_of(duty_id) as desk:
        return _page_at(desk, duty_id, form)


def page_of_leaving(desk: Desk, duty_id: str, leave: LeaveForm) -> str:
    """A duty of mine, with what was typed on leaving and what is wrong with it."""
    return _page_at(desk, duty_id, ReasonForm(formdata=None), leave=leave)


def _page_at(
    desk: Desk, duty_id: str, form: ReasonForm, found: day_needs.Needed | None = None, leave: LeaveForm | None = None
) -> str:
    session, now = desk.session, datetime.now(UTC)
    held = desk.shown(queries.of_person(session, me().own_person, duty_id))
    settled, record = arrangements_of(session, desk.township_id), attendance.of_duty(session, duty_id)
    return render_template(
        "mine/duty.html",
        duty=held,
        form=form,
        needed=found,
        need_words=WORDS,
        marked=_marked(session, held),
        search=search_for(session, duty_id),
        coming=held.starts_at > now and not held.is_cancelled,
        until=held.starts_at - settled.notice,
        may_decline=now <= held.starts_at - settled.notice,
        today=not held.is_cancelled and now >= held.starts_at - attendance.OPENS,
        record=record,
        leave=leave or LeaveForm(formdata=None),
        may_stay=may_stay(record, now),
        phones=settled.phones,
        now=now,
        words=duty_words,
    )


@blueprint.post("/duties/<duty_id>/accept")
def accept(duty_id: str) -> BaseResponse:
    """I shall come."""
    with abroad.desk_of(duty_id) as desk:
        answers.accept(desk.session, desk.actor, answers.own(desk.session, me().own_person, duty_id))
    flash(_("Thank you. The station sees that you will come."), "success")
    return hx.redirect(url_for("mine.duty", duty_id=duty_id))


@blueprint.post("/duties/<duty_id>/decline")
def decline(duty_id: str) -> str | tuple[str, int] | BaseResponse:
    """I cannot come."""
    form = ReasonForm()
    with abroad.desk_of(duty_id) as desk:
        held = answers.own(desk.session, me().own_person, duty_id)
        if not form.validate():
            return _page_at(desk, duty_id, form), 422
        exchange.decline(desk.session, desk.actor, held, form.reason.data)
    flash(_("The duty is no longer yours. The station has been told."), "success")
    return hx.redirect(url_for("mine.duties"))


@blueprint.post("/duties/<duty_id>/substitute")
def substitute(duty_id: str) -> str | tuple[str, int] | BaseResponse:
    """Have those who fit asked to step in."""
    form = ReasonForm()
    with abroad.desk_of(duty_id) as desk:
        held = answers.own(desk.session, me().own_person, duty_id)
        if not form.validate():
            return _page_at(desk, duty_id, form), 422
        asked = len(exchange.look_for_substitute(desk.session, desk.actor, held, form.reason.data).asks)
    if asked:
        flash(ngettext("%(num)d person who fits has been asked. The duty stays yours until somebody takes it.",
                       "%(num)d people who fit have been asked. The duty stays yours until somebody takes it.",
                       asked), "success")  # fmt: skip
    else:
        flash(
            _("Nobody who fits can be asked just now. The station has been told; the duty stays yours for now."),
            "warning",
        )
    return hx.redirect(url_for("mine.duty", duty_id=duty_id))


@blueprint.post("/duties/<duty_id>/substitute/end")
def end_substitute(duty_id: str) -> BaseResponse:
    """I come after all."""
    with abroad.desk_of(duty_id) as desk:
        swaps.withdraw(desk.session, desk.actor, answers.own(desk.session, me().own_person, duty_id))
    flash(_("The search has ended; the duty stays yours."), "success")
    return hx.redirect(url_for("mine.duty", duty_id=duty_id))
