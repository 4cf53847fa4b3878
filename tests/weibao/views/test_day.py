"""Checking in and out, at the door too; who has come; a concern about a child."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.crypto import Keyring, Place, SealError
from tenants.enums import AccountRole, MessageKind, PersonKind
from tenants.models import (
    Account,
    Attendance,
    AuditEntry,
    Concern,
    Delivery,
    Duty,
    Home,
    Message,
    Person,
    Township,
    new_id,
)
from tenants.services import attendance, concerns, keys
from tests.conftest import LogIn, post
from tests.drafts import CHINA
from tests.duties import HOUR, add_visit, give
from tests.pages import in_english
from tests.world import World

VOLUNTEER, DIRECTOR = PersonKind.VOLUNTEER, PersonKind.CHILD_DIRECTOR
MINUTE = timedelta(minutes=1)
WORRY = "KANARI a child with bruises"


@pytest.fixture
def volunteer(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.VOLUNTEER))


def duty_at(session: Session, world: World, begins_in: timedelta, child: int = 0) -> str:
    """A visit of an hour by the volunteer, that begins in so long."""
    start = datetime.now(UTC) + begins_in
    duty = give(session, world.first, VOLUNTEER, visit=add_visit(session, world.first, child), starts_at=start)
    session.commit()
    return duty


def day_page(client: FlaskClient, session: Session, world: World, duty: str) -> str:
    """The station's page of the duty's day; near midnight that is not today."""
    start = session.get_one(Duty, (world.first.township, duty)).starts_at
    return client.get(f"/attendance?day={start.astimezone(CHINA).date()}").text


def record(session: Session) -> Attendance:
    session.expire_all()
    return session.scalars(select(Attendance)).one()


# Check in and out


def test_a_volunteer_checks_in_and_out_with_a_note_that_is_sealed(
    session: Session, world: World, volunteer: FlaskClient, log_in: LogIn
) -> None:
    duty = duty_at(session, world, -30 * MINUTE)
    assert "I am here" in volunteer.get(f"/mine/duties/{duty}").text
    post(volunteer, f"/mine/duties/{duty}/arrive")
    assert "I am leaving" in volunteer.get(f"/mine/duties/{duty}").text
    row = record(session)
    row.arrived_at = datetime.now(UTC) - 25 * MINUTE
    session.commit()
    answer = post(volunteer, f"/mine/duties/{duty}/leave", {"note": "KANARI note"}, follow_redirects=True)
    assert "You are checked out: 25 minutes." in answer.text
    row = record(session)
    assert (row.minutes, row.no_show, row.at_door) == (25, False, False)
    assert b"KANARI" not in (row.note_sealed or b"")

    head = in_english(log_in(AccountRole.STATION_HEAD))
    day = day_page(head, session, world, duty)
    assert "25 minutes" in day
    assert "late" in day
    assert "KANARI" not in day
    assert "KANARI note" in post(head, f"/attendance/{duty}/note").text
    lines = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == duty)).all()
    assert lines == ["duty.arrive", "duty.leave", "duty.note_read"]


def test_check_in_opens_an_hour_before_and_ends_with_the_duty(
    session: Session, world: World, volunteer: FlaskClient
) -> None:
    early, over = duty_at(session, world, 2 * HOUR), duty_at(session, world, -5 * HOUR, 1)
    assert post(volunteer, f"/mine/duties/{early}/arrive").status_code == 422
    assert post(volunteer, f"/mine/duties/{over}/arrive").status_code == 409
    assert post(volunteer, f"/mine/duties/{early}/leave").status_code == 409
    assert "Not recorded" in volunteer.get(f"/mine/duties/{over}").text
    session.expire_all()
    assert session.scalars(select(Attendance)).all() == []


def test_checking_in_twice_keeps_the_first_time(session: Session, world: World, volunteer: FlaskClient) -> None:
    duty = duty_at(session, world, timedelta())
    post(volunteer, f"/mine/duties/{duty}/arrive")
    first = record(session).arrived_at
    post(volunteer, f"/mine/duties/{duty}/arrive")
    assert record(session).arrived_at == first


@pytest.mark.parametrize(
    ("arrived", "left", "minutes"),
    [(-30, 60, 60), (0, 45, 45), (20, 60, 40), (0, 200, 120), (70, 65, 0)],
)
def test_minutes_count_from_the_beginning_and_an_hour_over_at_most(arrived: int, left: int, minutes: int) -> None:
    start = datetime(2026, 12, 5, 1, tzinfo=UTC)
    duty = Duty(starts_at=start, ends_at=start + HOUR)
    assert attendance.counted(duty, start + arrived * MINUTE, start + left * MINUTE) == minutes


def test_the_code_at_the_door_shows_my_duties_here_and_checks_in(
    session: Session, world: World, volunteer: FlaskClient, log_in: LogIn
) -> None:
    here, elsewhere = duty_at(session, world, -10 * MINUTE), duty_at(session, world, 55 * MINUTE, 2)
    head = in_english(log_in(AccountRole.STATION_HEAD))
    post(head, f"/homes/{world.first.villages[0]}/door")
    assert "<svg" in head.get(f"/homes/{world.first.villages[0]}/door").text.split("<figure")[1]
    code = session.scalars(select(Home.door_code).where(Home.id == world.first.homes[0])).one()
    page = volunteer.get(f"/door/{code}").text
    assert f"/door/{code}/{here}" in page
    assert elsewhere not in page
    assert post(volunteer, f"/door/{code}/{elsewhere}").status_code == 404
    post(volunteer, f"/door/{code}/{here}")
    assert record(session).at_door is True
    post(head, f"/homes/{world.first.villages[0]}/door")
    assert volunteer.get(f"/door/{code}").status_code == 404


def test_a_neighbours_door_is_not_found(session: Session, world: World, volunteer: FlaskClient) -> None:
    code = session.get_one(Home, (world.second.township, world.second.homes[0])).door_code = new_id()
    session.commit()
    assert volunteer.get(f"/door/{code}").status_code == 404


def test_the_station_sees_who_is_missing_and_says_so(session: Session, world: World, log_in: LogIn) -> None:
    duty, coming = duty_at(session, world, -20 * MINUTE), duty_at(session, world, 45 * MINUTE, 1)
    head = in_english(log_in(AccountRole.STATION_HEAD))
    page = day_page(head, session, world, duty)
    assert "Not here yet" in page
    assert 'href="tel:00000000000"' in page
    post(head, f"/attendance/{duty}/missed")
    assert record(session).no_show is True
    assert post(head, f"/attendance/{coming}/missed").status_code == 422
    assert "Recorded: did not come" in in_english(log_in(AccountRole.VOLUNTEER)).get(f"/mine/duties/{duty}").text


def test_the_duty_page_reminds_of_two_adults_and_shows_the_countys_numbers(
    session: Session, world: World, volunteer: FlaskClient
) -> None:
    page = volunteer.get(f"/mine/duties/{duty_at(session, world, HOUR / 2)}").text
    assert "Never alone with a child." in page
    assert "You are alone on the team" in page
    assert re.findall(r'href="tel:(\d+)"', page.split("Never alone")[1]) == ["110", "120", "12355"]


def checked_in(session: Session, world: World, volunteer: FlaskClient) -> str:
    """A duty that has begun, and its holder is there."""
    duty = duty_at(session, world, -30 * MINUTE)
    post(volunteer, f"/mine/duties/{duty}/arrive")
    return duty


def test_a_note_of_500_characters_with_line_breaks_is_taken_as_the_browser_counts_it(
    app: Flask, session: Session, world: World, volunteer: FlaskClient
) -> None:
    duty, note = checked_in(session, world, volunteer), "ten sign.\n" * 50
    assert post(volunteer, f"/mine/duties/{duty}/leave", {"note": note.replace("\n", "\r\n")}).status_code == 303
    row, ring = record(session), app.config["WEIBAO"].keyring
    assert ring.open(row.note_sealed, attendance.place_of(row)) == note.strip()


def test_a_note_that_is_too_long_comes_back_with_its_form_and_what_is_wrong(
    session: Session, world: World, volunteer: FlaskClient
) -> None:
    duty, note = checked_in(session, world, volunteer), "x" * 501
    answer = post(volunteer, f"/mine/duties/{duty}/leave", {"note": note})
    assert answer.status_code == 422
    assert f"{note}</textarea>" in answer.text
    assert "Field cannot be longer than 500 characters." in answer.text
    assert record(session).left_at is None


def test_leaving_by_mistake_is_taken_back_for_a_quarter_of_an_hour(
    session: Session, world: World, volunteer: FlaskClient
) -> None:
    duty = duty_at(session, world, 20 * MINUTE)
    post(volunteer, f"/mine/duties/{duty}/arrive")
    post(volunteer, f"/mine/duties/{duty}/leave", {"note": "KANARI note"})
    assert record(session).minutes == 0
    assert "I am still here" in volunteer.get(f"/mine/duties/{duty}").text
    assert post(volunteer, f"/mine/duties/{duty}/stay").status_code == 303
    row = record(session)
    assert (row.left_at, row.minutes, row.note_sealed is not None) == (None, None, True)
    assert "I am leaving" in volunteer.get(f"/mine/duties/{duty}").text
    lines = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == duty)).all()
    assert lines == ["duty.arrive", "duty.leave", "duty.stay"]


def test_leaving_is_no_longer_taken_back_later_nor_once_somebody_has_recorded_the_hours(
    session: Session, world: World, volunteer: FlaskClient
) -> None:
    duty = checked_in(session, world, volunteer)
    assert post(volunteer, f"/mine/duties/{duty}/stay").status_code == 409
    post(volunteer, f"/mine/duties/{duty}/leave")
    row = record(session)
    arrived, left = row.arrived_at, row.left_at
    row.arrived_at, row.left_at = (moment and moment - 16 * MINUTE for moment in (arrived, left))
    assert "I am still here" not in volunteer.get(f"/mine/duties/{duty}").text
    assert post(volunteer, f"/mine/duties/{duty}/stay").status_code == 409
    row = record(session)
    row.arrived_at, row.left_at, row.reason = arrived, left, "forgot"
    assert post(volunteer, f"/mine/duties/{duty}/stay").status_code == 409
    assert record(session).left_at is not None


def test_the_safety_numbers_are_in_the_readers_language_and_say_which_is_the_stations(
    session: Session, world: World, volunteer: FlaskClient
) -> None:
    township = session.get_one(Township, world.first.township)
    township.name_en, township.safety_phone = "Jia Town", "0356-7654321"
    duty = duty_at(session, world, HOUR / 2)
    page = volunteer.get(f"/mine/duties/{duty}").text
    for words in ("Jia Town station 0356-7654321", "Police 110", "Ambulance 120", "Youth helpline 12355"):
        assert words in page
    volunteer.set_cookie("language", "zh")
    page = volunteer.get(f"/mine/duties/{duty}").text
    for words in ("甲镇未保站 0356-7654321", "公安报警 110", "安全提醒"):
        assert words in page
    assert "安全教育" not in page


# Concerns


def raise_one(client: FlaskClient, world: World, village: int = 0, text: str = WORRY) -> None:
    answer = post(client, "/concerns/new", {"village_id": world.first.villages[village], "text": text})
    assert answer.status_code == 303


def test_a_concern_stands_first_with_the_director_and_the_station_until_each_has_opened_it(
    session: Session, world: World, volunteer: FlaskClient, log_in: LogIn
) -> None:
    raise_one(volunteer, world)
    concern = session.scalars(select(Concern)).one()
    concern.created_at = datetime.now(UTC) - 95 * MINUTE
    session.commit()
    for role in (AccountRole.CHILD_DIRECTOR, AccountRole.STATION_HEAD, AccountRole.STATION_STAFF):
        client = in_english(log_in(role))
        start = client.get("/").text
        assert "waiting for 1 h 35 min" in start
        assert "KANARI" not in start
        assert "KANARI a child with bruises" in post(client, f"/concerns/{concern.id}").text
        assert "waiting for" not in client.get("/").text
    session.expire_all()
    assert len(concern.readings) == 3
    reads = session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == "concern.read")).all()
    assert reads == [concern.id] * 3


def test_a_concern_is_told_at_once_even_in_quiet_hours_and_says_nothing_of_the_child(
    session: Session, world: World, volunteer: FlaskClient
) -> None:
    for account in session.scalars(select(Account).where(Account.township_id == world.first.township)):
        account.email, account.digest = f"{account.username}@example.org", True
    raise_one(volunteer, world)
    messages = session.scalars(select(Message).where(Message.kind == MessageKind.CONCERN_RAISED)).all()
    names = session.scalars(select(Account.username).where(Account.id.in_([m.account_id for m in messages]))).all()
    assert sorted(names) == ["child_director-alpha", "station_head-alpha", "station_staff-alpha"]
    assert {frozenset(m.facts) for m in messages} == {frozenset({"village", "village_en"})}
    assert all(row.due_at <= datetime.now(UTC) for row in session.scalars(select(Delivery)))


def told(client: FlaskClient, world: World, village: int = 0, **facts: object) -> str:
    """What the page says after a concern has been raised."""
    form: dict[str, object] = {"village_id": world.first.villages[village], "text": WORRY, **facts}
    return post(client, "/concerns/new", form, follow_redirects=True).text


def test_the_page_after_a_concern_names_who_has_been_told(world: World, volunteer: FlaskClient) -> None:
    page = told(volunteer, world)
    assert "the child director of" in page
    assert "the protection station: its head and staff, the township's child supervisor among them" in page
    assert "has not been told" not in page


def test_a_director_whom_the_program_does_not_reach_is_to_be_called(
    session: Session, world: World, volunteer: FlaskClient
) -> None:
    account = session.scalars(select(Account).where(Account.username == "child_director-alpha")).one()
    director = session.get_one(Person, (world.first.township, world.first.people[DIRECTOR]))
    director.phone = "139 0000 1111"
    for change in ({"disabled": True}, {"disabled": False, "password_hash": ""}):
        for name, value in change.items():
            setattr(account, name, value)
        page = told(volunteer, world)
        assert "the child director of" not in page
        assert "The child director has not been told by the program." in page
        assert 'href="tel:13900001111"' in page
    page = told(volunteer, world, village=1)
    assert "No child director is entered for" in page
    assert "13900001111" not in page


def test_who_was_told_is_shown_to_whoever_raised_the_concern_alone(
    session: Session, world: World, volunteer: FlaskClient, log_in: LogIn
) -> None:
    raise_one(volunteer, world)
    concern = session.scalars(select(Concern.id)).one()
    assert volunteer.get(f"/concerns/{concern}/told").status_code == 200
    for name in (AccountRole.SOCIAL_WORKER, AccountRole.STATION_HEAD, "volunteer-beta"):
        assert log_in(name).get(f"/concerns/{concern}/told").status_code == 404


def test_the_concern_page_is_there_whatever_duty_its_address_names(
    session: Session, world: World, volunteer: FlaskClient, log_in: LogIn
) -> None:
    duty = duty_at(session, world, timedelta())
    for client, named in ((volunteer, new_id()), (volunteer, "x"), (log_in(AccountRole.SOCIAL_WORKER), duty)):
        assert client.get(f"/concerns/new?duty={named}").status_code == 200
        told(client, world, duty=named)
    assert session.scalars(select(Concern.duty_id)).all() == [None] * 3


def test_nobody_else_opens_a_concern(session: Session, world: World, volunteer: FlaskClient, log_in: LogIn) -> None:
    raise_one(volunteer, world, village=1)  # the director of the cast is another village's
    concern = session.scalars(select(Concern)).one()
    assert post(log_in(AccountRole.CHILD_DIRECTOR), f"/concerns/{concern.id}").status_code == 404
    assert "waiting for" not in in_english(log_in(AccountRole.CHILD_DIRECTOR)).get("/").text
    for role in (AccountRole.VOLUNTEER, AccountRole.SOCIAL_WORKER, AccountRole.COUNTY_OFFICER):
        assert post(log_in(role), f"/concerns/{concern.id}").status_code == 403
    assert post(log_in(world.second.usernames[AccountRole.STATION_HEAD]), f"/concerns/{concern.id}").status_code == 404


def test_a_concern_is_taken_in_hand_and_closed_once(
    session: Session, world: World, volunteer: FlaskClient, log_in: LogIn
) -> None:
    raise_one(volunteer, world)
    concern = session.scalars(select(Concern)).one()
    head, staff = in_english(log_in(AccountRole.STATION_HEAD)), log_in(AccountRole.STATION_STAFF)
    post(head, f"/concerns/{concern.id}/take")
    post(staff, f"/concerns/{concern.id}/take")
    assert "In hand: station_head-alpha" in head.get("/concerns").text
    post(head, f"/concerns/{concern.id}/close", {"outcome": "reported"})
    assert "Reported to the police" in head.get("/concerns").text
    assert post(staff, f"/concerns/{concern.id}/close", {"outcome": "unfounded"}).status_code == 409


def test_a_short_concern_is_refused_and_what_was_typed_stays(world: World, volunteer: FlaskClient) -> None:
    answer = post(volunteer, "/concerns/new", {"village_id": world.first.villages[1], "text": "hm"})
    assert answer.status_code == 422
    assert "Write 5 to 2000 characters." in answer.text
    assert ">hm</textarea>" in answer.text.replace("\r\n", "")
    foreign = post(volunteer, "/concerns/new", {"village_id": world.second.villages[0], "text": WORRY})
    assert foreign.status_code == 422


def test_texts_are_bound_to_their_rows_and_resealed_under_a_new_key(
    app: Flask, session: Session, world: World, volunteer: FlaskClient
) -> None:
    raise_one(volunteer, world)
    raise_one(volunteer, world, text="another worry")
    one, two = session.scalars(select(Concern).order_by(Concern.created_at)).all()
    ring: Keyring = app.config["WEIBAO"].keyring
    assert WORRY.encode() not in one.text_sealed
    with pytest.raises(SealError):
        ring.open(one.text_sealed, concerns.place_of(two))
    duty = session.get_one(Duty, (world.first.township, duty_at(session, world, timedelta())))
    row = Attendance(township_id=duty.township_id, duty_id=duty.id, id=new_id())
    row.note_sealed = ring.seal("note", attendance.place_of(row))
    session.add(row)
    session.flush()
    newer = Keyring(keys={**ring.keys, 2: b"2" * 32}, index_key=ring.index_key)
    assert keys.reseal_texts(session, newer) == 3
    assert keys.reseal_texts(session, newer) == 0
    only = Keyring(keys={2: b"2" * 32}, index_key=ring.index_key)
    assert only.open(one.text_sealed, concerns.place_of(one)) == WORRY
    place = Place(table="attendance", column="note_sealed", tenant=row.township_id, row=row.id)
    assert only.open(row.note_sealed, place) == "note"


def test_a_director_who_has_left_the_village_hears_nothing(
    session: Session, world: World, volunteer: FlaskClient, log_in: LogIn
) -> None:
    session.get_one(
        Person, (world.first.township, world.first.people[DIRECTOR])
    ).base_village_id = world.first.villages[2]
    session.commit()
    raise_one(volunteer, world)
    assert "waiting for" not in in_english(log_in(AccountRole.CHILD_DIRECTOR)).get("/").text
