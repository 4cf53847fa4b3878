"""Somebody cannot come from one day to another: look at what it frees, do it in one step, take it back."""

from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from scheduling.problem import Weights
from tenants.models import Person
from tenants.queries import absences as queries
from tenants.queries import people
from tenants.services import absences as services
from tenants.services import leaving, replanning
from tenants.services.absences import Begun
from weibao import duty_words, hx
from weibao.access import me
from weibao.db import db
from weibao.forms.absences import AbsenceForm
from weibao.i18n import today
from weibao.views.refusals import shown_in

blueprint = Blueprint("absences", __name__)
Answer = str | tuple[str, int] | BaseResponse


@blueprint.route("/people/<person_id>/absence", methods=["GET", "POST"])
def person(person_id: str) -> Answer:
    """What an absence would free, by the days in the address; sent, it is done."""
    found = people.one(db.session(), person_id)
    form = _form()
    if not form.validate():
        return _page(found, form, None), 422
    days: tuple[date, date] | None = None
    with shown_in(form):
        services.check_days(form.from_day.data, form.to_day.data, today())
        days = form.from_day.data, form.to_day.data
    if days is None:
        return _page(people.one(db.session(), person_id), form, None), 422
    return _begin(found, *days) if request.method == "POST" else _page(found, form, _preview(found, *days))


def _form() -> AbsenceForm:
    """The days that were sent or stand in the address; today alone where none do."""
    typed = request.form if request.method == "POST" else request.args
    if "from_day" not in typed and request.method == "GET":
        day = today().isoformat()
        typed = typed.__class__({"from_day": day, "to_day": day})
    return AbsenceForm(typed)


def _preview(found: Person, from_day: date, to_day: date) -> dict[str, Any]:
    """What would fall open, and how its days would be planned anew."""
    session, actor = db.session(), me().actor
    held = leaving.held_in(session, found, services.span_of(session, actor.county_id, from_day, to_day))
    return {
        "losses": queries.losses(session, found.id, [duty.id for duty in held]),
        "stretches": replanning.stretches(session, services.days_of(session, actor.county_id, held)),
    }


def _page(found: Person, form: AbsenceForm, preview: dict[str, Any] | None) -> str:
    return render_template(
        "absences/page.html",
        person=found,
        form=form,
        preview=preview,
        words=duty_words,
        standing=queries.of_person(db.session(), found.id, today()),
    )


def _begin(found: Person, from_day: date, to_day: date) -> BaseResponse:
    begun = services.begin(
        db.session(), me().actor, found, from_day=from_day, to_day=to_day, today=today(), weights=asdict(Weights())
    )
    flash(_told(begun), "success")
    if begun.draft is None:
        return hx.redirect(url_for("people.show", person_id=found.id))
    return hx.redirect(url_for("planner.draft", roster_id=begun.draft.id))


def _told(begun: Begun) -> str:
    if begun.draft is None:
        return str(_("The days are entered. No published duty lies in them."))
    freed = ngettext("%(num)d duty is free again, and those concerned are told.",
                     "%(num)d duties are free again, and those concerned are told.", begun.freed)  # fmt: skip
    planned = [stretch for stretch in begun.stretches if not stretch.kept]
    then = [_("The days are being planned anew; look at the plan, then publish it.")] if planned else []
    if len(planned) < len(begun.stretches):
        then.append(_("A draft holds changes that are not published and stays as it is: see below how to go on."))
    return " ".join([freed, *then])


@blueprint.post("/absences/<absence_id>/take-back")
def take_back(absence_id: str) -> BaseResponse:
    """They come after all."""
    absence = services.one(db.session(), absence_id)
    back = services.take_back(db.session(), me().actor, absence)
    said = ngettext("Taken back: %(num)d duty is theirs again.", "Taken back: %(num)d duties are theirs again.",
                    back.returned)  # fmt: skip
    if back.lost:
        said += " " + ngettext("%(num)d stays as it is by now: given to others, published anew or over.",
                               "%(num)d stay as they are by now: given to others, published anew or over.",
                               back.lost)  # fmt: skip
    flash(said, "success")
    return hx.redirect(url_for("people.show", person_id=absence.person_id))
