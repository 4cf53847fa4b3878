"""Which weeks the figures are of."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import validators

from tenants.enums import PersonKind
from tenants.queries.figures import Weeks
from weibao.forms.fields import DayField, FilterForm, enum_field
from weibao.i18n import today

MOST_WEEKS = 53
BACK, AHEAD = timedelta(weeks=8), timedelta(weeks=3)


def present() -> tuple[date, date]:
    """The last eight weeks, this one and the next three, whole."""
    weeks = Weeks.over(today() - BACK, today() + AHEAD)
    return weeks.first, weeks.last


class PeriodForm(FilterForm):
    """From a day's week to a day's week; whose loads are compared."""

    since = DayField(_l("From"), [validators.InputRequired()])
    until = DayField(_l("Until"), [validators.InputRequired()])
    kind = enum_field(_l("Whose load"), PersonKind, blank=_l("Everybody"))

    def validate_until(self, field: DayField) -> None:
        """The end comes after the beginning, and the weeks fit on a page."""
        if not self.since.data or not field.data or self.since.errors or field.errors:
            return
        if field.data < self.since.data:
            raise validators.ValidationError(_("The last day lies before the first."))
        if Weeks.over(self.since.data, field.data).number > MOST_WEEKS:
            raise validators.ValidationError(_("Choose a year at most."))

    @property
    def weeks(self) -> Weeks:
        """The whole weeks asked for."""
        return Weeks.over(self.since.data, self.until.data)
