"""The station asks who is free; a volunteer answers on a phone by a link, without a log-in."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Request, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import PersonKind
from tenants.models import AvailabilityException, AvailabilityInvitation
from tests import chromium
from tests.browser import axe
from tests.browser.conftest import Complaints, picture
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.browser, chromium.needs_chromium]


def faults(page: Page, name: str) -> list[str]:
    """Keep pictures at both widths; what axe finds, what sticks out, what is too small for a thumb."""
    found = []
    for width in axe.WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        picture(page, f"{name}-{width}")
        found += [f"{name} at {width}: {fault}" for fault in axe.violations(page)]
        if axe.scrolls_sideways(page):
            found.append(f"{name} at {width}: scrolls sideways")
    return found + [f"{name}: small target {fault}" for fault in axe.small_targets(page)]


def ask(staff: Page, address: str, language: str) -> tuple[str, list[str]]:
    """Ask as the form proposes: every volunteer, for two weeks; the first link, and what is wrong with the pages."""
    staff.goto(f"{address}/availability/requests")
    wrong = faults(staff, f"asking-{language}")
    staff.locator("main form[method=post] button[type=submit]").last.click()
    staff.wait_for_url("**/availability/requests/*")
    wrong += faults(staff, f"asked-{language}")
    return staff.locator("[data-copy*='/free/']").first.get_attribute("data-copy") or "", wrong


def answer_by_taps(page: Page, language: str) -> list[str]:
    """Not free on any morning; the boxes are large enough for a thumb."""
    wrong = faults(page, f"answer-{language}")
    boxes = page.locator(".wb-halves input")
    assert boxes.count() == 14 * 3
    size = boxes.first.locator("xpath=..").bounding_box()
    assert size is not None
    assert min(size["height"], size["width"]) >= 44
    for index in range(0, 42, 3):
        boxes.nth(index).uncheck()
    page.get_by_role("button", name="提交" if language == "zh" else "Send").click()
    expect(page.locator(".wb-flash")).to_be_visible()
    assert [boxes.nth(index).is_checked() for index in range(3)] == [False, True, True]
    return wrong + faults(page, f"answered-{language}")


def answer_by_keyboard(page: Page, link: str) -> None:
    """Free on the first morning after all."""
    page.goto(link)
    first = page.locator(".wb-halves input").first
    first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(".wb-flash")).to_be_visible()
    assert first.is_checked()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_volunteer_answers_by_a_link_without_a_log_in(
    app: Flask, session: Session, world: World, browser: Browser, complaints: Complaints, language: str
) -> None:
    volunteer_id = world.first.people[PersonKind.VOLUNTEER]
    session.commit()
    with chromium.served(app) as address:
        staff = chromium.logged_in(
            browser, address, "station_staff-alpha", PASSWORD, width=1280, height=844, language=language
        )
        heard = complaints(staff)
        link, wrong = ask(staff, address, language)

        phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
        phone.add_cookies([{"name": "language", "value": language, "url": address}])
        page, asked = phone.new_page(), list[Request]()
        noise = complaints(page)
        page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 -- a bound built-in is not taken
        page.goto(link)
        wrong += answer_by_taps(page, language)
        told = {request.all_headers().get("referer", "") for request in asked}
        assert told <= {"", f"{address}/"}  # where it comes from, never which page
        assert f"{address}/" in told
        answer_by_keyboard(page, link)

        staff.reload()
        wrong += faults(staff, f"asked-answered-{language}")
        mine = chromium.logged_in(
            browser, address, "volunteer-alpha", PASSWORD, width=390, height=844, language=language
        )
        mine.goto(f"{address}/availability")
        wrong += faults(mine, f"availability-{language}")
        mine.locator("a[href*='/invitations/']").click()
        wrong += faults(mine, f"availability-own-answer-{language}")
        assert wrong == []
        assert heard == []
        assert noise == []
        for context in (staff.context, phone, mine.context):
            context.close()
    session.expire_all()
    invitation = session.scalars(select(AvailabilityInvitation)).one()
    assert (invitation.person_id, invitation.answers, len(invitation.free)) == (volunteer_id, 2, 29)
    assert session.scalars(select(AvailabilityException)).first() is not None
