"""What a move takes from families, counted over all who leave at once."""

import pytest
from sqlalchemy.orm import Session

from tenants.enums import PersonKind
from tenants.models import FamiliarPerson
from tenants.queries import staffing
from tenants.queries.staffing import Key, Known
from tests.world import World

WORKER, VOLUNTEER, DIRECTOR = PersonKind.SOCIAL_WORKER, PersonKind.VOLUNTEER, PersonKind.CHILD_DIRECTOR


@pytest.fixture
def keys(session: Session, world: World) -> dict[PersonKind, Key]:
    """One child's family knows the worker and the volunteer alone, another's the worker, the volunteer and a director.

    The other children's families know a director or nobody.
    """
    place = world.first
    people = {kind: place.people[kind] for kind in (WORKER, VOLUNTEER, DIRECTOR)}
    session.query(FamiliarPerson).filter(FamiliarPerson.township_id == place.township).delete()
    for child, kinds in ((0, (WORKER, VOLUNTEER)), (1, (WORKER, VOLUNTEER, DIRECTOR)), (2, (DIRECTOR,))):
        for kind in kinds:
            session.add(
                FamiliarPerson(township_id=place.township, child_id=place.children[child], person_id=people[kind])
            )
    session.flush()
    return {kind: (place.township, person) for kind, person in people.items()}


def test_family_that_knows_two_who_leave_is_counted_once_and_has_nobody(
    session: Session, keys: dict[PersonKind, Key]
) -> None:
    faces = staffing.families_of(session, [keys[WORKER], keys[VOLUNTEER]])
    assert faces.by_person == {keys[kind]: Known(families=2, alone=1) for kind in (WORKER, VOLUNTEER)}
    assert faces.together == Known(families=2, alone=1)


def test_family_that_knows_somebody_who_stays_is_not_left_alone(session: Session, keys: dict[PersonKind, Key]) -> None:
    faces = staffing.families_of(session, [keys[WORKER]])
    assert faces.together == faces.by_person[keys[WORKER]] == Known(families=2, alone=0)


def test_whoever_leaves_by_another_decision_does_not_stay(session: Session, keys: dict[PersonKind, Key]) -> None:
    faces = staffing.families_of(session, [keys[WORKER]], gone=[keys[VOLUNTEER]])
    assert faces.together == Known(families=2, alone=1)
    assert set(faces.by_person) == {keys[WORKER]}
