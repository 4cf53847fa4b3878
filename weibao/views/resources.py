"""Rooms and equipment of a township."""

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.models import Resource
from tenants.queries import resources as queries
from tenants.queries.homes import open_homes
from tenants.services import resources as services
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.forms.resources import ResourceForm
from weibao.views.refusals import shown_in
from weibao.words import named

blueprint = Blueprint("resources", __name__, url_prefix="/resources")
Answer = str | tuple[str, int] | BaseResponse


@blueprint.get("")
def index() -> str:
    """The list."""
    return render_template("resources/index.html", rows=queries.resources(db.session()))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Enter one."""
    return _edited(ResourceForm(), None)


@blueprint.route("/<resource_id>", methods=["GET", "POST"])
def edit(resource_id: str) -> Answer:
    """Change one."""
    row = queries.one(db.session(), resource_id)
    return _edited(ResourceForm(obj=row), row)


@blueprint.post("/<resource_id>/in-use")
def in_use(resource_id: str) -> BaseResponse:
    """Put one out of use, or back."""
    row = queries.one(db.session(), resource_id)
    services.set_in_use(db.session(), me().actor, row, in_use=bool(request.form.get("in_use")))
    return hx.redirect(url_for("resources.index"))


def _edited(form: ResourceForm, row: Resource | None) -> Answer:
    homes = [(home.id, named(home)) for home in open_homes(db.session())]
    if row is not None and row.home is not None and row.home_id not in dict(homes):
        homes.append((row.home.id, named(row.home)))
    form.home_id.choices = [("", _("The whole township")), *homes]
    if form.validate_on_submit():
        with shown_in(form):
            services.save(db.session(), me().actor, row, form.facts())
            flash(_("Saved."), "success")
            return hx.redirect(url_for("resources.index"))
    page = render_template("resources/edit.html", form=form, row=row)
    return (page, 422) if form.is_submitted() else page
