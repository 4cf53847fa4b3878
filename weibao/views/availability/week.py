"""The week, days that differ, and how much somebody takes on."""

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.models import Person
from tenants.services import availability as services
from tenants.services import halves
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.forms.availability_requests import WeekHalvesForm
from weibao.forms.fields import take_step
from weibao.forms.people import ExceptionForm, LimitsForm, WeekForm
from weibao.views.availability.common import (
    Answer,
    Typed,
    address,
    blueprint,
    free_time,
    myself,
    page,
    somebody,
)
from weibao.views.refusals import shown_in


@blueprint.route("/availability", methods=["GET", "POST"])
def own() -> Answer:
    """My week and my exceptions."""
    if me().person_id is None:
        return render_template("availability/nobody.html")
    return _week(myself(), own=True)


@blueprint.route("/people/<person_id>/availability", methods=["GET", "POST"])
def of_person(person_id: str) -> Answer:
    """The same for somebody else, by the station."""
    return _week(somebody(person_id), own=False)


@blueprint.post("/availability/halves")
def own_halves() -> Answer:
    """Keep my week by half-days."""
    return _halves(myself(), own=True)


@blueprint.post("/people/<person_id>/availability/halves")
def halves_of_person(person_id: str) -> Answer:
    """Keep somebody's week by half-days."""
    return _halves(somebody(person_id), own=False)


@blueprint.post("/availability/exceptions")
def own_exception() -> Answer:
    """Enter an exception of mine."""
    return _add_exception(myself(), own=True)


@blueprint.post("/people/<person_id>/availability/exceptions")
def exception_of_person(person_id: str) -> Answer:
    """Enter somebody's exception."""
    return _add_exception(somebody(person_id), own=False)


@blueprint.post("/availability/exceptions/<exception_id>/remove")
def own_exception_removed(exception_id: str) -> BaseResponse:
    """Take an exception of mine back."""
    return _remove_exception(myself(), exception_id, own=True)


@blueprint.post("/people/<person_id>/availability/exceptions/<exception_id>/remove")
def exception_of_person_removed(person_id: str, exception_id: str) -> BaseResponse:
    """Take somebody's exception back."""
    return _remove_exception(somebody(person_id), exception_id, own=False)


@blueprint.post("/availability/limits")
def own_limits() -> Answer:
    """Keep what notice I need and how many duties I take."""
    return _limits(myself(), own=True)


@blueprint.post("/people/<person_id>/availability/limits")
def limits_of_person(person_id: str) -> Answer:
    """Keep somebody's notice and number of duties."""
    return _limits(somebody(person_id), own=False)


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
            return hx.redirect(address(person, own=own))
    return page(person, own=own, typed=Typed(limits=form)), 422


def _week(person: Person, *, own: bool) -> Answer:
    form = WeekForm()
    if not form.is_submitted():
        return page(person, own=own)
    if take_step(form.rows, request.form.get("step")):
        return page(person, own=own, typed=Typed(week=form))
    if form.validate():
        form.drop_empty()
        with shown_in(form):
            services.set_week(db.session(), me().actor, person, form.week())
            flash(_("The week has been saved."), "success")
            return hx.redirect(address(person, own=own))
    return page(person, own=own, typed=Typed(week=form)), 422


def _halves(person: Person, *, own: bool) -> Answer:
    form = WeekHalvesForm()
    if form.validate():
        week = halves.week_of([free_time(row) for row in person.weekly], form.halves())
        services.set_week(db.session(), me().actor, person, week)
        flash(_("The week has been saved."), "success")
        return hx.redirect(address(person, own=own))
    return page(person, own=own), 422


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
            return hx.redirect(address(person, own=own))
    return page(person, own=own, typed=Typed(exception=form)), 422


def _remove_exception(person: Person, exception_id: str, *, own: bool) -> BaseResponse:
    services.remove_exception(db.session(), me().actor, person, exception_id)
    flash(_("The days have been taken out."), "success")
    return hx.redirect(address(person, own=own))
