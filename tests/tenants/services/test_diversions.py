"""Purchased-service staff get no other work: not by the solver's plan, by hand, by a publication, or by their entry."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import DiversionWay, PersonKind, Service
from tenants.errors import DiversionError
from tenants.models import Activity, DiversionAttempt, Person, PostingNotice, Roster
from tenants.queries.due import county_today, county_zone
from tenants.services import activities, diversions, people, publishing, rosters
from tenants.services.people import PersonFacts
from tenants.services.rosters import Plan, PlannedSeat, PlannedTask, Standing
from tests.drafts import begin
from tests.duties import give
from tests.world import World

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
    people.set_active(station, world.head, worker, False)
    people.set_active(station, world.head, worker, True)
    notice = PostingNotice(
        township_id=worker.township_id, posting_id="p", person_id=worker.id, arrives=False, other_township="乙镇",
        other_township_en="", from_day=county_today(station, world.county),
    )  # fmt: skip
    station.add(notice)
    people.set_active(station, world.head, worker, False)
    with pytest.raises(DiversionError) as caught:
        people.set_active(station, world.head, worker, True)
    assert caught.value.way is DiversionWay.RETURN


def test_record_keeps_who_what_and_how(station: Session, world: World) -> None:
    error = DiversionError("x", person_id=world.first.people[WORKER], way=DiversionWay.IMPORT, task_id="t")
    diversions.record(station, world.head, error)
    (row,) = station.scalars(select(DiversionAttempt))
    assert (row.township_id, row.person_id, row.way, row.task_id) == (
        world.first.township, world.first.people[WORKER], DiversionWay.IMPORT, "t",
    )  # fmt: skip
