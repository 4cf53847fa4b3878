"""Fields that several forms share."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, FieldList, IntegerField, SelectField, SelectMultipleField, TimeField, validators, widgets

from tenants.enums import PersonKind
from weibao.typed import FIRST, LAST, MOST
from weibao.words import SKILLS, choices

Member = TypeVar("Member", bound=StrEnum)
Word: TypeAlias = LazyString | str


class _WithoutToken(FlaskForm):
    class Meta:
        csrf = False


class FilterForm(_WithoutToken):
    """A form whose fields narrow a list: read from the address, nothing is changed by it."""


class Row(_WithoutToken):
    """A row of a form, which has the token; its faults are told in the reader's language, as the form's are."""


class DayField(DateField):
    """A day of the years that a calendar can count with."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Refuse a day of other years."""
        super().process_formdata(valuelist)
        if self.data is not None and not FIRST <= self.data <= LAST:
            self.data = None
            raise ValueError(_("Choose a day between 1900 and 2199."))

    def pre_validate(self, form: Any) -> None:
        """What is typed and no day is told as that alone: no other check has a day to look at."""
        if self.process_errors and any(text.strip() for text in self.raw_data or ()):
            raise validators.StopValidation


def member_or_none(kind: type[Member]) -> Callable[[Any], Member | None]:
    """Coerce a select's value to a member of a closed list; empty is None."""

    def _coerce(value: Any) -> Member | None:
        return kind(value) if value else None

    return _coerce


def text_or_none(value: str | None) -> str | None:
    """Coerce a select's value; empty is None."""
    return value or None


def enum_field(label: Word, kind: type[StrEnum], *, blank: Word | None = None, **kwargs: Any) -> SelectField:
    """A select over a closed list; ``blank`` is the word for none of them, if that is allowed."""
    options: list[tuple[str, Word]] = choices(kind)
    if blank is None:
        return SelectField(label, [validators.InputRequired()], coerce=kind, choices=options, **kwargs)
    return SelectField(label, coerce=member_or_none(kind), choices=[("", blank), *options], **kwargs)


class ChecksField(SelectMultipleField):
    """Several of a list, as check boxes; values outside the list stand for themselves."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


def kinds_field() -> ChecksField:
    """Who may fill a role."""
    return ChecksField(_l("Who may fill it"), coerce=PersonKind, choices=choices(PersonKind))


def skills_field(label: Word | None = None) -> ChecksField:
    """The known skills."""
    return ChecksField(label or _l("Skills"), choices=list(SKILLS.items()))


def clock_field(label: Word, *checks: Any) -> TimeField:
    """A time of the day; some browsers send seconds."""
    return TimeField(label, list(checks), format=["%H:%M", "%H:%M:%S"])


class NumberField(IntegerField):
    """A whole number that a column holds."""

    data: int | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Refuse what the database cannot take."""
        super().process_formdata(valuelist)
        if self.data is not None and abs(self.data) > MOST:
            self.data = None
            raise ValueError(self.gettext("Not a valid integer value."))


def whole_number(label: Word, low: int, high: int, *, required: bool = True, **kwargs: Any) -> IntegerField:
    """A whole number within bounds."""
    first = validators.InputRequired() if required else validators.Optional()
    return IntegerField(label, [first, validators.NumberRange(low, high)], **kwargs)


def take_step(rows: FieldList, step: str | None) -> bool:
    """Add or remove a row when the button ``step`` asks for it; False when it was the button that saves."""
    if not step:
        return False
    if step == "add":
        if len(rows) < rows.max_entries:
            rows.append_entry()
        return True
    place = step.removeprefix("remove-")
    if place.isdecimal() and int(place) < len(rows):
        del rows.entries[int(place)]
    return True
