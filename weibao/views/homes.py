"""Villages and their Children's Homes."""

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import AccountRole
from tenants.models import Township
from tenants.queries import homes as queries
from tenants.services import homes as services
from weibao import hx
from weibao.access import me
from weibao.db import db, paged
from weibao.forms.homes import HomeForm, HomesFilterForm
from weibao.views.refusals import shown_in
from weibao.words import named

blueprint = Blueprint("homes", __name__, url_prefix="/homes")
PAGE = 50


@blueprint.get("")
def index() -> str:
    """The villages in scope, each with its home."""
    session, by_township = db.session(), me().role is AccountRole.COUNTY_OFFICER
    form = HomesFilterForm(request.args)
    townships = session.scalars(select(Township).order_by(Township.name))
    form.township.choices = [*form.township.choices, *((row.id, named(row)) for row in townships)]
    wanted = form.township.data if by_township else None
    pager = paged(queries.listed(wanted), PAGE)
    context: dict[str, Any] = {
        "pager": pager,
        "lines": queries.lines(session, me().actor, list(pager.items)),
        "by_township": by_township,
        "query": {"township": wanted} if wanted else {},
    }
    return hx.render("homes/index.html", "homes/_list.html", form=form, **context)


@blueprint.route("/<village_id>", methods=["GET", "POST"])
def edit(village_id: str) -> str | tuple[str, int] | BaseResponse:
    """Set up a village's home, or change its opening hours."""
    village = queries.village(db.session(), village_id)
    form = HomeForm(obj=village.home)
    if form.validate_on_submit():
        with shown_in(form):
            services.save(
                db.session(),
                me().actor,
                village,
                opening_hours=form.opening_hours.data or "",
                opened=form.opened.data,
            )
            flash(_("Saved."), "success")
            return hx.redirect(url_for("homes.index"))
    line = queries.lines(db.session(), me().actor, [village])[0]
    page = render_template("homes/edit.html", form=form, line=line)
    return (page, 422) if form.is_submitted() else page
