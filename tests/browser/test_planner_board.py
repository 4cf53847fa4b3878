"""The roster board in a real browser: by keyboard alone, two planners at once, weight, both widths and languages."""

import gzip
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import axe
from tests.browser.conftest import Complaints, Desk
from tests.browser.test_main_way import PLANNED

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one served county for all
MOST_BYTES = 200_000
DRAFT = re.compile(r"/planner/\w{26}$")


def reach(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, as somebody without a mouse does."""
    for _press in range(400):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"the keyboard does not reach {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Reach it and press a key."""
    reach(page, target)
    page.keyboard.press(key)


def shortcut(page: Page, keys: str) -> None:
    """Press keys on a page that has loaded with its scripts, and has been drawn: before that no key reaches it."""
    page.wait_for_load_state("load")
    page.evaluate(axe.TWO_FRAMES)
    page.keyboard.press(keys)


def draft_of(page: Page, address: str) -> str:
    """The address of a planned draft; one is planned where there is none."""
    page.goto(f"{address}/planner/")
    known = page.locator("main a[href^='/planner/']")
    if known.count():
        known.first.click()
    else:
        page.get_by_role("button", name="Two weeks from tomorrow").click()
    expect(page).to_have_url(DRAFT)
    page.wait_for_load_state("load")
    if page.get_by_role("link", name="Publish…", exact=True).count() == 0:
        page.get_by_label("10 seconds").check()
        page.get_by_role("button", name="Plan", exact=True).click()
        expect(page.get_by_role("link", name="Publish…", exact=True)).to_be_visible(timeout=PLANNED)
    return re.sub(r"\?.*", "", page.url)


def test_a_draft_is_planned_corrected_and_published_by_keyboard_alone(desk: Desk, complaints: Complaints) -> None:
    page = desk.open("head")
    heard = complaints(page)
    page.goto(f"{desk.address}/planner/")
    known = page.locator("main a[href^='/planner/']")
    if known.count():
        press(page, known.first)
    else:
        press(page, page.get_by_role("button", name="Two weeks from tomorrow"))
    expect(page).to_have_url(DRAFT)
    page.wait_for_load_state("load")
    if page.get_by_role("link", name="Publish…", exact=True).count() == 0:
        press(page, page.locator("button:has-text('Plan')").filter(has_not_text="Unplan").last)
        expect(page.get_by_role("link", name="Publish…", exact=True)).to_be_visible(timeout=PLANNED)
    here = page.url

    # correct: a seat of the board, its pin, an alternative, weighed and kept
    press(page, page.locator(".wb-board a.wb-seat:not(:has([aria-label*=inned]))").first)
    expect(page).to_have_url(re.compile(r"/task/\w{26}\?seat=\w{26}"))
    expect(page.get_by_role("heading", name="Why ")).to_be_visible()
    press(page, page.get_by_role("button", name="Pin", exact=True).first)
    expect(page.get_by_role("button", name="Unpin", exact=True).first).to_be_visible()
    press(page, page.get_by_role("link", name="Who else?").first)
    press(page, page.get_by_role("button", name=re.compile("^Choose ")).first)
    keep = page.get_by_role("button", name="Keep this change")
    expect(keep).to_be_visible()
    anyway = page.locator("#anyway")
    if anyway.count():
        press(page, anyway, "Space")
    press(page, keep)
    expect(page.get_by_text("Kept. It can be taken back.")).to_be_visible()

    # two steps back and one forward, by key; not while something is written
    shortcut(page, "Control+z")
    expect(page.get_by_text("Taken back: ").first).to_contain_text("takes the place of")
    shortcut(page, "Control+z")
    expect(page.get_by_text("Taken back: ").first).to_contain_text("is pinned on")
    shortcut(page, "Control+Shift+z")
    expect(page.get_by_text("Made again: ").first).to_contain_text("is pinned on")
    page.keyboard.press("/")
    page.keyboard.type("ab")
    shortcut(page, "Control+z")
    expect(page.get_by_text("Made again: ").first).to_be_visible()

    page.goto(here)
    press(page, page.get_by_role("link", name="Publish…", exact=True))
    page.wait_for_url("**/review")
    confirm = page.get_by_label("Publish with these warnings all the same")
    if confirm.count():
        press(page, confirm, "Space")
    press(page, page.get_by_role("button", name="Publish as the next version"))
    expect(page).to_have_url(re.compile(r"/rosters/\d+$"))
    expect(page.locator(".wb-board .wb-seat--published").first).to_be_visible()
    assert heard == []
    page.context.close()


def test_of_two_planners_the_second_sees_what_changed_and_loses_nothing(desk: Desk) -> None:
    first, second = desk.open("head"), desk.open("staff")
    here = draft_of(first, desk.address)
    second.goto(f"{here}?tab=day")
    target = second.locator("main a[href*='/task/']").first.get_attribute("href")
    second.goto(f"{desk.address}{target}")
    second.get_by_role("button", name="Take it out of the roster").click()
    expect(second.get_by_role("button", name="Keep this change")).to_be_visible()

    # meanwhile the first planner pins a seat of the same task
    first.goto(f"{desk.address}{target}")
    with first.expect_response(lambda answer: answer.request.method == "POST"):
        first.get_by_role("button", name=re.compile("^(Unpin|Pin)$")).first.click()

    anyway = second.locator("#anyway")
    if anyway.count():
        anyway.check()
    second.get_by_role("button", name="Keep this change").click()
    expect(second.get_by_text("Your step was not done.")).to_be_visible()
    expect(second.get_by_text(re.compile(r"is (un)?pinned on"))).to_be_visible()
    desk.keep(second, "planner-two-conflict-1280")
    second.get_by_role("button", name="Do my step on the draft as it is now").click()
    expect(second.get_by_role("button", name="Keep this change")).to_be_visible()
    anyway = second.locator("#anyway")
    if anyway.count():
        anyway.check()
    second.get_by_role("button", name="Keep this change").click()
    expect(second.get_by_text("Kept. It can be taken back.")).to_be_visible()

    # the first planner's open page hears of it, and their undo does not take the other's change
    expect(first.locator("#news")).to_contain_text("is taken out of the roster", timeout=30_000)
    desk.keep(first, "planner-two-news-1280")
    shortcut(first, "Control+z")
    expect(first.get_by_text("Your step was not done.")).to_be_visible()
    first.get_by_role("button", name="Do my step on the draft as it is now").click()
    expect(first.get_by_text("what you meant is not the last change any more")).to_be_visible()
    second.goto(here)
    shortcut(second, "Control+z")
    expect(second.get_by_text("Taken back: ").first).to_contain_text("is taken out of the roster")
    for page in (first, second):
        page.context.close()


def test_the_board_is_sound_light_and_fits_both_widths_and_languages(desk: Desk) -> None:
    page = desk.open("head")
    here = draft_of(page, desk.address)
    page.context.close()
    wrong = []
    for language in ("zh", "en"):
        page = desk.open("head", language=language)
        page.goto(f"{desk.address}/rosters/")
        version = page.locator("main th a").first.get_attribute("href") if page.locator("main th a").count() else None
        boards = {f"{here}?tab=people": "people", f"{here}?tab=villages": "villages", f"{here}?tab=open": "open"}
        if version:
            boards |= {
                f"{desk.address}{version}": "version",
                f"{desk.address}{version}?view=villages": "version-villages",
            }
        for path, name in boards.items():
            answer = page.goto(path)
            assert answer is not None
            packed = len(gzip.compress(answer.body()))
            assert packed < MOST_BYTES, f"{name}: {packed} bytes packed"
            print(f"{name} {language}: {packed} bytes packed")
            for width in axe.WIDTHS:
                page.set_viewport_size({"width": width, "height": 844})
                wrong += [f"{name} {language} {width}: {fault}" for fault in axe.violations(page)]
                if axe.scrolls_sideways(page):
                    wrong.append(f"{name} {language} {width}: scrolls sideways")
                desk.keep(page, f"planner-board-{name}-{language}-{width}")
        page.context.close()
    assert wrong == []
