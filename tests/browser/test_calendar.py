"""The township's calendar in a real browser: drag an activity, see what it costs, keep it; print it."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

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


def test_the_calendar_is_printed_whole(desk: Desk) -> None:
    page = desk.open("head")
    page.goto(f"{desk.address}/calendar")
    for _month in range(2):  # a month behind: the demonstration's history is full
        page.wait_for_load_state("networkidle")
        if page.locator(".fc-more-link:visible").count():
            break
        page.locator(".fc-prev-button").click()
    expect(page.locator(".fc-more-link:visible").first).to_be_visible()
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert all(sheet.mediabox.width > sheet.mediabox.height for sheet in sheets)
    first, paper = sheets[0].extract_text(), " ".join(sheet.extract_text() for sheet in sheets)
    assert all(day in first for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
    assert "Visit " in first  # the frame is not pushed to the next sheet whole
    assert not re.search(r"\+\d+ more", paper)
    expect(page.locator(".fc-more-link:visible").first).to_be_visible()  # on the screen it is as before
    page.context.close()
