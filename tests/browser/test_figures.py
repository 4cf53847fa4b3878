"""The charts of a township in a real browser: both widths and languages, dark, on paper; photos of an activity."""

import re
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from unicodedata import normalize

import pytest
from playwright.sync_api import Page, expect
from pypdf import PageObject, PdfReader

from tests.browser import axe
from tests.browser.conftest import Complaints, Desk
from tests.drafts import today
from tests.photos import jpeg

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
LOOKS = [("zh", "light"), ("en", "light"), ("zh", "dark")]


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_charts_are_read_at_both_widths(desk: Desk, complaints: Complaints, language: str, scheme: str) -> None:
    page = desk.open("head", language=language)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    heard = complaints(page)
    page.goto(f"{desk.address}/figures")
    expect(page.locator("svg.wb-chart[role=img]")).to_have_count(6)
    for details in page.locator("details.wb-numbers summary").all():
        details.click()
    faults = axe.violations(page)
    for details in page.locator("details.wb-numbers summary").all():
        details.click()
    for width in axe.WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert overlapping(page) == []
        assert not axe.scrolls_sideways(page)
        desk.keep(page, f"figures-{language}-{scheme}-{width}")
    faults += axe.small_targets(page)
    assert faults == []
    assert heard == []
    page.context.close()


_OVERLAPPING = """() => {
  const found = [];
  for (const svg of document.querySelectorAll("svg.wb-chart")) {
    const boxes = [...svg.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect()]);
    boxes.forEach(([one, a], place) => boxes.slice(place + 1).forEach(([other, b]) => {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 2 && high > 3) found.push(`${one} / ${other}`);
    }));
  }
  return found;
}"""


def overlapping(page: Page) -> list[str]:
    """Words of charts that stand on each other."""
    return list(page.evaluate(_OVERLAPPING))


def test_charts_are_printed_in_black(desk: Desk) -> None:
    page = desk.open("head", language="zh")
    page.goto(f"{desk.address}/figures")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 dots to the inch
    assert page.locator("form.wb-filters").is_hidden()
    assert not axe.scrolls_sideways(page)
    desk.keep(page, "figures-zh-print")
    page.context.close()


Spot = tuple[int, float]
"""Which sheet, and how far down on it."""


def first_words(text: str) -> str:
    """What a run of text is known by; a font may write fi as one sign."""
    return normalize("NFKC", text).strip()[:16].strip()


def spots(sheets: Sequence[PageObject]) -> dict[str, Spot]:
    """Where the first words of each run of text stand on paper."""
    found: dict[str, Spot] = {}
    for number, sheet in enumerate(sheets):

        def note(text: str, cm: list[float], tm: list[float], *_font: object, number: int = number) -> None:
            found.setdefault(first_words(text), (number, -tm[5] * cm[3] - cm[5]))

        sheet.extract_text(visitor_text=note)
    return found


def test_every_chart_is_on_paper_whole(desk: Desk) -> None:
    page = desk.open("head")
    page.goto(f"{desk.address}/figures")
    titles = [first_words(text) for text in page.locator(".wb-figures .card-header").all_inner_texts()]
    notes = [first_words(text) for text in page.locator(".wb-figures .card-body > .wb-note").all_inner_texts()]
    assert (len(titles), len(notes)) == (6, 6)
    at = spots(PdfReader(BytesIO(page.pdf(format="A4"))).pages)
    for note, below in zip(notes, titles[2:], strict=False):  # two side by side; a note ends its card
        assert at[note] < at[below], f"{below} stands over what belongs above it"
    page.context.close()


def test_one_kind_of_people_is_compared_by_keyboard(desk: Desk) -> None:
    page = desk.open("head", language="en")
    page.goto(f"{desk.address}/figures")
    page.get_by_label("Whose load").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show", exact=True).press("Enter")
    page.wait_for_url("**/figures?*kind=volunteer*")
    assert page.get_by_role("heading", name="How the work is shared").is_visible()
    page.context.close()


def test_a_photo_is_kept_with_a_word_on_consent_alone(desk: Desk, complaints: Complaints) -> None:
    page = desk.open("staff", language="zh")
    heard = complaints(page)
    address = begun_activity(page, desk)
    page.goto(f"{address}/photos")
    photo = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": jpeg(1200, 800)}
    page.locator("#file").set_input_files(photo)  # type: ignore[arg-type]
    page.get_by_role("button", name="保存照片").click()
    expect(page.get_by_text("须经其监护人同意").first).to_be_visible()
    desk.keep(page, "photos-refused-zh-1280")
    page.locator("#file").set_input_files(photo)  # type: ignore[arg-type]
    page.get_by_label("照片中认不出任何儿童").check()
    page.get_by_role("button", name="保存照片").click()
    expect(page.get_by_text("照片已保存")).to_be_visible()
    expect(page.locator(".wb-photos img")).to_have_count(1)
    expect(page.locator(".wb-photos img")).to_have_js_property("naturalWidth", 1200)
    for width in axe.WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert not axe.scrolls_sideways(page)
        desk.keep(page, f"photos-zh-{width}")
    assert axe.violations(page) + axe.small_targets(page) == []
    page.get_by_role("button", name="销毁第 1 张照片").click()
    page.locator("[data-confirm-yes]").click()
    expect(page.get_by_text("照片已销毁")).to_be_visible()
    expect(page.locator(".wb-photos img")).to_have_count(0)
    assert [word for word in heard if "422" not in word] == []
    page.context.close()


def begun_activity(page: Page, desk: Desk) -> str:
    """The address of an activity that has begun: the newest of the weeks before this one."""
    for weeks in range(4, 60, 4):
        page.goto(f"{desk.address}/activities?from={today() - timedelta(weeks=weeks)}")
        links = page.eval_on_selector_all("main a[href^='/activities/']", "links => links.map(link => link.pathname)")
        found = [link for link in links if re.fullmatch(r"/activities/[a-z2-7]{26}", link)]
        if found:
            return f"{desk.address}{found[0]}"
    raise AssertionError("no activity has begun")
