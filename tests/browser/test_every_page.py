"""Every page that a role reaches by links: both languages and widths, light and dark; axe finds nothing, none is heavy.

axe takes longer than all else together, so it is asked once for each shape of a page's own part and language: on the
phone's width and light ground in Chinese, on the desk's width and dark ground in English. The frame around it is asked
about with each role's first page.
"""

import hashlib

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import Complaints, Desk
from tests.browser.weight import MOST, Scales, on_the_wire
from tests.sheets import workbook

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("walks")]  # one served county for all
ROLES = ["head", "staff", "worker", "director", "volunteer", "county"]
LANGUAGES = {"zh": ("zh-Hans", "light"), "en": ("en", "dark")}
WIDTH_OF_AXE = {"zh": axe.PHONE, "en": axe.DESK}
NOT_PAGES = ("/static/", "/feeds/", ".xlsx", ".ics", ".csv", ".pdf", "/logout", "/glance/file", "/compare/file")
_asked: set[tuple[str, str, str]] = set()
_SCALES = Scales()


def links(page: Page) -> list[str]:
    """Addresses of the program's pages that the page links to, the menu's first."""
    found = page.eval_on_selector_all("a[href^='/']", "links => links.map(link => link.getAttribute('href'))")
    return [path for path in found if not any(part in path for part in NOT_PAGES)]


def faults(page: Page, where: str, language: str, who: str = "") -> list[str]:
    """What is wrong with the page: its layout at both widths, and at one of them what axe says."""
    found = []
    for width in sorted(axe.WIDTHS, key=lambda width: width != page.viewport_size["width"]):  # type: ignore[index]
        page.set_viewport_size({"width": width, "height": 844})
        if axe.scrolls_sideways(page):
            found.append(f"{where} at {width}: scrolls sideways")
        if width == axe.PHONE:
            found += [f"{where} at {width}: small target {fault}" for fault in axe.small_targets(page)]
        if width == WIDTH_OF_AXE[language] and _is_new(page, language, who):
            found += [f"{where} at {width}: {fault}" for fault in axe.violations(page)]
    return found


def _is_new(page: Page, language: str, who: str) -> bool:
    """Whether neither this role's frame nor a page of this shape has been asked about in this language."""
    keys = {(who, "frame", language), (axe.shape_of(page), "main", language)}
    new = not keys <= _asked
    _asked.update(keys)
    return new


@pytest.mark.timeout(900)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("username", ROLES)
def test_every_page_fits_both_widths_and_axe_finds_nothing(
    desk: Desk, complaints: Complaints, username: str, language: str
) -> None:
    lang, scheme = LANGUAGES[language]
    page = desk.open(username, language=language)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    heard = complaints(page)
    waiting, seen, wrong = [*dict.fromkeys(links(page))], set[str](), list[str]()
    menu = page.eval_on_selector_all("nav a", "links => links.map(link => link.getAttribute('href'))")
    assert len(menu) >= 4
    while waiting:
        path = waiting.pop(0)
        if axe.kind_of(path) in seen:
            continue
        seen.add(axe.kind_of(path))
        answer = page.goto(f"{desk.address}{path}")
        assert answer is not None
        weight = _SCALES.weigh(page, answer)
        if weight > MOST:
            wrong.append(f"{path}: {weight} bytes on the wire")
        if "?in=" not in path:  # a form may be printed in the other language
            assert page.locator("html").get_attribute("lang") == lang, path
        wrong += faults(page, path, language, username)
        if path in menu:
            page.set_viewport_size({"width": axe.PHONE, "height": 844})
            desk.keep(page, f"menu-{username}{path.replace('/', '-').rstrip('-')}-{language}-390", whole=False)
        waiting += links(page)
    assert wrong == []
    assert heard == []
    print(f"{username} {language}: {len(seen)} kinds of pages, the heaviest so far {_SCALES.heaviest}")
    page.context.close()


def test_pages_without_a_log_in_are_sound(desk: Desk) -> None:
    page = desk.browser.new_context().new_page()
    wrong = []
    for path in ("/login", "/nothing-here"):
        page.goto(f"{desk.address}{path}")
        wrong += faults(page, path, "zh")
    assert wrong == []
    page.context.close()


def test_a_file_with_errors_is_told_by_cell_corrected_and_taken_in(desk: Desk) -> None:
    page = desk.open("staff", language="zh")
    wrong = []
    headings = ["姓名*", "岗位*", "电话"]
    for rows, name in (
        ([["测试一", "飞行员", "1"], ["=1+1", "志愿者", "2"]], "errors"),
        ([["测试一", "志愿者", "13700000001"]], "right"),
        ([["测试一", "志愿者", "13700000001"]], "again"),
    ):
        page.goto(f"{desk.address}/sheets")
        file = {
            "name": f"{name}.xlsx",
            "mimeType": "application/octet-stream",
            "buffer": workbook({"人员": [headings, *rows]}),
        }
        page.locator("#people-file").set_input_files(file)  # type: ignore[arg-type]
        page.locator("form:has(#people-file) button[type=submit]").click()
        page.wait_for_url("**/sheets/uploads/*")
        wrong += faults(page, f"preview: {name}", "zh")
        for width in axe.WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            desk.keep(page, f"sheets-{name}-zh-{width}")
        if name == "errors":
            expect(page.locator("tbody tr")).to_have_count(2)
            expect(page.get_by_role("button", name="确认导入")).to_have_count(0)
        if name == "right":
            page.get_by_role("button", name="确认导入").click()
            expect(page.get_by_text("已导入：新增 1 行")).to_be_visible()
    expect(page.get_by_text("没有变化")).to_be_visible()
    page.goto(f"{desk.address}/people/new")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("main .is-invalid").first).to_be_visible()
    wrong += faults(page, "a refused form", "zh")
    assert wrong == []
    page.context.close()


_FOCUSED = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const shown = style.outlineStyle !== "none" || style.boxShadow !== "none";
  return {name: element.className, shown: shown, html: element.outerHTML.slice(0, 90)};
}"""


def test_focus_is_seen_wherever_the_keyboard_goes(desk: Desk) -> None:
    page = desk.open("head")
    page.goto(f"{desk.address}/people")
    seen = []
    for _press in range(30):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(_FOCUSED))
    assert seen[0]["name"] == "wb-skip"
    assert [one["html"] for one in seen if not one["shown"]] == []
    page.context.close()


_LONGEST = """() => Math.max(...[...document.querySelectorAll("*")]
  .map(element => parseFloat(getComputedStyle(element).transitionDuration)))"""


def test_nothing_moves_for_whom_motion_is_reduced(desk: Desk) -> None:
    page = desk.open("head")
    longest = (
        "Math.max(...[...document.querySelectorAll('*')].map(e => parseFloat(getComputedStyle(e).transitionDuration)))"
    )
    assert page.evaluate(longest) > 0.05
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(longest) < 0.05
    page.context.close()


def test_axe_and_the_rule_on_targets_find_what_is_wrong(desk: Desk) -> None:
    # The control beside the zeros above: each fault in this page must be found.
    page = desk.browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.set_content(
        "<title>x</title><h1>x</h1><main><img src='x.png'><p style='color:#aaa;background:#fff'>pale</p>"
        "<input><button style='padding:0;font-size:8px'>ok</button><ul><p>no item</p></ul>"
        "<p>go <a href='/a'>there</a> now</p><p><a href='/b'>alone</a></p>"
        "<label style='display:block;padding:16px'><input type=checkbox> large</label><input type=radio></main>"
        "<div style='width:900px'>wide</div>"
    )
    found = {fault.split(":")[0] for fault in axe.violations(page)}
    assert {"image-alt", "color-contrast", "label", "html-has-lang", "list", "region"} <= found
    small = " ".join(axe.small_targets(page))  # a link in a sentence and a box with a large label are not
    assert [name for name in ("<input>", "<button", 'href="/b"', 'type="radio"') if name not in small] == []
    assert 'href="/a"' not in small
    assert "checkbox" not in small
    assert axe.scrolls_sideways(page)
    page.context.close()


def test_a_page_weighs_all_that_it_loads_and_pictures_are_not_packed(desk: Desk) -> None:
    page = desk.browser.new_context().new_page()
    answer = page.goto(f"{desk.address}/login")
    assert answer is not None
    scales = Scales()
    weight = scales.weigh(page, answer)
    assert {name.rpartition("/")[2] for name in scales.known} >= {"bootstrap.min.css", "htmx.min.js", "weibao.css"}
    assert weight == on_the_wire(answer.body(), "text/html") + sum(scales.known.values())
    assert scales.heaviest == (weight, page.url)
    assert on_the_wire(bytes(1000), "image/png") == 1000
    assert on_the_wire(bytes(1000), "image/svg+xml") < 100
    page.context.close()


def test_axe_is_the_file_of_its_table() -> None:
    table = (axe.AXE.parents[1] / "README.md").read_text("utf-8")
    for path in (axe.AXE, axe.AXE.with_name("LICENSE")):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in table
