"""A volunteer cannot come: freed in one step, planned anew, published, and seen by both on their phones."""

from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import DutyState, PersonKind
from tenants.models import Activity, Duty
from tenants.services import publishing, replanning
from tests import chromium, drafts
from tests.browser import axe
from tests.browser.conftest import Complaints, picture
from tests.world import PASSWORD, World
from weibao import jobs

pytestmark = [pytest.mark.browser, chromium.needs_chromium]


def opened(browser: Browser, address: str, username: str, *, width: int, language: str) -> Page:
    """A window in which somebody has logged in."""
    return chromium.logged_in(browser, address, username, PASSWORD, width=width, height=844, language=language)


def keep(page: Page, name: str) -> None:
    """Keep pictures at both widths, and see that nothing sticks out."""
    before = page.viewport_size or {"width": 1280, "height": 844}
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        picture(page, f"{name}-{width}")
        assert not axe.scrolls_sideways(page), f"{name} at {width}"
    page.set_viewport_size(before)


def publish_the_activity(session: Session, world: World) -> Activity:
    """A version with the activity alone: the director leads, the volunteer helps."""
    draft = drafts.begin(session, world)
    drafts.keep(session, world, draft, drafts.activity_task(session, world))
    publishing.publish(session, world.head, draft)
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    session.commit()
    return activity


def free_the_days(head: Page, address: str, person: str, last: date, language: str) -> None:
    """From the person's page: the days, what falls open, one step; it ends on the draft."""
    head.goto(f"{address}/people/{person}")
    keep(head, f"absence-person-{language}")
    head.locator(f"a[href='/people/{person}/absence']").click()
    head.fill("#to_day", last.isoformat())
    head.locator("main form[method=get] button").click()
    expect(head.locator(".wb-agenda > li")).to_have_count(1)
    keep(head, f"absence-preview-{language}")
    head.locator("main form[method=post] button[type=submit]").last.click()
    head.wait_for_url("**/planner/*")
    keep(head, f"absence-planning-{language}")


def publish(head: Page, language: str) -> None:
    """The plan is there: look at what changes, and publish."""
    head.reload()
    keep(head, f"absence-draft-{language}")
    head.locator("main a[href$='/review']").click()
    keep(head, f"absence-review-{language}")
    head.locator("form[action$='/publish'] button").click()
    head.wait_for_url("**/rosters/*")
    keep(head, f"absence-published-{language}")


def withdraw(head: Page, language: str) -> None:
    """Read what a withdrawal does, and withdraw."""
    head.locator("a[href$='/withdraw']").click()
    head.fill("#reason", "日期发错了")
    keep(head, f"roster-withdraw-{language}")
    head.locator("main form[method=post] button.btn-danger").click()
    expect(head.locator("main .wb-danger").first).to_be_visible()
    keep(head, f"roster-withdrawn-{language}")


@pytest.mark.timeout(600)  # a first start compiles the scheduler
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_volunteer_cannot_come_and_somebody_else_is_found(
    app: Flask, session: Session, world: World, browser: Browser, complaints: Complaints,
    monkeypatch: pytest.MonkeyPatch, language: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(replanning, "SECONDS", 8)
    activity, volunteer_id = publish_the_activity(session, world), world.first.people[PersonKind.VOLUNTEER]
    last = activity.starts_at.astimezone(drafts.CHINA).date() + timedelta(days=1)
    cancelled = "已取消" if language == "zh" else "Cancelled"
    with chromium.served(app) as address:
        head = opened(browser, address, "station_head-alpha", width=1280, language=language)
        heard = complaints(head)
        free_the_days(head, address, volunteer_id, last, language)
        assert jobs.work_once(app)
        publish(head, language)

        volunteer = opened(browser, address, "volunteer-alpha", width=390, language=language)
        volunteer.goto(f"{address}/mine/duties")
        expect(volunteer.get_by_text(cancelled, exact=True).first).to_be_visible()
        keep(volunteer, f"absence-volunteer-{language}")
        volunteer.goto(f"{address}/inbox")
        keep(volunteer, f"absence-inbox-{language}")
        substitute = opened(browser, address, "station_staff-alpha", width=390, language=language)
        substitute.goto(f"{address}/mine/duties")
        expect(substitute.locator(".wb-agenda > li.wb-info")).to_have_count(1)
        keep(substitute, f"absence-substitute-{language}")

        withdraw(head, language)
        substitute.reload()
        expect(substitute.get_by_text(cancelled, exact=True).first).to_be_visible()
        assert heard == []
        for page in (head, volunteer, substitute):
            page.context.close()
    session.expire_all()
    held = session.scalars(select(Duty).where(Duty.activity_id == activity.id, Duty.role == "helper")).all()
    assert {duty.person_id for duty in held} == {volunteer_id, world.first.people[PersonKind.STATION_STAFF]}
    assert {duty.state for duty in held} == {DutyState.CANCELLED}
