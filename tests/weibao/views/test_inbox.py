"""The inbox of every role, what a station sees of it, and the rules behind both."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, MessageKind, SignUpMode
from tenants.models import Account, County, Message, StationSetting
from tenants.services import notices
from tests.conftest import LogIn, post
from tests.pages import in_english
from tests.world import World

FACTS = {"from": "2026-12-01", "to": "2026-12-14", "given": 2, "changed": 0, "dropped": 1}


def tell(session: Session, username: str) -> Message:
    account = session.scalars(select(Account).where(Account.username == username)).one()
    (message,) = notices.tell(session, [account], MessageKind.ROSTER_PUBLISHED, FACTS)
    session.commit()
    return message


def test_a_message_counts_as_new_until_it_is_opened(session: Session, world: World, log_in: LogIn) -> None:
    message = tell(session, "volunteer-alpha")
    volunteer = in_english(log_in(AccountRole.VOLUNTEER))
    page = volunteer.get("/inbox").text
    assert 'aria-label="Inbox, 1 new message"' in page
    assert "The roster from Tue 1 Dec to Mon 14 Dec changes your duties: 2 new, 1 cancelled." in page
    answer = post(volunteer, f"/inbox/{message.id}")
    assert (answer.status_code, answer.location) == (303, "/mine/duties")
    assert "Inbox, nothing new" in volunteer.get("/inbox").text


def test_nobody_opens_another_accounts_message(session: Session, world: World, log_in: LogIn) -> None:
    message = tell(session, "volunteer-alpha")
    for role in (AccountRole.STATION_HEAD, AccountRole.COUNTY_OFFICER):
        client = log_in(role)
        assert post(client, f"/inbox/{message.id}").status_code == 404
        assert "The roster from" not in in_english(client).get("/inbox").text


def test_all_can_be_marked_as_read_by_a_county_officer_too(session: Session, world: World, log_in: LogIn) -> None:
    tell(session, "county")
    county = in_english(log_in(AccountRole.COUNTY_OFFICER))
    assert "1 new message" in county.get("/inbox").text
    post(county, "/inbox/read")
    assert "Nothing new" in county.get("/inbox").text


def test_the_station_sees_what_was_told_to_whom_and_no_other_township(
    session: Session, world: World, log_in: LogIn
) -> None:
    session.scalars(select(Account).where(Account.username == "volunteer-alpha")).one().email = "v@example.org"
    tell(session, "volunteer-alpha")
    tell(session, "volunteer-beta")
    page = in_english(log_in(AccountRole.STATION_STAFF)).get("/outbox").text
    assert "volunteer-alpha" in page
    assert "Waiting to go out" in page
    assert "Not opened" in page
    assert "CANARY-BETA" not in page


def test_the_way_of_messages_is_ones_own_choice(session: Session, world: World, log_in: LogIn) -> None:
    volunteer = in_english(log_in(AccountRole.VOLUNTEER))
    answer = post(volunteer, "/account/messages", {"email": "not an address"})
    assert answer.status_code == 422
    assert "This is no e-mail address." in answer.text
    post(volunteer, "/account/messages", {"email": "v@example.org", "digest": "y"})
    account = session.scalars(select(Account).where(Account.username == "volunteer-alpha")).one()
    assert (account.email, account.digest) == ("v@example.org", True)
    post(volunteer, "/account/messages", {"email": ""})
    session.expire_all()
    assert (account.email, account.digest) == (None, False)


def test_the_county_settles_deadline_quiet_hours_and_numbers(session: Session, world: World, log_in: LogIn) -> None:
    county = in_english(log_in(AccountRole.COUNTY_OFFICER))
    facts: dict[str, object] = {"decline_hours": "24", "quiet_from": "21:30", "quiet_until": "06:30"}
    answer = post(county, "/arrangements", {**facts, "phones": "only words"})
    assert answer.status_code == 422
    assert "Not a name and a number: only words" in answer.text
    post(county, "/arrangements", {**facts, "phones": "派出所 110\n县未保中心 0356-1234567"})
    row = session.get_one(County, world.county)
    assert (row.decline_hours, row.quiet_from, row.quiet_until) == (24, 1290, 390)
    assert row.safety_phones == [["派出所", "110"], ["县未保中心", "0356-1234567"]]


def test_the_station_chooses_how_places_are_given(session: Session, world: World, log_in: LogIn) -> None:
    head = in_english(log_in(AccountRole.STATION_HEAD))
    assert "as the county says (48 hours)" in head.get("/arrangements").text
    assert post(head, "/arrangements", {"sign_up": "at_once", "decline_hours": "9999"}).status_code == 422
    post(head, "/arrangements", {"sign_up": "at_once", "decline_hours": ""})
    setting = session.scalars(select(StationSetting)).one()
    assert (setting.township_id, setting.sign_up, setting.decline_hours) == (
        world.first.township, SignUpMode.AT_ONCE, None
    )  # fmt: skip
    assert log_in(AccountRole.STATION_STAFF).get("/arrangements").status_code == 403


def test_a_page_that_is_turned_away_at_the_door_still_has_its_frame(app: Flask, world: World, log_in: LogIn) -> None:
    answer = in_english(log_in(AccountRole.VOLUNTEER)).get("/outbox")
    assert answer.status_code == 403
    assert "Inbox, nothing new" in answer.text
