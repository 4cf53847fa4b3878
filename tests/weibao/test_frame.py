"""The frame of every page in a real browser, under the real content policy."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Blueprint, Response, abort, make_response, render_template_string
from flask_wtf import FlaskForm
from playwright.sync_api import Page, expect
from wtforms import StringField
from wtforms.validators import InputRequired

from tests import chromium
from tests.conftest import config_for
from weibao import hx, permissions
from weibao.app import create_app

pytestmark = [pytest.mark.browser, chromium.needs_chromium]

PAGE = """{% extends "base.html" %}{% block title %}Bench{% endblock %}
{% block actions %}
{{ forms.post_button(url_for("bench.erase"), "Erase", confirm="Erase it?", danger=true) }}
{% endblock %}
{% block content %}
<button hx-get="{{ url_for('bench.fail') }}" hx-target="#out">Fail</button>
<button hx-post="{{ url_for('bench.save') }}" hx-target="#out" hx-confirm="Save it?">Save</button>
<p id="out"></p>PART{{ ui.calendar(url_for("bench.events"), "2026-12-01") }}
{% endblock %}
{% block scripts %}{{ ui.calendar_scripts() }}{% endblock %}"""
PART = """{% import "macros/forms.html" as forms %}<div id="part">
{% call forms.form(form, url_for("bench.enter"), submit="Enter",
                   hx={"hx-post": url_for("bench.enter"), "hx-target": "#part", "hx-swap": "outerHTML"}) %}
{{ forms.field(form.name, hint="As on the card") }}{% endcall %}</div>"""
VIOLATIONS = """window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective))"""

bench = Blueprint("bench", __name__)


class NameForm(FlaskForm):
    name = StringField("Name", [InputRequired("Give the name")])


@bench.get("/bench")
def show() -> str:
    return render_template_string(PAGE.replace("PART", PART), form=NameForm())


@bench.get("/bench/fail")
def fail() -> str:
    abort(409)


@bench.post("/bench/save")
def save() -> Response:
    return hx.toast(make_response("<b>kept</b>"), "已保存")


@bench.post("/bench/erase")
def erase() -> str:
    return "erased"


@bench.post("/bench/enter")
def enter() -> tuple[str, int]:
    form = NameForm()
    status = 200 if form.validate() else 422
    return render_template_string(PART, form=form), status


@bench.get("/bench/events")
def events() -> list[dict[str, str]]:
    return [{"title": "上河村", "start": "2026-12-06T09:00", "end": "2026-12-06T11:00"}]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real program with one more page."""
    database = tmp_path_factory.mktemp("frame") / "empty.sqlite"
    app = create_app(config_for(f"sqlite:///{database}", language="zh"))
    app.register_blueprint(bench)
    with pytest.MonkeyPatch.context() as patch, chromium.served(app) as url:
        for endpoint in ("show", "fail", "save", "erase", "enter", "events"):
            patch.setitem(permissions.PERMISSIONS, f"bench.{endpoint}", permissions.OPEN)
        yield url


@pytest.fixture
def page(browser: chromium.Browser, address: str) -> Iterator[Page]:
    """The bench page, freshly opened; at the end nothing may have broken the content policy or thrown."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page = context.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.add_init_script(VIOLATIONS)
    page.goto(f"{address}/bench")
    yield page
    assert page.evaluate("window.violations") == []
    assert thrown == []
    context.close()


def test_refused_form_comes_back_into_the_page_with_the_wrong_field_in_focus(page: Page) -> None:
    page.get_by_role("button", name="Enter").click()

    expect(page.get_by_role("alert")).to_contain_text("Give the name")
    expect(page.locator("#name")).to_be_focused()
    expect(page.locator("#name")).to_have_attribute("aria-describedby", "name-hint name-error")


def test_failed_request_is_told_and_leaves_the_page_as_it_was(page: Page) -> None:
    page.get_by_role("button", name="Fail").click()

    expect(page.locator(".toast.show")).to_contain_text("此内容刚被他人更改")
    expect(page.locator("#out")).to_be_empty()


def test_confirmed_request_carries_the_token_and_shows_the_servers_notice(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#wb-confirm")).to_contain_text("Save it?")
    page.get_by_role("button", name="确定").click()

    expect(page.locator("#out")).to_have_text("kept")
    expect(page.locator(".toast.show")).to_contain_text("已保存")


def test_question_answered_with_no_sends_nothing(page: Page) -> None:
    page.get_by_role("button", name="Erase").click()
    page.get_by_role("button", name="取消").click()

    expect(page.locator("#wb-confirm")).to_be_hidden()
    assert page.url.endswith("/bench")


def test_question_answered_with_yes_sends_the_plain_form(page: Page) -> None:
    page.get_by_role("button", name="Erase").click()
    page.locator("#wb-confirm").get_by_role("button", name="Erase").click()

    expect(page.locator("body")).to_have_text("erased")
    page.go_back()


def test_theme_is_kept_and_nothing_else_is_remembered(page: Page) -> None:
    page.get_by_role("button", name="切换浅色或深色显示").click()
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert page.evaluate("Object.entries(localStorage)") == [["wb-theme", "dark"]]
    assert "htmx-history-cache" not in page.evaluate("Object.keys(sessionStorage)")


def test_language_switch_returns_to_the_same_page(page: Page) -> None:
    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".wb-skip")).to_have_text("Skip to the content")
    assert page.url.endswith("/bench")


def test_calendar_shows_its_events_under_the_content_policy(page: Page) -> None:
    expect(page.locator(".fc-event")).to_have_text("09:00上河村")


def test_page_fits_a_phone(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()

    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_paper_carries_no_controls(page: Page) -> None:
    page.emulate_media(media="print")

    assert page.locator("header.wb-header, button").filter(visible=True).count() == 0
