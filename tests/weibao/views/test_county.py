import re
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, PersonKind, RosterState
from tenants.models import Child, Roster, utc_now
from tests.conftest import LogIn
from tests.duties import add_visit, give
from tests.pages import in_english
from tests.world import Place, World


@pytest.fixture
def officer(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.COUNTY_OFFICER))


def lines(page: str) -> list[list[str]]:
    """The text of each line's cells."""
    body = page.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    found = []
    for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL):
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        found.append([unescape(" ".join(re.sub(r"<[^>]*>", " ", cell).split())) for cell in cells])
    return found


def add_children(session: Session, place: Place, village: int, number: int) -> None:
    for n in range(number):
        session.add(
            Child(
                township_id=place.township, case_code=f"X-{village}-{n}", pseudonym=f"p{n}",
                village_id=place.villages[village], birth_year=2015,
            )
        )  # fmt: skip
    session.flush()


def test_table_shows_every_township_of_the_county_and_the_total(
    session: Session, world: World, officer: FlaskClient
) -> None:
    give(session, world.first, PersonKind.SOCIAL_WORKER, visit=add_visit(session, world.first, 0, due_in=2))
    add_visit(session, world.first, 1, due_in=-2)
    session.commit()

    page = officer.get("/county").text

    table = {row[0]: row[1:] for row in lines(page)}
    assert table == {
        "甲镇": ["4", "1", "1", "1", "0", "1", "1", "1", "none"],
        "乙镇": ["4", "0", "0", "0", "0", "1", "1", "1", "none"],
    }
    totals = re.findall(r"<td[^>]*>(\d+)</td>", page.split("<tfoot>")[1])
    assert totals == ["8", "1", "1", "1", "0", "2", "2", "2"]
    assert "丙镇" not in page


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("", "乙镇"),
        ("?sort=overdue&order=desc", "甲镇"),
        ("?sort=overdue&order=asc", "乙镇"),
        ("?sort=password", "乙镇"),
    ],
)
def test_table_is_sorted_as_asked(session: Session, world: World, officer: FlaskClient, query: str, first: str) -> None:
    add_visit(session, world.first, 1, due_in=-2)
    session.commit()

    page = officer.get(f"/county{query}").text

    assert lines(page)[0][0] == first
    assert page.count("aria-sort=") == 1


def test_a_townships_page_tells_small_numbers_of_children_as_a_range(
    session: Session, world: World, officer: FlaskClient
) -> None:
    # Children of the cast: 2 in village 0, one each in villages 1 and 2; eight more make village 2 nine.
    add_children(session, world.first, 2, 8)
    # One visit is overdue in village 1, one or six in village 2: the township's total would give village 1 away.
    add_visit(session, world.first, 1, due_in=-2)
    add_visit(session, world.first, 2, due_in=-2)
    session.commit()
    table = lines(officer.get(f"/county/townships/{world.first.township}").text)
    assert [row[1] for row in table] == ["<5", "<5", "9"]
    assert [row[4] for row in table] == ["*", "*", "1"]

    for days in range(3, 8):
        add_visit(session, world.first, 2, due_in=-days)
    session.commit()
    table = lines(officer.get(f"/county/townships/{world.first.township}").text)
    assert [row[4] for row in table] == ["0", "<5", "≥5"]


def test_no_case_code_pseudonym_or_person_is_named_to_the_county(
    session: Session, world: World, officer: FlaskClient
) -> None:
    give(session, world.first, PersonKind.VOLUNTEER, visit=add_visit(session, world.first, 0, due_in=-2))
    session.commit()

    for path in ("/county", f"/county/townships/{world.first.township}"):
        page = officer.get(path).text
        assert "甲镇" in page
        assert not re.search(r"C-00\d|PSEUDONYM|volunteer CANARY", page)


def test_another_countys_township_is_not_found(world: World, officer: FlaskClient) -> None:
    assert officer.get(f"/county/townships/{world.second.township}").status_code == 200
    assert officer.get(f"/county/townships/{world.foreign.township}").status_code == 404
    assert officer.get("/county/townships/nothing").status_code == 404


@pytest.mark.parametrize("role", sorted(set(AccountRole) - {AccountRole.COUNTY_OFFICER}))
def test_only_the_county_sees_the_tables(log_in: LogIn, world: World, role: AccountRole) -> None:
    client = log_in(role)

    assert client.get("/county").status_code == 403
    assert client.get(f"/county/townships/{world.first.township}").status_code == 403


def test_a_county_whose_stations_have_published_nothing_is_led_on(
    session: Session, world: World, officer: FlaskClient
) -> None:
    page = officer.get("/").text

    assert "The way to the stations' first rosters" in unescape(page)
    steps = re.findall(r"<li.*?</li>", page.split('class="wb-steps"')[1].split("</ol>")[0], re.DOTALL)
    told = [" ".join(re.sub(r"<[^>]*>", " ", unescape(step)).split()) for step in steps]
    assert [step.split(" ")[0] for step in told] == ["Now", "Done", "To", "To", "To"]
    assert "Invite a second officer (1 of 2)" in told[0]

    session.add(
        Roster(
            township_id=world.second.township, starts_on=date(2026, 1, 5), days=7, state=RosterState.PUBLISHED,
            version=1, published_at=utc_now(),
        )
    )  # fmt: skip
    session.commit()
    assert "first rosters" not in officer.get("/").text
