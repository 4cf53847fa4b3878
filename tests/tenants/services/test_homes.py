"""A village's home: set up once, open with its hours."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import VillageKind
from tenants.errors import InvalidError
from tenants.models import AuditEntry, Home, Village
from tenants.services import homes
from tests.world import World


def test_saving_sets_a_missing_home_up(session: Session, world: World) -> None:
    village = Village(
        township_id=world.first.township, name="新村", name_en="New", kind=VillageKind.VILLAGE, lat=35.5, lon=112.4
    )
    session.add(village)
    session.flush()
    homes.save(session, world.head, village, opening_hours=" 周六 9:00–17:00 ", opened=True)
    home = session.scalars(select(Home).where(Home.village_id == village.id)).one()
    assert (home.name, home.opening_hours, home.opened) == ("新村儿童之家", "周六 9:00–17:00", True)
    assert session.scalars(select(AuditEntry.action)).all() == ["home.save"]


@pytest.mark.parametrize("hours", ["  ", "字" * 201])
def test_an_open_home_states_its_hours_briefly(session: Session, world: World, hours: str) -> None:
    village = session.get_one(Village, (world.first.township, world.first.villages[0]))
    with pytest.raises(InvalidError) as caught:
        homes.save(session, world.head, village, opening_hours=hours, opened=True)
    assert caught.value.field == "opening_hours"


def test_a_closed_home_needs_no_hours(session: Session, world: World) -> None:
    village = session.get_one(Village, (world.first.township, world.first.villages[0]))
    assert homes.save(session, world.head, village, opening_hours="", opened=False).opened is False
