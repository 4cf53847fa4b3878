"""Checks of several people at once: whom to ask about, what came back; and lifting a bar."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
)

from tenants.enums import VettingResult
from tenants.services.vetting import Reply
from weibao.forms.fields import DayField, Row
from weibao.forms.people import CONFIRM, RESULTS, UNCONFIRMED

# What the services answer, for the catalogue; the texts are shown through gettext.
ANSWERS = (
    _l("Choose one person at least."),
    _l("Enter one reply at least."),
    _l("Only the county lifts a bar, with a reason."),
    _l("Only the station head enters a bad result."),
    _l("Somebody on the list cannot be asked about: choose anew."),
    _l("The reason has 10 to 300 characters."),
    _l("This bar is lifted."),
    _l("This person is barred already."),
    _l("This person is not available: no account is opened for them."),
    _l("Choose one of the people of this name."),
    _l("somebody has no criminal-record check that is valid on the day: they may not work with children"),
)


class AskForm(FlaskForm):
    """Whom to ask about, and when it was asked."""

    people = SelectMultipleField(_l("People"), validate_choice=False)
    requested_on = DayField(_l("Requested on"), [validators.InputRequired()])


class ReplyRow(Row):
    """The reply about one person; empty while none has come."""

    request_id = HiddenField()
    result = SelectField(_l("Result"), choices=[("", _l("no reply yet")), *RESULTS])


class RepliesForm(FlaskForm):
    """The replies of one letter: what they have in common, and the result of each person."""

    checked_on = DayField(_l("Checked on"), [validators.InputRequired()])
    valid_through = DayField(
        _l("Valid through"),
        [validators.InputRequired()],
        description=_l("A year later at most; repeated yearly."),
    )
    reference = StringField(_l("Reference of the reply"), [validators.Length(max=80)])
    rows = FieldList(FormField(ReplyRow, label=""), _l("Replies"), max_entries=500)
    confirmed = BooleanField(CONFIRM)

    def replies(self) -> list[Reply]:
        """What was entered, without the people about whom nothing has come yet."""
        filled = (row.form for row in self.rows if row.form.result.data)
        return [Reply(request_id=row.request_id.data, result=VettingResult(row.result.data)) for row in filled]

    def validate(self, extra_validators: object = None) -> bool:
        """A bad result needs the head's word."""
        valid = bool(super().validate(extra_validators))
        bad = any(row.form.result.data == VettingResult.BARRED for row in self.rows)
        if bad and not self.confirmed.data:
            self.confirmed.errors = [UNCONFIRMED]
            return False
        return valid


class LiftForm(FlaskForm):
    """Why a bar is lifted."""

    reason = TextAreaField(
        _l("Reason"),
        [validators.InputRequired(), validators.Length(10, 300, _l("The reason has 10 to 300 characters."))],
        description=_l("10 to 300 characters; the decision or the error, with its document."),
    )


class ExtendForm(FlaskForm):
    """Which person of the same name is barred too."""

    person_id = StringField(_l("Person"), [validators.InputRequired(), validators.Length(max=26)])
