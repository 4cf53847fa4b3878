"""A series of activities: its sessions, and what is done to the rest of it."""

from datetime import date

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import ActivityKind, ActivityState
from tenants.models import utc_now
from tenants.queries.activities import one, records_of
from tenants.services import series as services
from weibao import hx, i18n
from weibao.access import me
from weibao.db import db
from weibao.planning import moves
from weibao.views import moving

blueprint = Blueprint("series", __name__, url_prefix="/activities/series")


@blueprint.get("/<series_id>")
def show(series_id: str) -> str:
    """The sessions with their head-counts; a parents' school course with its totals."""
    series = services.one(db.session(), series_id)
    rows = services.activities_of(db.session(), series)
    records = records_of(db.session(), [row.id for row in rows])
    return render_template(
        "activities/series.html",
        series=series,
        rows=rows,
        records=records,
        is_course=bool(rows) and rows[0].kind is ActivityKind.PARENTS_SCHOOL,
        held=len(records),
        guardians=sum(record.guardians for record in records.values()),
        coming=any(row.state is ActivityState.PLANNED and row.starts_at > utc_now() for row in rows),
        left_out=", ".join(i18n.day(date.fromisoformat(day)) for day in series.left_out),
    )


@blueprint.post("/<series_id>/call-off")
def call_off_rest(series_id: str) -> BaseResponse:
    """Call off all that is still to come."""
    off = services.call_off_rest(db.session(), me().actor, services.one(db.session(), series_id))
    flash(ngettext("%(num)s activity called off.", "%(num)s activities called off.", off), "success")
    return hx.redirect(url_for("series.show", series_id=series_id))


@blueprint.post("/of/<activity_id>/change-later")
def change_later(activity_id: str) -> str | BaseResponse:
    """Give the later ones everything that this one has but for its day; who would lose a duty by it is shown first."""
    session, activity = db.session(), one(db.session(), activity_id)
    changed = services.change_later(session, me().actor, activity, edit=moves.at_once)
    lost = [(row.activity, moving.names(row.carried.freed)) for row in changed if row.carried.freed]
    if lost and request.form.get("step") != moving.KEEP:
        page = render_template("activities/change_later.html", activity=activity, lost=lost)
        session.rollback()
        return page
    flash(ngettext("%(num)s later activity changed.", "%(num)s later activities changed.", len(changed)), "success")
    moving.say(
        [duty for row in changed for duty in row.carried.kept], [duty for row in changed for duty in row.carried.freed]
    )
    return hx.redirect(url_for("activities.show", activity_id=activity_id))
