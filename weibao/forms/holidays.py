"""The forms of a county's holidays and school terms."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    validators,
)

from tenants.calendar import KINDS, Span, SpanKind, Subject, Table
from tenants.services.calendar import TableFacts
from weibao.forms.fields import DayField, Row
from weibao.words import label

MOST_ROWS = 40
# What the service answers, for the catalogue.
ANSWERS = (
    _l("The county decides holidays and terms."),
    _l("The year is 2015 to 2099."),
    _l("Name the notice or decision that sets these days."),
    _l("The table needs at least one row."),
    _l("These days lie outside the year of the table."),
    _l("Two rows share a day."),
    _l("This kind of days stands in the other table."),
    _l("The last day comes before the first."),
    _l("This is longer than such days ever are; look at the last day."),
    _l("A make-up working day falls on a Saturday or a Sunday."),
    _l("The days need a name."),
    _l("The first version of a year has none before it. Decide a new one."),
)


class SpanRow(Row):
    """Some days in a row."""

    kind = SelectField(_l("Kind"), coerce=SpanKind)
    first = DayField(_l("First day"), [validators.InputRequired()])
    last = DayField(_l("Last day"), [validators.InputRequired()])
    name = StringField(_l("Name of the days"), [validators.InputRequired(), validators.Length(max=60)])
    name_en = StringField(_l("Name in English"), [validators.Length(max=80)])


class TableForm(FlaskForm):
    """A new version of a year's table."""

    since = DayField(
        _l("In force from"),
        [validators.InputRequired()],
        description=_l("Days before it keep the version that held for them."),
    )
    provisional = BooleanField(
        _l("Provisional"), description=_l("No official notice yet: every page says so beside these days.")
    )
    source = StringField(
        _l("Source"),
        [validators.InputRequired(), validators.Length(max=200)],
        description=_l("The notice or decision, with its number and date."),
    )
    spans = FieldList(FormField(SpanRow, label=""), _l("Rows"), max_entries=MOST_ROWS)
    seen = HiddenField()

    def offer(self, subject: Subject) -> None:
        """Give every row its choices."""
        for row in self.spans:
            row.form.kind.choices = [(kind.value, label(kind)) for kind in KINDS[subject]]

    def show(self, table: Table | None, since: date) -> None:
        """Begin with a table; a row to fill in where there is none."""
        self.since.data = since
        if table is None:
            self.spans.append_entry()
            return
        self.provisional.data, self.source.data = table.provisional, table.source
        for span in table.spans:
            self.spans.append_entry(vars(span))

    def facts(self) -> TableFacts:
        """What was entered."""
        rows = [row.form for row in self.spans]
        return TableFacts(
            since=self.since.data,
            provisional=bool(self.provisional.data),
            source=self.source.data or "",
            spans=[
                Span(
                    kind=row.kind.data,
                    first=row.first.data,
                    last=row.last.data,
                    name=(row.name.data or "").strip(),
                    name_en=(row.name_en.data or "").strip(),
                )
                for row in rows
            ],
        )
