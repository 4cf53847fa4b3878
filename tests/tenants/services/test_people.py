"""People and their checks: what is refused, and what is written down."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import PersonKind, VettingResult
from tenants.errors import ForbiddenError, InvalidError, NotFoundError
from tenants.models import AuditEntry, Person, StationSetting
from tenants.queries.due import county_today
from tenants.services import people
from tenants.services.people import PersonFacts
from tests import drafts
from tests.world import World


def facts(**changes: object) -> PersonFacts:
    return PersonFacts(**{"name": "新人", "kind": PersonKind.VOLUNTEER, **changes})  # type: ignore[arg-type]


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


def volunteer(session: Session, world: World) -> Person:
    return session.get_one(Person, (world.first.township, world.first.people[PersonKind.VOLUNTEER]))


def test_a_person_is_added_with_skills_to_the_actors_township(session: Session, world: World) -> None:
    person = people.create(session, world.head, facts(skills=frozenset({"law", "木工"})))
    assert person.township_id == world.first.township
    assert sorted(row.skill for row in person.skills) == ["law", "木工"]
    assert actions(session) == ["person.create"]


def test_editing_keeps_the_skills_that_stay_and_drops_the_rest(session: Session, world: World) -> None:
    person = people.create(session, world.head, facts(skills=frozenset({"law", "arts"})))
    kept = next(row.id for row in person.skills if row.skill == "law")
    people.edit(session, world.head, person, facts(skills=frozenset({"law", "sports"})))
    session.expire_all()
    assert {row.skill: row.id == kept for row in person.skills} == {"law": True, "sports": False}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"dedicated": True}, "dedicated"),
        ({"skills": frozenset({"字" * 41})}, "own_skills"),
        ({"max_minutes_per_day": 0}, "max_minutes_per_day"),
        ({"max_tasks_per_day": -1}, "max_tasks_per_day"),
        ({"base_village_id": "a" * 26}, "base_village_id"),
    ],
)
def test_a_wrong_fact_is_refused_at_its_field(
    session: Session, world: World, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        people.create(session, world.head, facts(**changes))
    assert caught.value.field == field


def test_a_neighbours_village_is_no_base(session: Session, world: World) -> None:
    with pytest.raises(InvalidError):
        people.create(session, world.head, facts(base_village_id=world.second.villages[0]))


def test_a_county_officer_keeps_no_people(session: Session, world: World) -> None:
    with pytest.raises(ForbiddenError):
        people.create(session, Actor(county_id=world.county), facts())


def test_leaving_and_coming_back_are_written_down_once_each(session: Session, world: World) -> None:
    person = volunteer(session, world)
    for active in (False, False, True):
        people.set_active(session, world.head, person, active)
    assert actions(session) == ["person.deactivate", "person.reactivate"]


@pytest.mark.parametrize(
    ("made", "through", "field"), [(1, 100, "checked_on"), (0, -1, "valid_through"), (0, 367, "valid_through")]
)
def test_a_check_in_the_future_or_for_more_than_a_year_is_refused(
    session: Session, world: World, made: int, through: int, field: str
) -> None:
    today = county_today(session, world.county)
    with pytest.raises(InvalidError) as caught:
        people.add_check(
            session,
            world.head,
            volunteer(session, world),
            checked_on=today + timedelta(days=made),
            valid_through=today + timedelta(days=through),
            result=VettingResult.CLEAR,
        )
    assert caught.value.field == field


def test_a_check_is_entered_and_taken_out(session: Session, world: World) -> None:
    person = volunteer(session, world)
    check = people.add_check(
        session,
        world.head,
        person,
        checked_on=date(2026, 1, 1),
        valid_through=date(2026, 12, 31),
        result=VettingResult.CLEAR,
        reference=" 检函1号 ",
    )
    assert check.reference == "检函1号"
    people.remove_check(session, world.head, person, check.id)
    with pytest.raises(NotFoundError):
        people.remove_check(session, world.head, person, check.id)
    assert actions(session) == ["vetting.add", "vetting.remove"]


def young(years: int = 17, **changes: object) -> PersonFacts:
    day = drafts.today()
    guardian = {"guardian_name": "王大明", "guardian_phone": "13900000000", "guardian_agreed_on": day}
    return facts(**{"birth_date": day.replace(day=1, year=day.year - years), **guardian, **changes})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"guardian_name": " "}, "guardian_name"),
        ({"guardian_phone": ""}, "guardian_phone"),
        ({"guardian_agreed_on": None}, "guardian_agreed_on"),
        ({"guardian_agreed_on": date(2999, 1, 1)}, "guardian_agreed_on"),
        ({"kind": PersonKind.STATION_STAFF}, "birth_date"),
        ({"birth_date": date(2999, 1, 1)}, "birth_date"),
        ({"birth_date": date(1900, 1, 1)}, "birth_date"),
    ],
)
def test_minor_is_a_volunteer_whose_guardian_agreed(
    session: Session, world: World, changes: dict[str, object], field: str
) -> None:
    assert people.create(session, world.head, young()).guardian_name == "王大明"
    with pytest.raises(InvalidError) as caught:
        people.create(session, world.head, young(**changes))
    assert caught.value.field == field


def test_station_sets_the_age_for_those_who_come_later(session: Session, world: World) -> None:
    with pytest.raises(InvalidError):
        people.create(session, world.head, young(15))
    session.add(StationSetting(township_id=world.first.township, join_age=15))
    session.flush()
    person = people.create(session, world.head, young(15))
    session.scalars(select(StationSetting)).one().join_age = 18
    people.edit(session, world.head, person, young(15, phone="13811111111"))
    assert person.phone == "13811111111"


def test_guardian_of_an_adult_is_not_kept(session: Session, world: World) -> None:
    person = people.create(session, world.head, young(19))
    assert (person.guardian_name, person.guardian_phone, person.guardian_agreed_on) == ("", "", None)
