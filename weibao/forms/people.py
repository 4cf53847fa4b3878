"""Forms about people: the list's filter, facts, checks, availability."""

import re
from collections.abc import Iterable
from datetime import time

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, FormField, SelectField, StringField, TelField, validators

from tenants.enums import ExceptionKind, Gender, PersonKind, VettingResult
from tenants.models import Person
from tenants.queries.people import PeopleFilter, VettingState
from tenants.services.availability import DAY, MOST_DUTIES, MOST_NOTICE, FreeTime
from tenants.services.people import PersonFacts
from weibao.forms.fields import (
    DayField,
    FilterForm,
    Row,
    clock_field,
    enum_field,
    member_or_none,
    skills_field,
    text_or_none,
    whole_number,
)
from weibao.words import SKILLS, label

WEEKDAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
VETTING_WORDS = {
    VettingState.VALID: _l("Valid for more than 60 days"),
    VettingState.ENDING: _l("Ends within 60 days"),
    VettingState.EXPIRED: _l("Expired"),
    VettingState.MISSING: _l("Missing"),
    VettingState.BARRED: _l("Not available"),
}
RESULTS = [(result.value, label(result)) for result in (VettingResult.CLEAR, VettingResult.BARRED)]
CONFIRM = _l("I have read the reply: whoever is barred leaves every roster of the county at once")
UNCONFIRMED = _l("Tick this box: a bad result takes effect at once, and only the county can lift it.")
_SEPARATORS = re.compile(r"[,，、;；\n]+")


class PeopleFilterForm(FilterForm):
    """What the list is narrowed by."""

    kind = enum_field(_l("Post"), PersonKind, blank=_l("All"))
    active = SelectField(_l("State"), choices=[("yes", _l("Active")), ("no", _l("Inactive")), ("", _l("All"))])
    vetting = SelectField(
        _l("Criminal-record check"),
        coerce=member_or_none(VettingState),
        choices=[("", _l("All")), *((state.value, word) for state, word in VETTING_WORDS.items())],
    )
    skill = SelectField(_l("Skill"), choices=[("", _l("All"))])
    text = StringField(_l("Name or phone"))

    def wanted(self) -> PeopleFilter:
        """The filter; what cannot be read narrows nothing."""
        return PeopleFilter(
            kind=self.kind.data,
            active={"yes": True, "no": False}.get(self.active.data or ""),
            vetting=self.vetting.data,
            skill=self.skill.data or None,
            text=self.text.data or "",
        )


class SkillsForm(FlaskForm):
    """The known skills as boxes, and others in words."""

    skills = skills_field()
    own_skills = StringField(
        _l("Further skills"), [validators.Length(max=400)], description=_l("In your own words, parted by commas.")
    )

    def show_skills(self, held: Iterable[str]) -> None:
        """Fill in the skills that somebody has."""
        words = list(held)
        self.skills.data = [skill for skill in words if skill in SKILLS]
        self.own_skills.data = "、".join(skill for skill in words if skill not in SKILLS)

    def chosen_skills(self) -> frozenset[str]:
        """What was entered."""
        own = {word.strip() for word in _SEPARATORS.split(self.own_skills.data or "")} - {""}
        return frozenset(own | set(self.skills.data or []))


class PersonForm(SkillsForm):
    """Facts and skills of a person."""

    name = StringField(_l("Name"), [validators.InputRequired(), validators.Length(max=60)])
    name_en = StringField(_l("Name in Latin letters"), [validators.Length(max=80)])
    kind = enum_field(_l("Post"), PersonKind)
    gender = enum_field(_l("Gender"), Gender, blank=_l("Not stated"))
    phone = TelField(_l("Phone"), [validators.Length(max=30)])
    base_village_id = SelectField(_l("Base village"), coerce=text_or_none, choices=[("", _l("The township's seat"))])
    dedicated = BooleanField(_l("Purchased-service staff: child protection and social work only"))
    max_minutes_per_day = whole_number(_l("Service minutes a day at most"), 1, 1440, required=False)
    max_minutes_per_week = whole_number(_l("Service minutes a week at most"), 1, 10080, required=False)
    max_tasks_per_day = whole_number(_l("Tasks a day at most"), 1, 50, required=False)
    birth_date = DayField(
        _l("Day of birth"),
        [validators.Optional()],
        description=_l("Needed for volunteers under 18; may stay empty else."),
    )
    guardian_name = StringField(_l("Guardian's name"), [validators.Length(max=60)])
    guardian_phone = TelField(_l("Guardian's phone"), [validators.Length(max=30)])
    guardian_agreed_on = DayField(_l("Guardian agreed on"), [validators.Optional()])

    def show(self, person: Person) -> None:
        """Fill in the skills of a person; the other fields are filled by name."""
        self.show_skills(row.skill for row in person.skills)

    def facts(self) -> PersonFacts:
        """What was entered."""
        return PersonFacts(
            name=self.name.data or "",
            name_en=self.name_en.data or "",
            kind=self.kind.data,
            gender=self.gender.data,
            phone=(self.phone.data or "").strip() or None,
            base_village_id=self.base_village_id.data,
            dedicated=self.dedicated.data,
            max_minutes_per_day=self.max_minutes_per_day.data,
            max_minutes_per_week=self.max_minutes_per_week.data,
            max_tasks_per_day=self.max_tasks_per_day.data,
            birth_date=self.birth_date.data,
            guardian_name=self.guardian_name.data or "",
            guardian_phone=self.guardian_phone.data or "",
            guardian_agreed_on=self.guardian_agreed_on.data,
            skills=self.chosen_skills(),
        )


class CheckForm(FlaskForm):
    """A criminal-record check."""

    checked_on = DayField(_l("Checked on"), [validators.InputRequired()])
    valid_through = DayField(
        _l("Valid through"),
        [validators.InputRequired()],
        description=_l("A year later at most; repeated yearly."),
    )
    result = SelectField(_l("Result"), [validators.InputRequired()], coerce=VettingResult, choices=RESULTS)
    reference = StringField(_l("Reference of the reply"), [validators.Length(max=80)])
    confirmed = BooleanField(CONFIRM)

    def validate(self, extra_validators: object = None) -> bool:
        """A bad result needs the head's word."""
        valid = bool(super().validate(extra_validators))
        if self.result.data is VettingResult.BARRED and "confirmed" in self and not self.confirmed.data:
            self.confirmed.errors = [UNCONFIRMED]
            return False
        return valid


class WeekRow(Row):
    """One weekly free time; a row without times counts as empty."""

    weekday = SelectField(_l("Weekday"), coerce=int, choices=list(enumerate(WEEKDAYS)))
    from_time = clock_field(_l("From"), validators.Optional())
    to_time = clock_field(_l("Until"), validators.Optional())

    def validate(self, extra_validators: object = None) -> bool:
        """Both times or none."""
        valid = bool(super().validate(extra_validators))
        times = (self.from_time, self.to_time)
        if valid and sum(bool(field.raw_data and field.raw_data[0]) for field in times) == 1:
            empty = next(field for field in times if field.data is None)
            empty.errors = [_l("Give both times, or neither to drop the row.")]
            return False
        return valid

    @property
    def is_empty(self) -> bool:
        """Whether no time stands in it."""
        return self.from_time.data is None


class WeekForm(FlaskForm):
    """The whole week."""

    rows = FieldList(FormField(WeekRow, label=""), _l("Weekly availability"), max_entries=28)

    def show(self, week: list[FreeTime]) -> None:
        """Fill in the rows."""
        for free in week:
            self.rows.append_entry(
                {"weekday": free.weekday, "from_time": _clock(free.from_minute), "to_time": _clock(free.to_minute)}
            )

    def drop_empty(self) -> None:
        """Take out the rows without times, so that places in the week are places in the form."""
        self.rows.entries = [row for row in self.rows if not row.form.is_empty]

    def week(self) -> list[FreeTime]:
        """What was entered; an end at 00:00 is midnight."""
        return [
            FreeTime(
                weekday=row.form.weekday.data,
                from_minute=_minutes(row.form.from_time.data),
                to_minute=_minutes(row.form.to_time.data) or DAY,
            )
            for row in self.rows
        ]


class LimitsForm(FlaskForm):
    """How much a plan may ask of somebody."""

    notice_days = whole_number(_l("Only with notice of"), 0, MOST_NOTICE)
    month_wish = whole_number(_l("Duties a month that are wished"), 0, MOST_DUTIES, required=False)
    month_most = whole_number(_l("Duties a month at most"), 0, MOST_DUTIES, required=False)


class ExceptionForm(FlaskForm):
    """Days that differ from the week."""

    kind = enum_field(_l("Kind"), ExceptionKind)
    from_day = DayField(_l("First day"), [validators.InputRequired()])
    to_day = DayField(_l("Last day"), [validators.Optional()], description=_l("Empty: that one day."))
    from_time = clock_field(_l("From"), validators.Optional())
    to_time = clock_field(_l("Until"), validators.Optional())
    note = StringField(_l("Note"), [validators.Length(max=120)])

    def minutes(self) -> tuple[int, int]:
        """The part of each day; without times the whole day."""
        start, end = self.from_time.data, self.to_time.data
        return (_minutes(start) if start else 0), ((_minutes(end) or DAY) if end else DAY)


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
