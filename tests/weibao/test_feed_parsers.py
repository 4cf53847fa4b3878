"""A second parser, that shares no code with the one behind the feeds, reads the same events in a thousand rosters.

icalendar (which writes the feeds) and ics (its own grammar) are each asked what they read in the text of a feed.
"""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import ics
import pytest
from flask import Flask
from flask_babel import force_locale
from icalendar import Calendar

from tenants.enums import DutyState
from tenants.queries.duties import HeldDuty, TeamMember
from weibao import feeds
from weibao.feeds import Feed

ROSTERS = 1000
SEED = 20261128
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
NAMES = ["绘画", "绘画, 手工; 折纸", "Chess\\checkers", "读书会：“小王子”", "a" * 200, "ā" * 74, "🎨 画画", "x\ny", " "]
VILLAGES = ["第3村", "上庄, 下庄", "Upper;Lower", "很长的村名" * 20, "𠮷田村", "tab\tname"]


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a calendar goes by in an event."""

    uid: str
    begin: datetime
    end: datetime
    title: str
    place: str
    text: str
    status: str
    alarms: tuple[timedelta, ...]


def a_roster(dice: random.Random) -> tuple[Feed, list[HeldDuty]]:
    """A feed with up to three duties (a parser takes its time), by day and night, cancelled and changed ones too."""
    language = dice.choice(["zh", "en"])
    feed = Feed(
        name=dice.choice(NAMES), language=language, timezone="Asia/Shanghai", pages="https://weibao.example/mine",
        alarm_minutes=dice.choice([None, 30, 1440]),
    )  # fmt: skip
    return feed, [_a_duty(dice, str(number)) for number in range(dice.randrange(4))]


def _a_duty(dice: random.Random, number: str) -> HeldDuty:
    starts_at = FIRST + timedelta(minutes=5 * dice.randrange(12 * 24 * 365 * 6))
    is_visit = dice.random() < 0.5
    team = tuple(
        TeamMember(person_id=str(place), name=dice.choice(NAMES), name_en="", phone=None, role="companion")
        for place in range(dice.randrange(4))
    )
    return HeldDuty(
        id=f"d{number}", person_id="p", visit_id="v" if is_visit else None, activity_id=None if is_visit else "a",
        role=dice.choice(["lead", "helper"]), state=dice.choice(list(DutyState)), starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=dice.randrange(5, 600)), sequence=dice.randrange(9), version=1,
        created_at=FIRST, changed_at=starts_at - timedelta(days=2), village_id="x", village=dice.choice(VILLAGES),
        village_en=dice.choice(VILLAGES), home=None if is_visit else dice.choice(VILLAGES),
        case_code="C-001" if is_visit else None, title=None if is_visit else dice.choice(NAMES),
        title_en="" if is_visit else dice.choice(NAMES), team=team,
    )  # fmt: skip


def by_icalendar(text: str) -> list[Read]:
    """What the library reads that also wrote the text."""
    return [
        Read(
            uid=str(event["UID"]), begin=event.start.astimezone(UTC), end=event.end.astimezone(UTC),
            title=str(event["SUMMARY"]), place=str(event["LOCATION"]), text=str(event["DESCRIPTION"]),
            status=str(event["STATUS"]), alarms=tuple(alarm["TRIGGER"].dt for alarm in event.walk("VALARM")),
        )
        for event in Calendar.from_ical(text).events
    ]  # fmt: skip


def by_ics(text: str) -> list[Read]:
    """What a parser with a grammar of its own reads."""
    return [
        Read(
            uid=event.uid, begin=event.begin.datetime.astimezone(UTC), end=event.end.datetime.astimezone(UTC),
            title=event.name or "", place=event.location or "", text=event.description or "",
            status=event.status or "", alarms=tuple(alarm.trigger for alarm in event.alarms),
        )
        for event in ics.Calendar(text).events
    ]  # fmt: skip


def written(app: Flask, feed: Feed, duties: list[HeldDuty]) -> str:
    with app.test_request_context(), force_locale("en" if feed.language == "en" else "zh_Hans_CN"):
        return feeds.build(feed, [feeds.of_duty(feed, duty) for duty in duties]).decode()


def in_order(events: list[Read]) -> list[Read]:
    return sorted(events, key=lambda event: event.uid)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # no row is asked for
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_two_parsers_agree_on_every_event_of_a_thousand_rosters(app: Flask) -> None:
    dice, seen = random.Random(SEED), 0
    for _roster in range(ROSTERS):
        feed, duties = a_roster(dice)
        text = written(app, feed, duties)
        one, other = in_order(by_icalendar(text)), in_order(by_ics(text))
        assert one == other
        assert [(event.begin, event.end) for event in one] == [
            (duty.starts_at, duty.ends_at) for duty in sorted(duties, key=lambda duty: f"{duty.id}@weibao")
        ]
        seen += len(one)
    assert seen > ROSTERS


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # no row is asked for
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_they_differ_where_a_text_is_spoilt(app: Flask) -> None:
    # The control: an hour's shift in the zone's one rule is seen, though both parsers read it without complaint.
    dice = random.Random(SEED)
    duties = []
    while not duties:
        feed, duties = a_roster(dice)
    text = written(app, replace(feed, alarm_minutes=None), duties)
    assert by_ics(text.replace("SUMMARY:", "SUMMARY:!")) != by_ics(text)
    assert in_order(by_ics(text.replace("TZID=Asia/Shanghai", "TZID=UTC"))) != in_order(by_icalendar(text))
