"""The county's holidays and school terms: everybody sees them, the county decides."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.calendar import Subject, Table, example_terms, library_table
from tenants.marks import mark_of
from tenants.models import Township
from tenants.queries import calendar as queries
from tenants.queries import staffing
from tenants.queries.calendar import VersionState
from tenants.queries.calendar_effects import CalendarEffect, effect_of
from tenants.services import calendar as services
from weibao import hx, i18n
from weibao.access import me
from weibao.db import db
from weibao.forms.fields import take_step
from weibao.forms.holidays import TableForm
from weibao.message_words import hours
from weibao.typed import number_of
from weibao.views.refusals import shown_in

blueprint = Blueprint("holidays", __name__, url_prefix="/holidays")
KEEP = "keep"


@blueprint.get("")
def index() -> str:
    """Both tables of a year, with their versions; this year's unless the address names another."""
    year = request.args.get("year", i18n.today().year, type=number_of)
    if year not in services.YEARS:
        abort(404)
    return render_template(
        "holidays/index.html",
        year=year,
        this_year=i18n.today().year,
        tables=[_shown(subject, year) for subject in Subject],
    )


@blueprint.route("/<subject>/<int(max=2199):year>", methods=["GET", "POST"])
def edit(subject: str, year: int) -> str | tuple[str, int] | BaseResponse:
    """Decide a new version: first what it would do, then, if that was looked at, it is kept."""
    which = _subject(subject, year)
    form, effect, keep = TableForm(), None, request.form.get("step") == KEEP
    stepped = form.is_submitted() and not keep and take_step(form.spans, request.form.get("step"))
    if not form.is_submitted():
        form.show(_begin_with(which, year), _first_day(which, year))
    form.offer(which)
    if not stepped and form.validate_on_submit():
        with shown_in(form):
            effect, seen = _looked_at(which, year, form)
            if keep and form.seen.data == seen:
                services.decide(db.session(), me().actor, which, year, form.facts())
                flash(_("Decided. It holds from now on for every plan, in every township."), "success")
                return hx.redirect(url_for("holidays.index", year=year))
            form.seen.data = seen
    page = hx.render("holidays/edit.html", "holidays/_rows.html", form=form, subject=which, year=year, effect=effect,
                     again=keep, places=_places() if effect else {}, hours=hours,
                     address=url_for("holidays.edit", subject=subject, year=year))  # fmt: skip
    return page if stepped or effect is not None or not form.is_submitted() else (page, 422)


@blueprint.post("/versions/<table_id>/take-back")
def take_back(table_id: str) -> BaseResponse:
    """Drop a version that is not in force yet."""
    row = services.take_back(db.session(), me().actor, table_id)
    flash(_("Taken back: the version before it goes on."), "success")
    return hx.redirect(url_for("holidays.index", year=row.year))


def _subject(subject: str, year: int) -> Subject:
    if subject not in list(Subject) or year not in services.YEARS:
        abort(404)
    return Subject(subject)


def _looked_at(subject: Subject, year: int, form: TableForm) -> tuple[CalendarEffect, str]:
    """What the version would do, and the mark of both."""
    session, actor = db.session(), me().actor
    new = services.proposed(session, actor, subject, year, form.facts())
    effect = effect_of(session, actor.county_id, new, today=i18n.today())
    return effect, mark_of(new, effect)


def _places() -> dict[str, Township]:
    return {row.id: row for row in staffing.townships(db.session())}


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
    """A table as the page shows it: the version in force, or the one that will be first; those to come, and the rest.

    Also whether the library knows more by now.
    """
    held = queries.versions(db.session(), me().county_id, subject, year)
    states = queries.states(held, i18n.today())
    coming = [row for row in reversed(held) if states[row.id] is VersionState.COMING]
    row = next((row for row in held if states[row.id] is VersionState.IN_FORCE), next(iter(coming), None))
    table = queries.as_table(row) if row else (library_table(year) if subject is Subject.HOLIDAYS else None)
    announced = subject is Subject.HOLIDAYS and not library_table(year).provisional
    return {
        "subject": subject,
        "table": table,
        "version": row,
        "is_coming": row in coming,
        "coming": [other for other in coming if other is not row],
        "replaced": [other for other in held if states[other.id] is VersionState.REPLACED],
        "announced": bool(table and table.provisional and announced),
    }
