"""The form of an activity template."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, validators

from tenants.enums import ActivityKind, Priority, Service
from tenants.services.templates import TemplateFacts
from weibao.forms.fields import clock_field, enum_field, whole_number
from weibao.forms.roles import role_rows, roles_of

# What the service answers, for the catalogue.
ANSWERS = (
    _l("Templates are kept by a township's station."),
    _l("An activity takes 15 to 480 minutes."),
    _l("The activity would last into the next day."),
)


class TemplateForm(FlaskForm):
    """What a template says."""

    title = StringField(_l("Title"), [validators.InputRequired(), validators.Length(max=80)])
    title_en = StringField(_l("Title in English"), [validators.Length(max=120)])
    kind = enum_field(_l("Kind"), ActivityKind)
    service = enum_field(_l("Service"), Service, default=Service.CHILD_PROTECTION)
    priority = enum_field(_l("Priority"), Priority, default=Priority.NORMAL)
    start = clock_field(_l("From"), validators.InputRequired())
    minutes = whole_number(_l("Minutes"), 15, 480, default=90)
    with_children = BooleanField(_l("Children take part"), default=True)
    children_expected = whole_number(_l("Children expected"), 0, 500, default=0)
    roles = role_rows()

    def facts(self) -> TemplateFacts:
        """What was entered."""
        names = ("kind", "service", "priority", "start", "minutes", "with_children", "children_expected")
        values = {name: self[name].data for name in names}
        return TemplateFacts(
            title=self.title.data or "", title_en=self.title_en.data or "", roles=roles_of(self.roles), **values
        )
