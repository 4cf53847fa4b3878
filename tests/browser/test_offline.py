"""The program on a child director's phone: put on the home screen, a visit recorded without a network, sent once."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, PersonKind, VisitState
from tenants.models import Account, AccountSession, AuditEntry, Child, Visit, VisitReceipt, utc_now
from tenants.services import visit_notes, visits
from tests import chromium, drafts
from tests.browser import axe
from tests.browser.conftest import Complaints, picture
from tests.duties import add_visit, give
from tests.keys import KEYRING
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.browser, chromium.needs_chromium]
DIRECTOR = "child_director-alpha"
NOTE = "孩子在家，一切都好"
READY = "navigator.serviceWorker.controller !== null"
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) {
      const answer = await (await caches.open(name)).match(request);
      found.push([name, new URL(request.url).pathname, await answer.text()]);
    }
  return found;
}"""
STORED = """async () => JSON.stringify([await weibaoOutbox.all(), (await weibaoOutbox.list()) ?? null])"""


@pytest.fixture
def visit(session: Session, world: World) -> str:
    """A visit that the first township's child director has to make."""
    visit = add_visit(session, world.first, 0, due_in=-1)
    give(session, world.first, PersonKind.CHILD_DIRECTOR, visit=visit)
    session.commit()
    return visit


def open_phone(browser: Browser, address: str, username: str = DIRECTOR, language: str = "zh") -> Page:
    """A phone on which somebody has logged in, with the page My village open and the shell kept."""
    page = chromium.logged_in(browser, address, username, PASSWORD, width=390, height=844, language=language)
    page.goto(f"{address}/village")
    until(page, READY)
    until(page, "weibaoOutbox.list().then((list) => list !== undefined)")
    return page


def by_hand_alone(page: Page) -> None:
    """As in a browser without background sync: nothing is sent but by the page."""
    page.context.add_init_script(
        "Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', { value: undefined })"
    )
    page.reload()
    page.wait_for_load_state("networkidle")


def until(page: Page, condition: str) -> None:
    """Wait for something in the page; Playwright's own waiting would need eval there, which the pages forbid."""
    for _ in range(150):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never: {condition}")


def keep(page: Page, name: str) -> None:
    """Keep a picture, and see that the page is sound on a phone: axe, targets, width."""
    picture(page, name)
    assert not axe.scrolls_sideways(page)
    assert axe.violations(page) == []
    assert axe.small_targets(page) == []


def away(page: Page, *, is_away: bool = True) -> None:
    page.context.set_offline(is_away)


def fill_in_offline(page: Page, note: str = NOTE) -> None:
    """Without a network: the page that comes instead of the village, and its form."""
    away(page)
    page.reload()
    expect(page.get_by_role("heading", name="没有网络")).to_be_visible()
    page.get_by_text("已走访").click()
    page.get_by_label("简要记录").fill(note)
    page.get_by_role("button", name="保存在本机").click()
    expect(page.get_by_text("未上报（1）")).to_be_visible()


def say_that_there_is_a_network(page: Page, address: str) -> None:
    """The event of Background Sync, as the browser sends it to the worker; through its debugging protocol."""
    protocol = page.context.new_cdp_session(page)
    found: list[str] = []
    protocol.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(row["registrationId"] for row in event["registrations"]),
    )
    protocol.send("ServiceWorker.enable")
    for _ in range(50):
        if found:
            break
        page.wait_for_timeout(100)
    event = {"origin": address, "registrationId": found[0], "tag": "visits", "lastChance": True}
    protocol.send("ServiceWorker.dispatchSyncEvent", event)
    protocol.detach()


def stored(page: Page) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    records, held = json.loads(page.evaluate(STORED))
    return records, held


def row(session: Session, world: World, visit: str) -> Visit:
    """The visit as it stands; the test's transaction ends at once, for it would hold up the server's writes."""
    held = session.get_one(Visit, (world.first.township, visit), populate_existing=True)
    session.commit()
    return held


def recorded(session: Session) -> tuple[int, int]:
    """How often a visit was recorded by the audit log, and how many keys were taken in."""
    session.expire_all()
    audited = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "visit.done")
    found = session.scalar(audited) or 0, session.scalar(select(func.count()).select_from(VisitReceipt)) or 0
    session.commit()
    return found


def test_a_visit_recorded_without_a_network_is_sent_once_when_it_is_back(
    app: Flask, session: Session, world: World, browser: Browser, visit: str
) -> None:
    with chromium.served(app) as address:
        page = open_phone(browser, address)
        keep(page, "offline-before")
        fill_in_offline(page)
        keep(page, "offline-kept")
        page.close()
        assert row(session, world, visit).state is VisitState.DUE

        away(page, is_away=False)
        page = page.context.new_page()
        page.goto(f"{address}/village")
        expect(page.get_by_text("全部上报")).to_be_visible()
        expect(page.locator("#wb-outbox .wb-ok")).to_contain_text("上报")
        expect(page.locator(f"#visit-{visit}")).to_be_hidden()
        keep(page, "offline-sent")
        for _ in range(3):
            page.reload()
            page.evaluate("weibaoOutbox.send('/phone/visits')")
        assert recorded(session) == (1, 1)
        made = row(session, world, visit)
        assert (made.state, made.done_on) == (VisitState.DONE, drafts.today())
        assert visit_notes.note_of(KEYRING, made) == NOTE
        assert NOTE not in json.dumps(stored(page), ensure_ascii=False)

        station = chromium.logged_in(
            browser, address, "station_staff-alpha", PASSWORD, width=1280, height=900, language="zh"
        )
        station.goto(f"{address}/children/{world.first.children[0]}")
        expect(station.get_by_text(NOTE)).to_be_visible()
    page.context.close()


def test_with_no_page_open_the_worker_sends_what_waits_once_the_browser_says_that_there_is_a_network(
    app: Flask, session: Session, world: World, browser: Browser, visit: str
) -> None:
    with chromium.served(app) as address:
        page = open_phone(browser, address)
        by_hand_alone(page)  # the browser's own moment would come when it likes: here the test is the browser
        fill_in_offline(page)
        page.goto("about:blank")
        assert row(session, world, visit).state is VisitState.DUE

        away(page, is_away=False)
        page.wait_for_timeout(1000)
        assert row(session, world, visit).state is VisitState.DUE, "nothing else sends it"
        say_that_there_is_a_network(page, address)
        for _ in range(100):
            if row(session, world, visit).state is VisitState.DONE:
                break
            page.wait_for_timeout(100)
        assert row(session, world, visit).state is VisitState.DONE
        assert recorded(session) == (1, 1)

        say_that_there_is_a_network(page, address)
        page.goto(f"{address}/village")
        expect(page.get_by_text("未上报（1）")).to_have_count(0)
        assert recorded(session) == (1, 1)
    page.context.close()


def test_an_answer_that_was_lost_is_asked_for_again_and_nothing_is_recorded_twice(
    app: Flask, session: Session, world: World, browser: Browser, visit: str
) -> None:
    with chromium.served(app) as address:
        page = open_phone(browser, address)
        by_hand_alone(page)
        lost: list[int] = []

        def lose(route: Any) -> None:
            if lost:
                route.continue_()
                return
            lost.append(route.fetch().status)  # the server has it; the phone never hears so
            route.abort()

        page.context.route("**/phone/visits/*", lose)
        page.get_by_text("已走访").click()
        page.get_by_label("简要记录").fill(NOTE)
        page.get_by_role("button", name="登记走访").click()
        expect(page.get_by_text("未上报（1）")).to_be_visible()
        assert lost == [200]
        assert recorded(session) == (1, 1)
        expect(page.locator("#wb-outbox").get_by_text("更正")).to_have_count(0)  # the first text may have arrived

        page.get_by_role("button", name="立即上报").click()
        expect(page.get_by_text("全部上报")).to_be_visible()
        assert recorded(session) == (1, 1)
        assert visit_notes.note_of(KEYRING, row(session, world, visit)) == NOTE
    page.context.close()


def test_a_record_waits_for_its_own_persons_log_in(
    app: Flask, session: Session, world: World, browser: Browser, visit: str
) -> None:
    with chromium.served(app) as address:
        page = open_phone(browser, address)
        fill_in_offline(page)
        for held in session.scalars(select(AccountSession)):
            held.ended_at = utc_now()
        other = session.scalars(select(Account).where(Account.username == "social_worker-alpha")).one()
        other.role = AccountRole.CHILD_DIRECTOR
        session.commit()

        away(page, is_away=False)
        page.goto(f"{address}/village")
        expect(page.get_by_text("有 1 条走访记录未上报，登录后即可上报。")).to_be_visible()
        keep(page, "offline-log-in")
        assert stored(page)[1] is None, "the list goes with the log-in"
        log_in(page, other.username)
        page.goto(f"{address}/village")
        page.wait_for_load_state("networkidle")
        assert recorded(session) == (0, 0)
        assert NOTE not in page.content()
        log_out(page)
        page.wait_for_url("**/login")
        assert stored(page)[0] == [], "log-out takes everything along"
    page.context.close()


def log_in(page: Page, username: str) -> None:
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)


def log_out(page: Page) -> None:
    page.locator(".wb-user").click()
    page.get_by_role("button", name="退出登录").click()


def test_after_the_log_in_has_ended_the_record_is_kept_and_then_sent(
    app: Flask, session: Session, world: World, browser: Browser, visit: str
) -> None:
    with chromium.served(app) as address:
        page = open_phone(browser, address)
        fill_in_offline(page)
        for held in session.scalars(select(AccountSession)):
            held.ended_at = utc_now()
        session.commit()
        away(page, is_away=False)
        page.get_by_role("button", name="立即上报").click()
        expect(page.get_by_text("登录已失效，重新登录后上报。")).to_be_visible()
        assert recorded(session) == (0, 0)
        page.get_by_role("link", name="登录").click()
        log_in(page, DIRECTOR)
        expect(page.get_by_text("全部上报")).to_be_visible()
        assert recorded(session) == (1, 1)
    page.context.close()


def test_a_refused_record_says_why_and_can_be_corrected_or_thrown_away(
    app: Flask, session: Session, world: World, browser: Browser, visit: str
) -> None:
    with chromium.served(app) as address:
        page = open_phone(browser, address)
        away(page)
        page.reload()
        page.get_by_text("已走访").click()
        page.get_by_label("走访日期").fill((drafts.today() + timedelta(days=3)).isoformat())
        page.get_by_label("简要记录").fill(NOTE)
        page.get_by_role("button", name="保存在本机").click()
        expect(page.get_by_text("未上报（1）")).to_be_visible()
        away(page, is_away=False)
        page.goto(f"{address}/village")
        box = page.locator("#wb-outbox")
        expect(box.get_by_text("未接收")).to_be_visible()
        expect(box.get_by_text("走访日期不能晚于今天")).to_be_visible()
        expect(box.get_by_text(NOTE).first).to_be_visible()
        keep(page, "offline-refused")
        box.get_by_text("更正").click()
        box.get_by_label("走访日期").fill(drafts.today().isoformat())
        box.get_by_role("button", name="保存并上报").click()
        expect(page.get_by_text("全部上报")).to_be_visible()
        assert recorded(session) == (1, 1)

        second = add_visit(session, world.first, 3, due_in=-2)
        session.commit()
        page.reload()
        page.wait_for_load_state("networkidle")
        fill_in_offline(page)
        row(session, world, second).state = VisitState.CANCELLED
        session.commit()
        away(page, is_away=False)
        page.goto(f"{address}/village")
        expect(box.get_by_text("该走访已不在待办之列。")).to_be_visible()
        box.get_by_role("button", name="删除").click()
        page.locator("[data-confirm-yes]").click()
        expect(box.get_by_text("未接收")).to_have_count(0)
        assert recorded(session) == (1, 1)
    page.context.close()


def test_log_out_with_unsent_records_asks_first(app: Flask, world: World, browser: Browser, visit: str) -> None:
    with chromium.served(app) as address:
        page = open_phone(browser, address)
        by_hand_alone(page)
        page.context.route("**/phone/visits/*", lambda route: route.abort())
        page.get_by_text("已走访").click()
        page.get_by_role("button", name="登记走访").click()
        expect(page.get_by_text("未上报（1）")).to_be_visible()
        log_out(page)
        expect(page.get_by_text("还有 1 条走访记录未上报")).to_be_visible()
        page.locator("[data-confirm-no]").click()
        assert len(stored(page)[0]) == 1
        log_out(page)
        page.locator("[data-confirm-yes]").click()
        page.wait_for_url("**/login")
        assert stored(page) == ([], None)
    page.context.close()


def test_the_phone_keeps_the_shell_and_no_page_of_anybody(
    app: Flask, world: World, browser: Browser, visit: str, complaints: Complaints
) -> None:
    with chromium.served(app) as address:
        page = open_phone(browser, address, language="en")
        heard = complaints(page)
        page.evaluate(
            "caches.open('weibao-shell-old').then((cache) => cache.put('/static/weibao.css', new Response('x')))"
        )
        for path in ("/", "/mine/duties", "/village", f"/children/{world.first.children[0]}", "/search?q=C-000"):
            page.goto(f"{address}{path}")
        page.wait_for_load_state("networkidle")
        kept = page.evaluate(KEPT)
        paths = {path for _, path, _ in kept}
        assert {path for path in paths if not path.startswith("/static/")} == {"/offline"}
        assert not any(word in text for _, _, text in kept for word in ("C-000", "CANARY", "PSEUDONYM", "甲镇"))
        records, held = stored(page)
        assert records == []
        assert held is not None
        assert {"id", "code", "planned"} == set(held["visits"][0])
        assert not any(word in json.dumps(held) for word in ("PSEUDONYM", "CANARY", "scattered", "high"))

        # a new release brings a new cache and drops the old ones
        page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.unregister())")
        page.reload()
        until(page, READY)
        until(page, "caches.keys().then((names) => names.length === 1 && names[0] !== 'weibao-shell-old')")
        assert heard == []
    page.context.close()


def test_chromium_finds_nothing_against_installing_it(app: Flask, world: World, browser: Browser) -> None:
    with chromium.served(app) as address:
        page = open_phone(browser, address)
        devtools = page.context.new_cdp_session(page)
        manifest = devtools.send("Page.getAppManifest")
        assert manifest["errors"] == []
        assert json.loads(manifest["data"])["name"] == "未保：未成年人保护工作平台"
        faults = [one["errorId"] for one in devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]]
        assert set(faults) <= {"in-incognito"}  # a test's window keeps nothing, which is no fault of the page
    page.context.close()


def test_a_visit_due_in_the_week_after_next_can_be_recorded_without_a_network_too(
    app: Flask, session: Session, world: World, browser: Browser
) -> None:
    visit = add_visit(session, world.first, 0, due_in=12)
    session.commit()
    with chromium.served(app) as address:
        page = open_phone(browser, address)
        expect(page.locator(f"#visit-{visit}")).to_be_visible()
        fill_in_offline(page)
        away(page, is_away=False)
        page.goto(f"{address}/village")
        expect(page.get_by_text("全部上报")).to_be_visible()
        assert row(session, world, visit).state is VisitState.DONE
    page.context.close()


def test_a_sent_record_that_the_station_takes_back_can_be_made_anew_at_once(
    app: Flask, session: Session, world: World, browser: Browser, visit: str
) -> None:
    with chromium.served(app) as address:
        page = open_phone(browser, address)
        fill_in_offline(page)
        away(page, is_away=False)
        page.goto(f"{address}/village")
        expect(page.get_by_text("全部上报")).to_be_visible()
        expect(page.locator(f"#visit-{visit}")).to_be_hidden()

        child = session.get_one(Child, (world.first.township, world.first.children[0]))
        visits.take_back(session, world.head, child, visit)
        session.commit()
        page.reload()
        expect(page.locator(f"#visit-{visit}")).to_be_visible()
        expect(page.get_by_text("全部上报")).to_be_visible()
        page.wait_for_load_state("networkidle")
        fill_in_offline(page, "第二次走访")
        away(page, is_away=False)
        page.goto(f"{address}/village")
        expect(page.get_by_text("全部上报")).to_be_visible()
        assert visit_notes.note_of(KEYRING, row(session, world, visit)) == "第二次走访"
        assert recorded(session) == (2, 2)
    page.context.close()
