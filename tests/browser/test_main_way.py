"""The main job, end to end, in a real browser: plan, correct, publish, and see it as everybody concerned."""

import re
from io import BytesIO
from unicodedata import normalize

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser import axe
from tests.browser.conftest import Complaints, Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one served county for all
PLANNED = 90_000
Seat = tuple[str, str]
"""When it begins (HH:MM), and what it is: a visit's case code or an activity's title."""
_SEATS = """() => Object.fromEntries([...document.querySelectorAll(".wb-board tbody tr")].map(row => [
  row.querySelector("th a").textContent.trim(),
  [...row.querySelectorAll(".wb-seat--published")].map(seat => [
    seat.querySelector("b").textContent.trim(),
    (seat.querySelector(".wb-seat-task .text-nowrap") ?? seat.querySelector(".wb-seat-task")).textContent.trim()])]))"""
_BLOCKS = """() => Object.fromEntries([...document.querySelectorAll(".wb-board tbody tr")].map(row => [
  row.querySelector("th").firstChild.textContent.trim(),
  [...row.querySelectorAll(".wb-block:has(.wb-seat--published) .wb-block-head")].map(head => [
    head.querySelector("b").textContent.trim(),
    (head.querySelector(".text-nowrap") ?? head.lastChild).textContent.trim()])]))"""
_ROSTERED = """name => Number([...document.querySelectorAll("tbody tr")]
  .find(row => row.querySelector("th").textContent.includes(name)).querySelectorAll("td")[2].textContent)"""


def plan_two_weeks(page: Page, address: str) -> None:
    """Begin a draft from tomorrow, and have it planned."""
    page.goto(f"{address}/planner/")
    page.get_by_role("button", name="Two weeks from tomorrow").click()
    page.wait_for_url(re.compile(r"/planner/\w{26}$"))
    plan(page)


def plan(page: Page) -> None:
    """Have the draft planned in ten seconds; the form of one that is planned already is folded."""
    again = page.locator("summary", has_text="Plan again")
    if again.count():
        again.click()
    page.get_by_label("10 seconds").check()
    page.get_by_role("button", name=re.compile("^Plan( again .*)?$")).click()
    expect(page.get_by_role("button", name="Stop and keep the best")).to_be_visible()
    expect(page.get_by_role("link", name="Publish…", exact=True)).to_be_visible(timeout=PLANNED)


def correct(head: Page, desk: Desk) -> None:
    """Pin a task's time and change who goes, by hand; planned again, the time is as it was."""
    draft = head.url
    head.locator("a.wb-seat[href*='/task/']").first.click()
    head.get_by_role("button", name="Pin the time").click()
    expect(head.get_by_role("button", name="Unpin the time")).to_be_visible()
    desk.keep(head, "planner-task-1280")
    task = re.sub(r"\?.*", "", head.url)
    head.get_by_role("link", name="Who else?").first.click()
    head.get_by_role("button", name=re.compile("^Choose ")).first.click()
    expect(head.get_by_role("button", name="Keep this change")).to_be_visible()
    if head.locator("#anyway").count():
        head.locator("#anyway").check()
    head.get_by_role("button", name="Keep this change").click()
    expect(head.get_by_text("Kept. It can be taken back.")).to_be_visible()
    head.goto(draft)
    plan(head)
    head.goto(task)
    expect(head.get_by_role("button", name="Unpin the time")).to_be_visible()
    head.goto(draft)


def is_on_paper(page: Page) -> None:
    """The board is printed with its last day on every sheet, however the paper would lie by itself."""
    last = page.locator(".wb-board thead th").last.inner_text().splitlines()[0]
    for sheet in PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages:
        assert sheet.mediabox.width > sheet.mediabox.height
        assert last in " ".join(normalize("NFKC", sheet.extract_text()).split())  # a font may write 月 as its radical


def publish(head: Page, desk: Desk) -> dict[str, list[Seat]]:
    """Publish the draft; what its version has for each person and for each village, by their Chinese names."""
    head.get_by_role("link", name="Publish…", exact=True).click()
    head.wait_for_url("**/review")
    desk.keep(head, "planner-review-1280")
    confirm = head.get_by_label("Publish with these warnings all the same")
    if confirm.count():
        confirm.check()
    head.get_by_role("button", name="Publish as the next version").click()
    expect(head).to_have_url(re.compile(r"/rosters/\d+$"))
    desk.keep(head, "roster-version-1280")
    reader = desk.open("head", language="zh")
    reader.goto(head.url)
    seats = reader.evaluate(_SEATS)
    is_on_paper(reader)
    reader.goto(f"{head.url}?view=villages")
    is_on_paper(reader)
    seats |= reader.evaluate(_BLOCKS)
    reader.context.close()
    return {name: [(time, what) for time, what in held] for name, held in seats.items()}


def rostered(desk: Desk, township: str) -> int:
    """By the county's table: how many of a township's coming visits are in a published roster."""
    county = desk.open("county", language="zh")
    county.goto(f"{desk.address}/county")
    number = int(county.evaluate(_ROSTERED, township))
    county.context.close()
    return number


def test_head_plans_corrects_and_publishes_and_everybody_sees_it(desk: Desk, complaints: Complaints) -> None:
    head = desk.open("head")
    heard = complaints(head)
    before = rostered(desk, "星河镇")
    plan_two_weeks(head, desk.address)
    desk.keep(head, "planner-draft-1280")
    correct(head, desk)
    seats = publish(head, desk)
    assert heard == []
    assert rostered(desk, "星河镇") > before
    shown = 0
    for username, path, name, whose in (
        ("volunteer", "/mine/duties", "duties", ".wb-user"),
        ("director", "/village", "village", "h1"),
        ("worker", "/mine/duties", "worker-duties", ".wb-user"),
        ("county", "/county", "county", ".wb-user"),
    ):
        for width in axe.WIDTHS:
            page = desk.open(username, width=width, language="zh")
            noise = complaints(page)
            page.goto(f"{desk.address}{path}")
            desk.keep(page, f"{name}-{width}")
            for time, what in seats.get(page.locator(whose).first.inner_text().strip(), []):
                line = page.locator("main li", has_text=time).filter(has_text=what)
                expect(line.first, f"{username} is told of {what} at {time}").to_be_visible()
                shown += 1
            assert noise == [], name
            assert not axe.scrolls_sideways(page), name
            page.context.close()
    assert shown >= len(axe.WIDTHS), "none of those who look holds anything"
    head.context.close()
