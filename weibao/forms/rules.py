"""The form of a visit rule."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, validators

from tenants.enums import Familiarity, Priority, Service
from tenants.services.rules import RuleTerms
from weibao.forms.fields import DayField, enum_field, whole_number
from weibao.forms.roles import role_rows, roles_of

# What the service answers, for the catalogue.
ANSWERS = (_l("This version holds already. Decide a new one."),)


class RuleForm(FlaskForm):
    """What a rule asks, and where it is decided."""

    interval_days = whole_number(_l("Interval"), 1, 366)
    minutes = whole_number(_l("Length of a visit"), 10, 480)
    priority = enum_field(_l("Priority"), Priority)
    service = enum_field(_l("Service"), Service)
    known_by = enum_field(_l("Known to the household"), Familiarity)
    roles = role_rows()
    source = StringField(
        _l("Decided by"),
        [validators.InputRequired(), validators.Length(max=200)],
        description=_l("The decision or document that sets this rule, with its date."),
    )

    from_day = DayField(
        _l("Holds from"),
        [validators.InputRequired()],
        description=_l("Until then the present rule holds, and it stays in the history."),
    )
    seen = HiddenField()

    def terms(self) -> RuleTerms:
        """What was entered."""
        return RuleTerms(
            interval_days=self.interval_days.data,
            minutes=self.minutes.data,
            priority=self.priority.data,
            service=self.service.data,
            known_by=self.known_by.data,
            roles=roles_of(self.roles),
            source=self.source.data or "",
            from_day=self.from_day.data,
        )
