"""A swap and a check-in on a phone, in a real browser over the small world."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import DutyState, PersonKind
from tenants.models import Activity, Attendance, Duty, WeeklyAvailability
from tests import chromium
from tests.browser import axe
from tests.browser.conftest import Complaints, picture
from tests.duties import add_visit, give
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.browser, chromium.needs_chromium]


def open_phone(browser: Browser, address: str, username: str) -> Page:
    """A phone's window in which somebody has logged in."""
    return chromium.logged_in(browser, address, username, PASSWORD, width=390, height=844, language="zh")


def keep(page: Page, name: str) -> None:
    """Keep a picture, and see that nothing sticks out of the phone's width."""
    picture(page, name)
    assert not axe.scrolls_sideways(page)


def check_in_and_out(volunteer: Page, address: str) -> None:
    """The volunteer checks in to today's visit, writes a note, checks out."""
    volunteer.goto(address)
    keep(volunteer, "phone-today")
    volunteer.get_by_role("button", name="我到了").click()
    volunteer.get_by_label("简要记录").fill("一切都好")
    keep(volunteer, "phone-here")
    volunteer.get_by_role("button", name="我离开了").click()
    expect(volunteer.get_by_text("已完成")).to_be_visible()
    keep(volunteer, "phone-left")


def raise_a_concern(volunteer: Page, staff: Page, address: str) -> None:
    """The volunteer is worried about a child: the station sees it first."""
    volunteer.get_by_role("link", name="我担心一个孩子").click()
    volunteer.get_by_label("您看到或听到了什么？").fill("孩子几天没有吃饭")
    keep(volunteer, "phone-concern")
    volunteer.get_by_role("button", name="立即提交").click()
    expect(volunteer.get_by_text("您反映的情况已立即通知")).to_be_visible()
    keep(volunteer, "phone-concern-told")
    staff.goto(address)
    expect(staff.get_by_role("button", name="立即打开")).to_be_visible()
    keep(staff, "phone-concern-first")
    staff.get_by_role("button", name="立即打开").click()
    expect(staff.get_by_text("孩子几天没有吃饭")).to_be_visible()
    keep(staff, "phone-concern-open")


def test_a_swap_and_a_check_in_by_taps_alone(
    app: Flask, session: Session, world: World, browser: Browser, complaints: Complaints
) -> None:
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    duty = give(
        session, world.first, PersonKind.VOLUNTEER, activity=activity.id, role="helper", starts_at=activity.starts_at
    )
    session.get_one(Duty, (world.first.township, duty)).ends_at = activity.ends_at
    now = datetime.now(UTC)
    visit = add_visit(session, world.first)
    today = give(
        session, world.first, PersonKind.VOLUNTEER, visit=visit, starts_at=now - timedelta(minutes=5), role="lead"
    )
    for row in session.scalars(select(WeeklyAvailability)):
        row.from_minute, row.to_minute = 0, 1440
    session.commit()
    with chromium.served(app) as address:
        volunteer = open_phone(browser, address, "volunteer-alpha")
        heard = complaints(volunteer)

        # the volunteer cannot come and asks for a substitute
        volunteer.goto(f"{address}/mine/duties/{duty}")
        volunteer.get_by_text("我不能来").click()
        volunteer.get_by_label("理由").select_option("illness")
        keep(volunteer, "phone-cannot-come")
        volunteer.get_by_role("button", name="找人替班").click()
        expect(volunteer.get_by_text("正在找人替班")).to_be_visible()
        keep(volunteer, "phone-search")

        # the colleague who fits is told, and takes it
        staff = open_phone(browser, address, "station_staff-alpha")
        noise = complaints(staff)
        expect(staff.get_by_label("消息，1 条新消息")).to_be_visible()
        staff.get_by_label("消息，1 条新消息").click()
        keep(staff, "phone-inbox")
        staff.get_by_role("button", name="您能来补位吗？").click()
        keep(staff, "phone-asked")
        staff.get_by_role("button", name="我来", exact=True).click()
        expect(staff.get_by_text("任务由您承担了")).to_be_visible()
        keep(staff, "phone-taken")

        check_in_and_out(volunteer, f"{address}/mine/duties/{today}")
        raise_a_concern(volunteer, staff, address)
        assert heard == []
        assert noise == []
    session.expire_all()
    held = select(Duty.person_id).where(Duty.activity_id == activity.id, Duty.state == DutyState.CONFIRMED)
    assert session.scalars(held).one() == world.first.people[PersonKind.STATION_STAFF]
    assert session.scalars(select(Attendance.minutes)).one() is not None


def test_links_in_tables_are_as_high_as_a_finger_needs(app: Flask, world: World, browser: Browser) -> None:
    with chromium.served(app) as address:
        staff = open_phone(browser, address, "station_staff-alpha")
        for path in ("/people", "/homes"):
            staff.goto(f"{address}{path}")
            staff.wait_for_load_state()
            boxes = [link.bounding_box() for link in staff.locator(".table-stack a:visible").all()]
            assert boxes, path
            assert all(box and box["height"] >= 43.5 and box["width"] >= 43.5 for box in boxes), path
            keep(staff, f"phone-table{path.replace('/', '-')}")
