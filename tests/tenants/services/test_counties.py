"""Found a county."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import ChildCategory, RiskLevel, TownshipKind, VillageKind
from tenants.errors import ConflictError, InvalidError
from tenants.models import AuditEntry, County, Home, Township, Village, VisitRule
from tenants.services.counties import TownshipSpot, VillageSpot, create_county


def village(name: str = "甲一村", **facts: object) -> VillageSpot:
    given = {"name_en": "A1", "lat": 35.5, "lon": 112.4, "kind": VillageKind.VILLAGE}
    return VillageSpot(name=name, **(given | facts))  # type: ignore[arg-type]  # a test gives wrong ones on purpose


def township(name: str = "甲镇", **facts: object) -> TownshipSpot:
    given = {"name_en": "A", "lat": 35.5, "lon": 112.4, "kind": TownshipKind.TOWN, "villages": (village(),)}
    return TownshipSpot(name=name, **(given | facts))  # type: ignore[arg-type]  # a test gives wrong ones on purpose


def test_create_county_adds_places_homes_example_rules_and_a_line_in_the_log(session: Session) -> None:
    spots = [township(villages=(village("甲一村"), village("甲二村"))), township("乙镇")]
    county = create_county(session, name="东县", name_en="East", townships=spots)
    assert not county.invented
    assert set(session.scalars(select(Township.name))) == {"甲镇", "乙镇"}
    homes = session.execute(select(Village.name, Home.name).join(Home.village).order_by(Home.id)).all()
    assert sorted(map(tuple, homes)) == [
        ("甲一村", "甲一村儿童之家"),
        ("甲一村", "甲一村儿童之家"),
        ("甲二村", "甲二村儿童之家"),
    ]
    rules = session.scalars(select(VisitRule)).all()
    assert {(rule.category, rule.risk) for rule in rules} == {(c, r) for c in ChildCategory for r in RiskLevel}
    assert all(rule.is_example for rule in rules)
    assert session.scalars(select(AuditEntry.action)).all() == ["county.create"]


def test_create_county_refuses_a_name_that_is_there(session: Session) -> None:
    create_county(session, name="东县", name_en="East", townships=[township()])
    with pytest.raises(ConflictError, match="东县"):
        create_county(session, name="东县", name_en="East", townships=[township()])
    assert len(session.scalars(select(County)).all()) == 1


@pytest.mark.parametrize(("townships", "field"), [([], "townships"), ([township(), township()], "townships[1].name")])
def test_create_county_refuses_no_townships_and_two_of_a_name(
    session: Session, townships: list[TownshipSpot], field: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        create_county(session, name="东县", name_en="East", townships=townships)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name_en": " "}, "name_en"),
        ({"name_en": "x" * 81}, "name_en"),
        ({"lat": 91.0}, "lat"),
        ({"lon": float("nan")}, "lon"),
        ({"villages": ()}, "villages"),
        ({"villages": (village(), village())}, "villages[1].name"),
        ({"safety_phone": "0" * 31}, "safety_phone"),
    ],
)
def test_township_names_the_field_that_is_at_fault(facts: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        township(**facts)
    assert refused.value.field == field
