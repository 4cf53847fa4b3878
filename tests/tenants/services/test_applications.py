"""Apply as a volunteer, be taken or not, have it taken back, be forgotten."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import ApplicationState, ExceptionKind, PersonKind
from tenants.errors import ConflictError, InvalidError
from tenants.models import (
    AvailabilityException,
    Message,
    Person,
    StatedSkill,
    VettingRequest,
    VolunteerApplication,
    WeeklyAvailability,
)
from tenants.queries import joining
from tenants.queries.people import free_on
from tenants.services import applications, people
from tenants.services.applications import ApplicationFacts
from tests import drafts
from tests.world import World

TODAY = drafts.today()
GROWN = ApplicationFacts(
    name="王小明", phone="138 0000 0000", birth_date=date(1990, 5, 1), from_day=TODAY, skills=frozenset({"sports"})
)
YOUNG = replace(
    GROWN, birth_date=TODAY.replace(day=1, year=TODAY.year - 17), guardian_name="王大明", guardian_phone="13900000000",
    guardian_agrees=True,
)  # fmt: skip


def sent(session: Session, world: World, facts: ApplicationFacts = GROWN) -> VolunteerApplication:
    return applications.send(session, world.head, facts)


def refused_at(session: Session, world: World, facts: ApplicationFacts) -> str | None:
    with pytest.raises(InvalidError) as refusal:
        sent(session, world, facts)
    return refusal.value.field


def test_approval_enters_a_volunteer_whose_check_is_asked_for(station: Session, world: World) -> None:
    row = sent(station, world)
    person = applications.approve(station, world.head, row)
    assert (person.name, person.kind, person.phone) == ("王小明", PersonKind.VOLUNTEER, "138 0000 0000")
    assert person.birth_date == date(1990, 5, 1)
    request = station.scalars(select(VettingRequest)).one()
    assert (request.person_id, request.requested_on, request.answered_on) == (person.id, TODAY, None)
    assert (row.state, row.person_id) == (ApplicationState.APPROVED, person.id)
    with pytest.raises(ConflictError):
        applications.decline(station, world.head, row, "no place")


def test_what_the_applicant_wrote_is_carried_over_in_their_own_word(station: Session, world: World) -> None:
    begins = TODAY + timedelta(days=10)
    row = sent(station, world, replace(GROWN, from_day=begins, wishes="周末带孩子打篮球"))
    person = applications.approve(station, world.head, row)
    assert person.own_words == "周末带孩子打篮球"
    assert (person.skills, [skill.skill for skill in person.stated_skills]) == ([], ["sports"])
    (away,) = person.exceptions
    assert (away.kind, away.from_day, away.to_day) == (ExceptionKind.AWAY, TODAY, begins - timedelta(days=1))
    hours = {"township_id": person.township_id, "from_minute": 480, "to_minute": 720}
    person.weekly = [WeeklyAvailability(weekday=day, **hours) for day in range(7)]
    assert [free_on(person, day) for day in (away.to_day, begins)] == [[], [(480, 720)]]
    applications.reopen(station, world.head, row)
    for model in (Person, StatedSkill, AvailabilityException):
        gone = model.id == person.id if model is Person else model.person_id == person.id
        assert station.scalars(select(model).where(gone)).all() == []


def test_whoever_begins_today_is_away_on_no_day(station: Session, world: World) -> None:
    assert applications.approve(station, world.head, sent(station, world)).exceptions == []


def test_approval_can_be_taken_back_while_nothing_hangs_on_the_person(station: Session, world: World) -> None:
    row = sent(station, world)
    person = applications.approve(station, world.head, row)
    applications.reopen(station, world.head, row)
    assert (row.state, row.person_id, row.decided_at) == (ApplicationState.WAITING, None, None)
    assert station.get(Person, (world.first.township, person.id)) is None
    assert station.scalars(select(VettingRequest)).all() == []


def test_approval_stays_once_the_check_is_in(station: Session, world: World) -> None:
    row = sent(station, world)
    person = applications.approve(station, world.head, row)
    people.add_check(
        station, world.head, person, checked_on=TODAY, valid_through=TODAY + timedelta(days=300), result="clear"
    )
    with pytest.raises(ConflictError):
        applications.reopen(station, world.head, row)


def test_decline_needs_a_reason_and_can_be_taken_back(station: Session, world: World) -> None:
    row = sent(station, world)
    with pytest.raises(InvalidError) as refusal:
        applications.decline(station, world.head, row, " x ")
    assert refusal.value.field == "reason"
    applications.decline(station, world.head, row, "lives too far away")
    assert (row.state, row.reason) == (ApplicationState.DECLINED, "lives too far away")
    applications.reopen(station, world.head, row)
    assert (row.state, row.reason) == (ApplicationState.WAITING, "")


def test_who_is_under_18_needs_a_guardian_and_the_stations_age(station: Session, world: World) -> None:
    assert refused_at(station, world, replace(YOUNG, guardian_name=" ")) == "guardian_name"
    assert refused_at(station, world, replace(YOUNG, guardian_phone="")) == "guardian_phone"
    assert refused_at(station, world, replace(YOUNG, guardian_agrees=False)) == "guardian_agrees"
    person = applications.approve(station, world.head, sent(station, world, YOUNG))
    assert (person.guardian_name, person.guardian_agreed_on) == ("王大明", TODAY)
    applications.settle_page(station, world.head, is_open=True, words="", age=18)
    assert refused_at(station, world, YOUNG) == "birth_date"


def test_what_makes_no_sense_is_refused_by_field(station: Session, world: World) -> None:
    assert refused_at(station, world, replace(GROWN, name=" ")) == "name"
    assert refused_at(station, world, replace(GROWN, birth_date=TODAY + timedelta(days=1))) == "birth_date"
    assert refused_at(station, world, replace(GROWN, from_day=TODAY - timedelta(days=1))) == "from_day"
    foreign = world.second.villages[0]
    assert refused_at(station, world, replace(GROWN, base_village_id=foreign)) == "base_village_id"


def test_data_of_an_adults_guardian_are_not_kept(station: Session, world: World) -> None:
    row = sent(station, world, replace(GROWN, guardian_name="somebody", guardian_phone="13900000000"))
    assert (row.guardian_name, row.guardian_phone) == ("", "")


def test_station_is_told_without_a_name(station: Session, world: World) -> None:
    row = sent(station, world)
    told = station.scalars(select(Message).where(Message.subject_id == row.id)).all()
    assert len(told) == 2
    assert all(message.facts == {} for message in told)


def test_known_telephone_is_shown_to_the_station(station: Session, world: World) -> None:
    sent(station, world, replace(GROWN, phone="00000000000"))
    (listed,) = joining.applications(station, ApplicationState.WAITING)
    assert listed.known is not None


def test_applications_are_erased_when_their_time_is_over(station: Session, world: World) -> None:
    decided, waiting, fresh = (sent(station, world) for _ in range(3))
    applications.decline(station, world.head, decided, "no place")
    day = timedelta(days=1)
    assert applications.erase_old(station, world.head) == 0
    assert decided.decided_at is not None
    decided.decided_at -= applications.KEPT_DECIDED + day
    waiting.created_at -= applications.KEPT_WAITING + day
    station.flush()
    assert applications.erase_old(station, world.head) == 2
    assert station.scalars(select(VolunteerApplication.id)).all() == [fresh.id]


def test_flood_of_applications_is_stopped(station: Session, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applications, "MOST_WAITING", 1)
    sent(station, world)
    with pytest.raises(ConflictError):
        sent(station, world)
