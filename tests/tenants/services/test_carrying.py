"""An activity that people hold is moved: their duties go along where they can, and everybody concerned is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import DutyAnswer, DutyState, MessageKind, PersonKind, SignUpState, SwapState
from tenants.models import Account, Activity, Assignment, Duty, Message, SignUp, SwapRequest, utc_now
from tenants.queries import duties, feeds
from tenants.services import activities, audit_log
from tenants.services.carrying import Carried, Judge, all_can
from tests import drafts
from tests.drafts import CHINA, activity_task, keep
from tests.duties import HOUR, add_visit, give, soon
from tests.world import World

DIRECTOR, VOLUNTEER = PersonKind.CHILD_DIRECTOR, PersonKind.VOLUNTEER
MOVED, CALLED_OFF = MessageKind.ACTIVITY_MOVED, MessageKind.DUTY_CALLED_OFF


@pytest.fixture
def activity(session: Session, world: World) -> Activity:
    """An activity of an hour at the first home, at 9:00 in four days; the volunteer has signed up for it."""
    row = session.get_one(Activity, (world.first.township, world.first.activity))
    row.starts_at, row.ends_at = soon(days=4), soon(days=4) + HOUR
    session.flush()
    return row


def hold(session: Session, world: World, kind: PersonKind = VOLUNTEER, role: str = "helper") -> Duty:
    """The activity held by sign-up, part of no roster."""
    duty = give(session, world.first, kind, activity=world.first.activity, role=role, starts_at=soon(days=4), version=0)
    return session.get_one(Duty, (world.first.township, duty))


def move(
    session: Session, world: World, activity: Activity, *, hours: int = 3, home: int = 1, judge: Judge = all_can
) -> Carried:
    facts = activities.facts_of(activity, CHINA)
    start = (activity.starts_at + hours * HOUR).astimezone(CHINA)
    end = (activity.ends_at + hours * HOUR).astimezone(CHINA)
    wanted = replace(facts, day=start.date(), start=start.time(), end=end.time(), home_id=world.first.homes[home])
    return activities.edit(session, world.head, activity, wanted, judge=judge)


def told(session: Session, world: World, kind: MessageKind, who: PersonKind = VOLUNTEER) -> Sequence[Message]:
    account = select(Account.id).where(Account.person_id == world.first.people[who])
    return session.scalars(select(Message).where(Message.kind == kind, Message.account_id.in_(account))).all()


def is_one_day(start: datetime) -> bool:
    """An hour from then on does not pass midnight in China; no activity may."""
    return start.astimezone(CHINA).date() == (start + HOUR).astimezone(CHINA).date()


def test_the_duty_goes_along_and_every_calendar_says_the_same(
    session: Session, world: World, activity: Activity
) -> None:
    duty = hold(session, world)
    duty.answer, before = DutyAnswer.ACCEPTED, duty.sequence

    carried = move(session, world, activity)

    assert (carried.kept, carried.freed) == ((duty,), ())
    (mine,) = duties.in_feed(session, duty.person_id, datetime.now(UTC))
    (townships,) = [task for task in feeds.of_township(session, datetime.now(UTC)) if task.activity_id == activity.id]
    (homes,) = feeds.of_home(session, world.first.homes[1], datetime.now(UTC))
    assert {(one.starts_at, one.ends_at, one.home) for one in (mine, townships, homes)} == {
        (soon(days=4) + 3 * HOUR, soon(days=4) + 4 * HOUR, "甲镇1村 CANARY-ALPHA儿童之家")
    }
    assert feeds.of_home(session, world.first.homes[0], datetime.now(UTC)) == []
    assert duty.sequence == before + 1
    assert duty.answer is None, "what was said holds for one time and place"


def test_whoever_holds_it_and_whoever_waits_for_a_place_is_told_where_it_is_now_and_was(
    session: Session, world: World, activity: Activity
) -> None:
    hold(session, world)
    session.add(SignUp(township_id=world.first.township, activity_id=activity.id, role="lead",
                       person_id=world.first.people[DIRECTOR], state=SignUpState.WAITING))  # fmt: skip

    move(session, world, activity)

    for who in (VOLUNTEER, DIRECTOR):
        (message,) = told(session, world, MOVED, who)
        assert message.facts["starts_at"] == (soon(days=4) + 3 * HOUR).isoformat()
        assert message.facts["was_at"] == soon(days=4).isoformat()
        assert (message.facts["village"], message.facts["was_in"]) == (
            "甲镇1村 CANARY-ALPHA", "甲镇0村 CANARY-ALPHA",
        )  # fmt: skip
        assert not message.urgent


def test_the_news_of_what_is_near_does_not_wait(session: Session, world: World, activity: Activity) -> None:
    hold(session, world)
    start = next(at for hours in (5, 7) if is_one_day(at := utc_now() + hours * HOUR))
    activity.starts_at, activity.ends_at = start, start + HOUR
    session.flush()
    facts = activities.facts_of(activity, CHINA)
    later = replace(facts, day=facts.day + timedelta(days=3))
    activities.edit(session, world.head, activity, later)
    assert [message.urgent for message in told(session, world, MOVED)] == [True]


def test_whoever_has_another_duty_then_loses_the_place_and_is_told(
    session: Session, world: World, activity: Activity
) -> None:
    duty, other = hold(session, world), hold(session, world, DIRECTOR, "lead")
    give(session, world.first, VOLUNTEER, visit=add_visit(session, world.first), role="companion",
         starts_at=soon(days=4) + 3 * HOUR)  # fmt: skip
    search = SwapRequest(township_id=duty.township_id, duty_id=duty.id, person_id=duty.person_id, reason="illness")
    session.add(search)

    carried = move(session, world, activity)

    assert (carried.kept, carried.freed) == ((other,), (duty,))
    assert (duty.state, duty.starts_at) == (DutyState.CANCELLED, soon(days=4))
    assert search.state is SwapState.WITHDRAWN
    (message,) = told(session, world, CALLED_OFF)
    assert message.facts["moved_to"] == (soon(days=4) + 3 * HOUR).isoformat()
    assert len(told(session, world, MOVED, DIRECTOR)) == 1


def test_a_duty_in_another_township_stands_against_it_by_the_databases_word(
    session: Session, world: World, activity: Activity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the program looks for nothing, the database refuses two places at once all the same."""
    duty = hold(session, world)
    give(session, world.first, VOLUNTEER, visit=add_visit(session, world.first), role="companion",
         starts_at=soon(days=4) + 3 * HOUR)  # fmt: skip
    monkeypatch.setattr("tenants.services.bookings.refuse_two_places", lambda *_args, **_more: None)

    assert move(session, world, activity).freed == (duty,)
    assert (duty.state, duty.starts_at) == (DutyState.CANCELLED, soon(days=4))


def test_whoever_cannot_come_by_the_judges_word_loses_the_place_in_the_draft_too(
    session: Session, world: World, activity: Activity
) -> None:
    duty = hold(session, world)
    draft = drafts.begin(session, world)
    keep(session, world, draft, activity_task(session, world))

    carried = move(session, world, activity, judge=lambda held: [one.person_id for one in held])

    assert carried.freed == (duty,)
    (row,) = session.scalars(select(Assignment).where(Assignment.roster_id == draft.id))
    assert [seat.person_id for seat in row.seats] == [world.first.people[DIRECTOR]]


def test_what_has_begun_is_history(session: Session, world: World, activity: Activity) -> None:
    begun = give(session, world.first, VOLUNTEER, activity=activity.id, role="helper", starts_at=soon(days=-1))

    assert move(session, world, activity) == Carried()
    assert session.get_one(Duty, (world.first.township, begun)).starts_at == soon(days=-1)
    assert told(session, world, MOVED) == []


def test_another_end_reaches_the_duty_and_another_title_tells_nobody(
    session: Session, world: World, activity: Activity
) -> None:
    duty = hold(session, world)
    facts = activities.facts_of(activity, CHINA)
    activities.edit(session, world.head, activity, replace(facts, title="合唱"))
    assert (duty.sequence, told(session, world, MOVED)) == (1, [])

    longer = (activity.ends_at + HOUR).astimezone(CHINA).time()
    activities.edit(session, world.head, activity, replace(facts, end=longer))
    assert (duty.ends_at, duty.sequence) == (soon(days=4) + 2 * HOUR, 2)
    assert len(told(session, world, MOVED)) == 1


def test_the_log_counts_who_kept_and_who_lost_the_place(
    session: Session, world: World, activity: Activity, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(session, world)
    noted = []
    record = audit_log.record
    monkeypatch.setattr(audit_log, "record", lambda *args, **more: noted.append(more) or record(*args, **more))
    move(session, world, activity)
    assert noted == [{"details": {"kept": 1, "freed": 0}}]
