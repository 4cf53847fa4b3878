"""Ask a neighbouring township for somebody, offer somebody, choose who goes."""

from datetime import time

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, validators

from tenants.enums import PersonKind
from tenants.services.availability import DAY
from tenants.services.lendings import TEXT, Need
from weibao.forms.fields import DayField, clock_field, enum_field
from weibao.words import SKILLS

# What the services answer, for the catalogue; the texts are shown through gettext.
ANSWERS = (
    _l("A loan has 14 days at most; for longer the county posts somebody."),
    _l("A volunteer agrees themselves: ask them first, and say so here."),
    _l("A volunteer answers for themselves: they have been told."),
    _l("Choose another township."),
    _l("Nobody answered in time."),
    _l("The activity was called off."),
    _l("The activity was moved out of the time that was agreed on: ask anew."),
    _l("People are lent by a township's station."),
    _l("Purchased-service staff are moved by the county alone (notice 3.2)."),
    _l("The end must come after the beginning."),
    _l("The last day cannot come before the first."),
    _l("The person cannot go on: inactive, or without a valid check."),
    _l("The reason may have 200 characters at most."),
    _l("The two townships settle this between them."),
    _l("These days are lent to a neighbouring township. End the loan first."),
    _l("This loan does not wait for that any more."),
    _l("This loan is closed already."),
    _l("This person is lent on one of these days already."),
    _l("This person is not free then."),
    _l("This person lacks the kind, the skill or a check valid to the last day."),
    _l("This step is for the other side."),
)
_ANY = ("", _l("none in particular"))


class _WhenForm(FlaskForm):
    """Days, and the hours of each of them."""

    from_day = DayField(_l("First day"), [validators.Optional()])
    to_day = DayField(_l("Last day"), [validators.Optional()])
    from_time = clock_field(_l("From"), validators.Optional())
    to_time = clock_field(_l("To"), validators.Optional())
    reason = StringField(_l("What for"), [validators.Length(max=TEXT)])

    def _when(self) -> dict[str, object]:
        begin, end = self.from_time.data or time(8), self.to_time.data or time(18)
        minutes = end.hour * 60 + end.minute
        return {
            "from_day": self.from_day.data,
            "to_day": self.to_day.data,
            "from_minute": begin.hour * 60 + begin.minute,
            "to_minute": minutes or DAY,
            "reason": self.reason.data or "",
        }

    def _has_days(self) -> bool:
        for field in (self.from_day, self.to_day):
            if field.data is None and not field.errors:
                field.errors = [field.gettext("This field is required.")]
        return bool(self.from_day.data and self.to_day.data)


class AskForm(_WhenForm):
    """What is needed of a neighbour."""

    neighbour = SelectField(_l("Neighbouring township"), [validators.InputRequired()])
    kind = enum_field(_l("Whom"), PersonKind)
    skill = SelectField(_l("Skill"), choices=[_ANY, *SKILLS.items()])
    activity_id = SelectField(_l("For an activity"))

    def validate(self, extra_validators: object = None) -> bool:
        """Days are given, or an activity that has one."""
        valid = bool(super().validate(extra_validators))
        return (bool(self.activity_id.data) or self._has_days()) and valid

    def need(self, today: object) -> Need:
        """What was entered; an activity's own day and time take the place of the days."""
        when = self._when()
        if self.activity_id.data:
            when |= {"from_day": today, "to_day": today}
        return Need(kind=self.kind.data, skill=self.skill.data or "", activity_id=self.activity_id.data or None, **when)  # type: ignore[arg-type]


class OfferForm(_WhenForm):
    """Who is offered to whom."""

    neighbour = SelectField(_l("Neighbouring township"), [validators.InputRequired()])
    person_id = SelectField(_l("Person"), [validators.InputRequired()])

    def validate(self, extra_validators: object = None) -> bool:
        """Days are given."""
        valid = bool(super().validate(extra_validators))
        return self._has_days() and valid

    def need(self) -> Need:
        """What was entered; the kind is the person's."""
        return Need(kind=PersonKind.VOLUNTEER, **self._when())  # type: ignore[arg-type]


class AnswerForm(FlaskForm):
    """Who goes."""

    person_id = RadioField(_l("Who goes"), [validators.InputRequired()])
    told = BooleanField(_l("A volunteer without an account has told us that they agree"))


class CloseForm(FlaskForm):
    """Why not, or why no longer."""

    reason = StringField(_l("Reason"), [validators.Length(max=TEXT)])
