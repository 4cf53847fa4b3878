"""Ask axe-core what is wrong with a page, and two rules of our own: no sideways scrolling, 44 px targets on phones."""

import hashlib
import re
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK = 1280
PHONE = 390
WIDTHS = (DESK, PHONE)
_ID = re.compile(r"/(?:[a-z2-7]{26}|\d{4}-\d\d-\d\d|\d+)(?=/|$)")

_RUN = """tags => axe.run(document, {runOnly: tags, resultTypes: ["violations"]})
  .then(found => found.violations.flatMap(
  fault => fault.nodes.slice(0, 3).map(node => `${fault.id}: ${node.target} ${node.html.slice(0, 120)}`)))"""

# What an element is, without its text: pages of the same shape get the same answer from axe and are asked about once.
_SHAPE = """() => {
  const kept = ["role", "lang", "type", "hidden", "tabindex", "disabled", "class"];
  const shape = element => {
    const marks = kept.map(name => element.getAttribute(name) ?? "").join("|");
    const said = [...element.attributes].filter(one => one.name.startsWith("aria-") || one.name === "title")
      .map(one => `${one.name}=${one.value !== ""}`).sort().join(",");
    const words = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const parts = [...element.children].map(shape).filter((part, place, all) => part !== all[place - 1]);
    return `<${element.tagName} ${marks} ${said} ${words}>${parts.join("")}</>`;
  };
  return shape(document.querySelector("main") ?? document.documentElement);
}"""

# A link in a sentence is as high as its line, and a place on a map has its row in the table below: both are exempt.
# A box to tick is as large as its label.
_SMALL = """least => {
  const length = element => (element.innerText ?? "").replace(/\\s/g, "").length;
  const inSentence = element => {
    if (element.tagName !== "A" || getComputedStyle(element).display !== "inline") return false;
    let block = element.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    return length(block) > length(element);
  };
  const target = element => element.matches("[type=checkbox], [type=radio]")
    ? element.closest("label, .form-check") ?? element.labels[0] ?? element : element;
  return [...document.querySelectorAll(
      "a[href], button, input:not([type=hidden]), select, textarea, summary, .form-check")]
    .filter(element => element.checkVisibility({visibilityProperty: true, opacityProperty: true}))
    .filter(element => !inSentence(element) && !element.closest("svg"))
    .map(element => [element, target(element).getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && box.height > 1 && (box.height < least || box.width < least))
    .map(([element, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${element.outerHTML.slice(0, 120)}`);
}"""

_LOOKS = 5
_IS_WIDE = "width => window.innerWidth === width && matchMedia(`(max-width: ${width}px)`).matches"
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"


def kind_of(path: str) -> str:
    """An address without its ids, days and numbers: pages of one kind look alike."""
    return _ID.sub("/*", re.split("[?#]", path, maxsplit=1)[0])


def shape_of(page: Page) -> str:
    """A digest of the elements of the page's own part, without their text."""
    page.wait_for_load_state()
    return hashlib.sha256(str(page.evaluate(_SHAPE)).encode()).hexdigest()


def violations(page: Page) -> list[str]:
    """What axe finds; its source is run by the debugger, so that the page's own policy stays in force."""
    page.wait_for_load_state()
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text("utf-8"))
    return list(page.evaluate(_RUN, TAGS))


def small_targets(page: Page) -> list[str]:
    """What is smaller than 44 by 44 px (WCAG 2.1, 2.5.5) among buttons, fields, and links but those in a sentence.

    A window that has just changed its width may still show a part as it was: what is small at one look and no more at
    the next is none.
    """
    page.wait_for_load_state()
    page.wait_for_function(_IS_WIDE, arg=page.viewport_size["width"])  # type: ignore[index]
    for _ in range(_LOOKS):
        page.evaluate(TWO_FRAMES)
        small = list(page.evaluate(_SMALL, 43.5))
        if not small:
            break
        page.wait_for_timeout(200)
    return small


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window; a click has returned when the next page only begins to come."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
