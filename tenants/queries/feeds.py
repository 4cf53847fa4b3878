"""What the calendars of a township and of a Children's Home, and a village's page, show: a line for each task.

A duty has its own number of changes; a task's is made of all its duties' (and of the activity's own), so that it rises
whenever a duty joins, changes or falls away, and never falls: duties are kept.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from tenants.enums import ActivityState
from tenants.models import Activity, Duty, Home, Village
from tenants.queries import duties
from tenants.queries.duties import HeldDuty, TeamMember

UNHELD_AHEAD = timedelta(days=28)
"""How far ahead a village's page shows an activity that nobody holds: a series may be planned for half a year."""


@dataclass(frozen=True, kw_only=True)
class FeedTask:
    """A visit (with its case code) or an activity (with its title), where it is and who comes.

    No township is named: the calendar is the township's own.
    """

    visit_id: str | None
    activity_id: str | None
    starts_at: datetime
    ends_at: datetime
    sequence: int
    created_at: datetime
    changed_at: datetime
    is_cancelled: bool
    village: str
    village_en: str
    home: str | None
    case_code: str | None = None
    title: str | None = None
    title_en: str | None = None
    township: str = ""
    township_en: str = ""
    team: tuple[TeamMember, ...] = ()

    @property
    def task_id(self) -> str:
        """Id of the visit or of the activity."""
        return self.visit_id or self.activity_id or ""


def of_home(session: Session, home_id: str, now: datetime) -> list[FeedTask]:
    """A home's activities, up to 180 days back and called-off ones for 30 days; nobody's name is among them.

    An activity that was moved to another home stands in that one's calendar alone and not as cancelled here: which home
    it was at before is kept nowhere. Whoever subscribes takes a feed over as a whole, so that it goes there too, and
    whoever holds it or would like a place of it is told by a message.
    """
    shown = and_(Activity.home_id == home_id, shown_activities(*duties.kept_since(now)))
    return [_of_activity(*row) for row in _activities(session, shown)]


def of_township(session: Session, now: datetime) -> list[FeedTask]:
    """The township's published visits and all its activities, each with its team, by time."""
    shown = shown_activities(*duties.kept_since(now))
    return _tasks(session, duties.of_township_in_feed(session, now), shown)


def of_village(session: Session, village_id: str, now: datetime) -> list[FeedTask]:
    """The visits and activities in a village that are not over yet, each with its team, by time.

    A visit is called off where nobody of its team is left, an activity where it is so itself. One that nobody holds yet
    is shown if it begins within ``UNHELD_AHEAD``.
    """
    held = duties.in_village(session, village_id, now)
    taken = {duty.activity_id for duty in held if not duty.is_cancelled}
    near = or_(Activity.starts_at < now + UNHELD_AHEAD, Activity.id.in_(taken))
    return _tasks(session, held, and_(Home.village_id == village_id, Activity.ends_at >= now, near))


def _tasks(session: Session, duties_of_all: Iterable[HeldDuty], shown: ColumnElement[bool]) -> list[FeedTask]:
    """The visits that some duties are for, and the activities that are to be shown, with those duties' teams."""
    held: dict[str, list[HeldDuty]] = defaultdict(list)
    for duty in duties_of_all:
        held[duty.task_id].append(duty)
    rows = _activities(session, shown)
    changes = _changes(session, held.keys() | {activity.id for activity, _home, _village in rows})
    activities = [_with_duties(_of_activity(*row), held[row[0].id], changes.get(row[0].id)) for row in rows]
    visits = [_of_visit(team, changes[task]) for task, team in held.items() if team and team[0].visit_id]
    return sorted([*visits, *activities], key=lambda task: (task.starts_at, task.task_id))


def shown_activities(held_since: Any, cancelled_since: Any) -> ColumnElement[bool]:
    """Whether feeds show an activity; as ``duties.shown_in_feed`` has it of a duty."""
    stands = and_(Activity.state != ActivityState.CANCELLED, Activity.ends_at >= held_since)
    return or_(stands, and_(Activity.state == ActivityState.CANCELLED, Activity.changed_at >= cancelled_since))


def _activities(session: Session, shown: ColumnElement[bool]) -> list[tuple[Activity, Home, Village]]:
    query = (
        select(Activity, Home, Village)
        .join(Home, and_(Home.township_id == Activity.township_id, Home.id == Activity.home_id))
        .join(Village, and_(Village.township_id == Home.township_id, Village.id == Home.village_id))
        .where(shown)
        .order_by(Activity.starts_at, Activity.id)
    )
    return [(activity, home, village) for activity, home, village in session.execute(query)]


@dataclass(frozen=True, kw_only=True)
class _Changes:
    """What came of a task's duties, all that ever were: their changes with one more for each of them, and when."""

    number: int
    created_at: datetime
    changed_at: datetime


def _changes(session: Session, tasks: Collection[str]) -> dict[str, _Changes]:
    task = func.coalesce(Duty.visit_id, Duty.activity_id)
    number, first, last = func.sum(Duty.sequence + 1), func.min(Duty.created_at), func.max(Duty.changed_at)
    rows = session.execute(select(task, number, first, last).where(task.in_(tasks)).group_by(task))
    return {row[0]: _Changes(number=int(row[1]), created_at=row[2], changed_at=row[3]) for row in rows}


def _of_activity(activity: Activity, home: Home, village: Village) -> FeedTask:
    return FeedTask(
        visit_id=None,
        activity_id=activity.id,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        sequence=activity.sequence,
        created_at=activity.created_at,
        changed_at=activity.changed_at,
        is_cancelled=activity.state is ActivityState.CANCELLED,
        village=village.name,
        village_en=village.name_en,
        home=home.name,
        title=activity.title,
        title_en=activity.title_en,
    )


def _with_duties(task: FeedTask, held: list[HeldDuty], changes: _Changes | None) -> FeedTask:
    """An activity with its team; whoever is told of the activity is told of a change in the team too."""
    if changes is None:
        return task
    number, changed_at = task.sequence + changes.number, max(task.changed_at, changes.changed_at)
    team = next((duty.team for duty in held if not duty.is_cancelled), ())
    return replace(task, sequence=number, changed_at=changed_at, team=team)


def _of_visit(held: list[HeldDuty], changes: _Changes) -> FeedTask:
    """A visit as its duties have it; cancelled where nobody comes any more."""
    stands = [duty for duty in held if not duty.is_cancelled]
    first = (stands or sorted(held, key=lambda duty: duty.changed_at, reverse=True))[0]
    return FeedTask(
        visit_id=first.visit_id,
        activity_id=None,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        sequence=changes.number,
        created_at=changes.created_at,
        changed_at=changes.changed_at,
        is_cancelled=not stands,
        village=first.village,
        village_en=first.village_en,
        home=None,
        case_code=first.case_code,
        team=first.team,
    )
