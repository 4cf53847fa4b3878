"""What no longer takes place: whoever held it or wanted a place of it is told, once, in the same transaction."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import DutyState, MessageKind, PersonKind, SignUpState, SwapState
from tenants.models import Account, Activity, AuditEntry, Child, Duty, Message, SignUp, SwapRequest, utc_now
from tenants.queries import exchange
from tenants.services import activities, series, visits
from tenants.services.series import SeriesFacts
from tests.duties import HOUR, add_visit, give, soon
from tests.world import World

VOLUNTEER, DIRECTOR, WORKER = PersonKind.VOLUNTEER, PersonKind.CHILD_DIRECTOR, PersonKind.SOCIAL_WORKER
CALLED_OFF = MessageKind.DUTY_CALLED_OFF


@pytest.fixture
def activity(session: Session, world: World) -> Activity:
    return session.get_one(Activity, (world.first.township, world.first.activity))


def told(session: Session, world: World, kind: MessageKind, who: PersonKind = VOLUNTEER) -> list[Message]:
    mine = select(Account.id).where(Account.person_id == world.first.people[who])
    return list(session.scalars(select(Message).where(Message.kind == kind, Message.account_id.in_(mine))))


def wish(session: Session, world: World, activity: Activity, state: SignUpState) -> SignUp:
    row = SignUp(township_id=world.first.township, activity_id=activity.id, role="helper",
                 person_id=world.first.people[DIRECTOR], state=state)  # fmt: skip
    session.add(row)
    session.flush()
    return row


def test_whoever_holds_an_activity_that_is_called_off_is_told(
    session: Session, world: World, activity: Activity
) -> None:
    duty = give(session, world.first, VOLUNTEER, activity=activity.id, role="helper")
    search = SwapRequest(township_id=world.first.township, duty_id=duty, reason="illness",
                         person_id=world.first.people[VOLUNTEER])  # fmt: skip
    session.add(search)
    for _twice in range(2):
        activities.set_cancelled(session, world.head, activity, True)

    (message,) = told(session, world, CALLED_OFF)
    assert (message.facts["title"], message.facts["more"], message.subject_id) == (activity.title, 0, duty)
    assert not message.urgent
    assert search.state is SwapState.WITHDRAWN
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "activity.cancel"))
    assert entry.details == {"duties": 1, "wishes": 0}


def test_the_news_of_what_is_near_does_not_wait(session: Session, world: World, activity: Activity) -> None:
    give(session, world.first, VOLUNTEER, activity=activity.id, role="helper", starts_at=utc_now() + 5 * HOUR)
    activities.set_cancelled(session, world.head, activity, True)
    assert [message.urgent for message in told(session, world, CALLED_OFF)] == [True]


@pytest.mark.parametrize("state", [SignUpState.REQUESTED, SignUpState.WAITING])
def test_wishes_for_a_place_of_what_is_called_off_end_and_are_told(
    session: Session, world: World, activity: Activity, state: SignUpState
) -> None:
    row = wish(session, world, activity, state)

    activities.set_cancelled(session, world.head, activity, True)

    assert row.state is SignUpState.WITHDRAWN
    (message,) = told(session, world, MessageKind.SIGN_UP_REFUSED, DIRECTOR)
    assert message.facts["called_off"] is True


def test_a_wish_for_what_is_called_off_is_shown_to_nobody(session: Session, world: World, activity: Activity) -> None:
    """As wishes of an earlier release stand in the database."""
    activities.set_cancelled(session, world.head, activity, True)
    row = wish(session, world, activity, SignUpState.REQUESTED)
    assert exchange.wishes_of(session, row.person_id, datetime.now(UTC)) == []
    assert exchange.to_decide(session, datetime.now(UTC)) == []


def test_the_rest_of_a_series_is_one_message(session: Session, world: World, activity: Activity) -> None:
    series.repeat(session, world.head, activity, SeriesFacts(times=2))
    held = series.series_of(session, activity)
    assert held is not None
    for row in series.activities_of(session, held):
        give(session, world.first, VOLUNTEER, activity=row.id, role="helper", starts_at=row.starts_at)

    assert series.call_off_rest(session, world.head, held) == 3

    (message,) = told(session, world, CALLED_OFF)
    assert (message.facts["starts_at"], message.facts["more"]) == (activity.starts_at.isoformat(), 2)


def test_the_team_of_a_visit_that_no_rule_asks_for_any_more_is_told_and_of_the_child_nothing(
    session: Session, world: World
) -> None:
    duty = give(session, world.first, WORKER, visit=add_visit(session, world.first, 0))
    session.get_one(Child, (world.first.township, world.first.children[0])).closed_on = date(2026, 1, 1)
    session.flush()

    visits.refresh_due(session, world.head, datetime.now(UTC).date())

    (message,) = told(session, world, CALLED_OFF, WORKER)
    assert message.facts["is_visit"] is True
    assert not any(word in str(message.facts) for word in ("C-000", "PSEUDONYM"))
    assert session.get_one(Duty, (world.first.township, duty)).state is DutyState.CANCELLED
    assert message.facts["starts_at"] == soon().isoformat()
