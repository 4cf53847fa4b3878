"""Become a volunteer: a township's page and those of its Children's Homes, open to all once the station opens them.

The page names no person and no child. Whoever applies is told the same whether the station knows the telephone or not;
who sends many applications from one connection is asked to wait, and what was written stays on the page.
"""

from datetime import UTC, datetime
from math import ceil

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from tenants.actor import Actor
from tenants.models import Township
from tenants.queries import homes, people
from tenants.queries import joining as queries
from tenants.queries.arrangements import setting_of, youngest
from tenants.queries.joining import JoinPage
from tenants.scope import Scope, enter
from tenants.services import applications as services
from tenants.services import log_ins
from weibao import hx
from weibao.db import after_commit, db, session_for
from weibao.forms.joining import ApplicationForm
from weibao.i18n import today
from weibao.views.refusals import shown_in
from weibao.words import named

blueprint = Blueprint("join", __name__, url_prefix="/join")


@blueprint.route("/<township_id>", methods=["GET", "POST"])
def township(township_id: str) -> BaseResponse:
    """The township's page."""
    return _page(township_id, None)


@blueprint.route("/<township_id>/<village_id>", methods=["GET", "POST"])
def home(township_id: str, village_id: str) -> BaseResponse:
    """The page of a village's Children's Home."""
    return _page(township_id, village_id)


def _page(township_id: str, village_id: str | None) -> BaseResponse:
    with session_for(Scope.of_system(reason="join page"), reading=True) as work:
        page = queries.open_page(work, township_id, village_id)
        wait = log_ins.wait(work, _tries()) if request.method == "POST" else None
    enter(db.session(), Scope.of_township(page.county_id, page.township_id, reason="join page"))
    form = _form(page)
    if form.validate_on_submit():
        if wait:
            return _shown(page, _too_many(form, ceil(wait.total_seconds() / 60)), 429)
        with shown_in(form):
            services.send(db.session(), _actor(page), form.facts(village_id))
            after_commit(_count)
            flash(_("Thank you. The station reads your application and calls you."), "success")
            return hx.redirect(_address(page))
    return _shown(page, form, 422 if form.is_submitted() else 200)


def _form(page: JoinPage) -> ApplicationForm:
    form = ApplicationForm(from_day=today(), base_village_id=page.village_id)
    villages = people.villages(db.session())
    form.base_village_id.choices = [*form.base_village_id.choices, *((row.id, named(row)) for row in villages)]
    form.youngest = youngest(db.session(), page.township_id)
    return form


def _too_many(form: ApplicationForm, minutes: int) -> ApplicationForm:
    message = ngettext(
        "Many applications have come from this connection. Wait %(num)d minute and send it again.",
        "Many applications have come from this connection. Wait %(num)d minutes and send it again.",
        minutes,
    )
    form.form_errors.append(message)
    return form


def _shown(page: JoinPage, form: ApplicationForm, status: int) -> BaseResponse:
    session, now = db.session(), datetime.now(UTC)
    setting = setting_of(session, page.township_id)
    text = render_template(
        "join/page.html",
        township=session.get_one(Township, page.township_id),
        village=homes.village_with_home(session, page.village_id)[0] if page.village_id else None,
        words=setting.join_words if setting else "",
        needs=queries.needs(session, now, page.village_id),
        activities=queries.upcoming(session, now, page.village_id),
        form=form,
        address=_address(page),
        kept=(services.KEPT_DECIDED.days, services.KEPT_WAITING.days),
    )
    return make_response(text, status)


def _address(page: JoinPage) -> str:
    if page.village_id is None:
        return url_for("join.township", township_id=page.township_id)
    return url_for("join.home", township_id=page.township_id, village_id=page.village_id)


def _actor(page: JoinPage) -> Actor:
    return Actor(county_id=page.county_id, township_id=page.township_id)


def _tries() -> log_ins.Tries:
    """Applications from one address, apart from log-ins: a phone network shares its addresses."""
    here = f"application from {request.remote_addr or ''}"
    return log_ins.Tries(username=here, address=here)


def _count() -> None:
    tries = _tries()
    with session_for(Scope.of_system(reason="join page")) as work:
        log_ins.failed(work, tries)
