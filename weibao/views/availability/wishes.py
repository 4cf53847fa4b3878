"""What somebody would gladly do and would rather not, and the skills that they say they have."""

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from tenants.models import Activity, Person
from tenants.queries import activities
from tenants.services import wishes as services
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.forms.wishes import WordForm
from weibao.views.availability.common import (
    Answer,
    Typed,
    address,
    blueprint,
    myself,
    own_lasting,
    page,
    skills_form,
    somebody,
    wish_of,
)
from weibao.views.refusals import shown_in


@blueprint.post("/availability/activities/<activity_id>")
def own_wish(activity_id: str) -> Answer:
    """Say of one activity: gladly, rather not, no word."""
    return _say(myself(), activities.one(db.session(), activity_id), own=True)


@blueprint.post("/people/<person_id>/availability/activities/<activity_id>")
def wish_of_person(person_id: str, activity_id: str) -> Answer:
    """The same for somebody else, by the station."""
    return _say(somebody(person_id), activities.one(db.session(), activity_id), own=False)


@blueprint.post("/availability/wishes")
def own_lasting_wishes() -> Answer:
    """Keep my lasting wishes and what I wrote."""
    return _keep(myself(), own=True)


@blueprint.post("/people/<person_id>/availability/wishes")
def lasting_wishes_of_person(person_id: str) -> Answer:
    """The same for somebody else, by the station."""
    return _keep(somebody(person_id), own=False)


@blueprint.post("/availability/skills")
def own_skills() -> Answer:
    """Keep which skills I say I have."""
    person = myself()
    form = skills_form(person, sent=True)
    if form.validate():
        with shown_in(form):
            services.state_skills(db.session(), me().actor, person, form.chosen_skills())
            flash(_("Saved. The station looks at them."), "success")
            return hx.redirect(address(person, own=True))
    return page(person, own=True, typed=Typed(skills=form)), 422


def _say(person: Person, activity: Activity, *, own: bool) -> Answer:
    form = WordForm()
    if not form.validate():
        return page(person, own=own), 422
    services.say(db.session(), me().actor, person, activity, form.word.data)
    if hx.wants_fragment():
        return render_template("availability/_wish.html", **wish_of(person, activity, own=own))
    flash(_("Taken back.") if form.word.data is None else _("Saved. The next plan looks at it."), "success")
    if own and form.at_activity.data:
        return hx.redirect(url_for("activities.show", activity_id=activity.id))
    return hx.redirect(address(person, own=own))


def _keep(person: Person, *, own: bool) -> Answer:
    form = own_lasting(person, sent=True)
    if form.validate():
        with shown_in(form):
            services.set_lasting(db.session(), me().actor, person, form.facts())
            flash(_("Saved. The next plan looks at it."), "success")
            return hx.redirect(address(person, own=own))
    return page(person, own=own, typed=Typed(lasting=form)), 422
