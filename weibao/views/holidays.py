"""The county's holidays and school terms: everybody sees them, the county decides."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.calendar import Subject, Table, example_terms, library_table
from tenants.queries import calendar as queries
from tenants.queries.calendar import ChangedDay
from tenants.services import calendar as services
from weibao import hx, i18n
from weibao.access import me
from weibao.db import db
from weibao.forms.fields import take_step
from weibao.forms.holidays import TableForm
from weibao.views.refusals import shown_in

blueprint = Blueprint("holidays", __name__, url_prefix="/holidays")
KEEP = "keep"


@blueprint.get("")
def index() -> str:
    """Both tables of a year, with their versions; this year's unless the address names another."""
    year = request.args.get("year", i18n.today().year, type=int)
    if year not in services.YEARS:
        abort(404)
    return render_template(
        "holidays/index.html",
        year=year,
        this_year=i18n.today().year,
        tables=[_shown(subject, year) for subject in Subject],
    )


@blueprint.route("/<subject>/<int:year>", methods=["GET", "POST"])
def edit(subject: str, year: int) -> str | tuple[str, int] | BaseResponse:
    """Decide a new version: what it does is shown first, then it is kept."""
    which = _subject(subject, year)
    form, effect = TableForm(), None
    stepped = (
        form.is_submitted() and request.form.get("step") != KEEP and take_step(form.spans, request.form.get("step"))
    )
    if not form.is_submitted():
        form.show(_begin_with(which, year), _first_day(which, year))
    form.offer(which)
    if not stepped and form.validate_on_submit():
        with shown_in(form):
            if request.form.get("step") == KEEP:
                services.decide(db.session(), me().actor, which, year, form.facts())
                flash(_("Decided. It holds from now on for every plan, in every township."), "success")
                return hx.redirect(url_for("holidays.index", year=year))
            effect = _effect(which, year, form)
    page = hx.render("holidays/edit.html", "holidays/_rows.html", form=form, subject=which, year=year, effect=effect,
                     address=url_for("holidays.edit", subject=subject, year=year))  # fmt: skip
    return page if stepped or effect is not None or not form.is_submitted() else (page, 422)


def _subject(subject: str, year: int) -> Subject:
    if subject not in list(Subject) or year not in services.YEARS:
        abort(404)
    return Subject(subject)


def _effect(subject: Subject, year: int, form: TableForm) -> list[ChangedDay]:
    session, actor = db.session(), me().actor
    new = services.proposed(session, actor, subject, year, form.facts())
    return queries.changed_days(session, actor.county_id, new, today=i18n.today())


def _library(subject: Subject, year: int) -> Table:
    return library_table(year) if subject is Subject.HOLIDAYS else example_terms(year)


def _begin_with(subject: Subject, year: int) -> Table:
    """What the form begins with: the last version, or the library's where there is none or it is asked for."""
    held = queries.versions(db.session(), me().county_id, subject, year)
    if not held or request.args.get("from") == "library":
        return _library(subject, year)
    return queries.as_table(held[0])


def _first_day(subject: Subject, year: int) -> date:
    """A first version holds for its whole year, a later one from today on."""
    begins = _library(subject, year).since
    held = queries.versions(db.session(), me().county_id, subject, year)
    return max(begins, i18n.today()) if held else begins


def _shown(subject: Subject, year: int) -> dict[str, Any]:
    """A table as the page shows it: the last version, those before it, and whether the library knows more by now."""
    held = queries.versions(db.session(), me().county_id, subject, year)
    table = queries.as_table(held[0]) if held else (library_table(year) if subject is Subject.HOLIDAYS else None)
    announced = subject is Subject.HOLIDAYS and not library_table(year).provisional
    return {
        "subject": subject,
        "table": table,
        "decided": held[0].decided_at if held else None,
        "older": held[1:],
        "announced": bool(table and table.provisional and announced),
    }
