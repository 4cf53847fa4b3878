"""Forms about villages and their Children's Homes."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, validators

from weibao.forms.fields import FilterForm


class HomesFilterForm(FilterForm):
    """The county's list by township."""

    township = SelectField(_l("Township"), choices=[("", _l("All"))])


class HomeForm(FlaskForm):
    """When a home is open."""

    opened = BooleanField(_l("The home is open"))
    opening_hours = StringField(
        _l("Opening hours"),
        [validators.Length(max=200)],
        description=_l("As they hang outside the door, for example: Sat, Sun and holidays 9:00–17:00."),
    )
