"""Say what one would gladly do, keep lasting wishes, name skills that the station takes over."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tenants.enums import ActivityKind, ActivityState
from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.models import Activity, AuditEntry, LastingWish, Person, StatedSkill, Wish, utc_now
from tenants.queries.wishes import lasting, open_to, word_on, words_of
from tenants.services import wishes
from tenants.services.wishes import LastingFacts
from tests.drafts import VOLUNTEER
from tests.world import World

ARTS, SPORTS = ActivityKind.ARTS, ActivityKind.SPORTS


def person_of(session: Session, world: World) -> Person:
    return session.get_one(Person, (world.first.township, world.first.people[VOLUNTEER]))


def activity_of(session: Session, world: World) -> Activity:
    return session.get_one(Activity, (world.first.township, world.first.activity))


def test_word_on_an_activity_is_kept_changed_and_taken_back(station: Session, world: World) -> None:
    person, activity = person_of(station, world), activity_of(station, world)
    for word in (True, False, False, None, None):
        wishes.say(station, world.head, person, activity, word)
        assert word_on(station, person.id, activity) is word
        assert words_of(station, person.id) == ({} if word is None else {activity.id: word})
    assert station.scalars(select(Wish)).all() == []
    written = station.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    assert [row.details["wants"] for row in written] == [True, False, False, None, None]
    assert {(row.action, row.subject_id) for row in written} == {("availability.wish", person.id)}


def test_no_word_is_taken_on_what_is_called_off_or_has_begun(station: Session, world: World) -> None:
    person, activity = person_of(station, world), activity_of(station, world)
    activity.state = ActivityState.CANCELLED
    with pytest.raises(ConflictError):
        wishes.say(station, world.head, person, activity, True)
    activity.state, activity.starts_at = ActivityState.PLANNED, utc_now() - timedelta(minutes=1)
    with pytest.raises(ConflictError):
        wishes.say(station, world.head, person, activity, True)


def test_coming_activities_are_those_with_a_role_for_the_post(station: Session, world: World) -> None:
    person, activity, now = person_of(station, world), activity_of(station, world), utc_now()
    weeks = now + timedelta(weeks=2)
    assert open_to(station, person, now, weeks) == [activity]
    for role in activity.roles:
        role.kinds = ["social_worker"]
    assert open_to(station, person, now, weeks) == []


def test_lasting_wishes_are_replaced_as_a_whole(station: Session, world: World) -> None:
    person, (near, far, _third) = person_of(station, world), world.first.villages
    wishes.set_lasting(
        station, world.head, person, LastingFacts(kinds={ARTS: True}, villages={near: True}, own_words=" 周末 ")
    )
    kept = {row.village_id: row.id for row in person.lasting_wishes}
    wishes.set_lasting(
        station, world.head, person, LastingFacts(kinds={SPORTS: False}, villages={near: False, far: True})
    )
    held = lasting(person.lasting_wishes)
    assert (held.kinds, held.villages) == ({SPORTS: False}, {near: False, far: True})
    assert next(row.id for row in person.lasting_wishes if row.village_id == near) == kept[near]
    assert person.own_words == ""
    assert len(station.scalars(select(LastingWish)).all()) == 3


def test_rather_not_goes_before_gladly(station: Session, world: World) -> None:
    person, (near, far, _third) = person_of(station, world), world.first.villages
    wishes.set_lasting(station, world.head, person, LastingFacts(kinds={ARTS: True}, villages={near: False}))
    held = lasting(person.lasting_wishes)
    assert held.word(ARTS, far) is True
    assert held.word(ARTS, near) is False
    assert held.word(None, near) is False
    assert held.word(None, far) is None


def test_long_words_and_another_townships_village_are_refused(station: Session, world: World) -> None:
    person = person_of(station, world)
    with pytest.raises(InvalidError) as refusal:
        wishes.set_lasting(station, world.head, person, LastingFacts(kinds={}, villages={}, own_words="字" * 501))
    assert refusal.value.field == "own_words"
    foreign = world.second.villages[0]
    with pytest.raises(NotFoundError):
        wishes.set_lasting(station, world.head, person, LastingFacts(kinds={}, villages={foreign: True}))


def test_database_takes_one_thing_for_each_lasting_wish(session: Session, world: World) -> None:
    place = world.first
    facts = {"township_id": place.township, "person_id": place.people[VOLUNTEER], "wants": True}
    for wrong in ({}, {"kind": ARTS, "village_id": place.villages[0]}, {"village_id": world.second.villages[0]}):
        session.add(LastingWish(**facts, **wrong))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_skill_in_ones_own_word_counts_once_the_station_takes_it_over(station: Session, world: World) -> None:
    person = person_of(station, world)
    wishes.state_skills(station, world.head, person, {"arts", "修自行车"})
    assert person.skills == []
    wishes.take_skill(station, world.head, person, "修自行车")
    wishes.take_skill(station, world.head, person, "修自行车")
    assert [row.skill for row in person.skills] == ["修自行车"]
    wishes.return_skill(station, world.head, person, "修自行车")
    assert person.skills == []
    with pytest.raises(NotFoundError):
        wishes.take_skill(station, world.head, person, "law")
    lines = station.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    assert [line.action for line in lines] == ["availability.skills", "person.take_skill", "person.return_skill"]
    own = next(row.id for row in person.stated_skills if row.skill == "修自行车")
    assert [line.details for line in lines] == [{"skills": 2}, {"skill": own}, {"skill": own}]
    wishes.state_skills(station, world.head, person, {"arts"})
    assert station.scalars(select(StatedSkill.skill)).all() == ["arts"]


def test_too_many_or_too_long_skills_are_refused(station: Session, world: World) -> None:
    person = person_of(station, world)
    for skills in ({f"skill {n}" for n in range(21)}, {"字" * 41}):
        with pytest.raises(InvalidError) as refusal:
            wishes.state_skills(station, world.head, person, skills)
        assert refusal.value.field == "own_skills"
