"""Wishes, skills and holidays on a phone: one tap each, taken back as easily; one's own, or entered by the station."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, ActivityState, ExceptionKind
from tenants.models import Account, Activity, AuditEntry, AvailabilityException, LastingWish, Person, StatedSkill, Wish
from tenants.services import holiday_answers
from tests import drafts
from tests.conftest import LogIn, post
from tests.drafts import DIRECTOR, VOLUNTEER
from tests.world import World

HTMX = {"HX-Request": "true"}


@pytest.fixture
def coming(session: Session, world: World) -> str:
    """The key of the first holiday that is still to come."""
    today = drafts.today()
    holidays = holiday_answers.coming(session, world.county, today)
    return next(holiday_answers.key_of(one) for one in holidays if one.first > today)


def words(session: Session) -> list[tuple[str, bool]]:
    return [(row.person_id, row.wants) for row in session.scalars(select(Wish))]


def pressed(page: str, value: str) -> bool:
    """Whether the button of this value stands as chosen, by its state and by a sign."""
    found = re.search(rf'value="{value}" aria-pressed="(true|false)">(<svg[^>]*>.*?#check")?', page)
    assert found is not None
    assert (found[1] == "true") is bool(found[2])
    return found[1] == "true"


def test_one_tap_says_gladly_and_one_takes_it_back(log_in: LogIn, world: World, session: Session) -> None:
    client, mine = log_in(AccountRole.VOLUNTEER), world.first.people[VOLUNTEER]
    path = f"/availability/activities/{world.first.activity}"
    answer = post(client, path, {"word": "gladly"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/availability")
    assert words(session) == [(mine, True)]
    assert pressed(client.get("/availability").text.split('id="activities"')[1], "gladly")
    part = post(client, path, {"word": "rather_not"}, headers=HTMX).text
    assert part.lstrip().startswith(f'<div id="wish-{world.first.activity}">')
    assert pressed(part, "rather_not")
    assert words(session) == [(mine, False)]
    assert pressed(post(client, path, {"word": "none"}, headers=HTMX).text, "none")
    assert words(session) == []


def test_word_is_said_on_the_activitys_own_page_too(log_in: LogIn, world: World, session: Session) -> None:
    client, activity = log_in(AccountRole.VOLUNTEER), world.first.activity
    page = client.get(f"/activities/{activity}").text
    assert f'action="/availability/activities/{activity}"' in page
    sent = {"word": "gladly", "at_activity": "y"}
    assert post(client, f"/availability/activities/{activity}", sent).headers["Location"] == f"/activities/{activity}"
    assert pressed(client.get(f"/activities/{activity}").text, "gladly")
    session.get_one(Activity, (world.first.township, activity)).state = ActivityState.CANCELLED
    assert "/availability/activities/" not in client.get(f"/activities/{activity}").text
    assert post(client, f"/availability/activities/{activity}", sent).status_code == 409


def test_form_that_cannot_be_read_changes_nothing(log_in: LogIn, world: World, session: Session) -> None:
    client = log_in(AccountRole.VOLUNTEER)
    for sent in ({}, {"word": "perhaps"}):
        assert post(client, f"/availability/activities/{world.first.activity}", sent).status_code == 422
    for sent in ({}, {"holiday": "x", "answer": "never"}):
        assert post(client, "/availability/holidays", sent).status_code == 422
    assert post(client, "/availability/holidays", {"holiday": "x", "answer": "away"}).status_code == 404
    assert session.scalars(select(AuditEntry).where(AuditEntry.subject == "person")).all() == []


def test_lasting_wishes_are_kept_and_shown_as_they_hold(log_in: LogIn, world: World, session: Session) -> None:
    client, village = log_in(AccountRole.VOLUNTEER), world.first.villages[0]
    sent = {"kind_arts": "gladly", f"village_{village}": "rather_not", "own_words": "周末都可以"}
    assert post(client, "/availability/wishes", sent).status_code == 303
    held = {(row.kind or row.village_id): row.wants for row in session.scalars(select(LastingWish))}
    assert held == {"arts": True, village: False}
    page = client.get("/availability").text
    assert re.search(r'<input checked class="form-check-input" id="kind_arts-0"', page)
    assert "By the lasting wishes: rather not." in page  # the activity takes place in that village
    assert "周末都可以" in page
    post(client, "/availability/wishes", {"kind_arts": "none", f"village_{village}": "none"})
    assert session.scalars(select(LastingWish)).all() == []


def test_words_that_are_too_long_stay_typed(log_in: LogIn, world: World, session: Session) -> None:
    sent = {"kind_arts": "gladly", "own_words": "字" * 501}
    answer = post(log_in(AccountRole.VOLUNTEER), "/availability/wishes", sent)
    assert answer.status_code == 422
    assert 'href="#own_words"' in answer.text
    assert "字" * 501 in answer.text
    assert re.search(r'<input checked class="form-check-input" id="kind_arts-0"', answer.text)
    assert session.scalars(select(LastingWish)).all() == []


def test_station_takes_a_named_skill_over_with_one_tap(log_in: LogIn, world: World, session: Session) -> None:
    place, mine = world.first, world.first.people[VOLUNTEER]
    volunteer = log_in(AccountRole.VOLUNTEER)
    sent = {"skills": ["arts"], "own_skills": "修自行车"}
    assert post(volunteer, "/availability/skills", sent).status_code == 303
    person = session.get_one(Person, (place.township, mine))
    assert (person.skills, len(person.stated_skills)) == ([], 2)
    assert "Waiting for the station:" in volunteer.get("/availability").text
    staff = log_in(AccountRole.STATION_STAFF)
    assert "does not count yet" in staff.get(f"/people/{mine}").text
    assert post(staff, f"/people/{mine}/skills/take", {"skill": "arts"}).status_code == 303
    session.expire_all()
    assert [row.skill for row in person.skills] == ["arts"]
    assert "Entered by the station:" in volunteer.get("/availability").text
    assert post(staff, f"/people/{mine}/skills/return", {"skill": "arts"}).status_code == 303
    session.expire_all()
    assert person.skills == []
    assert post(staff, f"/people/{mine}/skills/take", {"skill": "law"}).status_code == 404
    assert post(volunteer, f"/people/{mine}/skills/take", {"skill": "arts"}).status_code == 403


def test_skills_that_are_too_long_stay_typed(log_in: LogIn, world: World, session: Session) -> None:
    answer = post(log_in(AccountRole.VOLUNTEER), "/availability/skills", {"skills": ["arts"], "own_skills": "字" * 41})
    assert answer.status_code == 422
    assert 'href="#own_skills"' in answer.text
    assert "字" * 41 in answer.text
    assert session.scalars(select(StatedSkill)).all() == []


def test_holiday_is_answered_in_one_tap_and_taken_back(
    log_in: LogIn, world: World, session: Session, coming: str
) -> None:
    client = log_in(AccountRole.VOLUNTEER)
    assert post(client, "/availability/holidays", {"holiday": coming, "answer": "away"}).status_code == 303
    (row,) = session.scalars(select(AvailabilityException))
    assert (row.person_id, row.kind, row.holiday) == (world.first.people[VOLUNTEER], ExceptionKind.AWAY, coming)
    page = client.get("/availability").text
    assert pressed(page.split(f'value="{coming}"')[1], "away")
    assert f"/availability/exceptions/{row.id}/remove" not in page  # it is taken back where it was said
    post(client, "/availability/holidays", {"holiday": coming, "answer": "parts", "parts": ["morning"]})
    kinds = {row.kind for row in session.scalars(select(AvailabilityException))}
    assert kinds == {ExceptionKind.AWAY, ExceptionKind.EXTRA}
    post(client, "/availability/holidays", {"holiday": coming, "answer": "week"})
    assert session.scalars(select(AvailabilityException)).all() == []


def test_station_says_the_same_for_its_people(log_in: LogIn, world: World, session: Session, coming: str) -> None:
    client, other = log_in(AccountRole.STATION_STAFF), world.first.people[DIRECTOR]
    path = f"/people/{other}/availability"
    assert post(client, f"{path}/activities/{world.first.activity}", {"word": "gladly"}).status_code == 303
    assert post(client, f"{path}/wishes", {"kind_sports": "rather_not", "own_words": "电话里说的"}).status_code == 303
    assert post(client, f"{path}/holidays", {"holiday": coming, "answer": "all"}).status_code == 303
    assert words(session) == [(other, True)]
    assert [row.person_id for row in session.scalars(select(LastingWish))] == [other]
    assert {row.person_id for row in session.scalars(select(AvailabilityException))} == {other}
    assert client.get(path).status_code == 200
    shown = client.get(f"/people/{other}").text
    assert "电话里说的" in shown
    assert "Sports" in shown
    assert "电话里说的" not in log_in(AccountRole.SOCIAL_WORKER).get(f"/people/{other}").text


def test_nobody_says_anything_for_another(log_in: LogIn, world: World, session: Session, coming: str) -> None:
    path = f"/people/{world.first.people[DIRECTOR]}/availability"
    for role in (AccountRole.VOLUNTEER, AccountRole.CHILD_DIRECTOR, AccountRole.SOCIAL_WORKER):
        client = log_in(role)
        assert post(client, f"{path}/activities/{world.first.activity}", {"word": "gladly"}).status_code == 403
        assert post(client, f"{path}/wishes", {"kind_arts": "gladly"}).status_code == 403
        assert post(client, f"{path}/holidays", {"holiday": coming, "answer": "away"}).status_code == 403
    neighbour = log_in(AccountRole.STATION_HEAD)
    there = f"/people/{world.second.people[DIRECTOR]}/availability"
    assert post(neighbour, f"{there}/wishes", {"kind_arts": "gladly"}).status_code == 404
    assert post(neighbour, f"/availability/activities/{world.second.activity}", {"word": "gladly"}).status_code == 404
    assert (words(session), session.scalars(select(LastingWish)).all()) == ([], [])


def test_account_without_a_person_says_nothing(log_in: LogIn, world: World, session: Session) -> None:
    account = session.scalars(select(Account).where(Account.username == world.usernames[AccountRole.VOLUNTEER])).one()
    account.person_id = None
    client = log_in(AccountRole.VOLUNTEER)
    assert client.get(f"/activities/{world.first.activity}").status_code == 200
    for path in ("wishes", "skills", "holidays", f"activities/{world.first.activity}"):
        assert post(client, f"/availability/{path}", {"word": "gladly"}).status_code == 404
