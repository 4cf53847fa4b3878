"""A township's figures: six small pictures, each with its table."""

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from tenants.queries.figures import Weeks
from weibao.figures import Page
from weibao.forms.figures import PeriodForm, present

blueprint = Blueprint("figures", __name__, url_prefix="/figures")


@blueprint.get("")
def index() -> str | tuple[str, int]:
    """The figures of some weeks; where those asked for cannot be, the present ones with the reason."""
    since, until = present()
    usual = {"since": since.isoformat(), "until": until.isoformat()}
    form = PeriodForm(MultiDict({**usual, **request.args.to_dict()}))
    valid = form.validate()
    page = Page(form.weeks, form.kind.data) if valid else Page(Weeks.over(since, until))
    return render_template("figures/index.html", page=page, form=form), 200 if valid else 422
