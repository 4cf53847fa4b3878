"""A child's file, asked for by the county."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField, validators

from tenants.enums import Purpose
from weibao.words import choices

ANSWERS = (
    _l("only the county opens files of townships"),
    _l("State the reason in 1 to 200 characters."),
    _l("This township has no file with this code."),
)


class CountyFileForm(FlaskForm):
    """Which file, and what for."""

    case_code = StringField(_l("Case code"), [validators.InputRequired(), validators.Length(max=40)])
    purpose = RadioField(
        _l("Purpose"), [validators.InputRequired(_l("Please state a purpose."))], choices=choices(Purpose)
    )
    words = TextAreaField(
        _l("Reason"),
        [validators.InputRequired(), validators.Length(max=200)],
        description=_l("In a sentence, without names: the township reads it in the file's history."),
    )
