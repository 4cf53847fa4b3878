"""What the county and the station settle about duties and messages."""

from datetime import time

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import AccountRole, SignUpMode
from tenants.models import County
from tenants.queries import arrangements as queries
from tenants.services import arrangements as services
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.forms.exchange import CountyForm, StationForm
from weibao.views.refusals import shown_in

blueprint = Blueprint("arrangements", __name__, url_prefix="/arrangements")
Answer = str | tuple[str, int] | BaseResponse


@blueprint.route("", methods=["GET", "POST"])
def edit() -> Answer:
    """The county's rules for a county officer, the station's for its head."""
    return _county() if me().role is AccountRole.COUNTY_OFFICER else _station()


def _county() -> Answer:
    county = db.session().get_one(County, me().county_id)
    form = CountyForm(
        decline_hours=county.decline_hours,
        quiet_from=time(county.quiet_from // 60, county.quiet_from % 60),
        quiet_until=time(county.quiet_until // 60, county.quiet_until % 60),
        phones="\n".join(f"{name} {number}" for name, number in county.safety_phones),
    )
    if form.validate_on_submit():
        with shown_in(form):
            services.settle_county(
                db.session(),
                me().actor,
                decline_hours=form.decline_hours.data,
                quiet=(form.quiet_from.data, form.quiet_until.data),
                phones=form.numbers,
            )
            return _done()
    return render_template("arrangements/county.html", form=form), 422 if form.is_submitted() else 200


def _station() -> Answer:
    township_id = me().township_id or ""
    setting, county = queries.setting_of(db.session(), township_id), queries.county_of(db.session(), township_id)
    form = StationForm(obj=setting) if setting else StationForm(sign_up=SignUpMode.APPROVAL)
    if form.validate_on_submit():
        with shown_in(form):
            services.settle_station(
                db.session(), me().actor, sign_up=form.sign_up.data, decline_hours=form.decline_hours.data
            )
            return _done()
    phones = queries.county_phones(county)
    page = render_template("arrangements/station.html", form=form, county=county, phones=phones)
    return page, 422 if form.is_submitted() else 200


def _done() -> BaseResponse:
    flash(_("Saved."), "success")
    return hx.redirect(url_for("arrangements.edit"))
