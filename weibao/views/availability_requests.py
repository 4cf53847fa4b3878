"""Ask people when they are free in a coming period; see who has answered; the same form for who is logged in."""

from datetime import timedelta

from flask import Blueprint, abort, flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import PersonKind
from tenants.models import AvailabilityInvitation
from tenants.queries import availability_requests as queries
from tenants.queries import people
from tenants.services import availability_requests as services
from weibao import answer_links, hx
from weibao.access import me
from weibao.addresses import address_of, is_only_here
from weibao.db import db
from weibao.forms.availability_requests import AskForm, HalvesForm, hours
from weibao.i18n import today
from weibao.views.halves import grid_of, prefilled
from weibao.views.refusals import shown_in
from weibao.words import named

blueprint = Blueprint("availability_requests", __name__, url_prefix="/availability/requests")
Answer = str | tuple[str, int] | BaseResponse


@blueprint.route("", methods=["GET", "POST"])
def index() -> Answer:
    """What was asked, and a new question."""
    form = AskForm()
    everybody = people.active_people(db.session())
    form.people.choices = [(row.id, named(row)) for row in everybody]
    if form.is_submitted() and form.validate():
        with shown_in(form):
            asking = services.ask(
                db.session(), me().actor, form.people.data or (), from_day=form.from_day.data,
                to_day=form.to_day.data, answer_by=form.answer_by.data, today=today(),
            )  # fmt: skip
            flash(_("Asked. Copy the links for those who are not reached by the inbox."), "success")
            return hx.redirect(url_for("availability_requests.show", asking_id=asking.id))
    if not form.is_submitted():
        monday = today() + timedelta(days=7 - today().weekday())
        form.from_day.data, form.to_day.data = monday, monday + timedelta(days=13)
        form.answer_by.data = monday - timedelta(days=2) if monday - timedelta(days=2) > today() else monday
        form.people.data = [row.id for row in everybody if row.kind is PersonKind.VOLUNTEER]
    page = render_template("availability_requests/index.html", form=form, asked=queries.listed(db.session()))
    return (page, 422) if form.errors else page


@blueprint.get("/<asking_id>")
def show(asking_id: str) -> str:
    """Who has answered, who has not, and everybody's link."""
    asking = queries.one(db.session(), asking_id)
    asked = queries.invitations(db.session(), asking)
    open_now = asking.closed_at is None and asking.answer_by >= today()
    return render_template(
        "availability_requests/show.html",
        asking=asking,
        asked=asked,
        links={one.id: _link(one) for one in asked if open_now and one.revoked_at is None},
        answered=sum(one.answered_at is not None for one in asked),
        silent=sum(one.answered_at is None and one.revoked_at is None for one in asked),
        open_now=open_now,
        only_here=is_only_here(),
    )


def _link(one: AvailabilityInvitation) -> str:
    return address_of("availability_answers.by_link", token=answer_links.token_of(one.id, one.serial))


@blueprint.post("/<asking_id>/remind")
def remind(asking_id: str) -> BaseResponse:
    """Remind those who have not answered."""
    count = services.remind(db.session(), me().actor, queries.one(db.session(), asking_id, locked=True), today())
    flash(ngettext("%(num)d person is reminded.", "%(num)d people are reminded.", count), "success")
    return _back(asking_id)


@blueprint.post("/<asking_id>/close")
def close(asking_id: str) -> BaseResponse:
    """Take no answers any more."""
    services.close(db.session(), me().actor, queries.one(db.session(), asking_id, locked=True))
    flash(_("Closed: the links take no answers any more. The answers that came stay."), "success")
    return _back(asking_id)


@blueprint.post("/invitations/<invitation_id>/renew")
def renew(invitation_id: str) -> BaseResponse:
    """A new link for one person."""
    invitation = queries.invitation(db.session(), invitation_id)
    services.renew(db.session(), me().actor, invitation)
    flash(_("There is a new link; the old one stops working."), "success")
    return _back(invitation.request_id)


@blueprint.post("/invitations/<invitation_id>/revoke")
def revoke(invitation_id: str) -> BaseResponse:
    """Stop one person's link."""
    invitation = queries.invitation(db.session(), invitation_id)
    services.revoke(db.session(), me().actor, invitation)
    flash(_("The link is stopped."), "success")
    return _back(invitation.request_id)


def _back(asking_id: str) -> BaseResponse:
    return hx.redirect(url_for("availability_requests.show", asking_id=asking_id))


@blueprint.route("/invitations/<invitation_id>", methods=["GET", "POST"])
def own(invitation_id: str) -> Answer:
    """My answer, for who is logged in."""
    invitation = queries.invitation(db.session(), invitation_id)
    if invitation.person_id != me().own_person:
        abort(404)
    form = HalvesForm()
    grid = grid_of(form, invitation)
    if form.validate_on_submit():
        with shown_in(form):
            services.answer(db.session(), me().actor, invitation, form.halves(), today())
            flash(_("Thank you, your answer is kept. You can change it until the deadline."), "success")
            return hx.redirect(url_for("availability.own"))
    if form.is_submitted():
        invitation = queries.invitation(db.session(), invitation_id)
    page = render_template(
        "availability_requests/own.html", hours=hours(), asking=invitation.request, invitation=invitation,
        form=form, grid=grid,
        ticked=set(form.free.data or ()) if form.is_submitted() else prefilled(invitation),
    )  # fmt: skip
    return (page, 422) if form.errors else page
