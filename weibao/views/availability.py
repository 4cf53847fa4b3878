"""When people are free: their own page, and the station's for everybody."""

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.models import Person, WeeklyAvailability
from tenants.queries import people as queries
from tenants.queries.availability_requests import open_to
from tenants.services import availability as services
from tenants.services import halves
from tenants.services.availability import FreeTime
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.forms.availability_requests import WeekHalvesForm, hours, week_keys
from weibao.forms.fields import take_step
from weibao.forms.people import WEEKDAYS, ExceptionForm, LimitsForm, WeekForm
from weibao.i18n import today
from weibao.views.refusals import shown_in

blueprint = Blueprint("availability", __name__)
Answer = str | tuple[str, int] | BaseResponse


@blueprint.route("/availability", methods=["GET", "POST"])
def own() -> Answer:
    """My week and my exceptions."""
    if me().person_id is None:
        return render_template("availability/nobody.html")
    return _week(_own(), own=True)


@blueprint.route("/people/<person_id>/availability", methods=["GET", "POST"])
def of_person(person_id: str) -> Answer:
    """The same for somebody else, by the station."""
    return _week(queries.one(db.session(), person_id), own=False)


@blueprint.post("/availability/halves")
def own_halves() -> Answer:
    """Keep my week by half-days."""
    return _halves(_own(), own=True)


@blueprint.post("/people/<person_id>/availability/halves")
def halves_of_person(person_id: str) -> Answer:
    """Keep somebody's week by half-days."""
    return _halves(queries.one(db.session(), person_id), own=False)


@blueprint.post("/availability/exceptions")
def own_exception() -> Answer:
    """Enter an exception of mine."""
    return _add_exception(_own(), own=True)


@blueprint.post("/people/<person_id>/availability/exceptions")
def exception_of_person(person_id: str) -> Answer:
    """Enter somebody's exception."""
    return _add_exception(queries.one(db.session(), person_id), own=False)


@blueprint.post("/availability/exceptions/<exception_id>/remove")
def own_exception_removed(exception_id: str) -> BaseResponse:
    """Take an exception of mine back."""
    return _remove_exception(_own(), exception_id, own=True)


@blueprint.post("/people/<person_id>/availability/exceptions/<exception_id>/remove")
def exception_of_person_removed(person_id: str, exception_id: str) -> BaseResponse:
    """Take somebody's exception back."""
    return _remove_exception(queries.one(db.session(), person_id), exception_id, own=False)


@blueprint.post("/availability/limits")
def own_limits() -> Answer:
    """Keep what notice I need and how many duties I take."""
    return _limits(_own(), own=True)


@blueprint.post("/people/<person_id>/availability/limits")
def limits_of_person(person_id: str) -> Answer:
    """Keep somebody's notice and number of duties."""
    return _limits(queries.one(db.session(), person_id), own=False)


def _limits(person: Person, *, own: bool) -> Answer:
    form = LimitsForm()
    if form.validate():
        with shown_in(form):
            services.set_limits(
                db.session(),
                me().actor,
                person,
                notice=form.notice_days.data,
                wish=form.month_wish.data,
                most=form.month_most.data,
            )
            flash(_("Saved. The next plan keeps to it."), "success")
            return hx.redirect(_address(person, own))
    week = WeekForm(formdata=None)
    week.show([_free(row) for row in person.weekly])
    return _page(person, week, _exception_form(), own=own, limits=form), 422


def _own() -> Person:
    return queries.one(db.session(), me().person_id or "")


def _address(person: Person, own: bool) -> str:
    return url_for("availability.own") if own else url_for("availability.of_person", person_id=person.id)


def _week(person: Person, *, own: bool) -> Answer:
    form = WeekForm()
    if not form.is_submitted():
        form.show([_free(row) for row in person.weekly] or [])
        return _page(person, form, _exception_form(), own=own)
    if take_step(form.rows, request.form.get("step")):
        return _page(person, form, _exception_form(), own=own)
    if form.validate():
        form.drop_empty()
        with shown_in(form):
            services.set_week(db.session(), me().actor, person, form.week())
            flash(_("The week has been saved."), "success")
            return hx.redirect(_address(person, own))
    return _page(person, form, _exception_form(), own=own), 422


def _halves(person: Person, *, own: bool) -> Answer:
    form = WeekHalvesForm()
    if form.validate():
        week = halves.week_of([_free(row) for row in person.weekly], form.halves())
        services.set_week(db.session(), me().actor, person, week)
        flash(_("The week has been saved."), "success")
        return hx.redirect(_address(person, own))
    week_form = WeekForm(formdata=None)
    week_form.show([_free(row) for row in person.weekly])
    return _page(person, week_form, _exception_form(), own=own), 422


def _free(row: WeeklyAvailability) -> FreeTime:
    return FreeTime(weekday=row.weekday, from_minute=row.from_minute, to_minute=row.to_minute)


def _add_exception(person: Person, *, own: bool) -> Answer:
    form = ExceptionForm(prefix="exception")
    if form.validate():
        start, end = form.minutes()
        with shown_in(form):
            services.add_exception(
                db.session(),
                me().actor,
                person,
                kind=form.kind.data,
                from_day=form.from_day.data,
                to_day=form.to_day.data or form.from_day.data,
                from_minute=start,
                to_minute=end,
                note=form.note.data or "",
            )
            flash(_("The days have been entered."), "success")
            return hx.redirect(_address(person, own))
    week = WeekForm(formdata=None)
    week.show([_free(row) for row in person.weekly])
    return _page(person, week, form, own=own), 422


def _remove_exception(person: Person, exception_id: str, *, own: bool) -> BaseResponse:
    services.remove_exception(db.session(), me().actor, person, exception_id)
    flash(_("The days have been taken out."), "success")
    return hx.redirect(_address(person, own))


def _exception_form() -> ExceptionForm:
    return ExceptionForm(formdata=None, prefix="exception")


def _page(
    person: Person, form: WeekForm, exception: ExceptionForm, *, own: bool, limits: LimitsForm | None = None
) -> str:
    return hx.render(
        "availability/page.html",
        "availability/_rows.html",
        person=person,
        form=form,
        exception=exception,
        limits=limits or LimitsForm(formdata=None, obj=person),
        own=own,
        address=_address(person, own),
        coming=[
            row
            for row in person.exceptions
            if row.to_day >= today() and row.invitation_id is None and row.lending_id is None
        ],
        weekdays=WEEKDAYS,
        grid=WeekHalvesForm.rows(),
        ticked=week_keys(halves.ticked(_free(row) for row in person.weekly)),
        hours=hours(),
        asked=open_to(db.session(), person.id, today()) if own else (),
    )
