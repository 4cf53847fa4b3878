"""Pages of calendar addresses: of a person, of the whole township, of a Children's Home; and what they then show."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, ActivityState, PersonKind
from tenants.models import Account, Activity, FeedToken
from tenants.services import publishing
from tests.conftest import LogIn, post
from tests.drafts import DIRECTOR, VOLUNTEER, at, begin, due_visit, keep, visit_task
from tests.duties import add_visit, give
from tests.pages import in_english
from tests.world import World

TOWNSHIP = "/calendar/subscription"


@pytest.fixture
def volunteer(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.VOLUNTEER))


def home_page(world: World) -> str:
    return f"/homes/{world.first.villages[0]}/subscription"


def made(client: FlaskClient, page: str) -> str:
    """The path of a new address."""
    return addresses(post(client, page).text)[0].removeprefix("http://localhost")


def shown(app: Flask, path: str) -> dict[str, object]:
    """What a calendar without any log-in reads: the events by title."""
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(answer.data).events}


def addresses(page: str) -> list[str]:
    return re.findall(r'value="(http://[^"]+/feeds/[^"]+\.ics)"', page)


def test_a_new_address_is_shown_once_with_its_link_and_a_code(volunteer: FlaskClient) -> None:
    page = post(volunteer, "/mine/calendar").text

    (address,) = addresses(page)
    assert address.replace("http://", "webcal://") in page
    assert "<svg" in page.split("<figure")[1].split("</figure>")[0]
    assert "style=" not in page.split("<figure")[1].split("</figure>")[0]
    again = volunteer.get("/mine/calendar").text
    assert addresses(again) == []
    assert "Active" in again
    assert volunteer.get(address.removeprefix("http://localhost")).status_code == 200


def test_rotating_and_revoking_stop_the_earlier_address(app: Flask, volunteer: FlaskClient) -> None:
    phone = app.test_client()
    paths = [addresses(post(volunteer, "/mine/calendar").text)[0].removeprefix("http://localhost") for _ in range(2)]
    assert [phone.get(path).status_code for path in paths] == [404, 200]

    answer = post(volunteer, "/mine/calendar/revoke", follow_redirects=True)

    assert "no longer works" in answer.text
    assert phone.get(paths[1]).status_code == 404
    assert "You have no calendar address yet" in volunteer.get("/mine/calendar").text


def test_last_fetch_is_shown(session: Session, world: World, app: Flask, volunteer: FlaskClient) -> None:
    (address,) = addresses(post(volunteer, "/mine/calendar").text)
    assert "not yet" in volunteer.get("/mine/calendar").text
    app.test_client().get(address)
    row = session.scalars(select(FeedToken)).one()
    row.last_fetched_at = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)
    session.commit()

    assert "2026-11-04 07:30" in volunteer.get("/mine/calendar").text  # Shanghai is eight hours ahead


def test_public_address_is_used_and_a_local_one_is_warned_of(app: Flask, volunteer: FlaskClient) -> None:
    assert "a phone cannot reach it" in post(volunteer, "/mine/calendar").text
    object.__setattr__(app.config["WEIBAO"], "public_url", "https://weibao.example.gov.cn")

    page = post(volunteer, "/mine/calendar").text

    assert 'value="https://weibao.example.gov.cn/feeds/' in page
    assert "a phone cannot reach it" not in page


# The whole township


def test_the_station_reads_every_visit_and_activity_with_its_team(
    app: Flask, session: Session, world: World, log_in: LogIn
) -> None:
    visit = add_visit(session, world.first)
    give(session, world.first, VOLUNTEER, visit=visit, role="companion")
    give(session, world.first, PersonKind.SOCIAL_WORKER, visit=visit, role="lead")
    give(session, world.second, VOLUNTEER, visit=add_visit(session, world.second))
    session.commit()
    head = in_english(log_in(AccountRole.STATION_HEAD))
    assert TOWNSHIP in head.get("/calendar").text
    read = shown(app, made(head, TOWNSHIP))
    canary = world.first.canary
    assert set(read) == {f"Home visit · {canary} · C-000", f"{canary} · {canary} Children's Home"}
    text = str(read[f"Home visit · {canary} · C-000"]["DESCRIPTION"])
    assert text == f"Team: social_worker {canary} (Lead), volunteer {canary} (Companion)"
    assert read[f"{canary} · {canary} Children's Home"]["DESCRIPTION"] == "Nobody yet"


def test_an_activity_without_people_says_so_in_chinese_and_not_that_nobody_handles_it(
    app: Flask, session: Session, world: World, log_in: LogIn
) -> None:
    address = made(log_in(AccountRole.STATION_HEAD), TOWNSHIP)
    session.scalars(select(FeedToken)).one().language = "zh"
    session.commit()
    (event,) = shown(app, address).values()
    assert event["DESCRIPTION"] == "尚无人员"


@pytest.mark.parametrize("role", [AccountRole.VOLUNTEER, AccountRole.CHILD_DIRECTOR, AccountRole.COUNTY_OFFICER])
def test_others_make_no_address_of_the_township_or_a_home(log_in: LogIn, world: World, role: AccountRole) -> None:
    client = log_in(role)
    for page in (TOWNSHIP, home_page(world)):
        assert client.get(page).status_code == 403
        assert post(client, page).status_code == 403


def test_the_townships_address_ends_with_the_role_and_lives_beside_the_own_one(
    app: Flask, session: Session, world: World, log_in: LogIn
) -> None:
    worker = log_in(AccountRole.SOCIAL_WORKER)
    own, whole = made(worker, "/mine/calendar"), made(worker, TOWNSHIP)
    phone = app.test_client()
    assert [phone.get(path).status_code for path in (own, whole)] == [200, 200]
    name = world.usernames[AccountRole.SOCIAL_WORKER]
    session.scalars(select(Account).where(Account.username == name)).one().role = AccountRole.VOLUNTEER
    session.commit()
    assert [phone.get(path).status_code for path in (own, whole)] == [200, 404]


def test_a_visits_number_rises_when_its_team_changes_and_it_is_cancelled_when_nobody_is_left(
    app: Flask, station: Session, world: World, log_in: LogIn
) -> None:
    path = made(in_english(log_in(AccountRole.STATION_HEAD)), TOWNSHIP)
    draft = begin(station, world)
    visit, other, day = due_visit(station, world), due_visit(station, world, 1), draft.starts_on
    stays = visit_task(world, other, at(day, 14), VOLUNTEER)
    numbers = []
    for teams in ([(VOLUNTEER,)], [(VOLUNTEER, DIRECTOR)], [(DIRECTOR,)], []):
        keep(station, world, draft, stays, *(visit_task(world, visit, at(day, 9), *team) for team in teams))
        publishing.publish(station, world.head, draft)
        station.commit()
        (event,) = (e for title, e in shown(app, path).items() if "C-000" in title)
        numbers.append((event["SEQUENCE"], event["STATUS"]))
    rises = [number for number, _state in numbers]
    assert rises == sorted(set(rises))
    assert [state for _number, state in numbers] == ["CONFIRMED"] * 3 + ["CANCELLED"]


# A Children's Home


def test_a_homes_address_shows_its_activities_and_nobodys_name(
    app: Flask, session: Session, world: World, log_in: LogIn
) -> None:
    give(session, world.first, VOLUNTEER, activity=world.first.activity, role="helper")
    give(session, world.first, PersonKind.SOCIAL_WORKER, visit=add_visit(session, world.first))
    session.commit()
    staff = in_english(log_in(AccountRole.STATION_STAFF))
    assert home_page(world) in staff.get(f"/homes/{world.first.villages[0]}").text
    path = made(staff, home_page(world))
    text = app.test_client().get(path).text.replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == 1
    assert "volunteer" not in text
    assert "C-000" not in text
    assert text.count("NAME:活动 · 甲镇0村 CANARY-ALPHA儿童之家") == 2
    assert "As in my account" not in staff.get(home_page(world)).text
    chosen = {"alarm": "60", "language": "en"}
    assert post(staff, f"{home_page(world)}/choices", chosen).status_code == 303
    assert "TRIGGER:-PT1H" in app.test_client().get(path).text
    other = made(staff, f"/homes/{world.first.villages[1]}/subscription")
    assert shown(app, other) == {}
    assert post(staff, f"{home_page(world)}/revoke").status_code == 303
    assert app.test_client().get(path).status_code == 404


def test_an_activitys_number_rises_with_what_people_notice_and_with_nothing_else(
    app: Flask, session: Session, world: World, log_in: LogIn
) -> None:
    path = made(in_english(log_in(AccountRole.STATION_STAFF)), home_page(world))
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    phone, numbers = app.test_client(), []

    def change(**facts: object) -> None:
        for name, value in facts.items():
            setattr(activity, name, value)
        session.commit()
        (event,) = Calendar.from_ical(phone.get(path).data).events
        numbers.append((int(event["SEQUENCE"]), str(event["STATUS"])))

    etag = phone.get(path).headers["ETag"]
    change(children_expected=40)
    assert phone.get(path, headers={"If-None-Match": etag}).status_code == 304
    change(title="折纸")
    assert phone.get(path, headers={"If-None-Match": etag}).status_code == 200
    change(ends_at=activity.ends_at + timedelta(minutes=30))
    change(state=ActivityState.CANCELLED)
    change(state=ActivityState.PLANNED)
    change(state=ActivityState.HELD)
    assert numbers == [
        (0, "CONFIRMED"), (1, "CONFIRMED"), (2, "CONFIRMED"), (3, "CANCELLED"), (4, "CONFIRMED"), (4, "CONFIRMED"),
    ]  # fmt: skip


def test_an_activity_that_was_called_off_stays_for_thirty_days(
    app: Flask, session: Session, world: World, log_in: LogIn
) -> None:
    path = made(log_in(AccountRole.STATION_STAFF), home_page(world))
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    activity.state = ActivityState.CANCELLED
    session.commit()
    assert len(shown(app, path)) == 1
    activity.changed_at = datetime.now(UTC) - timedelta(days=31)
    session.commit()
    assert shown(app, path) == {}


def test_a_home_of_another_township_is_unknown(log_in: LogIn, world: World) -> None:
    staff = log_in(AccountRole.STATION_STAFF)
    foreign = f"/homes/{world.second.villages[0]}/subscription"
    assert staff.get(foreign).status_code == 404
    assert post(staff, foreign).status_code == 404
