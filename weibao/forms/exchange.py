"""Forms about answering for a duty, and about what the county and the station settle."""

import re

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField, ValidationError, validators

from tenants.enums import DeclineReason, SignUpMode
from weibao.forms.fields import clock_field, enum_field, whole_number

_PHONE = re.compile(r"^(?P<name>\S(?:.*\S)?)\s+(?P<number>\+?[\d-]{3,20})$")


class ReasonForm(FlaskForm):
    """Why somebody cannot come."""

    reason = enum_field(_l("Reason"), DeclineReason, blank=_l("Please choose"), validators=[])

    def validate_reason(self, field: object) -> None:
        """A reason is asked for, and no more than a word of it."""
        if self.reason.data is None:
            raise ValidationError(_l("Choose a reason."))


class StationForm(FlaskForm):
    """What a station chooses."""

    sign_up = enum_field(_l("Open places"), SignUpMode)
    decline_hours = whole_number(
        _l("A duty can be declined until"), 0, 720, required=False, description=_l("Empty: as the county says.")
    )


class CountyForm(FlaskForm):
    """What the county settles for all stations."""

    decline_hours = whole_number(_l("A duty can be declined until"), 0, 720)
    quiet_from = clock_field(_l("Quiet hours from"), validators.InputRequired())
    quiet_until = clock_field(_l("Quiet hours until"), validators.InputRequired())
    phones = TextAreaField(
        _l("Safety numbers"), description=_l("One to a line: a name, a space, the number. Everybody on duty sees them.")
    )

    def validate_phones(self, field: TextAreaField) -> None:
        """Each line is a name and a number."""
        lines = [line.strip() for line in (field.data or "").splitlines() if line.strip()]
        for line in lines:
            if not _PHONE.match(line) or len(line) > 60:
                raise ValidationError(_l("Not a name and a number: %(line)s", line=line[:60]))
        if len(lines) > 12:
            raise ValidationError(_l("12 numbers at most."))

    @property
    def numbers(self) -> list[list[str]]:
        """The names and numbers."""
        found = (_PHONE.match(line.strip()) for line in (self.phones.data or "").splitlines())
        return [[match["name"], match["number"]] for match in found if match]


class MessagesForm(FlaskForm):
    """Where one's messages go."""

    email = StringField(
        _l("E-mail address"),
        [
            validators.Optional(),
            validators.Length(max=200),
            validators.Regexp(r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+$", message=_l("This is no e-mail address.")),
        ],
        description=_l("Messages go there too, without anything about a child. Empty: none."),
    )
    digest = BooleanField(_l("Gather what can wait into one e-mail or text message a day"))
