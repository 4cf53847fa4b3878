"""Activity templates: begun with the notice's kinds, changed, put aside, and used."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, ActivityKind
from tenants.models import ActivityTemplate
from tests.conftest import LogIn, post
from tests.world import World


@pytest.fixture
def staff(log_in: LogIn) -> FlaskClient:
    client = log_in(AccountRole.STATION_STAFF)
    post(client, "/activity-templates/examples")
    return client


def sent(**changes: object) -> dict[str, object]:
    facts: dict[str, object] = {
        "title": "剪纸",
        "kind": "arts",
        "service": "child_protection",
        "priority": "normal",
        "start": "15:00",
        "minutes": "75",
        "children_expected": "10",
        "roles-0-role": "lead",
        "roles-0-minimum": "1",
        "roles-0-maximum": "1",
        "roles-0-kinds": ["child_director"],
    }
    return {**facts, **changes}


def titled(session: Session, title: str) -> ActivityTemplate:
    return session.scalars(select(ActivityTemplate).where(ActivityTemplate.title == title)).one()


def test_the_examples_are_one_of_each_kind_and_come_once(staff: FlaskClient, session: Session) -> None:
    post(staff, "/activity-templates/examples")
    assert sorted(session.scalars(select(ActivityTemplate.kind))) == sorted(ActivityKind)


def test_a_template_is_added_changed_and_put_aside(staff: FlaskClient, session: Session) -> None:
    assert post(staff, "/activity-templates/new", sent()).status_code == 303
    row = titled(session, "剪纸")
    assert post(staff, f"/activity-templates/{row.id}", sent(title="窗花", minutes="60")).status_code == 303
    row = titled(session, "窗花")
    assert (row.minutes, row.roles[0]["kinds"]) == (60, ["child_director"])
    post(staff, f"/activity-templates/{row.id}/offered")
    assert titled(session, "窗花").offered is False
    post(staff, f"/activity-templates/{row.id}/offered", {"offered": "y"})
    assert titled(session, "窗花").offered is True


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"minutes": "5"}, "minutes"),
        ({"start": "23:00"}, "minutes"),
        ({"roles-0-kinds": []}, "roles-0-kinds"),
    ],
)
def test_a_refused_template_names_the_field(staff: FlaskClient, changes: dict[str, object], field: str) -> None:
    answer = post(staff, "/activity-templates/new", sent(**changes))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_an_activity_begins_with_a_template(staff: FlaskClient, session: Session) -> None:
    row = titled(session, "趣味运动")
    page = staff.get(f"/activities/new?template={row.id}").text
    for there in ('value="趣味运动"', 'value="14:30"', 'value="16:00"', "roles-1-role"):
        assert there in page


def test_a_neighbours_template_is_not_found(staff: FlaskClient, session: Session, world: World) -> None:
    foreign = titled(session, "趣味运动")
    foreign.township_id = world.first.township
    row = ActivityTemplate(**{c.key: getattr(foreign, c.key) for c in ActivityTemplate.__mapper__.column_attrs})
    row.township_id, row.id = world.second.township, "a" * 26
    session.add(row)
    for path in (f"/activities/new?template={row.id}", f"/activity-templates/{row.id}"):
        assert staff.get(path).status_code == 404
