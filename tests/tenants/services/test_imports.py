"""What the sheet of people brings in is held to the same rules as what is typed."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import PersonKind
from tenants.models import Person
from tenants.services.imports.people import PersonRow, take_people
from tests import drafts
from tests.world import World

TODAY = drafts.today()
BORN = TODAY.replace(day=1, year=TODAY.year - 17)


def taken(session: Session, world: World, **facts: Any) -> list[str | None]:
    """Take one row in for good; the fields at fault."""
    row = PersonRow(
        mark=None, facts={"name": "苏小禾", "kind": PersonKind.VOLUNTEER, "birth_date": BORN, **facts}, check=None
    )
    outcome = take_people(session, world.head, [row], trial=False)
    return [fault.field for fault in outcome.problems]


def test_minor_comes_in_with_a_guardian_alone(station: Session, world: World) -> None:
    guardian = {"guardian_name": "苏建平", "guardian_phone": "13900000000"}
    assert taken(station, world) == ["guardian_name"]
    assert taken(station, world, **guardian) == ["guardian_agreed_on"]
    assert taken(station, world, **guardian, guardian_agreed_on=TODAY) == []
    person = station.scalars(select(Person).where(Person.name == "苏小禾")).one()
    assert (person.birth_date, person.guardian_agreed_on) == (BORN, TODAY)
