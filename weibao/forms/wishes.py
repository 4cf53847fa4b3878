"""Forms about wishes: one activity, lasting ones, holidays."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, validators

from tenants.enums import ActivityKind, DayPart
from tenants.models import Person, Village
from tenants.services.wishes import WORDS_LENGTH, LastingFacts
from weibao.forms.fields import Word
from weibao.words import label, named

# What the services answer, for the catalogue; the texts are shown through gettext.
ANSWERS = (
    _l("This activity was called off or has begun."),
    _l("Write 500 characters at most."),
    _l("Name 20 skills at most."),
)
WORDS: dict[str, bool | None] = {"gladly": True, "none": None, "rather_not": False}
CHOICES = (("gladly", _l("Gladly")), ("none", _l("No word")), ("rather_not", _l("Rather not")))


def _word(value: Any) -> bool | None:
    """Gladly is True, rather not False, no word None."""
    if isinstance(value, bool):
        return value
    if value not in WORDS:
        raise ValueError(value)
    return WORDS[value]


def word_field(label: Word) -> RadioField:
    """Gladly, no word, rather not."""
    return RadioField(label, coerce=_word, choices=CHOICES)


class WordForm(FlaskForm):
    """One activity; ``at_activity``: it was said on the activity's own page."""

    word = SelectField(_l("Wish"), [validators.InputRequired()], coerce=_word, choices=CHOICES)
    at_activity = BooleanField()


class LastingForm(FlaskForm):
    """Lasting wishes; ``lasting_form`` adds a field for each kind of activity and each village."""

    own_words = TextAreaField(
        _l("In your own words"),
        [validators.Length(max=WORDS_LENGTH)],
        description=_l("What you would like to do, and what else the station should know."),
    )

    def kinds(self) -> list[RadioField]:
        """The fields of the kinds of activity."""
        return [self[f"kind_{kind.value}"] for kind in ActivityKind]

    def villages(self) -> list[RadioField]:
        """The fields of the villages."""
        return [field for field in self if field.name.startswith("village_")]

    def facts(self) -> LastingFacts:
        """What was said; what has no word is left out."""
        kinds = {kind: self[f"kind_{kind.value}"].data for kind in ActivityKind}
        villages = {field.name.removeprefix("village_"): field.data for field in self.villages()}
        return LastingFacts(
            kinds={kind: wants for kind, wants in kinds.items() if wants is not None},
            villages={village: wants for village, wants in villages.items() if wants is not None},
            own_words=self.own_words.data or "",
        )


def lasting_form(person: Person, villages: Sequence[Village], *, sent: bool) -> LastingForm:
    """The form of a person, as it is kept or (``sent``) as it was sent."""
    fields = {f"kind_{kind.value}": word_field(label(kind)) for kind in ActivityKind}
    fields |= {f"village_{village.id}": word_field(named(village)) for village in villages}
    form: Any = type("LastingForm", (LastingForm,), fields)
    held: dict[str, object] = {
        f"kind_{row.kind.value}" if row.kind else f"village_{row.village_id}": row.wants
        for row in person.lasting_wishes
    }
    source: dict[str, object] = {} if sent else {"formdata": None}
    found: LastingForm = form(**source, own_words=person.own_words, **held)
    return found


class HolidayForm(FlaskForm):
    """A holiday, and when somebody is free on its days."""

    holiday = StringField(_l("Holiday"), [validators.InputRequired()])
    answer = SelectField(
        _l("Free"),
        choices=[
            ("week", _l("As in a usual week")),
            ("away", _l("Not free")),
            ("all", _l("Free all day")),
            ("parts", _l("Only some half-days")),
        ],
    )
    parts = SelectMultipleField(
        _l("Free half-days"), coerce=DayPart, choices=[(part.value, label(part)) for part in DayPart]
    )

    def free(self) -> frozenset[DayPart] | None:
        """The half-days of each day; None: nothing is said."""
        by_tap = {"week": None, "away": frozenset(), "all": frozenset(DayPart)}
        return frozenset(self.parts.data or ()) if self.answer.data == "parts" else by_tap[self.answer.data]
