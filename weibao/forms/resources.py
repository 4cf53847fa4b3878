"""The form of a room or of equipment."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, validators

from tenants.enums import ResourceKind
from tenants.services.resources import ResourceFacts
from weibao.forms.fields import enum_field, text_or_none, whole_number

# What the service answers, for the catalogue.
ANSWERS = (
    _l("Rooms and equipment are kept by a township's station."),
    _l("Choose rooms and equipment of the township that are in use."),
    _l("A room or a thing of another Children's Home cannot be used here."),
    _l("%(thing)s is taken at this time by: %(others)s."),
    _l("There is a room or a thing of this name here already."),
    _l("A room or a thing needs a name."),
    _l("A room belongs to a Children's Home."),
    _l("Of equipment there are 1 to 99, of a room one."),
)


class ResourceForm(FlaskForm):
    """A room of a home, or pieces of equipment."""

    kind = enum_field(_l("Kind"), ResourceKind)
    name = StringField(_l("Name of the room or thing"), [validators.InputRequired(), validators.Length(max=60)])
    name_en = StringField(_l("Name in English"), [validators.Length(max=80)])
    home_id = SelectField(_l("Belongs to"), coerce=text_or_none)
    quantity = whole_number(_l("How many"), 1, 99, default=1)

    def facts(self) -> ResourceFacts:
        """What was entered."""
        return ResourceFacts(
            kind=self.kind.data,
            name=self.name.data or "",
            name_en=self.name_en.data or "",
            home_id=self.home_id.data,
            quantity=self.quantity.data,
        )
