"""Say when I am free, by a signed link and without a log-in: open to whoever holds the link, and to nobody else.

The page shows the township, the person's own name and the days. A link that is unknown, replaced, stopped or past its
deadline answers 404, each exactly like the others; who tries many is asked to wait.
"""

from flask import Blueprint, Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.actor import Actor
from tenants.errors import NotFoundError
from tenants.models import AvailabilityInvitation, Township
from tenants.queries import availability_requests as queries
from tenants.queries.availability_requests import Invited
from tenants.scope import Scope, enter
from tenants.services import availability_requests as services
from tenants.services import log_ins
from weibao import answer_links, hx
from weibao.db import db, session_for
from weibao.forms.availability_requests import HalvesForm, hours
from weibao.views.halves import grid_of, prefilled
from weibao.views.refusals import shown_in

blueprint = Blueprint("availability_answers", __name__)


@blueprint.route("/free/<token>", methods=["GET", "POST"])
def by_link(token: str) -> BaseResponse:
    """The days that are asked for; sent, they are kept."""
    invited = _invited(token)
    enter(db.session(), Scope.of_township(invited.county_id, invited.township_id, reason="availability answer"))
    invitation = queries.invitation(db.session(), invited.invitation_id)
    form = HalvesForm()
    grid_of(form, invitation)
    if form.validate_on_submit():
        with shown_in(form):
            services.answer(db.session(), _actor(invited), invitation, form.halves(), invited.today)
            flash(_("Thank you, your answer is kept. You can change it until the deadline."), "success")
            return _unnamed(hx.redirect(url_for("availability_answers.by_link", token=token)))
    if form.is_submitted():
        invitation = queries.invitation(db.session(), invited.invitation_id)
    return _page(invitation, form, token)


def _page(invitation: AvailabilityInvitation, form: HalvesForm, token: str) -> Response:
    page = render_template(
        "availability_answers/page.html",
        township=db.session().get_one(Township, invitation.township_id),
        asking=invitation.request,
        invitation=invitation,
        form=form,
        hours=hours(),
        grid=grid_of(form, invitation),
        ticked=set(form.free.data or ()) if form.is_submitted() else prefilled(invitation),
        address=url_for("availability_answers.by_link", token=token),
    )
    response = make_response(page, 422 if form.errors else 200)
    _unnamed(response)
    return response


def _unnamed(response: BaseResponse) -> BaseResponse:
    """Let no request from this page name it: the place alone is told, which the check of forms over https needs."""
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _actor(invited: Invited) -> Actor:
    return Actor(county_id=invited.county_id, township_id=invited.township_id, person_id=invited.person_id)


def _invited(token: str) -> Invited:
    """Who a live link belongs to.

    Raises:
        NotFoundError: nobody; the miss is counted by address, and after some the answer is to wait (429).

    """
    named = answer_links.read(token)
    if named is not None:
        with session_for(Scope.of_system(reason="availability link"), reading=True) as work:
            found = queries.invited_by(work, *named)
        if found is not None:
            return found
    here = f"availability link from {request.remote_addr or ''}"
    tries = log_ins.Tries(username=here, address=here)  # apart from log-ins: a phone network shares its addresses
    with session_for(Scope.of_system(reason="availability link")) as work:
        wait = log_ins.wait(work, tries)
        if not wait:
            log_ins.failed(work, tries)
    if wait:
        abort(429)
    raise NotFoundError("no such link")
