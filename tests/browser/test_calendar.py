"""The township's calendar in a real browser: drag an activity, see what it costs, keep it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import Complaints, Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_an_activity_is_dragged_weighed_and_kept(desk: Desk, complaints: Complaints) -> None:
    staff = desk.open("staff")
    heard = complaints(staff)
    staff.goto(f"{desk.address}/calendar")
    for _month in range(3):  # the next month that has one planned
        staff.wait_for_load_state("networkidle")
        if staff.locator("a.wb-item-planned:visible").count():
            break
        staff.locator(".fc-next-button").click()
    event = staff.locator("a.wb-item-planned:visible").first
    expect(event).to_be_visible()
    desk.keep(staff, "calendar-month-1280")
    day = staff.locator(".fc-daygrid-day:not(.fc-day-past):not(.fc-day-today)").last
    event.drag_to(day)
    expect(staff).to_have_url(re.compile(r"/calendar/activities/\w{26}/move$"))
    desk.keep(staff, "calendar-weighed-1280")
    staff.get_by_role("button", name="Keep this change").click()
    expect(staff).to_have_url(re.compile(r"/calendar\?date="))
    staff.set_viewport_size({"width": 390, "height": 844})
    staff.reload()
    staff.wait_for_load_state("networkidle")
    desk.keep(staff, "calendar-list-390")
    assert not axe.scrolls_sideways(staff)
    assert heard == []
    staff.context.close()
