"""Purchased-service staff get no other work: not by the solver's plan, by hand, by a publication, or by their entry."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import Channel, DiversionWay, MessageKind, PersonKind, Service
from tenants.errors import DiversionError, ScopeError
from tenants.models import Account, Activity, DiversionAttempt, Message, Person, PostingNotice, Roster, new_id
from tenants.queries import staffing
from tenants.queries.due import county_today, county_zone
from tenants.scope import Scope
from tenants.services import activities, diversions, people, publishing, rosters
from tenants.services.imports.people import PersonRow, take_people
from tenants.services.people import PersonFacts
from tenants.services.rosters import Plan, PlannedSeat, PlannedTask, Standing
from tests.drafts import begin
from tests.duties import give
from tests.world import World
from weibao.db import session_for

TASK = new_id()
WORKER, VOLUNTEER = PersonKind.SOCIAL_WORKER, PersonKind.VOLUNTEER


def task(session: Session, world: World, kind: PersonKind) -> PlannedTask:
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    seat = PlannedSeat(person_id=world.first.people[kind], role="lead")
    return PlannedTask(
        visit_id=None, activity_id=activity.id, starts_at=activity.starts_at, ends_at=activity.ends_at, seats=(seat,)
    )


def turned(session: Session, world: World) -> None:
    """The activity becomes other work."""
    session.get_one(Activity, (world.first.township, world.first.activity)).service = Service.OTHER
    session.flush()


def plan_of(*tasks: PlannedTask) -> Plan:
    return Plan(tasks=tasks, unserved=(), medium=0, soft=0)


def change(session: Session, world: World, roster: Roster, wanted: PlannedTask) -> None:
    rosters.change_task(
        session, world.head, roster, wanted.task_id, wanted, Standing(unserved=(), medium=0, soft=0),
        action="roster.put_in", details={},
    )  # fmt: skip


def test_no_plan_and_no_change_by_hand_gives_them_other_work(station: Session, world: World) -> None:
    roster = begin(station, world, days=14)
    turned(station, world)
    for put in (
        lambda who: rosters.keep_plan(station, world.head, roster, plan_of(task(station, world, who))),
        lambda who: change(station, world, roster, task(station, world, who)),
    ):
        with pytest.raises(DiversionError) as caught:
            put(WORKER)
        assert (caught.value.person_id, caught.value.way) == (world.first.people[WORKER], DiversionWay.ROSTER)
        put(VOLUNTEER)


def test_draft_that_has_become_other_work_is_not_published(station: Session, world: World) -> None:
    roster = begin(station, world, days=14)
    rosters.keep_plan(station, world.head, roster, plan_of(task(station, world, WORKER)))
    turned(station, world)
    with pytest.raises(DiversionError):
        publishing.publish(station, world.head, roster)


def test_activity_that_they_hold_is_not_turned_into_other_work(station: Session, world: World) -> None:
    activity = station.get_one(Activity, (world.first.township, world.first.activity))
    zone = county_zone(station, world.county)
    facts = replace(activities.facts_of(activity, zone), service=Service.OTHER)
    give(station, world.first, WORKER, activity=activity.id)
    with pytest.raises(DiversionError) as caught:
        activities.edit(station, world.head, activity, facts)
    assert caught.value.way is DiversionWay.ACTIVITY
    activities.edit(station, world.head, activity, replace(facts, service=Service.SOCIAL_WORK))


def test_activity_without_them_may_become_other_work(station: Session, world: World) -> None:
    activity = station.get_one(Activity, (world.first.township, world.first.activity))
    give(station, world.first, VOLUNTEER, activity=activity.id)
    facts = replace(activities.facts_of(activity, county_zone(station, world.county)), service=Service.OTHER)
    activities.edit(station, world.head, activity, facts)
    assert activity.service is Service.OTHER


def test_township_does_not_take_them_off_the_purchased_service_staff(station: Session, world: World) -> None:
    worker = station.get_one(Person, (world.first.township, world.first.people[WORKER]))
    with pytest.raises(DiversionError) as caught:
        people.edit(station, world.head, worker, PersonFacts(name="x", kind=WORKER, dedicated=False))
    assert caught.value.way is DiversionWay.REGISTER
    people.edit(station, world.head, worker, PersonFacts(name="新名", kind=WORKER, dedicated=True))
    assert worker.name == "新名"


def test_township_does_not_take_a_posted_worker_back(station: Session, world: World) -> None:
    worker = station.get_one(Person, (world.first.township, world.first.people[WORKER]))
    worker.active = False
    people.set_active(station, world.head, worker, True)
    notice = PostingNotice(
        township_id=worker.township_id, posting_id="p", person_id=worker.id, arrives=False, other_township="乙镇",
        other_township_en="", from_day=county_today(station, world.county),
    )  # fmt: skip
    station.add(notice)
    worker.active = False
    with pytest.raises(DiversionError) as caught:
        people.set_active(station, world.head, worker, True)
    assert caught.value.way is DiversionWay.RETURN


def test_township_does_not_deactivate_them(station: Session, world: World) -> None:
    worker = station.get_one(Person, (world.first.township, world.first.people[WORKER]))
    with pytest.raises(DiversionError, match="by the county's act alone") as caught:
        people.set_active(station, world.head, worker, False)
    assert (caught.value.way, caught.value.person_id) == (DiversionWay.DEACTIVATE, worker.id)
    assert worker.active is True


@pytest.mark.parametrize("active", [True, False])
def test_township_does_not_enter_them_again_as_somebody_else(station: Session, world: World, active: bool) -> None:
    worker = station.get_one(Person, (world.first.township, world.first.people[WORKER]))
    worker.active, worker.phone = active, "13800000001"
    again = PersonFacts(name=f" {worker.name} ", kind=VOLUNTEER, phone="+86 138-0000-0001")
    with pytest.raises(DiversionError) as caught:
        people.create(station, world.head, again)
    assert (caught.value.way, caught.value.person_id) == (DiversionWay.REENTRY, worker.id)
    people.create(station, world.head, replace(again, phone="13800000002"))


def test_import_does_not_enter_them_again(station: Session, world: World) -> None:
    worker = station.get_one(Person, (world.first.township, world.first.people[WORKER]))
    worker.phone = "13800000001"
    station.flush()
    row = PersonRow(mark=None, facts={"name": worker.name, "kind": VOLUNTEER, "phone": "138 0000 0001"}, check=None)
    with pytest.raises(DiversionError) as caught:
        take_people(station, world.head, [row], trial=False)
    assert caught.value.way is DiversionWay.IMPORT


@pytest.fixture
def refusing(app: Flask, world: World) -> Iterator[Session]:
    """A session of the first township and the county's own rows, as a refused attempt is written."""
    scope = Scope.of_townships_and_county(world.county, frozenset({world.first.township}), reason="test")
    with app.app_context(), session_for(scope) as session:
        yield session


def tried(world: World, way: DiversionWay = DiversionWay.IMPORT, who: PersonKind = WORKER) -> DiversionError:
    return DiversionError("x", person_id=world.first.people[who], way=way, task_id=TASK)


def told(session: Session) -> list[Message]:
    query = select(Message).where(Message.kind == MessageKind.DIVERSION_TRIED)
    return [*session.scalars(query.order_by(Message.created_at))]


def test_record_keeps_who_what_and_how(refusing: Session, world: World) -> None:
    diversions.record(refusing, world.head, tried(world))
    (row,) = refusing.scalars(select(DiversionAttempt))
    assert (row.township_id, row.person_id, row.way, row.task_id) == (
        world.first.township, world.first.people[WORKER], DiversionWay.IMPORT, TASK,
    )  # fmt: skip


def test_officers_of_the_county_alone_are_told_of_township_worker_and_way(refusing: Session, world: World) -> None:
    officer = refusing.scalars(select(Account).where(Account.username == "county")).one()
    officer.email = "officer@example.org"
    attempt = diversions.record(refusing, world.head, tried(world, DiversionWay.ROSTER))
    (message,) = told(refusing)
    assert (message.account_id, message.township_id, message.subject_id) == (officer.id, None, attempt.id)
    assert message.facts == {
        "name": "social_worker CANARY-ALPHA", "name_en": "", "township": "甲镇", "township_en": "甲镇", "way": "roster",
    }  # fmt: skip
    assert [(one.channel, one.address) for one in message.deliveries] == [(Channel.EMAIL, "officer@example.org")]


def test_one_message_a_day_for_each_worker_and_further_attempts_are_only_kept(refusing: Session, world: World) -> None:
    for way in (DiversionWay.ROSTER, DiversionWay.IMPORT, DiversionWay.ROSTER):
        diversions.record(refusing, world.head, tried(world, way))
    assert [message.facts["way"] for message in told(refusing)] == ["roster"]
    diversions.record(refusing, world.head, tried(world, who=VOLUNTEER))
    assert len(told(refusing)) == 2
    for attempt in refusing.scalars(select(DiversionAttempt)):
        attempt.at -= timedelta(days=1)
    refusing.flush()
    diversions.record(refusing, world.head, tried(world, DiversionWay.RETURN))
    assert [message.facts["way"] for message in told(refusing)] == ["roster", "import", "return"]


def test_attempt_and_message_are_kept_together_or_not_at_all(app: Flask, session: Session, world: World) -> None:
    scope = Scope.of_townships_and_county(world.county, frozenset({world.first.township}), reason="test")
    with session_for(scope) as refusing:
        diversions.record(refusing, world.head, tried(world))
        refusing.rollback()
    assert not told(session)
    assert session.scalars(select(DiversionAttempt)).all() == []


def test_scope_of_one_township_and_the_county_reaches_no_other_township(refusing: Session, world: World) -> None:
    assert set(refusing.scalars(select(Person.township_id))) == {world.first.township}
    refusing.add(DiversionAttempt(township_id=world.second.township, person_id="x", way=DiversionWay.ROSTER))
    with pytest.raises(ScopeError):
        refusing.flush()
    refusing.rollback()


def test_what_an_officer_has_looked_at_is_theirs_and_later_attempts_are_new(session: Session, world: World) -> None:
    first = diversions.record(session, world.head, tried(world))
    officer = session.scalars(select(Account).where(Account.username == "county")).one()
    assert staffing.unseen_attempts(session, officer.id) == 1
    diversions.looked_at(session, officer, first.at)
    assert (staffing.unseen_attempts(session, officer.id), told(session)[0].read_at is None) == (0, False)
    other = session.scalars(select(Account).where(Account.username == "far-county")).one()
    assert staffing.unseen_attempts(session, other.id) == 1
    diversions.record(session, world.head, tried(world)).at = first.at + timedelta(seconds=1)
    session.flush()
    assert staffing.unseen_attempts(session, officer.id) == 1
    diversions.looked_at(session, officer, first.at - timedelta(days=1))
    assert officer.diversions_seen_at == first.at
