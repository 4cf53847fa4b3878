"""The courses that people have taken."""

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.models import Person
from tenants.queries import people
from tenants.services import trainings as services
from tenants.services.trainings import TrainingFacts
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.forms.trainings import TrainingForm
from weibao.i18n import today
from weibao.views.refusals import shown_in

blueprint = Blueprint("trainings", __name__)
Answer = str | tuple[str, int] | BaseResponse


@blueprint.route("/people/<person_id>/trainings", methods=["GET", "POST"])
def of_person(person_id: str) -> Answer:
    """Somebody's courses; posting enters one."""
    person = people.one(db.session(), person_id)
    form = TrainingForm(day=today())
    if form.validate_on_submit():
        facts = TrainingFacts(
            course=form.course.data or "",
            day=form.day.data,
            hours=form.hours.data,
            valid_through=form.valid_through.data,
        )
        with shown_in(form):
            services.add(db.session(), me().actor, person, facts)
            flash(_("The course has been entered."), "success")
            return hx.redirect(url_for("trainings.of_person", person_id=person_id))
    page = _page(people.one(db.session(), person_id), form)
    return (page, 422) if form.is_submitted() else page


@blueprint.post("/people/<person_id>/trainings/<training_id>/remove")
def remove(person_id: str, training_id: str) -> BaseResponse:
    """Take out a course that was entered by mistake."""
    services.remove(db.session(), me().actor, people.one(db.session(), person_id), training_id)
    flash(_("The course has been taken out."), "success")
    return hx.redirect(url_for("trainings.of_person", person_id=person_id))


def _page(person: Person, form: TrainingForm) -> str:
    lines = services.of_person(db.session(), person.id)
    return render_template("trainings/page.html", person=person, form=form, lines=lines)
