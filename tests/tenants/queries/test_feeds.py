"""What stands on a village's page: its visits and its home's activities, whoever holds them."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from tenants.enums import ActivityState, DutyState, PersonKind
from tenants.models import Activity
from tenants.queries import feeds
from tests.duties import add_visit, give, soon
from tests.world import Place, World

NOW = datetime.now(UTC)
DIRECTOR, VOLUNTEER, WORKER = PersonKind.CHILD_DIRECTOR, PersonKind.VOLUNTEER, PersonKind.SOCIAL_WORKER
CANCELLED = DutyState.CANCELLED


def activity_at(session: Session, place: Place, starts_at: datetime) -> Activity:
    """The township's activity, in the home of the first village, at another time."""
    activity = session.get_one(Activity, (place.township, place.activity))
    activity.starts_at, activity.ends_at = starts_at, starts_at + timedelta(hours=1)
    session.flush()
    return activity


def in_village(session: Session, place: Place, village: int = 0) -> list[tuple[str, bool, int]]:
    found = feeds.of_village(session, place.villages[village], NOW)
    return [(task.task_id, task.is_cancelled, len(task.team)) for task in found]


def test_a_village_shows_each_task_once_and_a_visit_cancelled_only_when_nobody_is_left(
    session: Session, world: World
) -> None:
    place = world.first
    activity_at(session, place, soon(days=4))
    shared, dropped, elsewhere = (add_visit(session, place, child) for child in (0, 3, 1))
    give(session, place, VOLUNTEER, visit=shared, state=CANCELLED, sequence=1, role="companion")
    give(session, place, WORKER, visit=shared)
    give(session, place, DIRECTOR, visit=dropped, state=CANCELLED, sequence=1, starts_at=soon(days=3))
    give(session, place, VOLUNTEER, visit=elsewhere)
    give(session, place, VOLUNTEER, activity=place.activity, role="helper", starts_at=soon(days=4))

    assert in_village(session, place) == [(shared, False, 1), (dropped, True, 0), (place.activity, False, 1)]


def test_an_activity_that_nobody_holds_yet_stands_there_too(session: Session, world: World) -> None:
    activity_at(session, world.first, soon(days=4))

    assert in_village(session, world.first) == [(world.first.activity, False, 0)]
    assert in_village(session, world.first, 1) == []


def test_an_activity_that_was_put_back_stands_at_its_own_time_though_a_duty_of_it_was_cancelled(
    session: Session, world: World
) -> None:
    activity = activity_at(session, world.first, soon(days=4))
    give(session, world.first, VOLUNTEER, activity=activity.id, role="helper", state=CANCELLED, starts_at=soon(days=3))

    (task,) = feeds.of_village(session, world.first.villages[0], NOW)

    assert (task.is_cancelled, task.starts_at, task.team) == (False, activity.starts_at, ())


def test_an_activity_that_is_called_off_is_marked_until_its_time_is_over(session: Session, world: World) -> None:
    activity = activity_at(session, world.first, soon(days=4))
    activity.state = ActivityState.CANCELLED
    session.flush()
    assert in_village(session, world.first) == [(activity.id, True, 0)]

    activity_at(session, world.first, soon(days=-1))
    assert in_village(session, world.first) == []


def test_of_what_lies_far_ahead_only_what_somebody_holds_is_shown(session: Session, world: World) -> None:
    activity = activity_at(session, world.first, soon(days=40))
    assert in_village(session, world.first) == []

    give(session, world.first, VOLUNTEER, activity=activity.id, role="helper", starts_at=soon(days=40))
    assert in_village(session, world.first) == [(activity.id, False, 1)]
