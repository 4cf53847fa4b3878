import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.http import http_date

from tenants.actor import Actor
from tenants.enums import AccountRole, ChildCategory, DutyState, PersonKind, RiskLevel
from tenants.models import Account, Child, Duty, FeedToken, Person, Village
from tenants.queries.duties import FeedState, HeldDuty, TeamMember
from tenants.services import feed_tokens, publishing
from tests.conftest import LogIn, post
from tests.drafts import VOLUNTEER, at, begin, due_visit, keep, visit_task
from tests.duties import add_visit, give
from tests.world import Place, World
from weibao import feeds, words
from weibao.feeds import Feed, build
from weibao.logs import HideTokens

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 12, 5, 1, tzinfo=UTC)
FEED = Feed(name="n", language="zh", timezone="Asia/Shanghai", pages="https://weibao.example/mine/duties")
DUTY = HeldDuty(
    id="d1", person_id="p1", visit_id="v1", activity_id=None, role="lead", state=DutyState.CONFIRMED, starts_at=START,
    ends_at=START + timedelta(minutes=45), sequence=3, version=2, created_at=START - timedelta(days=9),
    changed_at=START - timedelta(days=2), village_id="x", village="第3村", village_en="Village 3", home=None,
    case_code="C-001", title=None, title_en=None,
    team=(
        TeamMember(person_id="p1", name="王一", name_en="Wang Yi", phone="13900000000", role="lead"),
        TeamMember(person_id="p2", name="李二", name_en="", phone=None, role="companion"),
    ),
)  # fmt: skip
Subscribe = Callable[..., tuple[FlaskClient, str]]


def events(text: bytes | str) -> list:
    return Calendar.from_ical(text).events


def built(app: Flask, duty: HeldDuty = DUTY, feed: Feed = FEED):
    locale = "en" if feed.language == "en" else "zh_Hans_CN"
    with app.test_request_context(), force_locale(locale):
        return Calendar.from_ical(build(feed, [feeds.of_duty(feed, duty)]))


# What the text says


def test_event_says_when_in_local_time_and_how_often_it_changed(app: Flask) -> None:
    (event,) = built(app).events

    assert event["UID"] == "d1@weibao"
    assert event["SEQUENCE"] == 3
    assert event.start == datetime(2026, 12, 5, 9, 0, tzinfo=SHANGHAI)
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert event.duration == timedelta(minutes=45)
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == DUTY.changed_at
    assert event["CREATED"].dt == DUTY.created_at
    assert event["STATUS"] == "CONFIRMED"


def test_event_names_village_case_code_team_and_page(app: Flask) -> None:
    (event,) = built(app, feed=replace(FEED, language="en")).events

    assert event["SUMMARY"] == "Home visit · Village 3 · C-001"
    assert event["LOCATION"] == "Village 3"
    assert event["URL"] == "https://weibao.example/mine/duties/d1"
    assert str(event["DESCRIPTION"]).splitlines() == [
        "My role: Lead",
        "Team: Wang Yi (Lead), 李二 (Companion)",
        "https://weibao.example/mine/duties/d1",
    ]
    assert "13900000000" not in event.to_ical().decode()


def test_event_of_an_activity_names_title_and_home(app: Flask) -> None:
    duty = replace(DUTY, visit_id=None, activity_id="a", case_code=None, title="绘画", title_en="", home="三村儿童之家")

    (event,) = built(app, duty).events

    assert event["SUMMARY"] == "绘画 · 三村儿童之家"
    assert event["LOCATION"] == "三村儿童之家"


def test_cancelled_event_says_so_in_status_and_words_and_blocks_no_time(app: Flask) -> None:
    duty = replace(DUTY, state=DutyState.CANCELLED, team=())

    (event,) = built(app, duty, replace(FEED, language="en")).events

    assert event["STATUS"] == "CANCELLED"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["SUMMARY"] == "Cancelled: Home visit · Village 3 · C-001"


def test_a_reminder_is_part_of_what_holds_and_of_nothing_that_is_cancelled(app: Flask) -> None:
    asked = replace(FEED, alarm_minutes=60)
    (event,) = built(app, DUTY, asked).events
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(minutes=-60)
    assert alarm["ACTION"] == "DISPLAY"
    assert alarm["DESCRIPTION"] == event["SUMMARY"]
    assert built(app).walk("VALARM") == []
    assert built(app, replace(DUTY, state=DutyState.CANCELLED), asked).walk("VALARM") == []


def test_calendar_tells_its_name_colour_and_how_often_to_ask(app: Flask) -> None:
    calendar = built(app, feed=replace(FEED, name="王一, 任务; 甲镇"))

    lines = calendar.to_ical().decode().split("\r\n")
    assert {"NAME:王一\\, 任务\\; 甲镇", "X-WR-CALNAME:王一\\, 任务\\; 甲镇"} <= set(lines)
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert calendar["X-PUBLISHED-TTL"] == "PT1H"
    assert calendar["COLOR"] == "teal"
    assert calendar["METHOD"] == "PUBLISH"


def test_time_zone_is_one_rule_without_daylight_saving(app: Flask) -> None:
    # China has had no daylight saving since 1991, so a zone from 2024 on needs one block of +08:00.
    (zone,) = built(app).walk("VTIMEZONE")

    assert zone["TZID"] == "Asia/Shanghai"
    (rule,) = zone.subcomponents
    assert rule.name == "STANDARD"
    assert rule["TZOFFSETFROM"].td == rule["TZOFFSETTO"].td == timedelta(hours=8)
    assert rule["DTSTART"].dt.year <= 2024


def test_lines_end_with_crlf_and_are_folded_at_75_octets(app: Flask) -> None:
    duty = replace(DUTY, village="很长的村名" * 30)
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        text = build(FEED, [feeds.of_duty(FEED, duty)])

    lines = text.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    assert len(events(text)[0]["SUMMARY"]) == 120


HOSTILE = st.text(max_size=300) | st.sampled_from(
    [
        "a\r\nATTENDEE:mailto:x@y.z",
        "a\nEND:VEVENT\nBEGIN:VEVENT",
        "a;b,c\\n:d",
        "C:\\New",
        "\u202eevil\u2028x\x00\x1b[31m",
        "\ud800",
    ]
)


@given(village=HOSTILE, title=HOSTILE, home=HOSTILE, name=HOSTILE, role=HOSTILE)
def test_no_text_can_break_out_of_its_line(village: str, title: str, home: str, name: str, role: str) -> None:
    member = TeamMember(person_id="p", name=name, name_en="", phone=None, role=role)
    duty = replace(DUTY, visit_id=None, activity_id="a", village=village, home=home, title=title, team=(member,))

    feed = replace(FEED, name=name)
    calendar = Calendar.from_ical(build(feed, [feeds.of_duty(feed, duty)]))

    (event,) = calendar.events
    assert set(event) == {
        "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "CREATED", "DTSTART", "DTEND", "STATUS", "TRANSP", "SUMMARY",
        "LOCATION", "DESCRIPTION", "URL",
    }  # fmt: skip
    assert len(event["SUMMARY"]) <= 120
    assert len(str(event["DESCRIPTION"]).splitlines()) == 3


def test_entity_tag_changes_with_whatever_changes_the_text() -> None:
    state = FeedState(count=3, changed_at=START)
    variants = [
        FEED.etag(state),
        FEED.etag(replace(state, count=2)),
        FEED.etag(replace(state, changed_at=START + timedelta(microseconds=1))),
        FEED.etag(FeedState(count=0, changed_at=None)),
        replace(FEED, language="en").etag(state),
        replace(FEED, name="m").etag(state),
        replace(FEED, pages="http://127.0.0.1/mine/duties").etag(state),
    ]

    assert len(set(variants)) == len(variants)
    assert FEED.etag(state) == variants[0]


def test_log_lines_lose_the_token(caplog: pytest.LogCaptureFixture) -> None:
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "Exception on %s [GET]", ("/feeds/sEcret-1_2.ics",), None)

    assert HideTokens().filter(record)

    assert record.getMessage() == "Exception on /feeds/… [GET]"


# What the address answers


@pytest.fixture
def subscribe(app: Flask, session: Session, world: World) -> Subscribe:
    """A client without any log-in, and the path of a person's feed."""

    def _subscribe(kind: PersonKind = PersonKind.VOLUNTEER, place: Place = world.first) -> tuple[FlaskClient, str]:
        actor = Actor(county_id=world.county, township_id=place.township, person_id=place.people[kind])
        token = feed_tokens.issue(session, actor)
        session.commit()
        return app.test_client(), f"/feeds/{token}.ics"

    return _subscribe


def test_feed_answers_as_a_private_calendar(session: Session, world: World, subscribe: Subscribe) -> None:
    duty = give(session, world.first, PersonKind.VOLUNTEER, visit=add_visit(session, world.first))
    give(session, world.first, PersonKind.SOCIAL_WORKER, activity=world.first.activity)
    give(session, world.second, PersonKind.VOLUNTEER, activity=world.second.activity)
    client, path = subscribe()

    response = client.get(path)

    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    assert response.cache_control.private
    assert "Set-Cookie" not in response.headers
    assert [event["UID"] for event in events(response.data)] == [f"{duty}@weibao"]
    assert "CANARY-BETA" not in response.text


def test_feed_speaks_the_accounts_language(session: Session, world: World, subscribe: Subscribe) -> None:
    give(session, world.first, PersonKind.VOLUNTEER, visit=add_visit(session, world.first))
    client, path = subscribe()
    person = world.first.people[PersonKind.VOLUNTEER]
    for language, summary in (
        ("zh", "甲镇0村 CANARY-ALPHA · C-000"),
        ("en", "Home visit · CANARY-ALPHA · C-000"),
    ):
        session.execute(update(Account).where(Account.person_id == person).values(language=language))
        session.commit()
        (event,) = events(client.get(path, headers={"Accept-Language": "fr"}).data)
        assert str(event["SUMMARY"]).endswith(summary)


def test_unknown_rotated_and_revoked_addresses_answer_404(log_in: LogIn, subscribe: Subscribe) -> None:
    client, earlier = subscribe()
    client, path = subscribe()
    assert client.get("/feeds/nothing.ics").status_code == 404
    assert client.get(earlier).status_code == 404
    assert client.get(path).status_code == 200

    assert post(log_in(AccountRole.VOLUNTEER), "/mine/calendar/revoke").status_code == 303

    assert client.get(path).status_code == 404


def test_the_owner_chooses_reminder_and_language_and_a_new_address_keeps_them(
    session: Session, world: World, log_in: LogIn, subscribe: Subscribe
) -> None:
    give(session, world.first, VOLUNTEER, visit=add_visit(session, world.first))
    session.commit()
    client, path = subscribe()
    before = client.get(path)
    assert b"VALARM" not in before.data
    owner = log_in(AccountRole.VOLUNTEER)
    chosen = {"alarm": "1440", "language": "en"}
    assert post(owner, "/mine/calendar/choices", chosen).status_code == 303
    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert b"TRIGGER:-P1D" in after.data
    assert b"My role" in after.data
    assert '<option selected value="1440">' in owner.get("/mine/calendar").text
    client, path = subscribe()
    assert b"TRIGGER:-P1D" in client.get(path).data


def test_a_reminder_that_is_not_offered_is_refused(session: Session, log_in: LogIn, subscribe: Subscribe) -> None:
    subscribe()
    answer = post(log_in(AccountRole.VOLUNTEER), "/mine/calendar/choices", {"alarm": "7", "language": "zh"})
    assert answer.status_code == 422


def changed_a_minute_ago(session: Session, world: World) -> None:
    """A volunteer's only duty, which has stood for a minute."""
    give(session, world.first, PersonKind.VOLUNTEER, visit=add_visit(session, world.first))
    session.execute(update(Duty).values(changed_at=datetime.now(UTC) - timedelta(minutes=1)))
    session.commit()


def test_a_date_is_good_for_the_very_text_that_bore_it(
    session: Session, world: World, log_in: LogIn, subscribe: Subscribe
) -> None:
    changed_a_minute_ago(session, world)
    client, path = subscribe()
    date = client.get(path).headers["Last-Modified"]
    later = {"If-Modified-Since": http_date(datetime.now(UTC))}  # of a text whose newest event is there no more
    assert client.get(path, headers=later).status_code == 200
    assert client.get(path, headers={"If-Modified-Since": date}).status_code == 304
    post(log_in(AccountRole.VOLUNTEER), "/mine/calendar/choices", {"alarm": "1440", "language": "zh"})
    assert client.get(path, headers={"If-Modified-Since": date}).status_code == 200


def test_a_text_bears_no_date_while_its_second_lasts(session: Session, world: World, subscribe: Subscribe) -> None:
    changed_a_minute_ago(session, world)
    client, path = subscribe()
    session.execute(update(Duty).values(changed_at=datetime.now(UTC) + timedelta(minutes=1)))
    session.commit()
    answer = client.get(path)
    assert "Last-Modified" not in answer.headers
    assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_same_feed_is_answered_304_without_building_it(
    session: Session, world: World, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed_a_minute_ago(session, world)
    client, path = subscribe()
    first = client.get(path)
    monkeypatch.setattr("weibao.views.feeds.build", None)  # building would fail

    by_tag = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    by_date = client.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert (by_tag.status_code, by_date.status_code) == (304, 304)
    assert by_tag.data == b""
    assert by_tag.headers["ETag"] == first.headers["ETag"]


def test_unchanged_feed_is_the_same_to_the_byte(session: Session, world: World, subscribe: Subscribe) -> None:
    give(session, world.first, PersonKind.VOLUNTEER, visit=add_visit(session, world.first))
    client, path = subscribe()

    assert client.get(path).data == client.get(path).data


def test_a_moved_and_a_cancelled_duty_keep_their_uid_and_raise_their_sequence(
    station: Session, world: World, subscribe: Subscribe
) -> None:
    draft = begin(station, world)
    day = draft.starts_on
    moved, dropped, stays = (due_visit(station, world, child) for child in (0, 1, 3))
    plan = {moved: at(day, 9), dropped: at(day, 11), stays: at(day, 14)}
    keep(station, world, draft, *(visit_task(world, v, start, VOLUNTEER) for v, start in plan.items()))
    publishing.publish(station, world.head, draft)
    station.commit()
    client, path = subscribe()
    first = client.get(path)
    before = {str(event["SUMMARY"])[-5:]: event for event in events(first.data)}

    plan = {moved: at(day, 10), stays: at(day, 14)}
    keep(station, world, draft, *(visit_task(world, v, start, VOLUNTEER) for v, start in plan.items()))
    publishing.publish(station, world.head, draft)
    station.commit()
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 200
    after = {str(event["SUMMARY"])[-5:]: event for event in events(again.data)}
    assert list(before) == list(after) == ["C-000", "C-001", "C-003"]
    assert [after[code]["UID"] for code in after] == [before[code]["UID"] for code in before]
    assert [(before[code]["SEQUENCE"], after[code]["SEQUENCE"]) for code in after] == [(0, 1), (0, 1), (0, 0)]
    assert [after[code]["STATUS"] for code in after] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert after["C-000"].start - before["C-000"].start == timedelta(hours=1)
    assert after["C-003"].to_ical() == before["C-003"].to_ical()


def test_fetch_is_remembered_also_when_nothing_is_new(session: Session, world: World, subscribe: Subscribe) -> None:
    client, path = subscribe()
    etag = client.get(path).headers["ETag"]
    row = session.scalars(select(FeedToken)).one()
    session.refresh(row)
    assert row.last_fetched_at is not None
    row.last_fetched_at = datetime.now(UTC) - timedelta(hours=2)
    session.commit()

    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304

    session.refresh(row)
    assert datetime.now(UTC) - row.last_fetched_at < timedelta(minutes=1)


def test_feed_uses_the_public_address_for_its_links(
    app: Flask, session: Session, world: World, subscribe: Subscribe
) -> None:
    duty = give(session, world.first, PersonKind.VOLUNTEER, visit=add_visit(session, world.first))
    app.config["WEIBAO"] = replace(app.config["WEIBAO"], public_url="https://weibao.example.gov.cn/desk/")
    client, path = subscribe()

    (event,) = events(client.get(path).data)

    assert event["URL"] == f"https://weibao.example.gov.cn/desk/mine/duties/{duty}"


def test_a_fault_leaves_no_token_in_the_log(
    app: Flask, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app.testing = False
    client, path = subscribe()
    monkeypatch.setattr(feeds.Feed, "etag", lambda _feed, _state: 1 / 0)

    assert client.get(path).status_code == 500

    token = path.split("/")[-1].removesuffix(".ics")
    assert "ZeroDivisionError" in caplog.text
    assert token not in caplog.text


def test_no_feed_ever_holds_a_pseudonym_a_category_or_a_risk(
    app: Flask, session: Session, world: World, subscribe: Subscribe
) -> None:
    # Canaries: every child's pseudonym is a word found nowhere else. Over teams, states and all visible words of the
    # closed lists the feed may hold neither those nor a label of a category or a risk, in either language.
    place = world.first
    for number, child in enumerate(session.scalars(select(Child).where(Child.township_id == place.township))):
        child.pseudonym = f"Pseudonym{number}"
    session.execute(update(Village).values(name_en=Village.id))
    visits = [add_visit(session, place, child) for child in range(4)]
    client, path = subscribe()
    session.execute(update(Person).where(Person.name_en == "").values(name_en="Somebody"))
    secrets = {f"Pseudonym{number}" for number in range(4)}
    for locale in ("en", "zh_Hans_CN"):
        with app.test_request_context(), force_locale(locale):
            secrets |= {str(words.label(value)) for value in (*ChildCategory, *RiskLevel)}
    secrets |= {str(value) for value in ChildCategory}
    people = st.sampled_from([PersonKind.VOLUNTEER, PersonKind.SOCIAL_WORKER, PersonKind.CHILD_DIRECTOR])
    rosters = st.dictionaries(
        st.tuples(people, st.sampled_from(visits)),
        st.tuples(st.sampled_from(DutyState), st.integers(0, 9), st.sampled_from(["lead", "companion", "specialist"])),
        min_size=1,
    )

    @given(rosters=rosters, language=st.sampled_from(["zh", "en"]))
    def holds(rosters: dict, language: str) -> None:
        session.execute(update(Account).values(language=language))
        for duty in session.scalars(select(Duty)):
            session.delete(duty)
        session.flush()
        for (kind, visit), (state, sequence, role) in rosters.items():
            give(session, place, kind, visit=visit, role=role, state=state, sequence=sequence)
        session.commit()
        text = client.get(path).text.replace("\r\n ", "")
        assert text.count("BEGIN:VEVENT") == sum(kind is PersonKind.VOLUNTEER for kind, _ in rosters)
        assert not {secret for secret in secrets if secret in text}

    holds()
