"""Forms about becoming a volunteer: the application, and what the station decides about it."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
    validators,
)

from tenants.ages import OLDEST, age_on
from tenants.services.applications import ApplicationFacts
from weibao.forms.fields import DayField, skills_field, text_or_none, whole_number
from weibao.i18n import today

_PHONE = r"^\+?[\d\- ]{7,20}$"
_NO_PHONE = _l("Write the number in digits, with 7 at least.")


def _agreed(label: object, message: object) -> BooleanField:
    return BooleanField(label, [validators.InputRequired(message=message)])


class ApplicationForm(FlaskForm):
    """Somebody would like to become a volunteer; ``youngest`` is the station's age."""

    youngest = 0

    name = StringField(_l("Your name"), [validators.InputRequired(), validators.Length(max=60)])
    phone = TelField(_l("Your phone"), [validators.InputRequired(), validators.Regexp(_PHONE, message=_NO_PHONE)])
    birth_date = DayField(_l("Day of birth"), [validators.InputRequired()])
    base_village_id = SelectField(_l("You live in"), coerce=text_or_none, choices=[("", _l("Elsewhere"))])
    wishes = TextAreaField(_l("What you would like to do"), [validators.Length(max=500)])
    skills = skills_field(_l("What you can do"))
    from_day = DayField(_l("From when on"), [validators.InputRequired()])
    guardian_name = StringField(_l("Guardian's name"), [validators.Length(max=60)])
    guardian_phone = TelField(
        _l("Guardian's phone"), [validators.Optional(), validators.Regexp(_PHONE, message=_NO_PHONE)]
    )
    guardian_agrees = BooleanField(_l("I am the guardian, have read this page, and agree that my child applies"))
    agrees_data = _agreed(
        _l("I agree that the station uses what I have written here to decide about my application and to call me"),
        _l("Without this the station may not read your application."),
    )
    agrees_check = _agreed(
        _l("I agree, apart from that, that my criminal record is asked for"),
        _l("Without this check nobody may work with children."),
    )
    agrees_conduct = _agreed(
        _l("I have read the code of conduct and shall keep it"), _l("Whoever works with children keeps to it.")
    )

    def validate_birth_date(self, field: DayField) -> None:
        """A day of the past, and old enough for this station."""
        if field.data > today() or age_on(field.data, today()) > OLDEST:
            raise ValidationError(_("Enter the day on which you were born."))
        if age_on(field.data, today()) < self.youngest:
            raise ValidationError(_("This station takes volunteers from %(age)d years of age on.", age=self.youngest))

    def facts(self, village_id: str | None) -> ApplicationFacts:
        """What was entered, on the page of a village's home or on the township's."""
        return ApplicationFacts(
            name=self.name.data or "",
            phone=self.phone.data or "",
            birth_date=self.birth_date.data,
            from_day=self.from_day.data,
            base_village_id=self.base_village_id.data,
            page_village_id=village_id,
            wishes=self.wishes.data or "",
            skills=frozenset(self.skills.data or ()),
            guardian_name=self.guardian_name.data or "",
            guardian_phone=self.guardian_phone.data or "",
            guardian_agrees=self.guardian_agrees.data,
        )


class JoinSettingsForm(FlaskForm):
    """Whether the public page is open, and what stands on it."""

    join_open = BooleanField(_l("The page is open: whoever has the address can read it and apply"))
    join_age = whole_number(_l("Volunteers from this age on"), 14, 18)
    join_words = TextAreaField(_l("What the page says at its top"), [validators.Length(max=600)])


class DeclineForm(FlaskForm):
    """Why somebody is not taken."""

    reason = StringField(_l("Reason"), [validators.InputRequired(), validators.Length(min=3, max=300)])
