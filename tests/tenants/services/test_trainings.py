"""Courses that somebody has taken."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tenants.errors import InvalidError, NotFoundError
from tenants.models import Person
from tenants.services import trainings
from tenants.services.trainings import TrainingFacts
from tests import drafts
from tests.drafts import STAFF, VOLUNTEER
from tests.world import World

TODAY = drafts.today()
COURSE = TrainingFacts(
    course=" First aid with children ", day=TODAY, hours=8, valid_through=TODAY + timedelta(days=700)
)


def volunteer(session: Session, world: World) -> Person:
    return session.get_one(Person, (world.first.township, world.first.people[VOLUNTEER]))


def test_course_is_kept_and_taken_out(station: Session, world: World) -> None:
    person = volunteer(station, world)
    row = trainings.add(station, world.head, person, COURSE)
    older = trainings.add(station, world.head, person, replace(COURSE, day=date(2020, 1, 1), valid_through=None))
    assert [line.row for line in trainings.of_person(station, person.id)] == [row, older]
    assert row.course == "First aid with children"
    trainings.remove(station, world.head, person, row.id)
    assert [line.row for line in trainings.of_person(station, person.id)] == [older]


def test_course_of_somebody_else_is_not_there(station: Session, world: World) -> None:
    row = trainings.add(station, world.head, volunteer(station, world), COURSE)
    other = station.get_one(Person, (world.first.township, world.first.people[STAFF]))
    with pytest.raises(NotFoundError):
        trainings.remove(station, world.head, other, row.id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"course": " "}, "course"),
        ({"day": TODAY + timedelta(days=1)}, "day"),
        ({"hours": 0}, "hours"),
        ({"valid_through": TODAY - timedelta(days=1)}, "valid_through"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    station: Session, world: World, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidError) as refusal:
        trainings.add(station, world.head, volunteer(station, world), replace(COURSE, **changes))
    assert refusal.value.field == field
