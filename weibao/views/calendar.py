"""The township's calendar: visits and activities, holidays and terms; an activity moved after its cost was shown."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tenants.calendar import CountyCalendar, DayKind, Span, SpanKind, festivals
from tenants.enums import ActivityState
from tenants.errors import ConflictError, InvalidError
from tenants.models import Activity
from tenants.queries import township_calendar as queries
from tenants.queries.activities import one
from tenants.queries.calendar import calendar_of
from tenants.queries.homes import open_homes
from tenants.queries.rosters import people
from tenants.queries.township_calendar import CalendarItem, ItemState
from weibao import hx, i18n
from weibao.access import may, me
from weibao.db import db
from weibao.forms.calendar import CalendarFilterForm, MoveForm
from weibao.planning import moves
from weibao.typed import day_of
from weibao.views import moving
from weibao.views.moving import Proposal
from weibao.views.refusals import put, said
from weibao.words import label, named

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")
MOST_DAYS = 100
SIGNS = {
    ItemState.DUE: "!",
    ItemState.PLANNED: "○",
    ItemState.PROPOSED: "◇",
    ItemState.PUBLISHED: "●",
    ItemState.DONE: "✓",
    ItemState.CANCELLED: "×",
}
MOVABLE = frozenset({ItemState.PLANNED, ItemState.PROPOSED, ItemState.PUBLISHED})


@blueprint.get("")
def page() -> str:
    """The calendar; its script reads what it shows from ``events``."""
    now = i18n.local(datetime.now(i18n.zone()))
    return render_template(
        "calendar/page.html",
        form=_form(),
        signs=SIGNS,
        now=now,
        is_person=me().person_id is not None,
        is_empty=queries.is_empty(db.session()),
    )


def _form() -> CalendarFilterForm:
    """The filter with the township's homes and people."""
    session, form = db.session(), CalendarFilterForm(request.args)
    homes = sorted(((home.village_id, named(home)) for home in open_homes(session)), key=lambda pair: pair[1])
    everybody = sorted(((row.id, named(row)) for row in people(session).values()), key=lambda pair: pair[1])
    form.village.choices = [("", _("All")), *homes]
    form.person.choices = [("", _("All")), *everybody]
    return form


@blueprint.get("/events.json")
def events() -> Response:
    """What stands from one day to another, as FullCalendar takes it; times are of the county's clock."""
    first, last = _day("start"), _day("end")
    if not timedelta() < last - first <= timedelta(days=MOST_DAYS):
        abort(400)
    zone = i18n.zone()
    begin, end = datetime.combine(first, time(), tzinfo=zone), datetime.combine(last, time(), tzinfo=zone)
    found = queries.items(db.session(), begin, end, _form().wanted())
    calendar = calendar_of(db.session(), me().county_id)
    return jsonify([*map(_event, found), *_days(calendar, first, last)])


def _day(name: str) -> date:
    return day_of(request.args.get(name)) or abort(400)


def _event(item: CalendarItem) -> dict[str, Any]:
    """A visit by its case code or an activity by its title; the state is told by sign, word and colour."""
    what = _("Visit %(code)s", code=item.case_code) if item.is_visit else _title(item)
    found: dict[str, Any] = {
        "id": item.task_id,
        "title": f"{SIGNS[item.state]} {what} ({label(item.state)})",
        "classNames": [f"wb-item-{item.state.value}"],
        "url": _address(item),
        "editable": False,
    }
    if item.starts_at is None or item.ends_at is None:
        return found | {"start": item.due_on.isoformat() if item.due_on else None, "allDay": True}
    times = {"start": _wall(item.starts_at), "end": _wall(item.ends_at)}
    return found | times | _movable(item)


def _title(item: CalendarItem) -> str:
    return i18n.of_both(item.title, item.title_en)


def _wall(moment: datetime) -> str:
    return i18n.local(moment).replace(tzinfo=None).isoformat()


def _movable(item: CalendarItem) -> dict[str, Any]:
    """Where a dragged item is sent to be weighed: a visit to its draft, an activity to its own page."""
    if not may("calendar.move") or item.state not in MOVABLE:
        return {}
    if not item.is_visit:
        return {"editable": True, "move": url_for("calendar.move", activity_id=item.task_id)}
    if not item.roster_id:
        return {}
    address = url_for("planner.consider", roster_id=item.roster_id, task_id=item.task_id)
    return {"editable": True, "move": address, "revision": item.revision}


def _address(item: CalendarItem) -> str:
    if item.roster_id and may("planner.task"):
        return url_for("planner.task", roster_id=item.roster_id, task_id=item.task_id)
    if item.is_visit:
        return url_for("children.show", child_id=item.child_id)
    return url_for("activities.show", activity_id=item.task_id)


def _days(calendar: CountyCalendar, first: date, last: date) -> list[dict[str, Any]]:
    """Holidays, make-up days, the first days of terms, and lunar festivals by name."""
    found = []
    for index in range((last - first).days):
        day = first + timedelta(days=index)
        names = _names_of(calendar, day)
        if names:
            found.append(_day_event(day, " · ".join(names), free=calendar.is_free(day)))
        if calendar.is_free(day):
            found.append({"start": day.isoformat(), "display": "background", "classNames": ["wb-day-free"]})
    return found


def _names_of(calendar: CountyCalendar, day: date) -> list[str]:
    """What a day is called; a name out of a provisional table says so."""
    told = [
        (_span_word(span, day), table.provisional)
        for table in calendar.tables_on(day)
        for span in table.spans
        if day in span
    ]
    words = [_("%(name)s (provisional)", name=word) if provisional else word for word, provisional in told if word]
    zh, en = festivals(day.year).get(day, ("", ""))
    festival = i18n.of_both(zh, en)
    return words if not festival or any(festival in word for word in words) else [*words, festival]


def _span_word(span: Span, day: date) -> str:
    """What a span says on one of its days: a term and a school holiday on the first one alone."""
    if span.kind in {SpanKind.TERM, SpanKind.WINTER, SpanKind.SUMMER}:
        return _("%(name)s begins", name=named(span)) if day == span.first else ""
    return named(span)


def _day_event(day: date, words: str, *, free: bool) -> dict[str, Any]:
    kind = "free" if free else "school"
    return {
        "start": day.isoformat(),
        "allDay": True,
        "title": words,
        "classNames": [f"wb-dayname-{kind}"],
        "editable": False,
    }


@blueprint.route("/activities/<activity_id>/move", methods=["GET", "POST"])
def move(activity_id: str) -> str | tuple[str, int] | BaseResponse:
    """Move an activity: who comes along, what it breaks and costs is shown first, then kept; without dragging, too."""
    session, activity = db.session(), one(db.session(), activity_id)
    start = i18n.local(activity.starts_at)
    form = MoveForm(day=start.date(), time=start.time())
    if not form.is_submitted():
        return _move_page(activity, form, None)
    if not form.validate():
        return _move_page(activity, form, None), 422
    try:
        facts = moves.at_another_time(session, me().actor, activity, form.day.data, form.time.data)
        proposal = moving.propose(activity, facts)
        if moving.may_be_kept(proposal, form.anyway):
            moving.keep(activity, proposal, _("Moved."))
            return hx.redirect(url_for("calendar.page", date=form.day.data.isoformat()))
    except (InvalidError, ConflictError) as error:
        session.rollback()
        put(form, "time" if error.field in {"end", "start"} else error.field, said(error))
        return _move_page(one(session, activity_id), form, None), 422
    page = _move_page(activity, form, proposal)
    session.rollback()
    return page if request.form.get("step") != moving.KEEP else (page, 422)


def _move_page(activity: Activity, form: MoveForm, proposal: Proposal | None) -> str:
    calendar = calendar_of(db.session(), me().county_id)
    day = form.day.data
    return render_template(
        "calendar/move.html",
        activity=activity,
        form=form,
        proposal=proposal,
        school_day=bool(day) and calendar.kind(day) is DayKind.SCHOOL,
        agreed=moving.agreed(),
        is_off=activity.state is ActivityState.CANCELLED,
    )
