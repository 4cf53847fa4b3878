from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, DutyState, PersonKind, RosterState
from tenants.models import Person, Roster, Vetting
from tests.conftest import LogIn
from tests.duties import add_visit, give
from tests.pages import in_english
from tests.world import World

TODAY = datetime.now(UTC).date()


def start_page(log_in: LogIn, role: AccountRole) -> str:
    response = in_english(log_in(role)).get("/")
    assert response.status_code == 200
    return response.text


def test_visitors_are_sent_to_the_log_in_page(app: Flask, world: World) -> None:
    response = app.test_client().get("/")

    assert response.status_code == 303
    assert "/login" in response.headers["Location"]


@pytest.mark.parametrize("role", [AccountRole.VOLUNTEER, AccountRole.SOCIAL_WORKER])
def test_field_staff_start_with_their_next_duties(
    session: Session, world: World, log_in: LogIn, role: AccountRole
) -> None:
    kind = PersonKind(role.value)
    give(session, world.first, kind, visit=add_visit(session, world.first, 0))
    give(session, world.first, kind, visit=add_visit(session, world.first, 1), state=DutyState.CANCELLED, sequence=1)
    give(session, world.first, PersonKind.CHILD_DIRECTOR, visit=add_visit(session, world.first, 2))
    session.commit()

    page = start_page(log_in, role)

    assert "C-000" in page
    assert "<s>Home visit · CANARY-ALPHA · C-001</s>" in page
    assert "C-002" not in page
    assert "in my village" not in page


def test_a_child_director_starts_with_duties_and_the_villages_visits(
    session: Session, world: World, log_in: LogIn
) -> None:
    give(session, world.first, PersonKind.CHILD_DIRECTOR, visit=add_visit(session, world.first, 0, due_in=-2))
    add_visit(session, world.first, 3, due_in=4)
    add_visit(session, world.first, 1, due_in=-4)  # another village's
    session.commit()

    page = " ".join(start_page(log_in, AccountRole.CHILD_DIRECTOR).split())

    tiles = page.split("Overdue visits in my village")[1]
    assert tiles.split('wb-stat-value">')[1].startswith("1<")
    assert tiles.split("Due, not planned yet")[1].split('wb-stat-value">')[1].startswith("1<")


def test_the_station_starts_with_what_waits(session: Session, world: World, log_in: LogIn) -> None:
    place = world.first
    add_visit(session, place, 1, due_in=-2)
    add_visit(session, world.second, 0, due_in=-2)
    session.add(
        Roster(
            township_id=place.township, starts_on=TODAY, days=14, state=RosterState.PUBLISHED, version=7,
            published_at=datetime.now(UTC),
        )
    )  # fmt: skip
    draft = Roster(township_id=place.township, starts_on=TODAY + timedelta(days=14), days=14)
    session.add(draft)
    for name, days in (("Ending", 20), ("Later", 300)):
        person = Person(township_id=place.township, name=name, kind=PersonKind.VOLUNTEER)
        session.add(person)
        session.flush()
        checked = TODAY - timedelta(days=60)
        session.add(
            Vetting(
                township_id=place.township, person_id=person.id, checked_on=checked, result="clear",
                valid_through=TODAY + timedelta(days=days),
            )
        )  # fmt: skip
    session.commit()

    page = start_page(log_in, AccountRole.STATION_HEAD)

    assert "C-001" in page
    assert "CANARY-BETA" not in page
    assert "Version 7" in page
    assert f"/{draft.id}" in page
    assert "Ending" in page
    assert "Later" not in page


def test_the_county_starts_with_the_table_of_townships(world: World, log_in: LogIn) -> None:
    page = start_page(log_in, AccountRole.COUNTY_OFFICER)

    assert "甲镇" in page
    assert "乙镇" in page
    assert "丙镇" not in page


def test_a_new_station_is_led_to_its_first_roster(session: Session, world: World, log_in: LogIn) -> None:
    for role in (AccountRole.STATION_HEAD, AccountRole.STATION_STAFF):
        page = start_page(log_in, role)
        assert "The way to the first roster" in page
        assert page.count('aria-current="step"') == 1
    published = Roster(
        township_id=world.first.township, starts_on=TODAY, days=7, state=RosterState.PUBLISHED, version=1,
        published_at=datetime.now(UTC),
    )  # fmt: skip
    session.add(published)
    assert "The way to the first roster" not in start_page(log_in, AccountRole.STATION_HEAD)
