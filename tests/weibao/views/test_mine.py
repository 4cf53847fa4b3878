import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, DutyState, PersonKind
from tenants.models import Account, Child, Person
from tests.conftest import LogIn, post
from tests.duties import add_visit, give, soon
from tests.pages import in_english
from tests.world import World

VOLUNTEER = PersonKind.VOLUNTEER


@pytest.fixture
def volunteer(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.VOLUNTEER))


def test_my_duties_show_time_place_case_code_role_and_the_phones_of_team_mates(
    session: Session, world: World, volunteer: FlaskClient
) -> None:
    visit = add_visit(session, world.first)
    give(session, world.first, VOLUNTEER, visit=visit, role="companion")
    give(session, world.first, PersonKind.SOCIAL_WORKER, visit=visit, role="lead")
    session.get_one(Person, (world.first.township, world.first.people[PersonKind.SOCIAL_WORKER])).phone = "139 1111"
    session.get_one(Person, (world.first.township, world.first.people[VOLUNTEER])).phone = "138 2222"
    session.commit()

    page = volunteer.get("/mine/duties").text

    assert "09:00–10:00" in page
    assert "Home visit · CANARY-ALPHA · C-000" in page
    assert "My role: Companion" in page
    assert 'href="tel:1391111"' in page
    assert "138 2222" not in page


def test_my_duties_say_which_have_changed_and_which_are_cancelled(
    session: Session, world: World, volunteer: FlaskClient
) -> None:
    give(session, world.first, VOLUNTEER, visit=add_visit(session, world.first, 0))
    give(session, world.first, VOLUNTEER, visit=add_visit(session, world.first, 1), sequence=1, version=2)
    give(
        session, world.first, VOLUNTEER, visit=add_visit(session, world.first, 2), sequence=1, version=3,
        state=DutyState.CANCELLED,
    )  # fmt: skip
    session.commit()

    page = volunteer.get("/mine/duties").text

    assert page.count("Changed</span>") == 1
    assert page.count("Last changed") == 1
    assert page.count("Cancelled</span>") == 1
    assert "<s>Home visit · CANARY-ALPHA · C-002</s>" in page


def test_past_duties_are_folded(session: Session, world: World, volunteer: FlaskClient) -> None:
    give(session, world.first, VOLUNTEER, visit=add_visit(session, world.first), starts_at=soon(days=-3))
    session.commit()

    page = volunteer.get("/mine/duties").text

    assert "No duties ahead" in page
    assert "1 past duty" in page.split("<details", 1)[1]


def test_a_duty_has_a_page_of_its_own(session: Session, world: World, volunteer: FlaskClient) -> None:
    duty = give(session, world.first, VOLUNTEER, activity=world.first.activity, role="helper")
    session.commit()

    page = volunteer.get(f"/mine/duties/{duty}").text

    assert "Children&#39;s Home" in page or "Children's Home" in page
    assert "Helper" in page
    assert "version 1" in page


def test_another_persons_and_another_townships_duty_are_not_found(
    session: Session, world: World, volunteer: FlaskClient
) -> None:
    colleague = give(session, world.first, PersonKind.SOCIAL_WORKER, visit=add_visit(session, world.first))
    neighbour = give(session, world.second, VOLUNTEER, activity=world.second.activity)
    session.commit()

    assert volunteer.get(f"/mine/duties/{colleague}").status_code == 404
    assert volunteer.get(f"/mine/duties/{neighbour}").status_code == 404
    assert volunteer.get("/mine/duties/nothing").status_code == 404
    assert "CANARY-BETA" not in volunteer.get("/mine/duties").text


def test_my_pages_hold_no_pseudonym(session: Session, world: World, volunteer: FlaskClient) -> None:
    duty = give(session, world.first, VOLUNTEER, visit=add_visit(session, world.first))
    session.get_one(Child, (world.first.township, world.first.children[0])).pseudonym = "PSEUDO-CANARY"
    session.commit()

    for path in ("/mine/duties", f"/mine/duties/{duty}"):
        page = volunteer.get(path).text
        assert "C-000" in page
        assert not re.search("PSEUDO-CANARY|orphan|High risk", page, re.IGNORECASE)


@pytest.mark.parametrize("role", sorted(set(AccountRole) - {AccountRole.COUNTY_OFFICER}))
def test_whoever_may_be_on_a_team_sees_their_duties(log_in: LogIn, role: AccountRole) -> None:
    client = log_in(role)

    assert client.get("/mine/duties").status_code == 200
    assert client.get("/mine/calendar").status_code == 200


def test_county_officers_and_visitors_have_no_duties(app: Flask, world: World, log_in: LogIn) -> None:
    county = log_in(AccountRole.COUNTY_OFFICER)
    for path in ("/mine/duties", "/mine/duties/x", "/mine/calendar"):
        assert county.get(path).status_code == 403
        assert app.test_client().get(path).status_code == 303
    assert post(county, "/mine/calendar").status_code == 403
    assert post(county, "/mine/calendar/revoke").status_code == 403


def test_station_staff_without_a_person_are_told_so(session: Session, world: World, log_in: LogIn) -> None:
    name = world.usernames[AccountRole.STATION_STAFF]
    session.scalars(select(Account).where(Account.username == name)).one().person_id = None
    session.commit()
    staff = in_english(log_in(AccountRole.STATION_STAFF))

    assert "belongs to no person" in staff.get("/mine/duties").text
    assert staff.get("/mine/calendar").status_code == 404


def test_the_days_of_the_list_are_those_of_the_county(session: Session, world: World, volunteer: FlaskClient) -> None:
    # 23:30 in UTC is 07:30 of the next day in Shanghai.
    start = soon(hour=23) + timedelta(minutes=30)
    give(session, world.first, VOLUNTEER, visit=add_visit(session, world.first), starts_at=start)
    session.commit()

    page = volunteer.get("/mine/duties").text

    day = (start + timedelta(days=1)).date()
    assert f'<h2 class="wb-agenda-day">{day:%a} {day.day} {day:%b}</h2>' in page
    assert "07:30–08:30" in page
