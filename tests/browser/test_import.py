"""A workbook with wrong cells in a real browser: told by cell, marked, corrected, taken in, and no double on repeat."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import Complaints, Desk
from tests.sheets import opened, saved, workbook

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
HEADINGS = ["姓名*", "岗位*", "电话"]
ROWS = [["导入甲", "志愿者", "13700000011"], ["导入乙", "飞行员", "13700000012"], ["导入丙", "志愿者", "13700000013"]]


def send(page: Page, desk: Desk, content: bytes, name: str) -> None:
    """Send a file of people by its form, and wait for the look before it is taken in."""
    page.goto(f"{desk.address}/sheets")
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator("#people-file").set_input_files(file)  # type: ignore[arg-type]
    page.locator("form:has(#people-file) button[type=submit]").click()
    page.wait_for_url("**/sheets/uploads/*")


def people_found(page: Page, desk: Desk) -> int:
    """How many people of the file the station has."""
    page.goto(f"{desk.address}/people?text=导入")
    return page.locator("main tbody th[scope=row]", has_text="导入").count()


def test_wrong_cells_are_told_marked_corrected_and_taken_in_once(
    desk: Desk, complaints: Complaints, tmp_path: Path
) -> None:
    page = desk.open("head", language="zh")
    heard = complaints(page)
    send(page, desk, workbook({"人员": [HEADINGS, *ROWS]}), "people.xlsx")
    expect(page.locator("tbody tr")).to_have_count(1)
    wrong = page.locator("tbody tr").first
    expect(wrong.locator("th")).to_have_text("B3")
    expect(wrong).to_contain_text("岗位")
    expect(wrong).to_contain_text("飞行员")
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)
    for width in axe.WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert not axe.scrolls_sideways(page)
        desk.keep(page, f"import-errors-zh-{width}")
    page.set_viewport_size({"width": 1280, "height": 900})

    with page.expect_download() as download:
        page.get_by_role("link", name="下载已标出错误的文件").click()
    download.value.save_as(tmp_path / "marked.xlsx")
    book = opened((tmp_path / "marked.xlsx").read_bytes())
    cell = next(cell for row in book["人员"].iter_rows() for cell in row if cell.value == "飞行员")
    assert cell.row == 3
    assert cell.fill.fgColor.rgb not in {"00000000", None}
    assert cell.comment is not None

    cell.value = "志愿者"
    send(page, desk, saved(book), "marked.xlsx")
    desk.keep(page, "import-corrected-zh-1280")
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text("已导入：新增 3 行")).to_be_visible()
    assert people_found(page, desk) == 3

    send(page, desk, saved(book), "marked.xlsx")
    expect(page.get_by_text("没有变化")).to_be_visible()
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)
    assert people_found(page, desk) == 3
    assert heard == []
    page.context.close()
