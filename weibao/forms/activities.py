"""Forms about activities."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, validators

from tenants.enums import ActivityKind, Priority, Service
from tenants.services.activities import ActivityFacts
from tenants.services.series import MOST_TIMES, MOST_WEEKS_BETWEEN, SeriesFacts
from weibao.forms.fields import ChecksField, DayField, FilterForm, clock_field, enum_field, whole_number
from weibao.forms.roles import role_rows, roles_of, show_roles


class ActivityFilterForm(FilterForm):
    """What the weeks are narrowed by."""

    home = SelectField(_l("Children's Home"), choices=[("", _l("All"))])


class ActivityForm(FlaskForm):
    """An activity with its team; ``anyway`` keeps a move that breaks a rule of a plan."""

    home_id = SelectField(_l("Children's Home"), [validators.InputRequired()])
    title = StringField(_l("Title"), [validators.InputRequired(), validators.Length(max=80)])
    title_en = StringField(_l("Title in English"), [validators.Length(max=120)])
    day = DayField(_l("Day"), [validators.InputRequired()])
    start = clock_field(_l("From"), validators.InputRequired())
    end = clock_field(_l("Until"), validators.InputRequired())
    kind = enum_field(_l("Kind"), ActivityKind)
    service = enum_field(_l("Service"), Service, default=Service.CHILD_PROTECTION)
    priority = enum_field(_l("Priority"), Priority, default=Priority.NORMAL)
    with_children = BooleanField(_l("Children take part"), default=True)
    children_expected = whole_number(_l("Children expected"), 0, 500, default=0)
    open_to_public = BooleanField(_l("Show it on the public page for volunteers"))
    resources = ChecksField(_l("Rooms and equipment"))
    anyway = BooleanField(_l("Keep it all the same. The draft shows the warning until it is mended."))
    roles = role_rows()

    def show(self, facts: ActivityFacts) -> None:
        """Fill in the team; the other fields are filled by name."""
        show_roles(self.roles, facts.roles)

    def facts(self) -> ActivityFacts:
        """What was entered."""
        return ActivityFacts(
            home_id=self.home_id.data,
            title=self.title.data or "",
            title_en=self.title_en.data or "",
            kind=self.kind.data,
            service=self.service.data,
            priority=self.priority.data,
            day=self.day.data,
            start=self.start.data,
            end=self.end.data,
            with_children=self.with_children.data,
            children_expected=self.children_expected.data,
            open_to_public=self.open_to_public.data,
            roles=roles_of(self.roles),
            resources=tuple(sorted(self.resources.data or ())),
        )


class DaysField(StringField):
    """Several days in one line, divided by commas or spaces."""

    days: tuple[date, ...] = ()

    def post_validate(self, form: object, validation_stopped: bool) -> None:
        """Read the days.

        Raises:
            ValidationError: one of them is no date.

        """
        words = (self.data or "").replace(",", " ").replace("，", " ").replace("、", " ").split()
        try:
            self.days = tuple(date.fromisoformat(word) for word in words)
        except ValueError:
            raise validators.ValidationError(_l("Write the days as 2027-01-09, divided by commas.")) from None


class RepeatForm(FlaskForm):
    """How often an activity is repeated, and which days are left out."""

    weeks = whole_number(_l("Repeat, times"), 1, MOST_TIMES, default=4)
    every = whole_number(_l("Every … weeks"), 1, MOST_WEEKS_BETWEEN, required=False, default=1)
    only_free = BooleanField(_l("Only on days without school; make-up Saturdays are left out"))
    left_out = DaysField(_l("Days to leave out"), description=_l("As 2027-01-09, divided by commas; may stay empty."))

    def facts(self) -> SeriesFacts:
        """What was entered."""
        return SeriesFacts(
            times=self.weeks.data,
            every=self.every.data or 1,
            only_free=self.only_free.data,
            left_out=self.left_out.days,
        )
