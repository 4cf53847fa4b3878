"""Series of activities: repeat one, with exceptions; change or call off the rest of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.actor import Actor
from tenants.enums import ActivityState
from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.models import Activity, ActivitySeries, ActivitySeriesMember
from tenants.queries.calendar import calendar_of
from tenants.queries.due import county_today, county_zone
from tenants.services import activities, audit_log
from tenants.services.activities import Edit, facts_of
from tenants.services.carrying import Carried

MOST_TIMES, MOST_WEEKS_BETWEEN = 26, 8


@dataclass(frozen=True, kw_only=True)
class SeriesFacts:
    """How often an activity is repeated: ``times`` times, every ``every`` weeks, without the days in ``left_out``.

    ``only_free`` passes over days with school, make-up Saturdays among them.
    """

    times: int
    every: int = 1
    only_free: bool = False
    left_out: Sequence[date] = ()


@dataclass(frozen=True, kw_only=True)
class Changed:
    """An activity of a series that was changed like another one, and what became of the duties of it."""

    activity: Activity
    carried: Carried


def repeat(session: Session, actor: Actor, activity: Activity, facts: SeriesFacts) -> int:
    """Copy an activity to the same weekday and clock time of later weeks, and count the new ones.

    A week that has the same activity already is left alone, so that sending the form twice does no harm; so are days
    that are over.

    Raises:
        InvalidError: the numbers are out of bounds, or a room or a thing is taken on one of the days.

    """
    _check(facts)
    zone, calendar = county_zone(session, actor.county_id), calendar_of(session, actor.county_id)
    own = facts_of(activity, zone)
    days = [own.day + timedelta(weeks=facts.every * number) for number in range(1, facts.times + 1)]
    today = county_today(session, actor.county_id)
    coming = [day for day in days if day >= today]
    kept = [day for day in coming if day not in facts.left_out and (not facts.only_free or calendar.is_free(day))]
    made = [activities.copy_to(session, activity, replace(own, day=day), zone) for day in kept]
    added = [row for row in made if row is not None]
    series = series_of(session, activity) or _begin(session, activity)
    series.every, series.only_free = facts.every, facts.only_free
    series.left_out = sorted({*series.left_out, *(day.isoformat() for day in coming if day not in kept)})
    series.members += [ActivitySeriesMember(township_id=row.township_id, activity_id=row.id) for row in added]
    session.flush()
    details = {"weeks": facts.times, "every": facts.every, "made": len(added), "left_out": len(coming) - len(kept)}
    audit_log.record(session, actor, "activity.repeat", "activity", activity.id, details=details)
    return len(added)


def series_of(session: Session, activity: Activity) -> ActivitySeries | None:
    """The series that an activity belongs to."""
    member = select(ActivitySeriesMember.series_id).where(ActivitySeriesMember.activity_id == activity.id)
    return session.scalar(select(ActivitySeries).where(ActivitySeries.id.in_(member)))


def one(session: Session, series_id: str) -> ActivitySeries:
    """A series by id.

    Raises:
        NotFoundError: none such in the session's scope.

    """
    row = session.scalar(select(ActivitySeries).where(ActivitySeries.id == series_id))
    if row is None:
        raise NotFoundError("no such series")
    return row


def activities_of(session: Session, series: ActivitySeries) -> list[Activity]:
    """The activities of a series in order."""
    query = (
        select(Activity)
        .join(ActivitySeriesMember, ActivitySeriesMember.activity_id == Activity.id)
        .where(ActivitySeriesMember.series_id == series.id)
        .options(selectinload(Activity.home), selectinload(Activity.roles))
    )
    return list(session.scalars(query.order_by(Activity.starts_at, Activity.id)))


def later(session: Session, series: ActivitySeries, activity: Activity) -> list[Activity]:
    """The planned activities of a series after one of them."""
    rows = activities_of(session, series)
    return [row for row in rows if row.starts_at > activity.starts_at and row.state is ActivityState.PLANNED]


def change_later(session: Session, actor: Actor, activity: Activity, *, edit: Edit = activities.edit) -> list[Changed]:
    """Give the later activities of its series everything that one of them has but for its day, and return them.

    The duties that people hold of them go along as ``edit`` has it.

    Raises:
        ConflictError: it belongs to no series.
        InvalidError: a room or a thing is taken on one of the days.

    """
    series = series_of(session, activity)
    if series is None:
        raise ConflictError("This activity belongs to no series.")
    zone = county_zone(session, actor.county_id)
    own, rows = facts_of(activity, zone), later(session, series, activity)
    changed = []
    for row in rows:
        carried = edit(session, actor, row, replace(own, day=row.starts_at.astimezone(zone).date()))
        changed.append(Changed(activity=row, carried=carried))
    audit_log.record(session, actor, "series.change", "activity_series", series.id, details={"changed": len(rows)})
    return changed


def call_off_rest(session: Session, actor: Actor, series: ActivitySeries) -> int:
    """Call off all of a series that is still to come, and count it."""
    today, zone = county_today(session, actor.county_id), county_zone(session, actor.county_id)
    rows = [row for row in activities_of(session, series) if row.state is ActivityState.PLANNED]
    coming = [row for row in rows if row.starts_at.astimezone(zone).date() >= today]
    activities.call_off(session, actor, coming)
    audit_log.record(session, actor, "series.call_off", "activity_series", series.id, details={"off": len(coming)})
    return len(coming)


def _begin(session: Session, activity: Activity) -> ActivitySeries:
    series = ActivitySeries(township_id=activity.township_id, left_out=[])
    series.members = [ActivitySeriesMember(township_id=activity.township_id, activity_id=activity.id)]
    session.add(series)
    session.flush()
    return series


def _check(facts: SeriesFacts) -> None:
    if not 1 <= facts.times <= MOST_TIMES:
        raise InvalidError("Repeat 1 to 26 times.", field="weeks")
    if not 1 <= facts.every <= MOST_WEEKS_BETWEEN:
        raise InvalidError("Repeat every 1 to 8 weeks.", field="every")
