"""The page itself: one card for each thing that somebody can say, in their own words or entered by the station."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response as BaseResponse

from tenants.enums import DayPart
from tenants.models import Activity, Person, WeeklyAvailability, utc_now
from tenants.queries import people as queries
from tenants.queries import wishes
from tenants.queries.availability_requests import open_to
from tenants.services import halves
from tenants.services.availability import FreeTime
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.forms.availability_requests import WeekHalvesForm, hours, week_keys
from weibao.forms.people import WEEKDAYS, ExceptionForm, LimitsForm, SkillsForm, WeekForm
from weibao.forms.wishes import LastingForm, lasting_form
from weibao.i18n import today
from weibao.views.availability.holiday_rows import rows_of

blueprint = Blueprint("availability", __name__)
Answer = str | tuple[str, int] | BaseResponse
AHEAD = timedelta(weeks=6)
"""How far ahead activities are listed."""


@dataclass(frozen=True, kw_only=True)
class Typed:
    """Forms as they were sent, to be shown again; None: shown as it is kept."""

    week: WeekForm | None = None
    exception: ExceptionForm | None = None
    limits: LimitsForm | None = None
    lasting: LastingForm | None = None
    skills: SkillsForm | None = None


def myself() -> Person:
    """The account's own person; no such one answers 404."""
    return queries.one(db.session(), me().person_id or "")


def somebody(person_id: str) -> Person:
    """A person of the station's township."""
    return queries.one(db.session(), person_id)


def address(person: Person, *, own: bool) -> str:
    """The page of the person."""
    return url_for("availability.own") if own else url_for("availability.of_person", person_id=person.id)


def address_of(person: Person, what: str, *, own: bool, **values: Any) -> str:
    """Where a form of the page goes: ``own_WHAT``, or ``WHAT_of_person`` by the station."""
    if own:
        return url_for(f"availability.own_{what}", **values)
    return url_for(f"availability.{what}_of_person", person_id=person.id, **values)


def wish_of(person: Person, activity: Activity, *, own: bool) -> dict[str, Any]:
    """What ``availability/_wish.html`` shows of a person and one activity."""
    return {
        "activity": activity,
        "word": wishes.word_on(db.session(), person.id, activity),
        "lasting_word": wishes.lasting(person.lasting_wishes).word(activity.kind, activity.home.village_id),
        "action": address_of(person, "wish", own=own, activity_id=activity.id),
    }


def free_time(row: WeeklyAvailability) -> FreeTime:
    """A row of the week as the services take it."""
    return FreeTime(weekday=row.weekday, from_minute=row.from_minute, to_minute=row.to_minute)


def kept_week(person: Person) -> WeekForm:
    """The week's form as it is kept."""
    form = WeekForm(formdata=None)
    form.show([free_time(row) for row in person.weekly])
    return form


def exception_form() -> ExceptionForm:
    """The empty form for days that differ."""
    return ExceptionForm(formdata=None, prefix="exception")


def skills_form(person: Person, *, sent: bool = False) -> SkillsForm:
    """Skills in the person's own word; what the station has entered already is not asked for."""
    form = SkillsForm() if sent else SkillsForm(formdata=None)
    entered = {row.skill for row in person.skills}
    form.skills.choices = [(word, label) for word, label in form.skills.choices if word not in entered]
    if not sent:
        form.show_skills(row.skill for row in person.stated_skills if row.skill not in entered)
    return form


def own_lasting(person: Person, *, sent: bool = False) -> LastingForm:
    """Lasting wishes, as they are kept or were sent."""
    return lasting_form(person, queries.villages(db.session()), sent=sent)


def page(person: Person, *, own: bool, typed: Typed | None = None) -> str:
    """The whole page, or the rows of the week where htmx asks for them."""
    typed = typed or Typed()
    return hx.render(
        "availability/page.html",
        "availability/_rows.html",
        person=person,
        form=typed.week or kept_week(person),
        exception=typed.exception or exception_form(),
        limits=typed.limits or LimitsForm(formdata=None, obj=person),
        lasting=typed.lasting or own_lasting(person),
        skills=typed.skills or skills_form(person),
        own=own,
        address=address(person, own=own),
        to=partial(address_of, person, own=own),
        weekdays=WEEKDAYS,
        grid=WeekHalvesForm.rows(),
        ticked=week_keys(halves.ticked(free_time(row) for row in person.weekly)),
        hours=hours(),
        parts=[part.value for part in DayPart],
        asked=open_to(db.session(), person.id, today()) if own else (),
        **_days(person),
        **_activities(person),
    )


def _days(person: Person) -> dict[str, Any]:
    """Holidays to answer for, and the other days that differ."""
    holidays = rows_of(person)
    answered = {row.key for row in holidays}
    coming = [
        row
        for row in person.exceptions
        if row.to_day >= today()
        and row.invitation_id is None
        and row.lending_id is None
        and row.holiday not in answered
    ]
    return {"holidays": holidays, "coming": coming}


def _activities(person: Person) -> dict[str, Any]:
    """Coming activities with the person's words, and what lasting wishes say of those without one."""
    now, held = utc_now(), wishes.lasting(person.lasting_wishes)
    rows = wishes.open_to(db.session(), person, now, now + AHEAD)
    return {
        "activities": rows,
        "words": wishes.words_of(db.session(), person.id),
        "lasting_words": {row.id: held.word(row.kind, row.home.village_id) for row in rows},
    }
