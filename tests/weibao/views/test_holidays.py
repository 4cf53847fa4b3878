"""Holidays and terms: the county decides after seeing what it does, everybody sees the result."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.calendar import library_table
from tenants.enums import AccountRole
from tenants.models import CalendarTable
from tests.conftest import LogIn, post
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


def test_the_form_begins_with_the_librarys_days(log_in: LogIn, world: World) -> None:
    page = log_in(AccountRole.COUNTY_OFFICER).get(ADDRESS).text
    for span in library_table(YEAR).spans:
        assert f'value="{span.first.isoformat()}"' in page


def test_what_a_version_does_is_shown_before_it_is_kept(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.COUNTY_OFFICER)
    shown = post(client, ADDRESS, sent())
    assert shown.status_code == 200
    assert "What this changes from today on" in shown.text
    assert "7.0 → 2.8" in shown.text
    assert session.scalars(select(CalendarTable)).all() == []
    kept = post(client, ADDRESS, sent(step="keep"))
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
    post(log_in(AccountRole.COUNTY_OFFICER), ADDRESS, sent(step="keep"))
    page = client.get(week).text
    assert f"day={SATURDAY}" not in page
    assert "make-up school day" in page
