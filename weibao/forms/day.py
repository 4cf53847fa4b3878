"""Forms of the day itself: leaving with a note, a concern about a child."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField, validators

from tenants.enums import ConcernOutcome
from weibao.forms.fields import enum_field


class LeaveForm(FlaskForm):
    """A short note, or none."""

    note = TextAreaField(
        _l("Short note"),
        [validators.Length(max=500)],
        description=_l("What was done, what should be known next time. It is kept sealed; no names."),
    )


class ConcernForm(FlaskForm):
    """What somebody worries about, and where."""

    village_id = SelectField(_l("Village"))
    text = TextAreaField(
        _l("What have you seen or heard?"),
        [
            validators.InputRequired(_l("Please write a few words.")),
            validators.Length(min=5, max=2000, message=_l("Write 5 to 2000 characters.")),
        ],
        description=_l(
            "Facts, not guesses: what, when, where. It is kept sealed and opened by the child director and the station "
            "alone; each opening is written down."
        ),
    )


class OutcomeForm(FlaskForm):
    """What came of a concern."""

    outcome = enum_field(_l("What came of it"), ConcernOutcome)
