"""Ask who is free, answer by a signed link without a log-in, and by the own page; nobody else learns of it."""

import html
import logging
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole
from tenants.models import (
    AvailabilityException,
    AvailabilityInvitation,
    AvailabilityRequest,
    Message,
    Person,
    WeeklyAvailability,
)
from tenants.services import barring
from tenants.services.log_ins import FREE_TRIES
from tests import drafts
from tests.conftest import LogIn, csrf_token, post
from tests.drafts import STAFF, VOLUNTEER
from tests.world import World
from weibao import answer_links
from weibao.logs import HideTokens

TODAY = drafts.today()
FIRST = TODAY + timedelta(days=7)
LAST = FIRST + timedelta(days=1)


def asked(world: World, **changes: object) -> dict[str, object]:
    people = [world.first.people[VOLUNTEER], world.first.people[STAFF]]
    return {"from_day": FIRST, "to_day": LAST, "answer_by": FIRST, "people": people, **changes}


@pytest.fixture
def staff(log_in: LogIn) -> FlaskClient:
    return log_in(AccountRole.STATION_STAFF)


@pytest.fixture
def request_page(staff: FlaskClient, world: World) -> str:
    """The address of a question to a volunteer and a member of the staff."""
    answer = post(staff, "/availability/requests", asked(world))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def links_of(staff: FlaskClient, page: str) -> list[str]:
    return sorted(set(re.findall(r"/free/[\w.-]+", staff.get(page).text)))


def link_to(app: Flask, session: Session, world: World) -> str:
    """The volunteer's link."""
    wanted = AvailabilityInvitation.person_id == world.first.people[VOLUNTEER]
    one = session.scalars(select(AvailabilityInvitation).where(wanted)).one()
    serial = one.serial
    session.rollback()
    with app.app_context():
        return f"/free/{answer_links.token_of(one.id, serial)}"


def token_in(client: FlaskClient, path: str) -> str:
    return client.get(path).text.split('name="csrf_token" value="')[1].split('"')[0]


def send(client: FlaskClient, path: str, *halves: str):
    return client.post(path, data={"csrf_token": token_in(client, path), "free": list(halves)})


def test_everybody_asked_gets_a_link_of_their_own_and_it_stands_in_no_row(
    staff: FlaskClient, session: Session, world: World, request_page: str
) -> None:
    links = links_of(staff, request_page)
    assert len(links) == 2
    told = session.scalars(select(Message)).all()
    assert not any(link.removeprefix("/free/").rpartition(".")[2] in str(m.facts) for link in links for m in told)


def test_link_answers_without_a_log_in_and_can_be_changed(
    app: Flask, session: Session, world: World, staff: FlaskClient, request_page: str
) -> None:
    client, path = app.test_client(), link_to(app, session, world)
    first = f"{FIRST.isoformat()}/morning"
    assert client.get(path).text.count(" checked") == 6  # the usual week, 8 to 20 daily
    assert send(client, path, first).status_code == 303
    page = client.get(path).text
    assert page.count(" checked") == 1
    assert f'value="{first}" checked' in page
    assert "Thank you" in page
    assert send(client, path).status_code == 303
    invitation = session.scalars(select(AvailabilityInvitation).where(AvailabilityInvitation.answers == 2)).one()
    assert invitation.free == []
    assert len(session.scalars(select(AvailabilityException)).all()) == 1
    assert "Answered" in staff.get(request_page).text
    session.rollback()


def test_page_of_a_link_shows_the_township_the_name_and_the_days_alone(
    app: Flask, session: Session, world: World, log_in: LogIn, request_page: str
) -> None:
    path = link_to(app, session, world)
    person = session.get_one(Person, (world.first.township, world.first.people[VOLUNTEER])).name
    session.rollback()
    for client in (app.test_client(), log_in(AccountRole.STATION_HEAD)):  # the same to who is logged in here
        answer = client.get(path)
        body = re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.text)
        text = " ".join(html.unescape(body).split())
        assert person in text
        assert "甲镇" in text
        rest = text.replace(person, "")
        assert world.first.canary not in rest
        assert "00000000000" not in rest
        assert "<nav" not in answer.text
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "<style" not in answer.text
        assert not re.search(r"<script(?![^>]* src=)", answer.text)
        assert not re.search(r"<[^>]+ (style|on\w+)=", answer.text)


def test_link_that_is_wrong_replaced_stopped_closed_or_late_answers_alike(
    app: Flask, session: Session, world: World, staff: FlaskClient, request_page: str
) -> None:
    path = link_to(app, session, world)
    wanted = AvailabilityInvitation.person_id == world.first.people[VOLUNTEER]
    one = session.scalars(select(AvailabilityInvitation.id).where(wanted)).one()
    session.rollback()
    post(staff, f"/availability/requests/invitations/{one}/renew")
    answers = [
        _answer(app, path),
        _answer(app, f"{path[:-1]}{'A' if path[-1] != 'A' else 'B'}"),
        _answer(app, "/free/x"),
    ]
    path = link_to(app, session, world)
    assert app.test_client().get(path).status_code == 200
    row = session.scalars(select(AvailabilityRequest)).one()
    row.answer_by = TODAY - timedelta(days=1)
    session.commit()
    answers.append(_answer(app, path))
    row.answer_by = TODAY
    session.commit()
    assert post(staff, f"{request_page}/close").status_code == 303
    answers.append(_answer(app, path))
    assert {status for status, _text in answers} == {404}
    assert len({text for _status, text in answers}) == 1
    # After some misses the answer is to wait; a link that lives is not kept waiting for it.
    assert len(answers) == FREE_TRIES
    assert app.test_client().get("/free/x").status_code == 429


def _answer(app: Flask, path: str) -> tuple[int, str]:
    answer = app.test_client().get(path)
    text = re.sub(r'(csrf[-_]token" (?:content|value)=)"[^"]*"', "", answer.text)
    return answer.status_code, text.replace(path, "")


def test_link_of_somebody_barred_opens_nothing(app: Flask, session: Session, world: World, request_page: str) -> None:
    path, client = link_to(app, session, world), app.test_client()
    assert client.get(path).status_code == 200
    person = session.get_one(Person, (world.first.township, world.first.people[VOLUNTEER]))
    barring.bar(session, world.head, person, TODAY, "")
    session.commit()
    assert client.get(path).status_code == 404


def test_live_link_is_heard_while_others_of_the_same_address_guess(
    app: Flask, session: Session, world: World, request_page: str
) -> None:
    path = link_to(app, session, world)
    found = [app.test_client().get(f"/free/{n}").status_code for n in range(FREE_TRIES + 2)]
    assert found == [404] * FREE_TRIES + [429] * 2
    assert app.test_client().get(path).status_code == 200
    assert "/login" in post(app.test_client(), "/login", {"username": "x", "password": "y"}).text  # not kept waiting


def test_link_stands_in_no_log_line() -> None:
    record = logging.LogRecord("x", logging.INFO, "x", 1, "GET %s", ("/free/abc.def?x=1 HTTP/1.1",), None)
    assert HideTokens().filter(record)
    assert record.getMessage() == "GET /free/…?x=1 HTTP/1.1"


def test_half_day_of_no_such_day_is_refused(app: Flask, session: Session, world: World, request_page: str) -> None:
    client, path = app.test_client(), link_to(app, session, world)
    for wrong in ("2020-01-01/morning", "x", f"{FIRST.isoformat()}/night"):
        assert send(client, path, wrong, f"{FIRST.isoformat()}/morning").status_code == 422
    assert session.scalars(select(AvailabilityException)).all() == []
    session.rollback()
    assert client.post(path, data={"free": []}).status_code == 400  # without the page's token


def test_station_reminds_once_a_day_and_stops_a_link(
    staff: FlaskClient, app: Flask, session: Session, world: World, request_page: str
) -> None:
    assert post(staff, f"{request_page}/remind").status_code == 303
    assert f"{request_page}/remind" not in staff.get(request_page).text
    assert post(staff, f"{request_page}/remind").status_code == 409
    path = link_to(app, session, world)
    wanted = AvailabilityInvitation.person_id == world.first.people[VOLUNTEER]
    one = session.scalars(select(AvailabilityInvitation.id).where(wanted)).one()
    session.rollback()
    assert post(staff, f"/availability/requests/invitations/{one}/revoke").status_code == 303
    assert app.test_client().get(path).status_code == 404
    assert len(links_of(staff, request_page)) == 1


def test_question_that_does_not_fit_is_refused_and_stays_typed(staff: FlaskClient, world: World) -> None:
    for changes, field in (
        ({"to_day": FIRST - timedelta(days=1)}, "to_day"), ({"people": []}, "people"),
        ({"answer_by": "soon"}, "answer_by"), ({"people": [world.second.people[VOLUNTEER]]}, "people"),
    ):  # fmt: skip
        answer = post(staff, "/availability/requests", asked(world, **changes))
        assert answer.status_code == 422
        assert f'href="#{field}' in answer.text
        assert f'value="{FIRST.isoformat()}"' in answer.text


def test_same_form_is_found_in_the_own_availability(
    log_in: LogIn, session: Session, world: World, request_page: str
) -> None:
    volunteer = log_in(AccountRole.VOLUNTEER)
    page = volunteer.get("/availability").text
    assert "The station asks:" in page
    path = re.findall(r"/availability/requests/invitations/\w{26}", page)[0]
    assert volunteer.get(path).status_code == 200
    assert post(volunteer, path, {"free": [f"{LAST.isoformat()}/evening"]}).status_code == 303
    assert "Change the answer" in volunteer.get("/availability").text
    assert log_in(AccountRole.SOCIAL_WORKER).get(path).status_code == 404
    assert post(volunteer, path, {"free": ["x"]}).status_code == 422
    assert volunteer.get(request_page).status_code == 403


def test_week_by_half_days_is_saved_and_finer_times_stay(log_in: LogIn, session: Session, world: World) -> None:
    client = log_in(AccountRole.VOLUNTEER)
    assert len(re.findall(r'name="free" value="[^"]+" checked', client.get("/availability").text)) == 21
    assert post(client, "/availability/halves", {"free": ["5/morning", "6/evening"]}).status_code == 303
    mine = WeeklyAvailability.person_id == world.first.people[VOLUNTEER]
    week = session.scalars(select(WeeklyAvailability).where(mine).order_by(WeeklyAvailability.weekday)).all()
    assert [(row.weekday, row.from_minute, row.to_minute) for row in week] == [(5, 480, 720), (6, 1080, 1200)]
    session.rollback()
    assert post(client, "/availability/halves", {"free": ["7/morning"]}).status_code == 422
    other = f"/people/{world.first.people[VOLUNTEER]}/availability/halves"
    assert post(client, other, {"free": []}).status_code == 403
    assert post(log_in(AccountRole.STATION_STAFF), other, {"free": []}).status_code == 303
    assert csrf_token(client)
