"""The county posts a worker in a real browser: load, three proposals, a second officer, and everybody concerned."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints, Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one served county for all
WORKED_OUT = 120_000


def ask(page: Page, desk: Desk, title: str, *, limit: str = "", held: tuple[str, str] | None = None) -> str:
    """Ask for a proposal and wait until it is worked out; ``held`` are a worker's id and a township's name."""
    page.goto(f"{desk.address}/staff/proposals/new")
    page.get_by_label("Name of the proposal").fill(title)
    page.get_by_label("Day of the moves").fill((date.today() + timedelta(days=30)).isoformat())  # noqa: DTZ011 -- a month ahead in any zone
    page.get_by_label("Most moves").fill(limit)
    if held:
        page.get_by_text("Hold or bar workers by hand").click()
        page.locator(f"select[name=pin-{held[0]}]").select_option(label=held[1])
    page.get_by_role("button", name="Work it out").click()
    expect(page.get_by_role("heading", name="Who moves, and why")).to_be_visible(timeout=WORKED_OUT)
    return page.url


def staff_id(page: Page, desk: Desk, name: str) -> str:
    """The id in the register of the worker of that Chinese name."""
    page.goto(f"{desk.address}/staff/register")
    link = page.get_by_role("link", name=name, exact=True).get_attribute("href")
    page.context.close()
    return str(link).rsplit("/", 1)[1]


def other_township(page: Page, desk: Desk, staff: str) -> str:
    """The name of a township that is not the worker's own."""
    page.goto(f"{desk.address}/staff/register/{staff}")
    own = page.locator(".wb-lead").first.inner_text()
    page.goto(f"{desk.address}/staff")
    return next(name for name in page.locator("tbody th.text-nowrap").all_inner_texts() if name != own)


def divert(head: Page, county: Page, desk: Desk) -> None:
    """A station takes a worker off the purchased-service staff: it is refused, shown, and told to the officer."""
    head.goto(f"{desk.address}/people?kind=social_worker")
    head.locator("main tbody th a").first.click()
    head.wait_for_url(re.compile(r"/people/\w{26}$"))
    head.goto(f"{head.url}/edit")
    head.get_by_label("Purchased-service staff: child protection and social work only").uncheck()
    head.get_by_role("button", name="Save").click()
    expect(head.get_by_text("is the county's to decide (notice 3.2)")).to_be_visible()
    county.goto(f"{desk.address}/staff/diversions")
    expect(county.locator("tbody tr", has_text="By taking them off the purchased-service staff")).to_have_count(1)
    desk.keep(county, "staff-diversions-1280")
    county.goto(f"{desk.address}/inbox")
    message = county.locator(".wb-message", has_text="a diversion was refused")
    expect(message).to_have_count(1)
    expect(message).to_contain_text("By taking them off the purchased-service staff")
    message.click()
    county.get_by_role("button", name="Mark all as looked at").click()
    expect(county.get_by_text("All looked at", exact=True)).to_be_visible()
    desk.keep(county, "staff-diversions-seen-1280")


A4 = {"width": 703, "height": 1000}
"""A page of A4 within its margins, in pixels."""


def columns_on_paper(page: Page) -> list[tuple[int, int]]:
    """Of each table as A4 prints it: columns with a head, and columns in the first line that stand under one."""
    size = page.viewport_size
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    found = page.evaluate(
        """() => [...document.querySelectorAll("main table")].map((table) => {
          const shown = (row) => [...row.cells].map((cell) => cell.getBoundingClientRect()).filter((box) => box.width);
          const heads = shown(table.tHead.rows[0]), cells = shown(table.tBodies[0].rows[0]);
          const stands = (box, head) => head && head.left === box.left && box.width > 30 && box.right <= innerWidth;
          const under = cells.filter((box, at) => stands(box, heads[at]));
          return [heads.length, under.length];
        })"""
    )
    page.emulate_media(media="screen")
    page.set_viewport_size(size)
    return [(heads, under) for heads, under in found]


def test_county_posts_a_worker_and_refuses_a_diversion(desk: Desk, complaints: Complaints) -> None:
    worker = desk.open("worker")
    moved = staff_id(desk.open("county", language="zh"), desk, worker.locator(".wb-user").inner_text().strip())
    county = desk.open("county")
    heard = complaints(county)
    target = other_township(county, desk, moved)
    desk.keep(county, "staff-load-1280")
    first = ask(county, desk, "One", held=(moved, target))
    desk.keep(county, "staff-proposal-1280")
    ask(county, desk, "Two", limit="0")
    ask(county, desk, "Three", limit="2")
    county.goto(f"{desk.address}/staff")
    for title in ("One", "Two", "Three"):
        county.get_by_label(f"Compare {title}", exact=True).check()
    county.get_by_role("button", name="Compare up to three").click()
    expect(county.locator("thead").first.get_by_role("link")).to_have_count(3)
    desk.keep(county, "staff-compare-1280")
    assert columns_on_paper(county) == [(4, 4), (4, 4), (5, 5)]

    county.goto(first)
    county.get_by_label("Reason").fill("More children there")
    county.get_by_role("button", name="Propose").click()
    expect(county.get_by_text("Two people decide: another officer approves or rejects it.")).to_be_visible()
    expect(county.get_by_role("button", name="Approve")).to_have_count(0)
    assert heard == []

    second = desk.open("county2")
    second.goto(first)
    second.get_by_role("button", name="Approve").click()
    second.locator("#wb-confirm").get_by_role("button", name="Approve").click()
    expect(second.get_by_role("link", name="Letters")).to_be_visible()
    second.get_by_role("link", name="Letters").click()
    expect(second.get_by_role("heading", name="Notice of posting").first).to_be_visible()
    desk.keep(second, "staff-letters-1280")

    head = desk.open("head")
    expect(head.locator(".wb-alert", has_text=f"serves {target} from")).to_be_visible()
    desk.keep(head, "staff-head-1280")
    worker.set_viewport_size({"width": 390, "height": 844})
    worker.goto(f"{desk.address}/")
    expect(worker.locator(".wb-alert", has_text=f"you serve {target}.")).to_be_visible()
    desk.keep(worker, "staff-worker-390")

    divert(head, county, desk)
    for page in (county, second, head, worker):
        page.context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_the_county_sends_upwards_fits_on_a4(desk: Desk, language: str) -> None:
    page = desk.open("county", language=language)
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    for path in ("/county/glance", "/county/glance/compare?show=done&months=12", "/county", "/staff", "/staff/work"):
        page.goto(f"{desk.address}{path}")
        wide = page.evaluate("[...document.querySelectorAll('main table')].map(t => t.getBoundingClientRect().right)")
        assert [right for right in wide if right > A4["width"]] == [], path
    page.context.close()
