"""Activities at Children's Homes: the coming weeks, one page for each, plan, call off, repeat."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from tenants.calendar import CountyCalendar
from tenants.enums import ActivityState
from tenants.models import Activity, Resource, utc_now
from tenants.queries import activities as queries
from tenants.queries import people
from tenants.queries.calendar import calendar_of
from tenants.queries.homes import open_homes
from tenants.queries.resources import resources
from tenants.queries.templates import one as one_template
from tenants.queries.wishes import suits
from tenants.roles import FIRST_TEAM, RoleWanted
from tenants.services import activities as services
from tenants.services import participation, series
from tenants.services.templates import activity_of
from weibao import hx
from weibao.access import me
from weibao.db import db
from weibao.forms.activities import ActivityFilterForm, ActivityForm, RepeatForm
from weibao.forms.fields import take_step
from weibao.forms.roles import offer_words, show_roles
from weibao.i18n import local, today, zone
from weibao.typed import day_of
from weibao.views import moving
from weibao.views.availability.common import wish_of
from weibao.views.refusals import shown_in
from weibao.words import named

blueprint = Blueprint("activities", __name__, url_prefix="/activities")
WEEKS = 4
Answer = str | tuple[str, int] | BaseResponse


@blueprint.get("")
def index() -> str:
    """Four weeks of activities from the week of the day in the address."""
    session, form = db.session(), ActivityFilterForm(request.args)
    homes = open_homes(session)
    form.home.choices = [*form.home.choices, *((row.id, named(row)) for row in homes)]
    first = _monday(request.args.get("from"))
    begin = today() if first == _monday(None) else first
    rows = queries.between(session, _midnight(begin), _midnight(first + timedelta(weeks=WEEKS)), form.home.data)
    return hx.render(
        "activities/index.html",
        "activities/_weeks.html",
        form=form,
        weeks=_weeks(rows, first, calendar_of(session, me().county_id)),
        homes=homes,
        earlier=first - timedelta(weeks=WEEKS),
        later=first + timedelta(weeks=WEEKS),
        is_present=first == _monday(None),
        home=form.home.data or None,
    )


@blueprint.get("/<activity_id>")
def show(activity_id: str) -> str:
    """One activity with its team."""
    return _page(queries.one(db.session(), activity_id), RepeatForm())


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Plan an activity."""
    day = day_of(request.args.get("day"))
    team: Sequence[RoleWanted] = FIRST_TEAM
    begin_with: dict[str, Any] = {"home_id": request.args.get("home"), "day": day}
    if request.args.get("template"):
        facts = activity_of(one_template(db.session(), request.args["template"]), day=day or today(), home_id="")
        team = facts.roles
        begin_with = {**vars(facts), **begin_with}
        del begin_with["roles"]
    form = ActivityForm(**begin_with)
    if not form.is_submitted():
        show_roles(form.roles, team)
    return _edited(form, None, team)


@blueprint.route("/<activity_id>/edit", methods=["GET", "POST"])
def edit(activity_id: str) -> Answer:
    """Change an activity."""
    activity = queries.one(db.session(), activity_id)
    facts = services.facts_of(activity, zone())
    form = ActivityForm(**{name: value for name, value in vars(facts).items() if name != "roles"})
    if not form.is_submitted():
        form.show(facts)
    return _edited(form, activity, facts.roles)


@blueprint.post("/<activity_id>/cancel")
def cancel(activity_id: str) -> BaseResponse:
    """Call an activity off; its page offers to undo it."""
    services.set_cancelled(db.session(), me().actor, queries.one(db.session(), activity_id), True)
    return _back(activity_id)


@blueprint.post("/<activity_id>/restore")
def restore(activity_id: str) -> BaseResponse:
    """Put an activity back."""
    services.set_cancelled(db.session(), me().actor, queries.one(db.session(), activity_id), False)
    return _back(activity_id, _("The activity is planned again."))


@blueprint.post("/<activity_id>/repeat")
def repeat(activity_id: str) -> Answer:
    """Copy an activity to later weeks, as a series with its exceptions."""
    activity, form = queries.one(db.session(), activity_id), RepeatForm()
    if form.validate():
        with shown_in(form):
            made = series.repeat(db.session(), me().actor, activity, form.facts())
            return _back(activity_id, ngettext("%(num)s activity added.", "%(num)s activities added.", made))
    return _page(activity, form), 422


def _edited(form: ActivityForm, activity: Activity | None, team: Sequence[RoleWanted]) -> Answer:
    """The form of a new or a present activity: add and remove rows, save, or show what is wrong."""
    session = db.session()
    keeps = request.form.get("step") == moving.KEEP
    stepped = form.is_submitted() and not keeps and take_step(form.roles, request.form.get("step"))
    form.home_id.choices = [("", _("Choose…")), *((row.id, named(row)) for row in open_homes(session))]
    if activity is not None and activity.home_id not in dict(form.home_id.choices):
        form.home_id.choices.append((activity.home_id, named(activity.home)))
    offer_words(form.roles, team, people.skills_in_use(session))
    _offer_resources(form, activity)
    proposal = None
    if not stepped and form.validate_on_submit():
        with shown_in(form):
            if activity is None:
                return _back(services.create(session, me().actor, form.facts()).id, _("Saved."))
            shown = moving.propose(activity, form.facts())
            if not shown.says_something or moving.may_be_kept(shown, form.anyway):
                moving.keep(activity, shown, _("Saved."))
                return _back(activity.id)
            proposal = shown
    address = url_for("activities.edit", activity_id=activity.id) if activity else url_for("activities.new")
    page = hx.render(
        "activities/edit.html",
        "roles/_rows.html",
        form=form,
        activity=activity,
        address=address,
        proposal=proposal,
        agreed=moving.agreed(),
    )
    if proposal is not None:
        session.rollback()  # shown, not kept
    refused = form.is_submitted() and not stepped and (proposal is None or keeps)
    return (page, 422) if refused else page


def _offer_resources(form: ActivityForm, activity: Activity | None) -> None:
    """Rooms and things in use, and those that the activity has already."""
    held = [row.resource for row in activity.resources] if activity else []
    rows = {row.id: row for row in (*resources(db.session(), in_use=True), *held)}
    form.resources.choices = [(row.id, _with_home(row)) for row in rows.values()]


def _with_home(row: Resource) -> str:
    return f"{named(row)} · {named(row.home)}" if row.home else named(row)


def _back(activity_id: str, done: str | None = None) -> BaseResponse:
    if done:
        flash(done, "success")
    return hx.redirect(url_for("activities.show", activity_id=activity_id))


def _own_wish(activity: Activity) -> dict[str, Any] | None:
    """What the account's own person says of a coming activity that has a role for them."""
    person_id = me().person_id
    if person_id is None or activity.starts_at <= utc_now() or activity.state is not ActivityState.PLANNED:
        return None
    person = people.one(db.session(), person_id)
    return wish_of(person, activity, own=True) if suits(activity, person) else None


def _page(activity: Activity, form: RepeatForm) -> str:
    return render_template(
        "activities/show.html",
        activity=activity,
        wish=_own_wish(activity),
        form=form,
        is_cancelled=activity.state is ActivityState.CANCELLED,
        is_held=activity.state is ActivityState.HELD,
        told=queries.people_told(db.session(), activity),
        concerned=queries.concerned(db.session(), activity),
        record=participation.record_of(db.session(), activity),
        enrolled=queries.enrolled(db.session(), activity),
        photos=queries.photos(db.session(), activity),
        series=series.series_of(db.session(), activity),
        begun=activity.starts_at <= utc_now(),
    )


def _monday(text: str | None) -> date:
    """The Monday of the week of a day in an address; of the present week when it cannot be read."""
    day = day_of(text) or today()
    return day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone())


def _free_day(calendar: CountyCalendar, monday: date) -> date | None:
    """On what day of a week an activity is suggested: the first free one that has not passed, if there is one."""
    first, after = max(monday, today()), monday + timedelta(weeks=1)
    return calendar.first_free(first, (after - first).days) if first < after else None


def _weeks(rows: Sequence[Activity], first: date, calendar: CountyCalendar) -> list[dict[str, Any]]:
    """Activities by week and day; weeks without any are among them."""
    weeks = []
    for number in range(WEEKS):
        monday = first + timedelta(weeks=number)
        mine = [row for row in rows if monday <= local(row.starts_at).date() < monday + timedelta(weeks=1)]
        days = sorted({local(row.starts_at).date() for row in mine})
        grouped = [(day, [row for row in mine if local(row.starts_at).date() == day]) for day in days]
        weeks.append(
            {
                "first": monday,
                "free": _free_day(calendar, monday),
                "last": monday + timedelta(days=6),
                "days": grouped,
                "holidays": calendar.holidays_between(monday, monday + timedelta(days=6)),
                "made_up": calendar.make_up_days(monday, monday + timedelta(days=6)),
            }
        )
    return weeks
