"""The forms of the township's calendar: what it is narrowed by, and where an activity is moved to."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, validators

from tenants.queries.township_calendar import ItemState, Wanted
from weibao.forms.fields import DayField, FilterForm, clock_field, member_or_none
from weibao.words import choices


class CalendarFilterForm(FilterForm):
    """What the calendar shows."""

    village = SelectField(_l("Village and home"), choices=[("", _l("All"))])
    person = SelectField(_l("Person"), choices=[("", _l("All"))])
    state = SelectField(_l("State"), coerce=member_or_none(ItemState), choices=[("", _l("All")), *choices(ItemState)])

    def wanted(self) -> Wanted:
        """What was chosen; a word that is none of the choices narrows nothing."""
        known = {self.village.name: self.village, self.person.name: self.person}
        chosen = {name: field.data if field.data in dict(field.choices or ()) else "" for name, field in known.items()}
        return Wanted(village_id=chosen["village"], person_id=chosen["person"], state=self.state.data)


class MoveForm(FlaskForm):
    """Where an activity is moved to; ``anyway`` keeps what breaks a rule of the plan."""

    day = DayField(_l("Day"), [validators.InputRequired()])
    time = clock_field(_l("From"), validators.InputRequired())
    anyway = BooleanField(_l("Keep it all the same. The draft shows the warning until it is mended."))
