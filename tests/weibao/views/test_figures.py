"""The page of figures: each picture with its table, empty ones with a way on."""

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, PersonKind
from tenants.models import Township
from tests.conftest import LogIn
from tests.drafts import today
from tests.duties import add_visit, give, soon
from tests.pages import in_english, main_of
from tests.world import World


@pytest.fixture
def staff(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.STATION_STAFF))


def test_six_pictures_stand_beside_their_numbers(session: Session, world: World, staff: FlaskClient) -> None:
    done = add_visit(session, world.first, 0, due_in=-2, done_ago=1)
    give(session, world.first, PersonKind.CHILD_DIRECTOR, visit=done, starts_at=soon(days=-1))
    away = add_visit(session, world.first, 1, due_in=-5)
    give(session, world.first, PersonKind.CHILD_DIRECTOR, visit=away, starts_at=soon(days=1))
    add_visit(session, world.second, 2, due_in=-9)
    page = staff.get("/figures").text
    assert page.count('<svg class="wb-chart') >= 6
    assert page.count('<details class="wb-numbers"') == 6
    assert "1 village with overdue visits" in page
    assert "1 of 1 visits (100 %) were made by somebody who knew the household." in page
    assert "0.3 hours on the road in these weeks, 10 minutes for each hour of duty." in page
    assert "Gini 0.75" in page
    assert "PSEUDONYM" not in page
    assert world.second.canary not in page


def test_usually_whole_weeks_are_asked_for_and_the_place_is_named_in_the_pages_language(
    session: Session, world: World, log_in: LogIn, staff: FlaskClient
) -> None:
    session.get_one(Township, world.first.township).name_en = "First Town"
    session.commit()
    page = main_of(staff.get("/figures").text)
    asked = re.findall(r'name="(?:since|until)"[^>]*value="([\d-]+)"', page)
    assert [date.fromisoformat(day).weekday() for day in asked] == [0, 6]
    assert "First Town" in page
    assert "甲镇" not in page
    staff.set_cookie("language", "zh")
    assert "甲镇" in main_of(staff.get("/figures").text)


def test_a_new_township_is_told_what_to_do_next(world: World, staff: FlaskClient) -> None:
    page = staff.get("/figures?since=2020-01-06&until=2020-02-02").text
    for words in (
        "Nothing is needed in these weeks",
        "Nobody has a duty in these weeks",
        "No visit was done in these weeks",
    ):
        assert words in page
    assert "No visit is overdue" in page
    ahead = (today() + timedelta(days=70)).isoformat()
    assert "These weeks have not begun" in staff.get(f"/figures?since={ahead}&until={ahead}").text


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("since=2026-03-09&until=2026-03-02", "The last day lies before the first."),
        ("since=2024-03-09&until=2026-03-02", "Choose a year at most."),
        ("since=0001-01-01&until=9999-12-31", "Choose a day between 1900 and 2199."),
        ("since=2026-99-99&until=2026-03-02", "Not a valid date value."),
        ("kind=astronaut", 'href="#kind"'),
    ],
)
def test_weeks_that_cannot_be_are_refused_with_the_reason(staff: FlaskClient, query: str, reason: str) -> None:
    answer = staff.get(f"/figures?{query}")
    assert answer.status_code == 422
    assert reason in answer.text


def test_loads_are_compared_among_one_kind_of_people(session: Session, world: World, staff: FlaskClient) -> None:
    give(session, world.first, PersonKind.VOLUNTEER, activity=world.first.activity, starts_at=soon(days=1))
    everybody = staff.get("/figures").text
    assert "4 people: 0.2 hours each on average" in everybody
    alone = staff.get("/figures?kind=volunteer").text
    assert "1 person: 1.0 hours" in alone


def test_only_the_station_sees_figures(log_in: LogIn) -> None:
    for role in (AccountRole.VOLUNTEER, AccountRole.SOCIAL_WORKER, AccountRole.COUNTY_OFFICER):
        assert log_in(role).get("/figures").status_code == 403
