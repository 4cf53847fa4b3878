from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, DutyState, PersonKind, VisitState
from tenants.models import Activity, AuditEntry, Child, Home, Person, Visit
from tenants.services import visit_notes
from tests.conftest import LogIn, post
from tests.duties import add_visit, give, soon
from tests.keys import KEYRING
from tests.pages import in_english
from tests.world import World
from weibao.i18n import zone


@pytest.fixture
def director(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.CHILD_DIRECTOR))


def today() -> str:
    return datetime.now(UTC).astimezone(zone()).date().isoformat()


def test_village_shows_who_comes_when_with_phones_and_pseudonym(
    session: Session, world: World, director: FlaskClient
) -> None:
    place = world.first
    give(session, place, PersonKind.SOCIAL_WORKER, visit=add_visit(session, place, 0))
    give(session, place, PersonKind.VOLUNTEER, activity=place.activity, role="helper", starts_at=soon(days=3))
    session.get_one(Person, (place.township, place.people[PersonKind.SOCIAL_WORKER])).phone = "139 1111"
    session.commit()

    page = director.get("/village").text

    assert "Home visit · CANARY-ALPHA · C-000 · PSEUDONYM-0 CANARY-ALPHA" in page
    assert 'href="tel:1391111"' in page
    assert "volunteer CANARY-ALPHA (Helper)" in page


def test_other_villages_children_and_duties_are_not_shown(
    session: Session, world: World, director: FlaskClient
) -> None:
    place = world.first  # the director's village is the first; children 1 and 2 live in the others
    for number in (1, 2):
        visit = add_visit(session, place, number, due_in=-1)
        give(session, place, PersonKind.CHILD_DIRECTOR, visit=visit)
    add_visit(session, world.second, 0, due_in=-1)
    session.get_one(Activity, (place.township, place.activity)).home_id = place.homes[1]
    session.commit()

    page = director.get("/village").text

    assert "绘画" not in page
    assert "Nobody is planned" in page
    assert "No visit is due" in page
    assert not any(word in page for word in ("C-001", "PSEUDONYM-1", "PSEUDONYM-2", "CANARY-BETA"))


def test_due_visits_tell_whether_they_are_overdue_and_planned(
    session: Session, world: World, director: FlaskClient
) -> None:
    place = world.first
    add_visit(session, place, 0, due_in=-4)
    planned = add_visit(session, place, 3, due_in=5)
    give(session, place, PersonKind.CHILD_DIRECTOR, visit=planned)
    session.commit()

    cards = director.get("/village").text.split('id="visit-')[1:]

    assert len(cards) == 2
    assert "Overdue" in cards[0]
    assert "Not planned" in cards[0]
    assert "planned for" in cards[1]
    assert "Not planned" not in cards[1]


def test_a_cancelled_visit_is_marked_and_its_visit_stands_unplanned(
    session: Session, world: World, director: FlaskClient
) -> None:
    visit = add_visit(session, world.first, 0)
    give(session, world.first, PersonKind.SOCIAL_WORKER, visit=visit, state=DutyState.CANCELLED, sequence=1, version=2)
    session.commit()

    page = director.get("/village").text

    assert "Called off " in page
    assert "Not planned" in page


def test_opening_hours_of_the_home_are_shown(session: Session, world: World, director: FlaskClient) -> None:
    assert "Opening hours are not entered yet." in director.get("/village").text
    session.get_one(Home, (world.first.township, world.first.homes[0])).opening_hours = "Sat 09:00-17:00"
    session.commit()

    assert "Opening hours: Sat 09:00-17:00" in director.get("/village").text


def test_recording_a_visit_makes_it_done(session: Session, world: World, director: FlaskClient) -> None:
    visit = add_visit(session, world.first, 0, due_in=-2)
    session.commit()

    answer = post(
        director, f"/village/visits/{visit}/done", {f"{visit}-done_on": today(), f"{visit}-note": "all is well"},
        follow_redirects=True,
    )  # fmt: skip

    assert "The visit has been recorded." in answer.text
    assert f'id="visit-{visit}"' not in answer.text
    row = session.get_one(Visit, (world.first.township, visit), populate_existing=True)
    assert (row.state, visit_notes.note_of(KEYRING, row)) == (VisitState.DONE, "all is well")
    assert row.done_on is not None
    assert "visit.done" in session.scalars(select(AuditEntry.action)).all()


def test_a_visit_on_a_day_to_come_is_refused_and_what_was_typed_stays(
    session: Session, world: World, director: FlaskClient
) -> None:
    visit = add_visit(session, world.first, 0)
    session.commit()
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()

    answer = post(
        director, f"/village/visits/{visit}/done", {f"{visit}-done_on": tomorrow, f"{visit}-note": "kept words"}
    )

    assert answer.status_code == 422
    assert "has not come yet" in answer.text
    assert "kept words" in answer.text
    assert tomorrow in answer.text
    assert session.get_one(Visit, (world.first.township, visit), populate_existing=True).state is VisitState.DUE


def test_a_visit_recorded_twice_is_refused(session: Session, world: World, director: FlaskClient) -> None:
    visit = add_visit(session, world.first, 0, due_in=-9, done_ago=1)
    session.commit()

    answer = post(director, f"/village/visits/{visit}/done", {f"{visit}-done_on": today()})

    assert answer.status_code == 422
    assert "This visit is no longer due." in answer.text


def test_visits_of_other_villages_and_townships_cannot_be_recorded(
    session: Session, world: World, director: FlaskClient
) -> None:
    for visit in (add_visit(session, world.first, 1), add_visit(session, world.second, 0)):
        session.commit()
        assert post(director, f"/village/visits/{visit}/done", {f"{visit}-done_on": today()}).status_code == 404
    assert set(session.scalars(select(Visit.state))) == {VisitState.DUE}


def test_a_director_without_a_village_sees_none(session: Session, world: World, director: FlaskClient) -> None:
    visit = add_visit(session, world.first, 0)
    person = session.get_one(Person, (world.first.township, world.first.people[PersonKind.CHILD_DIRECTOR]))
    person.base_village_id = None
    session.commit()

    page = director.get("/village").text

    assert "No village yet" in page
    assert "C-000" not in page
    assert post(director, f"/village/visits/{visit}/done", {}).status_code == 404


@pytest.mark.parametrize("role", sorted(set(AccountRole) - {AccountRole.CHILD_DIRECTOR}))
def test_only_child_directors_have_a_village(log_in: LogIn, role: AccountRole) -> None:
    client = log_in(role)

    assert client.get("/village").status_code == 403
    assert post(client, "/village/visits/x/done").status_code == 403


def test_a_closed_files_pseudonym_is_shown_to_its_own_director_alone(
    session: Session, world: World, director: FlaskClient
) -> None:
    # A duty of another village's child can never bring its pseudonym in, even if the ids were mixed up.
    child = session.get_one(Child, (world.first.township, world.first.children[0]))
    give(session, world.first, PersonKind.CHILD_DIRECTOR, visit=add_visit(session, world.first, 0))
    session.commit()
    assert "PSEUDONYM-0 CANARY-ALPHA" in director.get("/village").text
    child.village_id = world.first.villages[2]
    session.commit()

    assert "PSEUDONYM-0 CANARY-ALPHA" not in director.get("/village").text
