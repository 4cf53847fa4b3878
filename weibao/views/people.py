"""The people of a township: list, one page for each, their checks."""

from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from tenants.ages import age_on
from tenants.enums import AccountRole, VettingResult
from tenants.models import Person
from tenants.queries import absences, lendings
from tenants.queries import people as queries
from tenants.services import people as services
from tenants.services import trainings, wishes
from weibao import hx
from weibao.access import may, me
from weibao.db import db, paged, whole_county
from weibao.forms.people import RESULTS, WEEKDAYS, CheckForm, PeopleFilterForm, PersonForm
from weibao.i18n import today
from weibao.views.refusals import shown_in
from weibao.words import SKILLS, named, skill_label

blueprint = Blueprint("people", __name__, url_prefix="/people")
PAGE = 50
Answer = str | tuple[str, int] | BaseResponse


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    return {
        "vetting_state": queries.vetting_state,
        "vetted_through": queries.vetted_through,
        "weekdays": WEEKDAYS,
        "age_on": age_on,
        "sees_results": current_user.is_authenticated and current_user.role is AccountRole.STATION_HEAD,
    }


@blueprint.get("")
def index() -> str:
    """The list, narrowed as the address asks."""
    session = db.session()
    form = PeopleFilterForm(request.args, active=None)
    if "active" not in request.args:
        form.active.data = "yes"
    words = sorted({*SKILLS, *queries.skills_in_use(session)}, key=lambda word: (word not in SKILLS, word))
    form.skill.choices = [*form.skill.choices, *((word, skill_label(word)) for word in words)]
    pager = paged(queries.listed(form.wanted(), today()), PAGE)
    return hx.render(
        "people/index.html",
        "people/_list.html",
        form=form,
        pager=pager,
        unchecked=queries.unchecked(session, today()),
        query={key: value for key, value in request.args.items() if key != "page"},
    )


@blueprint.get("/<person_id>")
def show(person_id: str) -> str:
    """One person."""
    guest = queries.guest(db.session(), person_id)
    if guest is not None:
        return _guest_page(guest)
    return _page(queries.one(db.session(), person_id), _check_form())


def _guest_page(guest: Person) -> str:
    """What the rota needs of somebody who is lent to us; their record is kept at home."""
    loans = [row for row in lendings.listed(db.session()) if row.person_id == guest.id and row.begun_at]
    return render_template("people/guest.html", person=guest, loans=loans)


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Add a person."""
    form = _person_form()
    if form.validate_on_submit():
        with shown_in(form):
            person = services.create(db.session(), me().actor, form.facts())
            flash(_("%(name)s has been added. Next: enter the criminal-record check.", name=person.name), "success")
            return hx.redirect(url_for("people.show", person_id=person.id))
    return _edit_page(form, None)


@blueprint.route("/<person_id>/edit", methods=["GET", "POST"])
def edit(person_id: str) -> Answer:
    """Change a person's facts and skills."""
    person = queries.one(db.session(), person_id)
    form = _person_form(person)
    if form.validate_on_submit():
        with shown_in(form):
            services.edit(db.session(), me().actor, person, form.facts())
            flash(_("Saved."), "success")
            return hx.redirect(url_for("people.show", person_id=person_id))
    return _edit_page(form, person)


@blueprint.post("/<person_id>/deactivate")
def deactivate(person_id: str) -> BaseResponse:
    """Take a person off future plans; their page offers to undo it."""
    person = queries.one(db.session(), person_id)
    services.set_active(db.session(), me().actor, person, False)
    return hx.redirect(url_for("people.show", person_id=person_id))


@blueprint.post("/<person_id>/reactivate")
def reactivate(person_id: str) -> BaseResponse:
    """Put a person back."""
    person = queries.one(db.session(), person_id)
    services.set_active(db.session(), me().actor, person, True)
    flash(_("%(name)s is active again.", name=named(person)), "success")
    return hx.redirect(url_for("people.show", person_id=person_id))


@blueprint.post("/<person_id>/skills/take")
def take_skill(person_id: str) -> BaseResponse:
    """Let a skill that the person has named count."""
    person = queries.one(db.session(), person_id)
    wishes.take_skill(db.session(), me().actor, person, request.form.get("skill", ""))
    flash(_("Taken over: plans count on it from now on."), "success")
    return hx.redirect(url_for("people.show", person_id=person_id))


@blueprint.post("/<person_id>/skills/return")
def return_skill(person_id: str) -> BaseResponse:
    """Take the taking over of a skill back."""
    person = queries.one(db.session(), person_id)
    wishes.return_skill(db.session(), me().actor, person, request.form.get("skill", ""))
    flash(_("Taken back: the skill is the person's own word again."), "success")
    return hx.redirect(url_for("people.show", person_id=person_id))


@blueprint.post("/<person_id>/checks")
def add_check(person_id: str) -> Answer:
    """Enter a criminal-record check."""
    form = _entered_check()
    if form.validate():
        with shown_in(form), _session_for(form) as work:
            services.add_check(
                work,
                me().actor,
                queries.of_township(work, me().township_id, person_id),
                checked_on=form.checked_on.data,
                valid_through=form.valid_through.data,
                result=form.result.data,
                reference=form.reference.data or "",
            )
        if not form.errors:
            flash(_("The check has been entered."), "success")
            return hx.redirect(url_for("people.show", person_id=person_id))
    return _page(queries.one(db.session(), person_id), form), 422


def _session_for(form: CheckForm) -> AbstractContextManager[Session]:
    """The request's session, or for a bad result one that reaches every township of the county."""
    if form.result.data is VettingResult.BARRED:
        return whole_county(me().county_id, reason="bad check")
    return nullcontext(db.session())


@blueprint.post("/<person_id>/checks/<check_id>/remove")
def remove_check(person_id: str, check_id: str) -> BaseResponse:
    """Take out a check that was entered by mistake."""
    person = queries.one(db.session(), person_id)
    services.remove_check(db.session(), me().actor, person, check_id)
    flash(_("The check has been taken out."), "success")
    return hx.redirect(url_for("people.show", person_id=person_id))


def _page(person: Person, form: CheckForm) -> str:
    absent = absences.of_person(db.session(), person.id, today()) if may("absences.person") else ()
    taken = trainings.of_person(db.session(), person.id) if may("trainings.of_person") else ()
    return render_template("people/show.html", person=person, form=form, absent=absent, trainings=taken)


def _check_form() -> CheckForm:
    form = CheckForm(checked_on=today(), valid_through=today() + timedelta(days=364))
    return _offer_results(form)


def _entered_check() -> CheckForm:
    return _offer_results(CheckForm())


def _offer_results(form: CheckForm) -> CheckForm:
    """Staff enter clear replies; a bad one is the station head's alone to read and to enter."""
    if me().role is not AccountRole.STATION_HEAD:
        form.result.choices = RESULTS[:1]
        del form.confirmed
    return form


def _person_form(person: Person | None = None) -> PersonForm:
    form = PersonForm(obj=person)
    villages = queries.villages(db.session())
    form.base_village_id.choices = [*form.base_village_id.choices, *((row.id, named(row)) for row in villages)]
    if person is not None and not form.is_submitted():
        form.show(person)
    return form


def _edit_page(form: PersonForm, person: Person | None) -> Answer:
    page = render_template("people/edit.html", form=form, person=person)
    return (page, 422) if form.is_submitted() else page
