"""What purchased-service staff did with their time, contracts against deliveries, and refused diversions."""

from datetime import UTC, datetime

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from tenants.models import utc_now
from tenants.queries import staff_work, staffing
from tenants.queries.calendar import calendar_of
from tenants.services import diversions as services
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.i18n import today, zone
from weibao.views.staffing.common import blueprint, names, officer, officer_name

WEEKS = (4, 12, 26)


@blueprint.get("/work")
def work() -> str:
    """Use of time by worker, and what the contracts have bought against what was delivered."""
    session = db.session()
    asked = request.args.get("weeks", "")
    weeks = int(asked) if asked.isdecimal() and int(asked) in WEEKS else WEEKS[0]
    staff = [one for one in staffing.register(session) if one.township_id]
    return render_template(
        "staffing/work.html",
        names=names(),
        weeks=weeks,
        choices_tabs=[
            {
                "url": url_for("staffing.work", weeks=number),
                "label": _("The last %(weeks)d weeks", weeks=number),
                "active": number == weeks,
            }
            for number in WEEKS
        ],
        uses=staff_work.use_of_time(
            session,
            staff,
            today=today(),
            weeks=weeks,
            zone=zone(),
            calendar=calendar_of(session, me().county_id),
        ),
        contracts=staff_work.deliveries(session, staffing.contracts(session), today=today(), zone=zone()),
    )


@blueprint.get("/diversions")
def diversions() -> str:
    """Attempts to give purchased-service staff other work; each was refused."""
    return render_template(
        "staffing/diversions.html",
        rows=staffing.attempts(db.session()),
        seen_until=officer().diversions_seen_at,
        names=names(),
        officer_name=officer_name,
    )


@blueprint.post("/diversions/seen")
def look_at_diversions() -> BaseResponse:
    """Take what stood on the page as looked at, and nothing that came after it was drawn."""
    try:
        until = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        raise BadRequest from None
    services.looked_at(db.session(), officer(), min(until.astimezone(UTC), utc_now()))
    flash(_("All attempts are marked as looked at."), "success")
    return hx.redirect(url_for("staffing.diversions"))
