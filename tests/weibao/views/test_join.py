"""The public page for volunteers: closed until opened, silent about people, and its applications at the station."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, VettingResult
from tenants.models import Activity, Person, StationSetting, VolunteerApplication
from tenants.services import applications, availability, people
from tenants.services.applications import ApplicationFacts
from tenants.services.availability import FreeTime
from tenants.services.log_ins import FREE_TRIES
from tests import drafts
from tests.conftest import LogIn, post
from tests.world import World
from weibao import exchange
from weibao.planning.people import newcomers

TODAY = drafts.today()
FACTS = {
    "name": "王小明", "phone": "13800000000", "birth_date": "1990-05-01", "from_day": TODAY.isoformat(),
    "wishes": "带孩子打球", "skills": ["sports"], "agrees_data": "y", "agrees_check": "y", "agrees_conduct": "y",
}  # fmt: skip


def without(*names: str) -> dict[str, object]:
    return {name: value for name, value in FACTS.items() if name not in names}


@pytest.fixture
def page(session: Session, world: World) -> str:
    """The address of the first township's page, which is open."""
    session.add(StationSetting(township_id=world.first.township, join_open=True, join_words="欢迎加入"))
    session.commit()
    return f"/join/{world.first.township}"


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("day", ["2026-02-31", "heute", "9999-12-31"])
def test_a_birthday_that_is_no_day_is_told_and_nothing_typed_is_lost(visitor: FlaskClient, page: str, day: str) -> None:
    answer = post(visitor, page, {**FACTS, "birth_date": day})
    assert answer.status_code == 422
    assert 'href="#birth_date"' in answer.text
    assert "带孩子打球" in answer.text


def test_page_is_closed_until_the_head_opens_it(visitor: FlaskClient, log_in: LogIn, world: World) -> None:
    address, home = f"/join/{world.first.township}", f"/join/{world.first.township}/{world.first.villages[0]}"
    assert [visitor.get(one).status_code for one in (address, home)] == [404, 404]
    head = log_in(AccountRole.STATION_HEAD)
    form = {"join_open": "y", "join_age": "15", "join_words": "欢迎加入"}
    assert post(head, "/applications/page", form).status_code == 303
    assert [visitor.get(one).status_code for one in (address, home)] == [200, 200]
    assert "15" in visitor.get(address).text
    assert visitor.get(f"/join/{world.second.township}/{world.first.villages[0]}").status_code == 404
    assert visitor.get(f"/join/{world.first.township}/{world.second.villages[0]}").status_code == 404
    poster = head.get(f"/applications/poster/{world.first.villages[0]}").text
    assert home in poster
    assert "<svg" in poster


def test_page_shows_who_is_needed_and_open_activities_and_nobody(
    visitor: FlaskClient, session: Session, world: World, page: str
) -> None:
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    activity.title = activity.title_en = "Painting on Saturday"
    session.commit()
    text = visitor.get(page).text
    assert "Helper · 2 places" in text
    assert "欢迎加入" in text
    assert "Painting on Saturday" not in text  # nobody has opened it to the public
    activity.open_to_public = True
    session.commit()
    text = visitor.get(page).text
    assert "Painting on Saturday" in text
    names = session.scalars(select(Person.name).where(Person.township_id == world.first.township)).all()
    assert [name for name in [*names, "PSEUDONYM-", "00000000000"] if name in text] == []
    assert not re.search(r"<script(?![^>]* src=)", text)
    activity.starts_at = datetime.now(UTC) - timedelta(hours=1)
    session.commit()
    assert "Painting on Saturday" not in visitor.get(page).text


def test_application_reaches_the_station_and_becomes_a_volunteer(
    visitor: FlaskClient, log_in: LogIn, session: Session, world: World, page: str
) -> None:
    answer = post(visitor, page, FACTS)
    assert answer.status_code == 303, answer.text
    assert "Thank you" in visitor.get(page).text
    row = session.scalars(select(VolunteerApplication)).one()
    session.rollback()
    staff = log_in(AccountRole.STATION_STAFF)
    assert "王小明" in staff.get("/applications").text
    assert post(staff, f"/applications/{row.id}/approve").status_code == 303
    person = session.scalars(select(Person).where(Person.name == "王小明")).one()
    assert newcomers(session) == {person.id}
    session.rollback()
    assert post(staff, f"/applications/{row.id}/reopen").status_code == 303
    assert post(staff, f"/applications/{row.id}/decline", {"reason": ""}).status_code == 422
    assert post(staff, f"/applications/{row.id}/decline", {"reason": "no place now"}).status_code == 303
    assert "no place now" in staff.get("/applications?state=declined").text


@pytest.mark.parametrize("missing", ["agrees_data", "agrees_check", "agrees_conduct", "name", "phone", "birth_date"])
def test_what_was_typed_stays_when_something_is_missing(
    visitor: FlaskClient, session: Session, page: str, missing: str
) -> None:
    answer = post(visitor, page, without(missing))
    assert answer.status_code == 422
    assert "带孩子打球" in answer.text
    assert f'id="{missing}-error"' in answer.text
    assert session.scalars(select(VolunteerApplication)).all() == []


def test_who_is_under_18_names_a_guardian_who_agrees(visitor: FlaskClient, session: Session, page: str) -> None:
    born = TODAY.replace(day=1, year=TODAY.year - 17).isoformat()
    answer = post(visitor, page, {**FACTS, "birth_date": born})
    assert answer.status_code == 422
    assert 'id="guardian_name-error"' in answer.text
    assert "带孩子打球" in answer.text
    guardian = {"guardian_name": "王大明", "guardian_phone": "13900000000", "guardian_agrees": "y"}
    assert post(visitor, page, {**FACTS, "birth_date": born, **guardian}).status_code == 303
    assert session.scalars(select(VolunteerApplication.guardian_name)).all() == ["王大明"]


def test_answer_is_the_same_whether_the_phone_is_known(app: Flask, session: Session, page: str) -> None:
    def said(phone: str) -> tuple[int, str, str]:
        client = app.test_client()
        answer = post(client, page, {**FACTS, "phone": phone})
        text = re.sub(r'(csrf-token" content|csrf_token"[^>]*value)="[^"]*"', "", client.get(page).text)
        return answer.status_code, answer.headers["Location"], text

    assert said("00000000000") == said("13811111111")  # the first is everybody's phone in the world of tests


def test_who_sends_many_waits_and_keeps_what_was_typed(visitor: FlaskClient, session: Session, page: str) -> None:
    for _ in range(FREE_TRIES):
        assert post(visitor, page, FACTS).status_code == 303
    answer = post(visitor, page, FACTS)
    assert answer.status_code == 429
    assert "带孩子打球" in answer.text
    assert len(session.scalars(select(VolunteerApplication)).all()) == FREE_TRIES


def test_newcomer_is_offered_no_place_before_the_check_is_in(station: Session, world: World) -> None:
    facts = ApplicationFacts(name="王小明", phone="13800000000", birth_date=date(1990, 5, 1), from_day=TODAY)
    person = applications.approve(station, world.head, applications.send(station, world.head, facts))
    week = [FreeTime(weekday=day, from_minute=0, to_minute=1440) for day in range(7)]
    availability.set_week(station, world.head, person, week)
    station.get_one(Activity, (world.first.township, world.first.activity)).with_children = False
    station.flush()
    assert exchange.open_places(station, person.id, world.first.township) == []
    until = TODAY + timedelta(days=300)
    people.add_check(station, world.head, person, checked_on=TODAY, valid_through=until, result=VettingResult.CLEAR)
    assert len(exchange.open_places(station, person.id, world.first.township)) == 1


def test_only_the_station_sees_applications(log_in: LogIn) -> None:
    for role in (AccountRole.VOLUNTEER, AccountRole.CHILD_DIRECTOR, AccountRole.COUNTY_OFFICER):
        assert log_in(role).get("/applications").status_code == 403
    assert log_in(AccountRole.STATION_STAFF).get("/applications/page").status_code == 403
