"""Plan a winter holiday in a real browser: choose, look, change, make, see it being filled, take it back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import Complaints, Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_staff_plans_the_winter_holiday_and_takes_it_back(desk: Desk, complaints: Complaints) -> None:
    staff = desk.open("staff")
    heard = complaints(staff)
    staff.goto(f"{desk.address}/activities")
    staff.get_by_role("link", name="Plan a holiday").click()
    staff.locator("input[name=holiday][value^=winter]").check()
    numbers = staff.locator("input[name$=-number]")
    for index in range(numbers.count()):
        numbers.nth(index).fill("1" if index < 4 else "0")
    desk.keep(staff, "holiday-choice-1280")
    staff.get_by_role("button", name="Propose dates").click()
    expect(staff.locator("#proposal tbody tr")).to_have_count(4)
    desk.keep(staff, "holiday-proposal-1280")
    staff.set_viewport_size({"width": 390, "height": 844})
    desk.keep(staff, "holiday-proposal-390")
    assert not axe.scrolls_sideways(staff)
    staff.set_viewport_size({"width": 1280, "height": 900})

    # leave one out, and look again at who is there
    staff.locator("#proposal input[type=checkbox]").first.uncheck()
    staff.get_by_role("button", name="Look again with these dates").click()
    expect(staff.get_by_text("left out")).to_be_visible()
    staff.get_by_role("button", name="Make these activities and plan them").click()
    expect(staff).to_have_url(re.compile(r"/holiday-plans/\w{26}$"))
    expect(staff.locator("main table tbody tr")).to_have_count(3)
    desk.keep(staff, "holiday-made-1280")

    # the scheduler fills it: the draft has a plan in the end
    address = staff.url
    staff.locator("main a[href*='/planner/']").first.click()
    expect(staff.get_by_role("link", name="Compare with what is published")).to_be_visible(timeout=120_000)
    staff.goto(address)
    expect(staff.get_by_text("task served").or_(staff.get_by_text("tasks served")).first).to_be_visible()
    desk.keep(staff, "holiday-filled-1280")

    staff.get_by_role("button", name="Take all of it back").click()
    expect(staff.locator("#wb-confirm [data-confirm-no]")).to_be_focused()  # it has opened
    staff.locator("#wb-confirm [data-confirm-yes]").click()
    expect(staff.get_by_text("Taken back: 3 activities.")).to_be_visible()
    desk.keep(staff, "holiday-taken-back-1280")
    assert heard == []
    staff.context.close()
