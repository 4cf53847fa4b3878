"""Participants, records, series, rooms and equipment on their pages."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, ActivityKind, ActivityState
from tenants.models import Activity, ActivitySeries, Enrolment, Resource, utc_now
from tests.conftest import LogIn, post
from tests.drafts import today
from tests.world import World


@pytest.fixture
def staff(log_in: LogIn) -> FlaskClient:
    return log_in(AccountRole.STATION_STAFF)


def address(world: World, tail: str = "") -> str:
    return f"/activities/{world.first.activity}{tail}"


def activity_of(session: Session, world: World) -> Activity:
    return session.get_one(Activity, (world.first.township, world.first.activity))


def begun(session: Session, world: World) -> None:
    activity = activity_of(session, world)
    activity.starts_at, activity.ends_at = utc_now() - timedelta(hours=2), utc_now() - timedelta(hours=1)


def consent(code: str = "C-000", **changes: object) -> dict[str, object]:
    return {"case_code": code, "consent": "written", "consented_on": today().isoformat(), **changes}


def test_a_child_is_enrolled_marked_present_and_taken_off(staff: FlaskClient, session: Session, world: World) -> None:
    assert post(staff, address(world, "/participants"), consent()).status_code == 303
    row = session.scalars(select(Enrolment)).one()
    page = staff.get(address(world, "/participants")).text
    assert "C-000" in page
    assert "PSEUDONYM" not in page
    begun(session, world)
    post(staff, address(world, "/attendance"), {"attended": row.id})
    assert session.scalars(select(Enrolment.attended)).one() is True
    post(staff, address(world, f"/participants/{row.id}/withdraw"))
    assert session.scalars(select(Enrolment)).all() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"case_code": "C-999"}, "case_code"),
        ({"consent": "none"}, "consent"),
        ({"consented_on": "2099-01-01"}, "consented_on"),
    ],
)
def test_a_refused_enrolment_keeps_what_was_typed(
    staff: FlaskClient, session: Session, world: World, changes: dict[str, object], field: str
) -> None:
    answer = post(staff, address(world, "/participants"), consent(**changes))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert session.scalars(select(Enrolment)).all() == []


def test_a_volunteer_sees_neither_participants_nor_their_number(
    log_in: LogIn, staff: FlaskClient, world: World
) -> None:
    post(staff, address(world, "/participants"), consent())
    volunteer = log_in(AccountRole.VOLUNTEER)
    assert volunteer.get(address(world, "/participants")).status_code == 403
    assert "Participants" not in volunteer.get(address(world)).text


def record(**changes: object) -> dict[str, object]:
    return {"children": "12", "guardians": "2", "others": "0", "societies": ["community", "volunteer"], **changes}


def test_what_came_of_it_is_recorded_and_shown(staff: FlaskClient, session: Session, world: World) -> None:
    assert post(staff, address(world, "/record"), record()).status_code == 422  # it has not begun
    begun(session, world)
    refused = post(staff, address(world, "/record"), record(societies=[]))
    assert refused.status_code == 422
    assert 'href="#societies"' in refused.text
    assert post(staff, address(world, "/record"), record()).status_code == 303
    assert activity_of(session, world).state is ActivityState.HELD
    page = staff.get(address(world)).text
    assert "12 children, 2 guardians, 0 others" in page
    assert "Charity resources" not in page
    post(staff, address(world, "/record/take-back"))
    assert activity_of(session, world).state is ActivityState.PLANNED


def test_a_parents_school_course_shows_its_sessions_and_heads(
    staff: FlaskClient, session: Session, world: World
) -> None:
    activity_of(session, world).kind = ActivityKind.PARENTS_SCHOOL
    sent = {"weeks": "3", "every": "2", "left_out": ""}
    assert post(staff, address(world, "/repeat"), sent).status_code == 303
    begun(session, world)
    post(staff, address(world, "/record"), record(guardians="9"))
    series = session.scalars(select(ActivitySeries)).one()
    page = staff.get(f"/activities/series/{series.id}").text
    assert page.count("/activities/") > 4
    assert "Guardians present, all sessions" in page
    assert post(staff, f"/activities/series/{series.id}/call-off").status_code == 303
    states = sorted(session.scalars(select(Activity.state).where(Activity.township_id == world.first.township)))
    assert states == [ActivityState.CANCELLED] * 3 + [ActivityState.HELD]


def test_days_to_leave_out_are_read_or_refused(staff: FlaskClient, session: Session, world: World) -> None:
    refused = post(staff, address(world, "/repeat"), {"weeks": "2", "left_out": "next week"})
    assert refused.status_code == 422
    assert 'href="#left_out"' in refused.text
    assert 'value="next week"' in refused.text


def test_a_room_is_entered_asked_for_and_refused_when_taken(staff: FlaskClient, session: Session, world: World) -> None:
    sent = {"kind": "room", "name": "大厅", "home_id": world.first.homes[0], "quantity": "1"}
    assert post(staff, "/resources/new", {**sent, "home_id": ""}).status_code == 422
    assert post(staff, "/resources/new", sent).status_code == 303
    room = session.scalars(select(Resource)).one()
    page = staff.get("/activities/new").text
    assert "大厅" in page
    day = today() + timedelta(days=3)
    activity = {
        "home_id": world.first.homes[0], "title": "甲", "day": day.isoformat(), "start": "09:00", "end": "10:00",
        "kind": "arts", "service": "child_protection", "priority": "normal", "children_expected": "0",
        "resources": [room.id], "roles-0-role": "lead", "roles-0-minimum": "1", "roles-0-maximum": "1",
        "roles-0-kinds": ["child_director"],
    }  # fmt: skip
    assert post(staff, "/activities/new", activity).status_code == 303
    refused = post(staff, "/activities/new", {**activity, "title": "乙"})
    assert refused.status_code == 422
    assert 'href="#resources"' in refused.text
    post(staff, f"/resources/{room.id}/in-use")
    assert "out of use" in staff.get("/resources").text
