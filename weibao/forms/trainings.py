"""The form about a course that somebody has taken."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, validators

from tenants.services.trainings import COURSE_LENGTH, MOST_HOURS
from weibao.forms.fields import DayField, whole_number

ANSWERS = (
    _l("Name the course, in 80 characters at most."),
    _l("A course has 1 to 500 hours."),
    _l("A course cannot end to hold before it was taken."),
)


class TrainingForm(FlaskForm):
    """A course."""

    course = StringField(_l("Course"), [validators.InputRequired(), validators.Length(max=COURSE_LENGTH)])
    day = DayField(_l("Day"), [validators.InputRequired()])
    hours = whole_number(_l("Class hours"), 1, MOST_HOURS)
    valid_through = DayField(_l("Valid through"), [validators.Optional()], description=_l("Empty: it holds for good."))
