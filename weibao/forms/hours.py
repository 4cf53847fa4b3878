"""Forms about hours of service and certificates."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, validators

from weibao.forms.fields import DayField, FilterForm, whole_number


class RecordForm(FlaskForm):
    """Minutes of one duty, and why they are entered by hand."""

    minutes = whole_number(_l("Minutes of service"), 0, 1440)
    reason = StringField(
        _l("Why by hand"), [validators.InputRequired(_l("Say why, in a few words.")), validators.Length(max=200)]
    )


class PeriodForm(FlaskForm):
    """From which day to which."""

    from_day = DayField(_l("From"), [validators.InputRequired()])
    to_day = DayField(_l("To (day)"), [validators.InputRequired()])


class IssueForm(FlaskForm):
    """Who stands behind a certificate."""

    head = StringField(_l("Head"), [validators.InputRequired(), validators.Length(max=60)])
    handler = StringField(_l("Handler"), [validators.InputRequired(), validators.Length(max=60)])
    phone = StringField(_l("Telephone"), [validators.Length(max=30)])


class VerifyForm(FilterForm):
    """The verification code that stands on the paper."""

    code = StringField(_l("Verification code"), [validators.Length(max=40)])
