"""The county's month: numbers by their definitions, small ones hidden, the same in the file."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenants.enums import AccountRole, ActivityState, PersonKind
from tenants.models import Activity, ActivityRecord
from tests import drafts
from tests.conftest import LogIn
from tests.duties import add_visit, give, soon
from tests.pages import in_english
from tests.staff import register
from tests.world import World


@pytest.fixture
def officer(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.COUNTY_OFFICER))


def book(answer: TestResponse) -> Workbook:
    return load_workbook(BytesIO(answer.data))


def compared(client: FlaskClient, show: str, month: str = "") -> list[str]:
    """What the page tells against the month before: of each township, and of the county."""
    page = client.get("/county/glance", query_string={"show": show, "month": month}).text
    return re.findall(r'data-label="Against the month before">([^<]*)<', page)


def lines(client: FlaskClient, **query: str) -> dict[str, dict[str, object]]:
    """The file's rows by township and heading."""
    answer = client.get("/county/glance/file", query_string=query)
    assert answer.status_code == 200
    rows = list(book(answer).worksheets[0].iter_rows(min_row=3, values_only=True))
    return {str(row[0]): dict(zip(rows[0], row, strict=True)) for row in rows[1:]}


def test_file_tells_a_month_by_its_definitions(session: Session, world: World, officer: FlaskClient) -> None:
    """One visit overdue since yesterday, one done today, one activity and one volunteer's hour that are over."""
    add_visit(session, world.first, 0, due_in=-1)
    add_visit(session, world.first, 1, due_in=0, done_ago=0)
    activity = session.get_one(Activity, (world.first.township, world.first.activity))
    activity.starts_at, activity.ends_at = datetime.now(UTC) - timedelta(minutes=1), datetime.now(UTC)
    called_off = session.get_one(Activity, (world.second.township, world.second.activity))
    called_off.starts_at, called_off.ends_at = activity.starts_at, activity.ends_at
    called_off.state = ActivityState.CANCELLED
    give(session, world.first, PersonKind.VOLUNTEER, activity=activity.id, starts_at=soon(days=-1))
    give(session, world.first, PersonKind.SOCIAL_WORKER, activity=activity.id, starts_at=soon(days=-1))
    for place in (world.first, world.second):
        register(session, world.county, place)
    session.commit()
    table = lines(officer)
    assert table.keys() == {"甲镇", "乙镇", "County"}
    first, second = table["甲镇"], table["乙镇"]
    names = ("Open files", "Visits done", "Visits overdue", "Activities", "Children expected", "Volunteers")
    assert [first[name] for name in names] == [4, 1, 1, 1, 12, 1]
    assert [second[name] for name in names] == [4, 0, 0, 0, 0, 1]
    staff = ("Workers", "Files for each worker", "Workers after postings", "Files for each worker after")
    assert [first[name] for name in staff] == [1, 4, 1, 4]
    assert [table["County"][name] for name in staff] == [2, 4, 2, 4]
    assert first["Left-behind child"] == first["High risk"] == "<5"
    assert (first["Disabled child"], table["County"]["Open files"]) == (0, 8)


def test_who_came_stands_beside_who_was_expected_and_few_are_not_told_exactly(
    session: Session, world: World, officer: FlaskClient
) -> None:
    """Nine children and two guardians came to the first township's activity; the second's is not recorded."""
    for place in (world.first, world.second):
        activity = session.get_one(Activity, (place.township, place.activity))
        activity.starts_at, activity.ends_at = datetime.now(UTC) - timedelta(minutes=1), datetime.now(UTC)
    session.add(
        ActivityRecord(township_id=world.first.township, activity_id=world.first.activity, children=9, guardians=2,
                       others=0, societies=["volunteer"])
    )  # fmt: skip
    session.commit()
    table = lines(officer)
    names = ("Children expected", "Children who came", "Guardians who came", "Activities without a record")
    assert [table["甲镇"][name] for name in names] == [12, 9, "<5", 0]
    assert [table["乙镇"][name] for name in names] == [12, 0, 0, 1]
    assert table["County"]["Guardians who came"] == "<5"
    page = officer.get(f"/county/townships/{world.first.township}").text
    assert page.count('data-label="Guardians who came">&lt;5</td>') == 1
    assert page.count('data-label="Children who came">9</td>') == 1


def test_what_has_no_history_is_neither_compared_nor_told_of_earlier_months(
    session: Session, world: World, officer: FlaskClient
) -> None:
    """How many volunteers there were last month is not known: the page does not say that they were as many."""
    assert compared(officer, "volunteers") == ["–", "–", "–"]
    page = officer.get("/county/glance?show=volunteers").text
    assert ("is not kept; so nothing is compared" in page, "The last months" in page) == (True, False)
    assert "The last months" in officer.get("/county/glance?show=children").text


def test_month_that_is_not_over_is_not_set_against_a_whole_one(
    session: Session, world: World, officer: FlaskClient
) -> None:
    """One visit of last month was done, one is open still; what stands open is compared as of today."""
    today = drafts.today()
    since = (today.replace(day=1) - timedelta(days=3) - today).days
    for place in (world.first, world.second):
        add_visit(session, place, 2, due_in=since - 100, done_ago=100 - since)
    add_visit(session, world.first, 0, due_in=since, done_ago=-since)
    add_visit(session, world.first, 1, due_in=since)
    session.commit()
    assert compared(officer, "done") == ["–", "–", "–"]
    assert "The month is not over" in officer.get("/county/glance?show=done").text
    last = (today.replace(day=1) - timedelta(days=1)).isoformat()[:7]
    assert sorted(compared(officer, "done", last)) == ["+1", "+1", "±0"]
    assert compared(officer, "overdue") == ["±0", "±0", "±0"]
    assert sorted(compared(officer, "overdue", last)) == ["+1", "+1", "±0"]


def test_file_can_be_sent_as_it_is(session: Session, world: World, officer: FlaskClient) -> None:
    """It says as of which day, and what its columns mean; what children weigh tells hidden numbers and is not in."""
    register(session, world.county, world.first)
    session.commit()
    file = book(officer.get("/county/glance/file"))
    assert str(file.worksheets[0].cell(2, 1).value).startswith("as of ")
    meanings = dict(file.worksheets[1].iter_rows(values_only=True))
    heads = [cell.value for cell in file.worksheets[0][3]]
    assert [head for head in heads if head not in meanings] == ["Township", "Workers", *heads[-2:]]
    assert "Weight" not in " ".join(map(str, heads))
    assert str(book(officer.get("/county/glance/compare/file")).worksheets[0].cell(2, 1).value).startswith("as of ")


def test_page_shows_map_table_and_no_small_number_of_a_group(world: World, officer: FlaskClient) -> None:
    page = officer.get("/county/glance?show=risk_high").text
    assert page.count("<circle") == 2
    assert 'class="value">&lt;5</text>' in page
    assert 'data-label="High risk">&lt;5</td>' in page
    assert "丙镇" not in page
    assert "CANARY" not in page


def test_month_without_anything_and_an_unknown_one_are_answered(world: World, officer: FlaskClient) -> None:
    assert officer.get("/county/glance?month=1999-01&show=nonsense").status_code == 200
    now, earlier = lines(officer), lines(officer, month=(drafts.today() - timedelta(days=90)).isoformat()[:7])
    assert [table["County"]["Visits done"] for table in (now, earlier)] == [0, "–"]


def test_trend_marks_what_is_hidden_and_what_was_before_the_program(
    session: Session, world: World, officer: FlaskClient
) -> None:
    """Two files of high risk in each township, since this month: a number is hidden, and is no bar of nothing."""
    page = officer.get("/county/glance?show=risk_high").text
    trend = page.split("The last months: High risk", 1)[1]
    words = re.findall(r"<dd>(.*?)</dd>", trend)[:6]
    marks = re.findall(r'class="value"[^>]*>([^<]*(?:&lt;5)?)</text>', trend)[:6]
    assert words == marks
    assert (words[-1], set(words) <= {"–", "&lt;5"}) == ("&lt;5", True)
