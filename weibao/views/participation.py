"""Who takes part in an activity, and what came of it."""

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import ActivityKind, Society
from tenants.models import Activity, utc_now
from tenants.queries.activities import one
from tenants.services import participation as services
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.forms.participation import EnrolForm, RecordForm
from weibao.i18n import today
from weibao.views.refusals import shown_in

blueprint = Blueprint("participation", __name__, url_prefix="/activities")
Answer = str | tuple[str, int] | BaseResponse


@blueprint.get("/<activity_id>/participants")
def participants(activity_id: str) -> str:
    """The enrolled, by case code."""
    return _page(one(db.session(), activity_id), EnrolForm(consented_on=today()))


@blueprint.post("/<activity_id>/participants")
def enrol(activity_id: str) -> Answer:
    """Enrol a child, or its guardian in a parents' school."""
    activity, form = one(db.session(), activity_id), EnrolForm()
    if form.validate():
        facts = form.case_code.data, form.consent.data, form.consented_on.data
        with shown_in(form):
            services.enrol(db.session(), me().actor, activity, *facts)
            return _back("participation.participants", activity_id, _("Enrolled."))
    return _page(activity, form), 422


@blueprint.post("/<activity_id>/participants/<enrolment_id>/withdraw")
def withdraw(activity_id: str, enrolment_id: str) -> BaseResponse:
    """Take one off."""
    services.withdraw(db.session(), me().actor, one(db.session(), activity_id), enrolment_id)
    return _back("participation.participants", activity_id, _("Taken off."))


@blueprint.post("/<activity_id>/attendance")
def attendance(activity_id: str) -> BaseResponse:
    """Keep who came."""
    came = services.note_attendance(
        db.session(), me().actor, one(db.session(), activity_id), request.form.getlist("attended")
    )
    return _back("participation.participants", activity_id, ngettext("%(num)s came.", "%(num)s came.", came))


@blueprint.route("/<activity_id>/record", methods=["GET", "POST"])
def record(activity_id: str) -> Answer:
    """Record head-counts and who took part; the number of the enrolled who came is filled in first."""
    session, activity = db.session(), one(db.session(), activity_id)
    form = RecordForm(obj=services.record_of(session, activity), **_first_numbers(activity))
    if form.validate_on_submit():
        with shown_in(form):
            services.record(session, me().actor, activity, form.facts())
            return _back("activities.show", activity_id, _("Recorded."))
    page = render_template("activities/record.html", activity=activity, form=form)
    return (page, 422) if form.is_submitted() else page


@blueprint.post("/<activity_id>/record/take-back")
def take_back_record(activity_id: str) -> BaseResponse:
    """Undo the record."""
    services.take_back_record(db.session(), me().actor, one(db.session(), activity_id))
    return _back("activities.show", activity_id, _("The record is taken back."))


def _first_numbers(activity: Activity) -> dict[str, object]:
    came = sum(row.attended or False for row in services.visible(db.session(), me().actor, activity))
    whose = "guardians" if activity.kind is ActivityKind.PARENTS_SCHOOL else "children"
    return {whose: came, "societies": [Society.COMMUNITY, Society.VOLUNTEER]}


def _page(activity: Activity, form: EnrolForm) -> str:
    return render_template(
        "activities/participation.html",
        activity=activity,
        form=form,
        rows=services.visible(db.session(), me().actor, activity),
        begun=activity.starts_at <= utc_now(),
        is_course=activity.kind is ActivityKind.PARENTS_SCHOOL,
    )


def _back(endpoint: str, activity_id: str, done: str) -> BaseResponse:
    flash(done, "success")
    return hx.redirect(url_for(endpoint, activity_id=activity_id))
