"""A calendar in a browser reads the feed: FullCalendar's iCalendar reader with Mozilla's ical.js."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, DutyState, PersonKind
from tenants.services import feed_tokens
from tests import chromium
from tests.browser.conftest import picture
from tests.duties import add_visit, give, soon
from tests.world import World
from weibao.resources import STATIC

pytestmark = [pytest.mark.browser, chromium.needs_chromium]
VENDOR = Path(__file__).parent / "vendor"
SCRIPTS = {
    "/ical.js": VENDOR / "ical.js-1.5.0" / "ical.min.js",
    "/fullcalendar.js": STATIC / "vendor" / "fullcalendar-6.1.21" / "index.global.min.js",
    "/reader.js": VENDOR / "fullcalendar-icalendar-6.1.21" / "index.global.min.js",
}
SHANGHAI = ZoneInfo("Asia/Shanghai")
SITE = "http://calendar.example"
PAGE = """<!doctype html><html lang="en"><title>Calendar</title><body><div id="calendar"></div>
<script src="/ical.js"></script><script src="/fullcalendar.js"></script><script src="/reader.js"></script>
<script>
  window.calendar = new FullCalendar.Calendar(document.getElementById("calendar"), {
    initialView: "timeGridDay", initialDate: new URLSearchParams(location.search).get("day"), height: 900,
    slotMinTime: "00:00", events: {url: "/feed.ics", format: "ics"},
    loading: busy => { document.body.dataset.ready = busy ? "" : "yes"; },
  });
  calendar.render();
</script></body></html>"""
READ = """() => calendar.getEvents().map(event =>
  ({title: event.title, start: event.start.toISOString(), end: event.end.toISOString()}))"""


def in_utc(moment: datetime) -> str:
    """As a script writes it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def opened(browser: Browser, feed: str, day: datetime) -> Page:
    """A calendar of another site, in which the feed is subscribed.

    The reader takes a time with a zone for the device's own, so the device must stand in China, as all do here.
    """
    page = browser.new_context(timezone_id=SHANGHAI.key, viewport={"width": 1280, "height": 900}).new_page()

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE).partition("?")[0]
        if path == "/feed.ics":
            route.fulfill(response=route.fetch(url=feed))
        elif path in SCRIPTS:
            route.fulfill(path=SCRIPTS[path])
        else:
            route.fulfill(body=PAGE, content_type="text/html")

    page.route(f"{SITE}/**", answer)
    page.goto(f"{SITE}/?day={day.date()}")
    expect(page.locator("body[data-ready=yes]")).to_be_attached()
    return page


def test_another_sites_calendar_shows_each_duty_at_its_time(
    app: Flask, session: Session, world: World, browser: Browser
) -> None:
    starts = soon(days=3, hour=1)  # 09:00 in Shanghai
    give(session, world.first, PersonKind.VOLUNTEER, visit=add_visit(session, world.first), starts_at=starts)
    late = starts + timedelta(hours=8)
    give(session, world.first, PersonKind.VOLUNTEER, activity=world.first.activity, starts_at=late, role="helper")
    gone = starts + timedelta(hours=4)
    other = add_visit(session, world.first, child=1)
    give(session, world.first, PersonKind.VOLUNTEER, visit=other, starts_at=gone, state=DutyState.CANCELLED)
    volunteer = world.first.people[PersonKind.VOLUNTEER]
    actor = Actor(
        county_id=world.county,
        township_id=world.first.township,
        person_id=volunteer,
        role=AccountRole.VOLUNTEER,
    )
    token = feed_tokens.issue(session, actor)
    session.commit()
    with chromium.served(app) as address:
        page = opened(browser, f"{address}/feeds/{token}.ics", starts.astimezone(SHANGHAI))
        read = {event["start"]: event["title"].startswith("Cancelled: ") for event in page.evaluate(READ)}
        assert read == {in_utc(starts): False, in_utc(gone): True, in_utc(late): False}
        expect(page.locator(".fc-event-time").filter(has_text="9:00").first).to_be_visible()
        picture(page, "feed-in-a-calendar", whole=False)
        page.context.close()


def test_the_reader_is_the_files_of_its_table() -> None:
    table = (VENDOR / "README.md").read_text("utf-8")
    for folder in ("ical.js-1.5.0", "fullcalendar-icalendar-6.1.21"):
        for path in (VENDOR / folder).iterdir():
            assert hashlib.sha256(path.read_bytes()).hexdigest() in table, path
