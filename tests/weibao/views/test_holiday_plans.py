"""Plan a holiday on its pages: from a choice to activities with a run, and back."""

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.calendar import Span, SpanKind, Subject
from tenants.enums import AccountRole, ActivityState
from tenants.models import Activity, ActivityTemplate, HolidayPlan, Home, SolveRun
from tenants.services import calendar
from tenants.services.calendar import TableFacts
from tests.conftest import LogIn, post
from tests.drafts import today
from tests.pages import text_of
from tests.world import World
from weibao.words import named

FIRST = today() + timedelta(days=30)
SPAN = Span(kind=SpanKind.WINTER, first=FIRST, last=FIRST + timedelta(days=13), name="寒假", name_en="Winter holiday")
KEY = f"winter-{FIRST}"


@pytest.fixture
def holiday(session: Session, world: World) -> Span:
    year = FIRST.year if FIRST.month >= 8 else FIRST.year - 1
    facts = TableFacts(since=date(year, 8, 1), provisional=False, source="校历", spans=(SPAN,))
    calendar.decide(session, Actor(county_id=world.county), Subject.TERMS, year, facts)
    session.commit()
    return SPAN


@pytest.fixture
def head(log_in: LogIn, holiday: Span) -> FlaskClient:
    client = log_in(AccountRole.STATION_HEAD)
    assert post(client, "/activity-templates/examples").status_code == 303
    return client


def wish(session: Session, world: World, **changes: object) -> dict[str, object]:
    rows = session.scalars(select(ActivityTemplate.id).where(ActivityTemplate.township_id == world.first.township))
    facts: dict[str, object] = {
        "holiday": KEY,
        "templates": list(rows),
        "weekdays": [str(day) for day in range(7)],
    }
    for place, home in enumerate(world.first.homes):
        facts |= {f"homes-{place}-home_id": home, f"homes-{place}-number": "2"}
    return {**facts, **changes}


def rows_in(page: str) -> dict[str, object]:
    """The proposal's form as a browser would send it."""
    found = dict(re.findall(r'<input[^>]*name="(rows-\d+-(?:template_id|home_id))"[^>]*value="([^"]*)"', page))
    found |= {name: value for value, name in re.findall(r'value="([^"]*)"[^>]*name="(rows-\d+-\w+)"', page)}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="(rows-\d+-\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            found[name[1]] = value[1]
    return {"holiday": KEY, **found}


def test_dates_are_proposed_within_the_holiday(head: FlaskClient, session: Session, world: World) -> None:
    answer = post(head, "/holiday-plans/preview", wish(session, world))
    assert answer.status_code == 200
    rows = rows_in(answer.text)
    days = {date.fromisoformat(str(value)) for name, value in rows.items() if name.endswith("-day")}
    assert len([name for name in rows if name.endswith("-day")]) == 6
    assert all(day in SPAN for day in days)
    assert session.scalars(select(HolidayPlan)).all() == []


def test_what_is_kept_is_made_and_planned_and_can_be_taken_back(
    head: FlaskClient, session: Session, world: World
) -> None:
    rows = rows_in(post(head, "/holiday-plans/preview", wish(session, world)).text)
    del rows["rows-0-keep"]
    rows["rows-1-day"] = (FIRST + timedelta(days=9)).isoformat()
    checked = post(head, "/holiday-plans", {**rows, "step": "check"})
    assert (checked.status_code, session.scalars(select(HolidayPlan)).all()) == (200, [])
    made = post(head, "/holiday-plans", rows)
    plan = session.scalars(select(HolidayPlan)).one()
    assert (made.status_code, made.headers["Location"]) == (303, f"/holiday-plans/{plan.id}")
    assert len(plan.members) == 5
    assert len(session.scalars(select(SolveRun)).all()) == 1
    page = head.get(f"/holiday-plans/{plan.id}").text
    assert "Take all of it back" in page
    assert post(head, f"/holiday-plans/{plan.id}/take-back").status_code == 303
    assert "Take all of it back" not in head.get(f"/holiday-plans/{plan.id}").text
    mine = Activity.township_id == world.first.township
    assert [row.id for row in session.scalars(select(Activity).where(mine))] == [world.first.activity]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"holiday": "winter-1999-01-01"}, "holiday"),
        ({"templates": []}, "templates"),
        ({"weekdays": []}, "weekdays"),
        ({f"homes-{n}-number": "0" for n in range(3)}, "homes"),
        ({"homes-1-number": "99"}, "homes-1-number"),
    ],
)
def test_a_refused_choice_keeps_what_was_entered(
    head: FlaskClient, session: Session, world: World, changes: dict[str, object], field: str
) -> None:
    answer = post(head, "/holiday-plans/preview", wish(session, world, **changes))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


@pytest.mark.parametrize(
    ("name", "value"), [("rows-0-day", "2020-01-01"), ("rows-0-day", "soon"), ("rows-0-start", "25:00")]
)
def test_a_refused_row_is_named_and_nothing_is_made(
    head: FlaskClient, session: Session, world: World, name: str, value: str
) -> None:
    rows = rows_in(post(head, "/holiday-plans/preview", wish(session, world)).text)
    answer = post(head, "/holiday-plans", {**rows, name: value})
    assert answer.status_code == 422
    assert f'href="#{name}"' in answer.text
    assert session.scalars(select(HolidayPlan)).all() == []


def test_a_neighbours_home_or_template_is_not_found(head: FlaskClient, session: Session, world: World) -> None:
    rows = rows_in(post(head, "/holiday-plans/preview", wish(session, world)).text)
    assert post(head, "/holiday-plans", {**rows, "rows-0-home_id": world.second.homes[0]}).status_code == 404
    assert session.scalars(select(HolidayPlan)).all() == []


def test_a_published_plan_stays(head: FlaskClient, session: Session, world: World) -> None:
    rows = rows_in(post(head, "/holiday-plans/preview", wish(session, world)).text)
    post(head, "/holiday-plans", rows)
    plan = session.scalars(select(HolidayPlan)).one()
    session.get_one(Activity, (plan.township_id, plan.members[0].activity_id)).state = ActivityState.HELD
    answer = post(head, f"/holiday-plans/{plan.id}/take-back")
    assert answer.status_code == 409
    assert "Something of this plan has been held" in answer.text


def test_without_templates_the_page_says_where_to_begin(log_in: LogIn, holiday: Span) -> None:
    assert "No template is on offer" in log_in(AccountRole.STATION_STAFF).get("/holiday-plans").text


def test_a_wrong_number_is_told_by_its_home(head: FlaskClient, session: Session, world: World) -> None:
    home = session.scalars(select(Home).where(Home.id == world.first.homes[0])).one()
    with head.application.test_request_context():
        name = named(home)
    answer = post(head, "/holiday-plans/preview", wish(session, world, **{"homes-0-number": "99"}))
    assert answer.status_code == 422
    assert f"{name} : Number must be between 0 and 30." in text_of(answer)


def test_holidays_without_a_notice_are_offered_as_provisional(head: FlaskClient) -> None:
    page = text_of(head.get("/holiday-plans"))
    assert f"Winter holiday {SPAN.last.year} (Winter holiday): " in page
    assert "provisional): " in page
