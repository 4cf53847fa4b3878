"""The planner's forms: a period, a run, a change by hand, a publication."""

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TimeField,
    validators,
)
from wtforms.widgets import HiddenInput

from scheduling.explain.change import ChangeKind
from scheduling.limits import MAX_WEIGHT
from scheduling.problem import Weights
from tenants.calendar import CountyCalendar
from weibao.explaining.costs import TERMS
from weibao.forms.fields import DayField, NumberField

# What the services answer, for the catalogue; the texts are shown through gettext.
ANSWERS = (
    _l("only a township plans rosters"),
    _l("this period holds more tasks, people or places than can be planned at once: choose a shorter one"),
    _l("must not lie in the past"),
    _l("must be 1 to 31 days"),
    _l("another draft covers a part of this period"),
    _l("the draft has been changed meanwhile"),
    _l("the draft is being planned: wait for the plan, or stop it"),
    _l("there is no change by hand to take back"),
    _l("there is no change to make again"),
    _l("somebody else has changed the draft since: what you meant is not the last change any more"),
    _l("choose the place of somebody else"),
    _l("this is no way to serve it any more: look at the ways that there are now"),
    _l("there is nothing to publish: plan the draft first"),
    _l("facts have changed since this plan was made: plan again"),
    _l("must be 1 to 3600 seconds"),
    _l("a time is needed"),
    _l("at least one person is needed"),
    _l("this is the time that it has now"),
    _l("must be a day of this draft"),
    _l("it is in the draft by now: look at its team"),
    _l("the draft does not serve this any more"),
    _l("this person is not on the team any more"),
    _l("one of the two does not hold this place any more: choose again"),
    _l("this person is on the team already"),
    _l("the worker died three times on this plan"),
    _l("a fault in the program; the operator finds it in the log"),
)
_REQUIRED = validators.InputRequired()
SWAP, FIX = "swap", "fix"


class PeriodForm(FlaskForm):
    """The period of a new draft."""

    starts_on = DayField(_l("First day"), [_REQUIRED])
    days = IntegerField(_l("Days"), [_REQUIRED, validators.NumberRange(1, 31, _l("must be 1 to 31 days"))])


class RunForm(FlaskForm):
    """How long to plan, and what each soft term costs."""

    revision = NumberField(widget=HiddenInput(), validators=[_REQUIRED])
    seconds = RadioField(
        _l("Time to plan"),
        choices=[(10, _l("10 seconds")), (30, _l("30 seconds")), (60, _l("1 minute")), (120, _l("2 minutes"))],
        coerce=int,
        default=30,
    )
    calm = BooleanField(_l("Also look for plans that disturb fewer people"))


def _weight(term: str) -> IntegerField:
    message = _l("must be a whole number from 0 to %(most)d", most=MAX_WEIGHT)
    return IntegerField(
        TERMS[term], [validators.InputRequired(message), validators.NumberRange(0, MAX_WEIGHT, message)]
    )


for _term in TERMS:
    setattr(RunForm, f"weight_{_term}", _weight(_term))


def weights_in(form: RunForm) -> dict[str, int]:
    """The weights that were entered."""
    return {term: form[f"weight_{term}"].data for term in TERMS}


def run_form(weights: Weights, revision: int) -> RunForm:
    """An empty form at a draft's weights."""
    return RunForm(revision=revision, **{f"weight_{term}": getattr(weights, term) for term in TERMS})


class ChangeForm(FlaskForm):
    """One change of one task.

    ``person`` joins or leaves, or ``by`` takes their seat; ``day`` and ``time`` are where it moves to. A task that is
    put into the roster has its team in ``seat``, as ``role:person``; empty ones are passed over. ``swap`` is another
    place, as ``task:person``, whose holder changes places with ``person``; ``fix`` names a way to serve an open task.
    """

    revision = NumberField(widget=HiddenInput(), validators=[_REQUIRED])
    kind = StringField(validators=[validators.AnyOf([*(kind.value for kind in ChangeKind), SWAP, FIX])])
    person = StringField(_l("Person"))
    role = StringField(_l("Role"))
    by = StringField()
    day = DayField(_l("Day"), [validators.Optional()])
    time = TimeField(_l("Time"), [validators.Optional()])
    seat = SelectMultipleField(_l("Team"), validate_choice=False)
    swap = StringField(_l("Change places with"))
    fix = StringField()
    anyway = BooleanField(_l("Keep it all the same"))


class RevisionForm(FlaskForm):
    """A step on a draft, by the revision that its planner has seen."""

    revision = NumberField(widget=HiddenInput(), validators=[_REQUIRED])


class StepForm(RevisionForm):
    """Take a change back, or make it again: which one, by its revision, and the page to go back to."""

    edit = NumberField(widget=HiddenInput(), validators=[validators.Optional()])
    task = StringField()
    tab = StringField()


class WayForm(RevisionForm):
    """Take the plan that disturbs at most so many people."""

    people = IntegerField(_l("Disturb at most so many people"), [_REQUIRED, validators.NumberRange(0, 100_000)])


class PinForm(RevisionForm):
    """Hold or free a time, a person, some tasks, or everything."""

    what = StringField(validators=[validators.AnyOf(["time", "seat", "tasks", "everything"])])
    person = StringField()
    pinned = BooleanField(false_values=("", "0", "false"))
    task = SelectMultipleField(validate_choice=False)


class WithdrawForm(FlaskForm):
    """Withdraw a published version."""

    reason = StringField(
        _l("Reason"),
        [validators.Length(max=300)],
        description=_l("Kept with the version, for the station alone. Nothing of any child."),
    )


class PublishForm(RevisionForm):
    """Publish; ``confirmed`` where the draft breaks rules."""

    confirmed = BooleanField(_l("Publish with these warnings all the same"))


def suggested_period(today: date) -> tuple[date, int]:
    """Two weeks from the next Monday; from tomorrow where that is as near."""
    return today + timedelta(days=(7 - today.weekday()) % 7 or 1), 14


def quick_periods(today: date, calendar: CountyCalendar) -> list[tuple[object, date, int]]:
    """Word, first day and days of the periods that are asked for most."""
    monday = today + timedelta(days=7 - today.weekday())
    free, days = calendar.next_free_days(today)
    return [
        (_l("Next week"), monday, 7),
        (_l("Two weeks from Monday"), monday, 14),
        (_l("Two weeks from tomorrow"), today + timedelta(days=1), 14),
        (_l("Next weekend") if days == 2 else _l("Next free days"), free, days),
    ]
