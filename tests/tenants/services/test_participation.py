"""Who takes part, with the guardian's consent, and what came of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, ActivityState, ConsentKind, PersonKind, Society
from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.models import Activity, AuditEntry, Child, utc_now
from tenants.services import participation
from tenants.services.participation import RecordFacts
from tests.drafts import today
from tests.world import World

FACTS = RecordFacts(children=12, guardians=3, others=1, societies=(Society.COMMUNITY, Society.VOLUNTEER), note=" 顺利 ")


@pytest.fixture
def activity(session: Session, world: World) -> Activity:
    return session.get_one(Activity, (world.first.township, world.first.activity))


def begun(session: Session, activity: Activity) -> None:
    shift = utc_now() - timedelta(hours=1) - activity.starts_at
    activity.starts_at, activity.ends_at = activity.starts_at + shift, activity.ends_at + shift
    session.flush()


def enrol(session: Session, actor: Actor, activity: Activity, code: str = "C-000") -> str:
    return participation.enrol(session, actor, activity, code, ConsentKind.WRITTEN, today()).id


def director(world: World) -> Actor:
    return Actor(
        county_id=world.county,
        township_id=world.first.township,
        person_id=world.first.people[PersonKind.CHILD_DIRECTOR],
        role=AccountRole.CHILD_DIRECTOR,
    )


def test_a_child_is_enrolled_once_by_its_case_code(station: Session, world: World) -> None:
    activity = station.get_one(Activity, (world.first.township, world.first.activity))
    enrol(station, world.head, activity, " C-001 ")
    with pytest.raises(ConflictError) as caught:
        enrol(station, world.head, activity, "C-001")
    assert caught.value.field == "case_code"
    rows = participation.visible(station, world.head, activity)
    assert [(row.child.case_code, row.consent, row.attended) for row in rows] == [("C-001", ConsentKind.WRITTEN, None)]
    entry = station.scalars(select(AuditEntry).where(AuditEntry.action == "activity.enrol")).one()
    assert entry.details == {"child": world.first.children[1]}


def test_a_child_director_enrols_and_sees_the_own_villages_children_alone(station: Session, world: World) -> None:
    """Children 0 and 3 live in the director's village, 1 does not."""
    activity = station.get_one(Activity, (world.first.township, world.first.activity))
    enrol(station, director(world), activity, "C-000")
    with pytest.raises(InvalidError):
        enrol(station, director(world), activity, "C-001")
    other = enrol(station, world.head, activity, "C-001")
    seen = participation.visible(station, director(world), activity)
    assert [row.child.case_code for row in seen] == ["C-000"]
    with pytest.raises(NotFoundError):
        participation.withdraw(station, director(world), activity, other)


def test_consent_and_file_are_looked_at(station: Session, world: World) -> None:
    activity = station.get_one(Activity, (world.first.township, world.first.activity))
    tomorrow = today() + timedelta(days=1)
    with pytest.raises(InvalidError) as caught:
        participation.enrol(station, world.head, activity, "C-000", ConsentKind.SPOKEN, tomorrow)
    assert caught.value.field == "consented_on"
    station.get_one(Child, (world.first.township, world.first.children[0])).closed_on = today()
    station.flush()
    with pytest.raises(InvalidError) as caught:
        enrol(station, world.head, activity)
    assert caught.value.field == "case_code"


def test_attendance_is_kept_once_it_has_begun(station: Session, world: World) -> None:
    activity = station.get_one(Activity, (world.first.township, world.first.activity))
    came, _missed = enrol(station, world.head, activity, "C-000"), enrol(station, world.head, activity, "C-001")
    with pytest.raises(ConflictError):
        participation.note_attendance(station, world.head, activity, [came])
    begun(station, activity)
    assert participation.note_attendance(station, world.head, activity, [came]) == 1
    assert [row.attended for row in participation.visible(station, world.head, activity)] == [True, False]


def test_what_came_of_it_is_recorded_replaced_and_taken_back(
    session: Session, world: World, activity: Activity
) -> None:
    with pytest.raises(ConflictError):
        participation.record(session, world.head, activity, FACTS)
    begun(session, activity)
    participation.record(session, world.head, activity, FACTS)
    row = participation.record(session, world.head, activity, replace(FACTS, children=13))
    assert (row.children, row.societies, row.note) == (13, ["community", "volunteer"], "顺利")
    assert activity.state is ActivityState.HELD
    participation.take_back_record(session, world.head, activity)
    assert (participation.record_of(session, activity), activity.state) == (None, ActivityState.PLANNED)


@pytest.mark.parametrize(
    ("changes", "field"), [({"others": -1}, "others"), ({"societies": ()}, "societies"), ({"note": "字" * 501}, "note")]
)
def test_a_wrong_record_is_refused_at_its_field(
    session: Session, world: World, activity: Activity, changes: dict[str, object], field: str
) -> None:
    begun(session, activity)
    with pytest.raises(InvalidError) as caught:
        participation.record(session, world.head, activity, replace(FACTS, **changes))  # type: ignore[arg-type]
    assert caught.value.field == field
