"""Say in one tap when somebody is free on a holiday."""

from flask import flash
from flask_babel import gettext as _

from tenants.errors import NotFoundError
from tenants.models import Person
from tenants.services import holiday_answers as services
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.forms.wishes import HolidayForm
from weibao.i18n import today
from weibao.views.availability.common import Answer, address, blueprint, myself, page, somebody


@blueprint.post("/availability/holidays")
def own_holiday() -> Answer:
    """Answer for a holiday, or take the answer back."""
    return _answer(myself(), own=True)


@blueprint.post("/people/<person_id>/availability/holidays")
def holiday_of_person(person_id: str) -> Answer:
    """The same for somebody else, by the station."""
    return _answer(somebody(person_id), own=False)


def _answer(person: Person, *, own: bool) -> Answer:
    form = HolidayForm()
    if not form.validate():
        flash(_("This could not be read. Please tap again."), "warning")
        return page(person, own=own), 422
    holidays = services.coming(db.session(), me().county_id, today())
    holiday = next((one for one in holidays if services.key_of(one) == form.holiday.data), None)
    if holiday is None:
        raise NotFoundError("no such holiday")
    services.answer(db.session(), me().actor, person, holiday, form.free(), holidays=holidays)
    done = _("Taken back: the usual week holds.") if form.free() is None else _("The days have been entered.")
    flash(done, "success")
    return hx.redirect(address(person, own=own))
