"""The sign's official text, and whose numbers are shown to whom."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, PersonKind, TownshipKind, VillageKind
from tenants.models import County, Township, Village
from tenants.queries.homes import lines, sign_of
from tests.world import World


@pytest.mark.parametrize(
    ("township", "kind", "village", "village_kind", "sign"),
    [
        ("甲镇", TownshipKind.TOWN, "李庄村", VillageKind.VILLAGE, "东山县甲镇李庄村儿童之家"),
        ("甲", TownshipKind.TOWNSHIP, "李庄", VillageKind.VILLAGE, "东山县甲乡李庄村儿童之家"),
        ("甲街道", TownshipKind.SUBDISTRICT, "和平", VillageKind.COMMUNITY, "东山县甲街道和平社区儿童之家"),
    ],
)
def test_the_sign_follows_the_notices_pattern(
    township: str, kind: TownshipKind, village: str, village_kind: VillageKind, sign: str
) -> None:
    county = County(name="东山县", name_en="")
    assert sign_of(county, Township(name=township, kind=kind), Village(name=village, kind=village_kind)) == sign


@pytest.mark.parametrize(
    ("role", "counts"),
    [
        (AccountRole.STATION_HEAD, [2, 1, 1]),
        (AccountRole.SOCIAL_WORKER, [2, 1, 1]),
        (AccountRole.COUNTY_OFFICER, [2, 1, 1]),
        (AccountRole.CHILD_DIRECTOR, [2, None, None]),
        (AccountRole.VOLUNTEER, [None, None, None]),
    ],
)
def test_numbers_of_children_are_shown_to_whom_they_concern(
    session: Session, world: World, role: AccountRole, counts: list[int | None]
) -> None:
    kinds = {AccountRole.CHILD_DIRECTOR: PersonKind.CHILD_DIRECTOR, AccountRole.VOLUNTEER: PersonKind.VOLUNTEER}
    person = world.first.people[kinds[role]] if role in kinds else None
    actor = Actor(county_id=world.county, township_id=world.first.township, person_id=person, role=role)
    query = select(Village).where(Village.township_id == world.first.township).order_by(Village.name)
    found = lines(session, actor, list(session.scalars(query)))
    assert [line.children for line in found] == counts


def test_a_villages_director_is_the_child_director_who_is_based_there(session: Session, world: World) -> None:
    query = select(Village).where(Village.township_id == world.first.township).order_by(Village.name)
    found = lines(session, world.head, list(session.scalars(query)))
    assert [[person.id for person in line.directors] for line in found] == [
        [world.first.people[PersonKind.CHILD_DIRECTOR]],
        [],
        [],
    ]
