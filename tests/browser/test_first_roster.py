"""From nothing to the first published roster: a station that was founded a minute ago, led by its own checklist."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import axe
from tests.browser.conftest import Complaints, picture
from tests.browser.test_main_way import plan
from tests.chromium import logged_in
from tests.command_line import free_port, run, serving, settings_for

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("first roster")]
PASSWORD = "Zhu-di, 2026: erhu"
PLACES = {
    "format": "weibao-places/1",
    "townships": [
        {
            "name": "竹笛镇", "name_en": "Bamboo Flute Town", "kind": "zhen", "lat": 35.6238, "lon": 112.2963,
            "villages": [
                {"name": "琵琶村", "name_en": "Pipa Village", "kind": "village", "lat": 35.6032, "lon": 112.2817},
                {"name": "古琴村", "name_en": "Guqin Village", "kind": "village", "lat": 35.6132, "lon": 112.3017},
            ],
        }
    ],
}  # fmt: skip
LANGUAGES = ("zh", "en")
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
EMPTY_STATES = (
    "() => [...document.querySelectorAll('main .wb-empty')].filter(one => !one.querySelector('a.btn, button'))"
    ".map(one => one.innerText)"
)
WAYS_ON = "main a[href]:not(.wb-back), main button:not([type=submit][form]):not(.fc-button)"


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a program that knows a county's places and one station head, and nothing else."""
    folder, port = tmp_path_factory.mktemp("station"), free_port()
    settings = settings_for(f"sqlite:///{folder / 'weibao.sqlite'}")
    settings |= {"WEIBAO_PORT": str(port), "WEIBAO_REQUIRE_SECOND_FACTOR": "false"}
    places = folder / "places.json"
    places.write_text(json.dumps(PLACES), "utf-8")
    for command, said in (
        (("db", "upgrade"), ""),
        (("create-county", "乐器县", "--name-en", "County of Music", "--places", places), ""),
        (("create-account", "head", "--role", "station_head", "--township", "竹笛镇", "--password-stdin"), PASSWORD),
    ):
        done = run(*command, cwd=folder, settings=settings, said=said)
        assert done.returncode == 0, done.stderr
    address = f"http://127.0.0.1:{port}"
    with (
        (folder / "log").open("w") as log,
        serving("serve", cwd=folder, path=f"{address}/health", within=120, settings=settings, log=log) as server,
    ):
        yield address
        server.terminate()  # its worker ends with it
        server.wait(timeout=20)


def head(browser: Browser, address: str, language: str, width: int = axe.DESK) -> Page:
    return logged_in(browser, address, "head", PASSWORD, width=width, height=900, language=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_empty_page_says_what_to_do_next(
    browser: Browser, station: str, complaints: Complaints, language: str
) -> None:
    page = head(browser, station, language)
    heard, wrong = complaints(page), list[str]()
    menu = page.eval_on_selector_all("nav a", "links => links.map(link => link.getAttribute('href'))")
    assert len(menu) >= 20
    for path in menu:
        page.goto(f"{station}{path}")
        page.wait_for_load_state("networkidle")
        wrong += [f"{path}: {text}" for text in page.evaluate(EMPTY_STATES)]
        if not page.locator(WAYS_ON).count():
            wrong.append(f"{path}: leads nowhere")
        for width in axe.WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if axe.scrolls_sideways(page):
                wrong.append(f"{path} at {width}: scrolls sideways")
            picture(page, f"empty{path.replace('/', '-').rstrip('-')}-{language}-{width}")
        if language == "zh":  # one language is enough for axe: the words alone differ
            wrong += [f"{path}: {fault}" for fault in axe.violations(page)]
    assert wrong == []
    assert heard == []
    page.context.close()


def step(page: Page, address: str, number: int, name: str) -> Locator:
    """The step that the checklist points at; so many are done before it."""
    page.goto(f"{address}/")
    expect(page.get_by_text(f"{number} of 8", exact=True)).to_be_visible()
    now = page.locator(".wb-steps [aria-current=step]")
    expect(now.locator("strong")).to_have_text(name)
    return now


def save(page: Page, button: str) -> None:
    """Send the form and wait until it is kept."""
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".wb-flash.wb-ok")).to_be_visible()


def enter_a_person(page: Page, name: str, post: str) -> None:
    page.get_by_label("Name *").fill(name)
    page.get_by_label("Post").select_option(label=post)
    page.get_by_label("Case work").check()
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(re.compile(r"/people/\w{26}$"))


def enter_a_check(page: Page) -> None:
    page.get_by_label("Checked on").fill(TODAY.isoformat())
    page.get_by_label("Valid through").fill((TODAY + timedelta(days=364)).isoformat())
    page.get_by_role("button", name="Enter", exact=True).click()
    expect(page.get_by_text("Valid to").first).to_be_visible()


def test_the_checklist_leads_from_nothing_to_the_first_published_roster(
    browser: Browser, station: str, complaints: Complaints
) -> None:
    page = head(browser, station, "en")
    heard = complaints(page)
    picture(page, "first-roster-0-nothing")

    step(page, station, 1, "Open the Children's Homes").get_by_role("link", name="To the homes").click()
    page.get_by_role("link", name="Pipa Village").click()
    page.get_by_label("The home is open").check()
    page.get_by_label("Opening hours").fill("周六、周日 9:00–17:00")
    save(page, "Save")

    step(page, station, 2, "Enter the people").get_by_role("link", name="Add a person").click()
    enter_a_person(page, "王芳", "Social worker")

    step(page, station, 3, "Enter their checks").get_by_role("link", name="To the people").click()
    page.get_by_role("link", name="王芳").click()
    enter_a_check(page)

    step(page, station, 4, "Enter when they are free").get_by_role("link", name="To the people").click()
    page.get_by_role("link", name="王芳").click()
    page.get_by_role("link", name="Change the availability").click()
    page.wait_for_url("**/availability")
    for half in page.locator("input[name=free]").all():
        half.check()
    save(page, "Save the week")

    step(page, station, 5, "Enter what is to be done").get_by_role("link", name="Open a file").click()
    page.get_by_label("Case code").fill("ZD-001")
    page.get_by_label("Pseudonym").fill("小竹")
    page.get_by_label("Village *").select_option(label="Pipa Village")
    page.get_by_label("Year of birth").fill("2016")
    page.get_by_label("Left-behind child").check()
    page.get_by_label("Risk").select_option(label="Low risk")
    page.get_by_label("Since").fill((TODAY - timedelta(days=60)).isoformat())
    page.get_by_role("button", name="Open the file").click()
    expect(page.get_by_text("Next visit due:")).to_be_visible()

    step(page, station, 6, "Plan the first weeks").get_by_role("link", name="Plan").click()
    page.get_by_role("button", name="Two weeks from tomorrow").click()
    page.wait_for_url(re.compile(r"/planner/\w{26}$"))
    picture(page, "first-roster-1-draft")
    plan(page)

    step(page, station, 7, "Publish it").get_by_role("link", name="To the draft").click()
    picture(page, "first-roster-2-planned")
    page.get_by_role("link", name="Publish…", exact=True).click()
    page.get_by_role("button", name="Publish as the next version").click()
    expect(page).to_have_url(re.compile(r"/rosters/1$"))
    expect(page.locator(".wb-board")).to_contain_text("ZD-001")
    picture(page, "first-roster-3-published")
    page.goto(f"{station}/")
    expect(page.locator(".wb-steps")).to_have_count(0)
    assert heard == []
    page.context.close()
