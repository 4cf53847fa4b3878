"""The forms that plan a holiday: what is wanted, and the proposed dates."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    StringField,
    validators,
)

from tenants.calendar import NO_SCHOOL, CountyCalendar, Span
from tenants.models import ActivityTemplate, Home
from tenants.services.holiday_plans import MOST
from weibao.forms.fields import ChecksField, DayField, Row, clock_field, whole_number
from weibao.i18n import day as day_word
from weibao.planning.holidays import Slot
from weibao.words import label, named

AHEAD = timedelta(days=366)
SHORTEST = 2
# What the service answers, for the catalogue.
ANSWERS = (
    _l("A plan has 1 to 200 activities."),
    _l("This day lies outside the holiday."),
    _l("This plan has been taken back already."),
    _l("Something of this plan is published: call the activities off one by one."),
    _l("Something of this plan has been held: call the other activities off one by one."),
)


def coming(calendar: CountyCalendar, today: date) -> dict[str, Span]:
    """The holidays of two days or more that end after today, within a year, by their key in the form."""
    spans = calendar.holidays_between(today + timedelta(days=1), today + AHEAD)
    return {f"{span.kind.value}-{span.first.isoformat()}": span for span in spans if span.days >= SHORTEST}


def provisional(calendar: CountyCalendar, holidays: Mapping[str, Span]) -> frozenset[str]:
    """The keys of those whose days no official notice has set yet."""
    return frozenset(
        key
        for key, span in holidays.items()
        if any(table.provisional and span in table.spans for table in calendar.tables_on(span.first))
    )


def span_in_words(span: Span, *, provisional: bool) -> str:
    """A holiday with its days, for a choice."""
    what = {
        "name": named(span),
        "kind": label(span.kind),
        "year": span.last.year,
        "days": f"{day_word(span.first)} – {day_word(span.last)}",
    }
    if provisional:
        return str(_("%(name)s %(year)d (%(kind)s, provisional): %(days)s", **what))
    return str(_("%(name)s %(year)d (%(kind)s): %(days)s", **what))


class HomeRow(Row):
    """How many activities a home is to have."""

    home_id = HiddenField()
    number = whole_number(_l("Activities"), 0, 30, default=2)


class WishForm(FlaskForm):
    """Which holiday, from which templates, on which days of the week, how many at each home."""

    holiday = RadioField(_l("Holiday"), [validators.InputRequired()])
    templates = ChecksField(_l("Templates"), [validators.InputRequired(_l("Choose a template at least."))])
    weekdays = ChecksField(_l("Days of the week"), [validators.InputRequired(_l("Choose a day at least."))], coerce=int)
    festivals = BooleanField(
        _l("Also on statutory holidays within it"),
        description=_l("Spring Festival, for instance. The days of a short holiday always count."),
    )
    homes = FieldList(FormField(HomeRow, label=""), _l("Activities at each home"))

    def offer(
        self,
        holidays: Mapping[str, Span],
        unsettled: frozenset[str],
        templates: Sequence[ActivityTemplate],
        homes: Mapping[str, Home],
    ) -> None:
        """Set the choices, and say which home a row is of; ``unsettled`` are the keys of provisional holidays."""
        for row in self.homes:
            if row.form.home_id.data in homes:
                row.form.number.label.text = named(homes[row.form.home_id.data])
        self.holiday.choices = [
            (key, span_in_words(span, provisional=key in unsettled)) for key, span in holidays.items()
        ]
        self.templates.choices = [(row.id, f"{named(row)} · {label(row.kind)}") for row in templates]
        monday = date(2024, 1, 1)
        days = [(n, str(format_date(monday + timedelta(days=n), "EEEE"))) for n in range(7)]
        self.weekdays.choices = days

    def begin(self, holidays: dict[str, Span], templates: Sequence[ActivityTemplate], homes: Sequence[Home]) -> None:
        """What an empty form begins with: the next long holiday, everything ticked, two activities at each home."""
        long = (key for key, span in holidays.items() if span.kind in NO_SCHOOL)
        self.holiday.data = next(long, next(iter(holidays), None))
        self.templates.data = [row.id for row in templates]
        self.weekdays.data = list(range(7))
        for home in homes:
            self.homes.append_entry({"home_id": home.id, "number": 2})

    def numbers(self) -> dict[str, int]:
        """How many activities by home, without those that have none."""
        rows = [row.form for row in self.homes]
        return {row.home_id.data: row.number.data for row in rows if row.number.data}


class SlotRow(Row):
    """One proposed activity; unticked ones are left out."""

    keep = BooleanField(_l("Take"), default=True)
    template_id = HiddenField()
    home_id = HiddenField()
    day = DayField(_l("Day"), [validators.InputRequired()])
    start = clock_field(_l("From"), validators.InputRequired())


class SlotsForm(FlaskForm):
    """The proposed dates, to be changed and kept."""

    holiday = StringField()
    rows = FieldList(FormField(SlotRow, label=""), _l("Proposed activities"), max_entries=MOST)

    def show(self, holiday: str, slots: Sequence[Slot]) -> None:
        """Begin with a proposal."""
        self.holiday.data = holiday
        for slot in slots[:MOST]:
            self.rows.append_entry({**vars(slot), "keep": True})

    def kept(self) -> dict[int, Slot]:
        """The ticked rows by their place on the page."""
        rows = [(place, row.form) for place, row in enumerate(self.rows)]
        return {
            place: Slot(
                template_id=row.template_id.data, home_id=row.home_id.data, day=row.day.data, start=row.start.data
            )
            for place, row in rows
            if row.keep.data
        }
