"""Which weeks the figures are of."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, validators

from tenants.enums import PersonKind
from tenants.queries.figures import Weeks
from weibao.forms.fields import FilterForm, enum_field
from weibao.i18n import today

MOST_WEEKS = 53
BACK, AHEAD = timedelta(weeks=8), timedelta(weeks=3)
_FIRST, _LAST = date(2000, 1, 1), date(2200, 12, 31)


def present() -> tuple[date, date]:
    """The last eight weeks, this one and the next three."""
    return today() - BACK, today() + AHEAD


def _in_calendar(_form: Any, field: DateField) -> None:
    if field.data and not _FIRST <= field.data <= _LAST:
        raise validators.ValidationError(_("Choose a day between 2000 and 2200."))


class PeriodForm(FilterForm):
    """From a day's week to a day's week; whose loads are compared."""

    since = DateField(_l("From"), [validators.InputRequired(), _in_calendar])
    until = DateField(_l("Until"), [validators.InputRequired(), _in_calendar])
    kind = enum_field(_l("Whose load"), PersonKind, blank=_l("Everybody"))

    def validate_until(self, field: DateField) -> None:
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
