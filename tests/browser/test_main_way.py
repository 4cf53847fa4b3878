"""The main job, end to end, in a real browser: plan, publish, and see it as everybody concerned."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import Complaints, Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one served county for all
PLANNED = 90_000


def plan_two_weeks(page: Page, address: str) -> None:
    """Begin a draft from tomorrow, and have it planned in ten seconds."""
    page.goto(f"{address}/planner/")
    page.get_by_role("button", name="Two weeks from tomorrow").click()
    page.get_by_label("10 seconds").check()
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.get_by_role("button", name="Stop and keep the best")).to_be_visible()
    expect(page.get_by_role("link", name="Publish…", exact=True)).to_be_visible(timeout=PLANNED)


def test_head_plans_corrects_and_publishes_and_everybody_sees_it(desk: Desk, complaints: Complaints) -> None:
    head = desk.open("head")
    heard = complaints(head)
    plan_two_weeks(head, desk.address)
    desk.keep(head, "planner-draft-1280")

    # correct: pin the first task's time, look at who else could go
    head.locator("a.wb-seat[href*='/task/']").first.click()
    head.get_by_role("button", name="Pin the time").click()
    expect(head.get_by_text("Time pinned").or_(head.get_by_role("button", name="Unpin the time")).first).to_be_visible()
    desk.keep(head, "planner-task-1280")
    head.go_back()

    # publish
    head.goto(re.sub(r"/task/.*", "", head.url))
    head.get_by_role("link", name="Publish…", exact=True).click()
    desk.keep(head, "planner-review-1280")
    head.get_by_role("button", name="Publish as the next version").click()
    expect(head).to_have_url(re.compile(r"/rosters/\d+$"))
    desk.keep(head, "roster-version-1280")
    assert heard == []

    for username, path, name in (
        ("volunteer", "/mine/duties", "duties"),
        ("director", "/village", "village"),
        ("worker", "/mine/duties", "worker-duties"),
        ("county", "/county", "county"),
    ):
        for width in (1280, 390):
            page = desk.open(username, width=width)
            noise = complaints(page)
            page.goto(f"{desk.address}{path}")
            desk.keep(page, f"{name}-{width}")
            assert noise == [], name
            assert not axe.scrolls_sideways(page), name
            page.context.close()
