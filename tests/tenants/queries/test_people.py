"""The state of criminal-record checks, in Python and as a condition of the database alike."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tenants.enums import PersonKind, VettingResult
from tenants.models import Person, Vetting
from tenants.queries.people import PeopleFilter, VettingState, listed, unchecked, vetted_through, vetting_state
from tests.world import World

TODAY = date(2026, 3, 2)
CLEAR, BARRED = VettingResult.CLEAR, VettingResult.BARRED


def check(person: Person, made: int, through: int, result: VettingResult = CLEAR) -> Vetting:
    """A check made and ending so many days from today."""
    return Vetting(
        township_id=person.township_id,
        person_id=person.id,
        checked_on=TODAY + timedelta(days=made),
        valid_through=TODAY + timedelta(days=through),
        result=result,
    )


@pytest.mark.parametrize(
    ("checks", "state"),
    [
        ([], VettingState.MISSING),
        ([(1, 300, CLEAR)], VettingState.MISSING),
        ([(-300, -1, CLEAR)], VettingState.EXPIRED),
        ([(-300, 0, CLEAR)], VettingState.ENDING),
        ([(-300, 60, CLEAR)], VettingState.ENDING),
        ([(-300, 61, CLEAR)], VettingState.VALID),
        ([(-400, -40, CLEAR), (-10, 340, CLEAR)], VettingState.VALID),
        ([(-400, -40, BARRED), (-10, 340, CLEAR)], VettingState.BARRED),
    ],
)
def test_the_state_of_a_check_is_the_same_in_python_and_in_the_database(
    session: Session, world: World, checks: list[tuple[int, int, VettingResult]], state: VettingState
) -> None:
    person = session.get_one(Person, (world.first.township, world.first.people[PersonKind.VOLUNTEER]))
    person.vettings = [check(person, *facts) for facts in checks]
    session.flush()
    assert vetting_state(person, TODAY) is state
    for asked in VettingState:
        found = session.scalars(listed(PeopleFilter(vetting=asked), TODAY)).all()
        assert (person in found) == (asked is state)


def test_a_barred_person_is_vetted_through_no_day(session: Session, world: World) -> None:
    person = session.get_one(Person, (world.first.township, world.first.people[PersonKind.VOLUNTEER]))
    person.vettings = [check(person, -10, 340), check(person, -5, 345, BARRED)]
    assert vetted_through(person, TODAY) is None


def test_only_active_people_without_a_valid_check_are_counted(session: Session, world: World) -> None:
    township = world.first.township
    kinds = (PersonKind.VOLUNTEER, PersonKind.SOCIAL_WORKER, PersonKind.CHILD_DIRECTOR)
    volunteer, worker, director = (session.get_one(Person, (township, world.first.people[kind])) for kind in kinds)
    day = max(row.checked_on for row in volunteer.vettings)
    before = unchecked(session, day)
    volunteer.vettings, worker.vettings = [], []
    director.vettings = [check(director, 0, 300, BARRED)]
    worker.active = False
    session.flush()
    assert unchecked(session, day) == before + 2


def test_text_is_searched_literally(session: Session, world: World) -> None:
    assert session.scalars(listed(PeopleFilter(text="%"), TODAY)).all() == []
    found = session.scalars(listed(PeopleFilter(text="volunteer CANARY-alpha"), TODAY)).all()
    assert [person.id for person in found] == [world.first.people[PersonKind.VOLUNTEER]]
