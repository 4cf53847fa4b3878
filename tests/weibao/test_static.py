"""static/ and templates/ keep the house's rules: nothing from elsewhere, nothing inline, every word translatable."""

import hashlib
import re
from pathlib import Path

import pytest

from weibao import shell
from weibao.resources import STATIC, folder

VENDOR = STATIC / "vendor"
TEMPLATES = folder("templates")
PAGES = sorted(TEMPLATES.rglob("*.html"))
OWN = sorted(path for path in STATIC.glob("*.*") if path.suffix in {".js", ".css", ".svg"})
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
WORDY_ATTRIBUTE = re.compile(r'\b(?:title|alt|placeholder|aria-label|data-confirm)="([^"]*)"')


def name_of(path: Path) -> str:
    return str(path.relative_to(TEMPLATES)) if path.is_relative_to(TEMPLATES) else path.name


PRODUCT_NAMES = re.compile(r"\b(?:iPhone|iPad|Mac|iCal|Outlook|Google|Excel|CSV|JSON)\b")  # the same in every language

each_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


def vendor_table() -> dict[str, str]:
    rows = re.findall(
        r"^\| [^|]+ \| [^|]+ \| (\S+) \| ([0-9a-f]{64}) \|", (VENDOR / "README.md").read_text("utf-8"), re.M
    )
    return dict(rows)


def test_vendored_files_are_those_of_the_table() -> None:
    found = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "README.md"
    }

    assert found == vendor_table()


def test_each_vendored_folder_carries_its_licence() -> None:
    lacking = [path.name for path in VENDOR.iterdir() if path.is_dir() and not list(path.glob("LICENSE*"))]

    assert lacking == []


@pytest.mark.parametrize("path", [*PAGES, *OWN], ids=name_of)
def test_own_files_name_no_other_host(path: Path) -> None:
    addresses = re.findall(
        r"(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+", path.read_text("utf-8").replace("http://www.w3.org/", "")
    )

    assert addresses == []


@each_page
def test_page_has_nothing_inline_that_the_content_policy_refuses(page: Path) -> None:
    text = page.read_text("utf-8")
    refused = re.findall(r"\son[a-z]+=", JINJA.sub("", text))
    refused += re.findall(r"<style\b|\sstyle=|\bhx-on|javascript:|hx-vals=['\"]js:", text)
    refused += [tag for tag in re.findall(r"<script\b[^>]*>", text) if "src=" not in tag]

    assert refused == []


@each_page
def test_page_leaves_every_word_to_the_catalogues(page: Path) -> None:
    text = JINJA.sub("", page.read_text("utf-8"))
    words = WORDY_ATTRIBUTE.findall(text)
    words += re.findall(r">([^<>]*)<", re.sub(r"<(script|code)\b.*?</\1>", "", text, flags=re.DOTALL))

    bare = [PRODUCT_NAMES.sub("", re.sub(r"&\w+;", "", word)).strip() for word in words]

    assert [word for word in bare if re.search(r"[^\W\d_]", word)] == []


@each_page
def test_page_uses_static_files_and_icons_that_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    files = set(re.findall(r"filename=[\"']([^\"']+)[\"']", text))
    icons = set(re.findall(r"icon\([\"']([\w-]+)[\"']|icon=[\"']([\w-]+)[\"']", text))

    assert [name for name in files if not (STATIC / name).is_file()] == []
    assert {first or second for first, second in icons} - sprite() == set()


def test_navigation_uses_icons_that_exist() -> None:
    assert {icon for _, _, icon in shell.NAVIGATION} - sprite() == set()


def sprite() -> set[str]:
    return set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text("utf-8")))


@each_page
def test_cell_of_a_stacking_table_says_its_column_on_a_phone(page: Path) -> None:
    text = JINJA_COMMENT.sub("", page.read_text("utf-8"))
    stacking = "table-stack" in text or "call ui.table(" in text
    mute = [cell for cell in re.findall(r"<td\b[^>]*>", text) if stacking and "data-label=" not in cell]

    assert mute == []
