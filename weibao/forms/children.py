"""Forms of the children's ledger."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, TextAreaField, validators

from tenants.enums import ChildCategory, Gender, RiskLevel
from tenants.queries.children import ChildFilter
from tenants.services.children import ChildFacts
from weibao.forms.fields import ChecksField, DayField, FilterForm, enum_field, whole_number
from weibao.words import choices

_UUID4 = r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
"""RFC 9562, 5.4, as browsers write it."""

_NO_VILLAGE = "unknown"
"""In place of the id of a village that is not offered: no file is there."""


class ChildFilterForm(FilterForm):
    """What the ledger is narrowed by."""

    village = SelectField(_l("Village"), choices=[("", _l("All"))])
    category = enum_field(_l("Category"), ChildCategory, blank=_l("All"))
    risk = enum_field(_l("Risk"), RiskLevel, blank=_l("All"))
    files = SelectField(
        _l("Files"),
        choices=[("open", _l("Open files")), ("closed", _l("Closed files")), ("all", _l("All"))],
        default="open",
    )
    text = StringField(_l("Case code or pseudonym"))
    overdue = BooleanField(_l("Visit overdue"))

    def wanted(self) -> ChildFilter:
        """The filter; what cannot be read narrows nothing. The log tells the village: never a word that was typed."""
        offered = {village for village, _name in self.village.choices}
        village = self.village.data or None
        return ChildFilter(
            village_id=village if village is None or village in offered else _NO_VILLAGE,
            category=self.category.data,
            risk=self.risk.data,
            overdue=self.overdue.data,
            closed={"all": None, "closed": True}.get(self.files.data, False),
            text=self.text.data or "",
        )


class ChildForm(FlaskForm):
    """What the ledger holds of a child besides dated entries."""

    case_code = StringField(_l("Case code"), [validators.InputRequired(), validators.Length(max=20)])
    pseudonym = StringField(_l("Pseudonym"), [validators.InputRequired(), validators.Length(max=40)])
    village_id = SelectField(_l("Village"), [validators.InputRequired()])
    birth_year = whole_number(_l("Year of birth"), 1990, 2100)
    gender = enum_field(_l("Gender"), Gender, blank=_l("Not stated"))
    needs_gender = enum_field(_l("Asks for a visitor who is"), Gender, blank=_l("No matter"))

    def facts(self) -> ChildFacts:
        """What was entered."""
        return ChildFacts(
            case_code=self.case_code.data or "",
            pseudonym=self.pseudonym.data or "",
            village_id=self.village_id.data,
            birth_year=self.birth_year.data,
            gender=self.gender.data,
            needs_gender=self.needs_gender.data,
        )


class NewChildForm(ChildForm):
    """A new file has its first categories and assessment too."""

    categories = ChecksField(_l("Categories"), coerce=ChildCategory, choices=choices(ChildCategory))
    level = enum_field(_l("Risk"), RiskLevel)
    since = DayField(_l("Since"), [validators.InputRequired()])


class CategoryForm(FlaskForm):
    """A further category."""

    category = enum_field(_l("Category"), ChildCategory)
    from_day = DayField(_l("First day"), [validators.InputRequired()])


class EndForm(FlaskForm):
    """The last day of a category."""

    to_day = DayField(_l("Last day"), [validators.InputRequired()])


class RiskForm(FlaskForm):
    """A new assessment."""

    level = enum_field(_l("Risk"), RiskLevel)
    from_day = DayField(_l("Assessed on"), [validators.InputRequired()])


class FamiliarForm(FlaskForm):
    """Somebody whom the household knows."""

    person_id = SelectField(_l("Person"), [validators.InputRequired()])


class VisitForm(FlaskForm):
    """A visit that was made."""

    done_on = DayField(_l("Visited on"), [validators.InputRequired()])
    note = TextAreaField(
        _l("Short note"), [validators.Length(max=500)], description=_l("No names, addresses or phone numbers.")
    )


class SentVisitForm(VisitForm):
    """The same, kept on a phone without a network: with the account that filled it in, and a key of its own."""

    account = StringField(validators=[validators.InputRequired()])
    key = StringField(validators=[validators.InputRequired(), validators.Regexp(_UUID4)])
