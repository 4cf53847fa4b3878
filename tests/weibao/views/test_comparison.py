"""The page of a comparison, its file, and a township's own months, as officers see them."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, TownshipKind
from tenants.models import ChildCategoryPeriod, Township
from tests.conftest import LogIn
from tests.duties import add_visit
from tests.pages import in_english, text_of
from tests.world import World

PAGE = "/county/glance/compare"


@pytest.fixture
def officer(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.COUNTY_OFFICER))


def table(client: FlaskClient, **query: object) -> dict[str, list[str]]:
    """The rows of the page's first table by township."""
    page = client.get(PAGE, query_string=query).text.split("<tbody>", 1)[1].split("</table>", 1)[0]
    rows = [re.findall(r"<t[hd][^>]*>(?:<a[^>]*>)?([^<]*)(?:</a>)?</t[hd]>", row) for row in page.split("<tr>")[1:]]
    return {name: [word.replace("&lt;", "<") for word in words] for name, *words in rows}


def test_months_of_an_indicator_stand_side_by_side(session: Session, world: World, officer: FlaskClient) -> None:
    for child in range(3):
        add_visit(session, world.first, child, due_in=0, done_ago=0)
    session.commit()
    rows = table(officer, show="done", months=6)
    assert {name: words[-1] for name, words in rows.items()} == {"甲镇": "3", "乙镇": "0", "County": "3"}
    assert len(rows["County"]) == 6
    assert table(officer, show="done", months=6, base="children")["甲镇"][-1] == "75.0"
    assert "丙镇" not in officer.get(PAGE).text


def test_chosen_townships_stand_alone_with_the_countys_total(
    session: Session, world: World, officer: FlaskClient
) -> None:
    add_visit(session, world.second, due_in=0, done_ago=0)
    session.commit()
    rows = table(officer, show="done", township=[world.first.township, world.foreign.township, "nonsense"])
    assert rows.keys() == {"甲镇", "County"}
    assert rows["County"][-1] == "1"


def test_small_groups_are_told_as_on_the_page_of_the_month(world: World, officer: FlaskClient) -> None:
    assert table(officer, show="risk_high", months=6)["甲镇"][-1] == "<5"
    assert table(officer, show="risk_high", months=6, base="children")["甲镇"][-1] == "*"


def test_file_holds_what_the_page_shows_and_what_it_means(session: Session, world: World, officer: FlaskClient) -> None:
    for period in session.scalars(select(ChildCategoryPeriod)):
        period.from_day -= timedelta(days=800)
    add_visit(session, world.first, due_in=-400, done_ago=400)
    add_visit(session, world.first, due_in=-35, done_ago=35)
    session.commit()
    query = {"show": "done", "months": 24, "base": "children", "township": world.first.township}
    answer = officer.get(f"{PAGE}/file", query_string=query)
    book = load_workbook(BytesIO(answer.data))
    assert book.sheetnames == ["Townships by month", "Change in a year", "Definitions"]
    title, _none, heads, *rows = book.worksheets[0].iter_rows(values_only=True)
    assert title[0].startswith("东山县: Visits done per 100 children, ")
    assert [row[0] for row in rows] == ["甲镇", "County"]
    assert len(heads) == 25
    shown = table(officer, **query)["甲镇"]
    assert ["–" if word == "–" else float(word) for word in shown] == [*rows[0][1:13]]
    notes = dict(book["Definitions"].iter_rows(values_only=True))
    assert notes["per 100 children"] == "For each 100 open files on the last day of the month, or today."
    assert "Small numbers" not in notes
    small = officer.get(f"{PAGE}/file", query_string={"show": "risk_high"})
    assert "<5" in {cell for row in load_workbook(BytesIO(small.data)).worksheets[0].values for cell in row}


def test_few_townships_share_a_chart_and_more_have_their_own(
    session: Session, world: World, officer: FlaskClient
) -> None:
    assert officer.get(PAGE).text.count('class="wb-chart wb-lines" viewBox="0 0 480') == 1
    for number in range(4):
        session.add(
            Township(
                county_id=world.county, name=f"镇{number}", name_en="", kind=TownshipKind.TOWN, lat=35.5, lon=112.4
            )
        )
    session.commit()
    page = officer.get(PAGE).text
    assert page.count('class="wb-chart wb-lines" viewBox="0 0 240 120"') == 6
    assert "All charts have the same scale." in page


def test_unknown_choices_are_the_usual_ones(world: World, officer: FlaskClient) -> None:
    query = {"show": "volunteers", "months": "7", "base": "nonsense"}
    assert "Open files as counts" in text_of(officer.get(PAGE, query_string=query))


def test_townships_own_page_shows_its_last_twelve_months(session: Session, world: World, officer: FlaskClient) -> None:
    """It has planned visits for 100 days: before that there is no number."""
    add_visit(session, world.first, due_in=0, done_ago=0)
    add_visit(session, world.first, due_in=-100)
    add_visit(session, world.second, due_in=0, done_ago=0)
    session.commit()
    page = officer.get(f"/county/townships/{world.first.township}").text
    done = page.split('<caption class="caption-top">Visits done by month</caption>', 1)[1].split("</table>", 1)[0]
    numbers = re.findall(r'data-label="Visits done">([^<]+)<', done)
    used = numbers.count("0") + 1
    assert numbers == ["–"] * (12 - used) + ["0"] * (used - 1) + ["1"]
    assert used in {4, 5}  # 100 days touch four months or five
    month = date.today().isoformat()[:7]  # noqa: DTZ011 -- an hour at the turn of a month apart, in any zone
    assert done.rfind(month) > done.rfind("<tr>")
    assert page.count("Nothing was counted in these months.") >= 3
