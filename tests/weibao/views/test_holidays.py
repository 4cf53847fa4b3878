"""Holidays and terms: the county decides after seeing what it does, everybody sees the result."""

import re
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenants.calendar import library_table
from tenants.enums import AccountRole
from tenants.models import CalendarTable, Visit
from tests.conftest import LogIn, post
from tests.duties import add_visit
from tests.pages import in_english
from tests.world import World, next_saturday

YEAR = datetime.now(UTC).year + 1
SATURDAY = next_saturday(date(YEAR, 5, 10))
ADDRESS = f"/holidays/holidays/{YEAR}"


def sent(**changes: object) -> dict[str, object]:
    facts: dict[str, object] = {
        "since": f"{YEAR}-01-01",
        "source": "国办发明电〔2026〕9号",
        "spans-0-kind": "make_up",
        "spans-0-first": SATURDAY.isoformat(),
        "spans-0-last": SATURDAY.isoformat(),
        "spans-0-name": "调休上班日",
        "spans-0-name_en": "Make-up working day",
    }
    return {**facts, **changes}


def seen(page: TestResponse) -> str:
    """The mark of what was looked at."""
    found = re.search(r'name="seen"[^>]*value="(\w+)"', page.text)
    assert found is not None, page.text
    return found[1]


def decide(client: FlaskClient, **changes: object) -> TestResponse:
    """Look at what it would do, then keep it."""
    facts = sent(**changes)
    return post(client, ADDRESS, {**facts, "step": "keep", "seen": seen(post(client, ADDRESS, facts))})


def test_the_form_begins_with_the_librarys_days(log_in: LogIn, world: World) -> None:
    page = log_in(AccountRole.COUNTY_OFFICER).get(ADDRESS).text
    for span in library_table(YEAR).spans:
        assert f'value="{span.first.isoformat()}"' in page


def test_what_a_version_does_is_shown_before_it_is_kept(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.COUNTY_OFFICER)
    shown = post(client, ADDRESS, sent())
    assert shown.status_code == 200
    assert "What this changes from today on" in shown.text
    assert "7 → 2.8" in shown.text
    assert session.scalars(select(CalendarTable)).all() == []
    kept = post(client, ADDRESS, sent(step="keep", seen=seen(shown)))
    assert (kept.status_code, kept.headers["Location"]) == (303, f"/holidays?year={YEAR}")
    row = session.scalars(select(CalendarTable)).one()
    assert (row.county_id, row.number, row.source) == (world.county, 1, "国办发明电〔2026〕9号")
    page = log_in(AccountRole.VOLUNTEER).get(f"/holidays?year={YEAR}").text
    assert "国办发明电〔2026〕9号" in page
    assert "Decide a new version" not in page
    assert "国办发明电〔2026〕9号" not in log_in("far-county").get(f"/holidays?year={YEAR}").text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": ""}, "source"),
        ({"spans-0-first": "soon"}, "spans-0-first"),
        ({"spans-0-kind": "winter"}, "spans-0-kind"),
        ({"spans-0-first": f"{YEAR}-05-10", "spans-0-last": f"{YEAR}-05-09"}, "spans-0-last"),
    ],
)
def test_a_refused_version_keeps_what_was_typed(
    log_in: LogIn, world: World, session: Session, changes: dict[str, object], field: str
) -> None:
    for step in ({}, {"step": "keep"}):
        answer = post(log_in(AccountRole.COUNTY_OFFICER), ADDRESS, sent(**changes, **step))
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert 'value="Make-up working day"' in answer.text
    assert session.scalars(select(CalendarTable)).all() == []


def test_rows_come_and_go_without_saving(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.COUNTY_OFFICER)
    more = post(client, ADDRESS, sent(step="add"), headers={"HX-Request": "true"}).text
    assert more.lstrip().startswith('<div id="spans">')
    assert "spans-1-first" in more
    assert "spans-0-first" not in post(client, ADDRESS, sent(step="remove-0")).text
    assert session.scalars(select(CalendarTable)).all() == []


def test_a_year_or_table_that_is_none_is_not_found(log_in: LogIn, world: World) -> None:
    client = log_in(AccountRole.COUNTY_OFFICER)
    for path in ("/holidays/feasts/2027", "/holidays/terms/1999", "/holidays?year=1999"):
        assert client.get(path).status_code == 404


def test_a_station_may_not_decide(log_in: LogIn, world: World, session: Session) -> None:
    assert post(log_in(AccountRole.STATION_HEAD), ADDRESS, sent(step="keep")).status_code == 403
    assert session.scalars(select(CalendarTable)).all() == []


def test_a_make_up_saturday_is_not_suggested_for_an_activity(log_in: LogIn, world: World) -> None:
    client = log_in(AccountRole.STATION_HEAD)
    week = f"/activities?from={SATURDAY}"
    assert f"day={SATURDAY}" in client.get(week).text
    decide(log_in(AccountRole.COUNTY_OFFICER))
    page = client.get(week).text
    assert f"day={SATURDAY}" not in page
    assert "make-up school day" in page


def test_nothing_is_kept_that_was_not_looked_at(log_in: LogIn, world: World, session: Session) -> None:
    """Neither at once, nor with other days, nor when a visit has fallen due on the day since."""
    client = in_english(log_in(AccountRole.COUNTY_OFFICER))
    mark = seen(post(client, ADDRESS, sent()))
    other = sent(**{"spans-0-name": "补课日"})
    for facts in (sent(step="keep"), {**other, "step": "keep", "seen": mark}):
        again = post(client, ADDRESS, facts)
        assert again.status_code == 200
        assert "Look once more." in again.text
    visit = session.get_one(Visit, (world.first.township, add_visit(session, world.first)))
    visit.due_on = SATURDAY
    session.commit()
    again = post(client, ADDRESS, sent(step="keep", seen=mark))
    assert "Look once more." in again.text
    assert session.scalars(select(CalendarTable)).all() == []
    assert post(client, ADDRESS, sent(step="keep", seen=seen(again))).status_code == 303


def test_each_township_is_told_in_counts_alone(log_in: LogIn, world: World, session: Session) -> None:
    visit = session.get_one(Visit, (world.first.township, add_visit(session, world.first)))
    visit.due_on = SATURDAY
    session.commit()
    page = post(in_english(log_in(AccountRole.COUNTY_OFFICER)), ADDRESS, sent()).text
    rows = dict(re.findall(r'<th scope="row">([甲乙]镇)</th>(.*?)</tr>', page, re.DOTALL))
    words = {name: " ".join(re.sub("<[^>]*>", " ", row).split()) for name, row in rows.items()}
    assert re.fullmatch(r"1 0\.7 h [\d.]+ → [\d.]+ h", words["甲镇"])
    assert words["乙镇"].startswith("Nothing is due, planned or published on these days.")
    assert "CANARY" not in page
    assert "C-00" not in page


def test_a_coming_version_is_marked_and_can_be_taken_back(log_in: LogIn, world: World, session: Session) -> None:
    client = in_english(log_in(AccountRole.COUNTY_OFFICER))
    decide(client)
    decide(client, since=f"{YEAR}-02-01", source="第二次通知")
    address, station = f"/holidays?year={YEAR}", in_english(log_in(AccountRole.STATION_HEAD))
    for reader, buttons in ((client, 1), (station, 0)):
        page = reader.get(address).text
        assert "第二次通知" in page
        assert page.count("take-back") == buttons
    row = session.scalars(select(CalendarTable).where(CalendarTable.number == 2)).one()
    assert post(station, f"/holidays/versions/{row.id}/take-back").status_code == 403
    back = post(client, f"/holidays/versions/{row.id}/take-back")
    assert (back.status_code, back.headers["Location"]) == (303, address)
    assert "第二次通知" not in station.get(address).text


def test_an_earlier_version_stays_to_be_read(log_in: LogIn, world: World) -> None:
    client = in_english(log_in(AccountRole.COUNTY_OFFICER))
    decide(client)
    decide(client, source="第二次通知")
    page = log_in(AccountRole.VOLUNTEER).get(f"/holidays?year={YEAR}").text
    assert "国办发明电〔2026〕9号" in page.split("Earlier versions")[1]
    assert "第二次通知" in page.split("Earlier versions")[0]
