"""The township's calendar: what its script is given, and an activity moved after its cost was shown."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole
from tenants.models import Activity, ActivityRole, Duty, Visit
from tests.conftest import LogIn, post
from tests.drafts import VOLUNTEER, activity_task, begin, due_visit, keep, today, visit_task
from tests.drafts import at as clock
from tests.duties import give
from tests.pages import main_of
from tests.world import World


@pytest.fixture
def head(log_in: LogIn) -> FlaskClient:
    return log_in(AccountRole.STATION_HEAD)


def events(client: FlaskClient, **query: str) -> list[dict[str, Any]]:
    span = {"start": today().isoformat(), "end": (today() + timedelta(days=35)).isoformat()}
    answer = client.get("/calendar/events.json", query_string={**span, **query})
    assert answer.status_code == 200
    return answer.get_json()


def planned(session: Session, world: World) -> tuple[str, str]:
    """A draft with a visit and the activity in it: its id and the visit's."""
    roster = begin(session, world)
    visit = due_visit(session, world)
    task = visit_task(world, visit, clock(today() + timedelta(days=3), 16, 30))
    keep(session, world, roster, task, activity_task(session, world))
    return roster.id, visit


def test_visits_stand_by_their_case_code_and_can_be_dragged_to_be_weighed(
    head: FlaskClient, session: Session, world: World
) -> None:
    roster, visit = planned(session, world)
    found = {event.get("id"): event for event in events(head)}
    event = found[visit]
    assert event["title"] == "◇ Visit C-000 (Proposed (draft))"
    assert event["start"] == f"{today() + timedelta(days=3)}T16:30:00"
    assert event["move"] == f"/planner/{roster}/task/{visit}/consider"
    assert found[world.first.activity]["move"] == f"/calendar/activities/{world.first.activity}/move"
    assert "PSEUDONYM" not in str(found)


def test_a_social_worker_sees_it_and_moves_nothing(log_in: LogIn, session: Session, world: World) -> None:
    planned(session, world)
    found = events(log_in(AccountRole.SOCIAL_WORKER))
    assert any("C-000" in event.get("title", "") for event in found)
    assert not any(event.get("move") or event.get("editable") for event in found)


def test_an_empty_calendar_says_how_it_fills(head: FlaskClient, session: Session, world: World) -> None:
    assert "Nothing to show yet." not in head.get("/calendar").text
    for model in (ActivityRole, Activity, Visit):
        session.execute(delete(model).where(model.township_id == world.first.township))
    page = main_of(head.get("/calendar").text)
    assert "Nothing to show yet." in page  # though the neighbour has an activity
    assert page.count('href="/children/new"') == 1


def test_the_filter_narrows_what_is_given(head: FlaskClient, session: Session, world: World) -> None:
    _roster, visit = planned(session, world)
    assert visit not in {event.get("id") for event in events(head, village=world.first.villages[1])}
    assert visit in {event.get("id") for event in events(head, village=world.first.villages[0], state="proposed")}
    assert visit in {event.get("id") for event in events(head, village="nonsense", state="")}


def test_festivals_free_days_and_provisional_ones_are_named(head: FlaskClient, world: World) -> None:
    answer = head.get("/calendar/events.json?start=2026-09-24&end=2026-10-12").get_json()
    names = {event["start"]: event["title"] for event in answer if "title" in event}
    assert names["2026-09-25"] == "Mid-Autumn Festival"
    assert names["2026-10-10"] == "Make-up working day"
    assert names["2026-10-03"] == "National Day"
    free = {event["start"] for event in answer if event.get("display") == "background"}
    assert ("2026-10-05" in free, "2026-10-10" in free, "2026-09-28" in free) == (True, False, False)
    later = head.get("/calendar/events.json?start=2090-01-01&end=2090-01-03").get_json()
    assert later[0]["title"] == "New Year's Day (provisional)"


def test_days_that_cannot_be_read_are_refused(head: FlaskClient, world: World) -> None:
    for query in ("", "?start=soon&end=later", "?start=2026-01-01&end=2027-01-01", "?start=2026-01-02&end=2026-01-01"):
        assert head.get(f"/calendar/events.json{query}").status_code == 400


def activity_of(session: Session, world: World) -> Activity:
    return session.get_one(Activity, (world.first.township, world.first.activity))


def test_a_move_is_shown_before_it_is_kept(head: FlaskClient, session: Session, world: World) -> None:
    planned(session, world)
    before = activity_of(session, world).starts_at
    address = f"/calendar/activities/{world.first.activity}/move"
    sent = {"day": (today() + timedelta(days=4)).isoformat(), "time": "15:00"}
    shown = post(head, address, sent)
    assert shown.status_code == 200
    assert "The plan costs" in shown.text
    assert activity_of(session, world).starts_at == before
    assert post(head, address, {**sent, "step": "keep"}).status_code == 303
    assert activity_of(session, world).starts_at == clock(today() + timedelta(days=4), 15)


def test_a_move_that_breaks_a_rule_asks_for_the_planners_word(
    head: FlaskClient, session: Session, world: World
) -> None:
    """Nobody is free at night."""
    planned(session, world)
    address = f"/calendar/activities/{world.first.activity}/move"
    sent = {"day": (today() + timedelta(days=4)).isoformat(), "time": "21:00", "step": "keep"}
    refused = post(head, address, sent)
    assert refused.status_code == 422
    assert "It breaks:" in refused.text
    assert "Tick this to keep a change that breaks a rule." in refused.text
    assert post(head, address, {**sent, "anyway": "y"}).status_code == 303


def test_who_holds_it_is_shown_and_comes_along(head: FlaskClient, session: Session, world: World) -> None:
    activity = activity_of(session, world)
    give(session, world.first, VOLUNTEER, activity=activity.id, role="helper", starts_at=activity.starts_at)
    session.commit()
    address = f"/calendar/activities/{activity.id}/move"
    sent = {"day": (today() + timedelta(days=4)).isoformat(), "time": "15:00"}
    assert "Keeps the place" in post(head, address, sent).text
    assert post(head, address, {**sent, "step": "keep"}).status_code == 303
    (duty,) = session.scalars(select(Duty), execution_options={"populate_existing": True})
    assert duty.starts_at == clock(today() + timedelta(days=4), 15)


def test_a_refused_time_is_named(head: FlaskClient, session: Session, world: World) -> None:
    address = f"/calendar/activities/{world.first.activity}/move"
    for sent, field in (({"day": "2020-01-01", "time": "09:00"}, "day"), ({"day": "", "time": "09:00"}, "day"),
                        ({"day": today().isoformat(), "time": "23:30"}, "time")):  # fmt: skip
        answer = post(head, address, sent)
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text


def test_a_volunteer_has_no_calendar_of_the_township(log_in: LogIn, world: World) -> None:
    volunteer = log_in(AccountRole.VOLUNTEER)
    assert volunteer.get("/calendar").status_code == 403
    assert volunteer.get("/calendar/events.json?start=2026-01-01&end=2026-01-02").status_code == 403
