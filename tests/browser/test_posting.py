"""A decided posting in a real browser over the small world: everybody whom it concerns sees it, and nobody else."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from tenants.enums import PersonKind
from tenants.models import StaffAllocation, new_id
from tenants.queries.due import county_today
from tenants.services.allocations import Wishes
from tests import chromium
from tests.browser.conftest import picture
from tests.duties import add_visit, give, soon
from tests.staff import officer, register, solved
from tests.world import PASSWORD, World
from weibao import allocating

pytestmark = [pytest.mark.browser, chromium.needs_chromium]
WORKER, VOLUNTEER = PersonKind.SOCIAL_WORKER, PersonKind.VOLUNTEER
NOTICE = timedelta(days=10)
Opened = Callable[[str], Page]


@pytest.fixture
def proposal(session: Session, world: World) -> str:
    """Worked out: the first township's worker goes to the second; the volunteer is on a visit with them after it."""
    staff = {place.township: register(session, world.county, place) for place in (world.first, world.second)}
    second, visit = officer(session, world, "county2"), add_visit(session, world.first, due_in=12)
    for kind in (WORKER, VOLUNTEER):
        give(session, world.first, kind, visit=visit, starts_at=soon(days=12))
    session.flush()
    day = county_today(session, world.county) + NOTICE
    reading = allocating.read(session, world.county, day=day, wishes=Wishes(), name=new_id())
    row = StaffAllocation(
        county_id=world.county, title="甲案", moves_on=day, settings=Wishes().as_settings(), problem=reading.problem,
        weights_source=reading.weights.source, weights_from=reading.weights.from_day, seconds=5,
        created_by=second.account_id,
    )  # fmt: skip
    session.add(row)
    solved(row, dict.fromkeys(staff.values(), world.second.township))
    session.commit()
    return row.id


@pytest.fixture
def opened(app: Flask, world: World, browser: Browser) -> Iterator[Opened]:
    """Opens the program as somebody."""
    with chromium.served(app) as address:
        pages: list[Page] = []

        def _open(username: str, path: str = "/") -> Page:
            page = chromium.logged_in(browser, address, username, PASSWORD, width=390, height=844, language="zh")
            page.goto(address + path)
            pages.append(page)
            return page

        yield _open
        for page in pages:
            page.context.close()


def test_both_townships_the_worker_and_the_volunteer_see_a_decided_posting(opened: Opened, proposal: str) -> None:
    page = opened("county", f"/staff/proposals/{proposal}")
    page.get_by_label("理由").fill("乙镇儿童增多")
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_role("button", name="批准")).to_have_count(0)

    other = opened("county2", f"/staff/proposals/{proposal}")
    other.get_by_role("button", name="批准").click()
    other.locator("#wb-confirm").get_by_role("button", name="批准").click()
    expect(other.get_by_role("link", name="通知书")).to_be_visible()
    expect(other.get_by_text("告知两地工作站")).to_have_count(1)
    picture(other, "posting-decided-390")

    for username, told in (
        ("station_head-alpha", "乙镇"),
        ("station_head-beta", "甲镇"),
        ("social_worker-alpha", "乙镇"),
    ):
        seen = opened(username)
        expect(seen.locator(".wb-alert", has_text=told).first).to_be_visible()
        picture(seen, f"posting-{username}-390")
    for username, times in (("volunteer-alpha", 1), ("volunteer-beta", 0), ("station_head-beta", 1)):
        inbox = opened(username, "/inbox")
        expect(inbox.locator(".wb-message", has_text="social_worker CANARY-ALPHA")).to_have_count(times)
