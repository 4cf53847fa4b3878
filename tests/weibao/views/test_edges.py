"""Days at the ends of the calendar and numbers beyond all columns: told in the reader's words, never a fault."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenants.enums import AccountRole
from tests import drafts
from tests.conftest import LogIn, post
from tests.world import World

ENDS = ("0001-01-01", "9999-12-31")
HUGE = "9" * 23


@pytest.fixture
def head(log_in: LogIn) -> FlaskClient:
    return log_in(AccountRole.STATION_HEAD)


@pytest.mark.parametrize("day", ENDS)
@pytest.mark.parametrize("path", ["/activities?from=", "/activities/new?day=", "/attendance?day="])
def test_a_day_in_an_address_that_no_calendar_has_is_left_aside(head: FlaskClient, path: str, day: str) -> None:
    assert head.get(path + day).status_code == 200


@pytest.mark.parametrize("day", ENDS)
def test_the_log_is_not_searched_from_a_day_that_no_calendar_has(head: FlaskClient, day: str) -> None:
    answer = head.get(f"/audit/?since={day}")
    assert answer.status_code == 422
    assert "Choose a day between 1900 and 2199." in answer.text


@pytest.mark.parametrize("day", ENDS)
def test_the_calendar_refuses_days_that_it_cannot_count_with(head: FlaskClient, day: str) -> None:
    assert head.get(f"/calendar/events.json?start={day}&end={day}").status_code == 400


@pytest.mark.parametrize("path", ["/people", "/children", "/homes", "/audit/", "/inbox", "/concerns"])
def test_a_page_that_no_list_has_is_empty(head: FlaskClient, path: str) -> None:
    assert [head.get(f"{path}?page={number}").status_code for number in (HUGE, "2147483647", "0", "-1")] == [200] * 4


@pytest.mark.parametrize("day", [*ENDS, "2026-02-31", "heute"])
def test_a_period_that_cannot_be_stays_on_the_page_with_the_reason(head: FlaskClient, day: str) -> None:
    answer = post(head, "/planner/", {"starts_on": day, "days": "14"})
    assert answer.status_code == 422
    assert f'value="{day}"' in answer.text
    assert 'href="#starts_on"' in answer.text


def test_an_activity_is_not_moved_to_the_end_of_time(head: FlaskClient, world: World) -> None:
    facts = {"day": "9999-12-31", "start": "09:00", "home_id": world.first.homes[0]}
    answer = post(head, f"/calendar/activities/{world.first.activity}/move", facts)
    assert answer.status_code == 422
    assert "Choose a day between 1900 and 2199." in answer.text


@pytest.mark.parametrize("step", ["undo", "redo", "plan", "pins"])
def test_a_revision_that_no_draft_has_is_refused(head: FlaskClient, session: Session, world: World, step: str) -> None:
    draft = drafts.begin(session, world)
    session.commit()
    answer = post(head, f"/planner/{draft.id}/{step}", {"revision": HUGE, "edit": HUGE})
    assert 400 <= answer.status_code < 500


def test_a_roster_that_is_numbered_beyond_all_is_unknown(head: FlaskClient) -> None:
    assert head.get(f"/rosters/{HUGE}").status_code == 404


def test_a_wrong_row_is_told_in_the_readers_language(head: FlaskClient) -> None:
    rows = {"roles-0-role": "pilot", "roles-0-minimum": "99", "roles-0-maximum": "x", "title": "唱歌"}
    with head.session_transaction() as kept:
        kept["language"] = "zh"
    text = post(head, "/activities/new", rows).text
    assert "数字必须" in text or "必须介于" in text
    for english in ("Not a valid", "Number must be", "This field is required"):
        assert english not in text
