"""Publishing and what has been published: the difference in people's words, the law, the notice board."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenants.enums import AccountRole, DutyState, VisitState
from tenants.models import Duty, Roster, Vetting, Visit
from tests.conftest import LogIn, post
from tests.drafts import DIRECTOR, WORKER, activity_task, at, begin, due_visit, keep, today, visit_task
from tests.pages import in_english, text_of
from tests.weibao.views.conftest import stepping_aside
from tests.world import World


@pytest.fixture
def station(station: Session, app: Flask) -> Iterator[Session]:
    """A session that steps aside."""
    with stepping_aside(station, app) as aside:
        yield aside


@pytest.fixture
def head(log_in: LogIn) -> FlaskClient:
    return in_english(log_in(AccountRole.STATION_HEAD))


@pytest.fixture
def draft(station: Session, world: World) -> Roster:
    roster = begin(station, world)
    tasks = visit_task(world, due_visit(station, world), at(roster.starts_on, 17)), activity_task(station, world)
    keep(station, world, roster, *tasks)
    station.commit()
    return roster


def publish(client: FlaskClient, roster: Roster, **facts: object) -> TestResponse:
    return post(client, f"/planner/{roster.id}/publish", {"revision": roster.revision, **facts})


def review(client: FlaskClient, roster: Roster) -> str:
    answer = client.get(f"/planner/{roster.id}/review")
    assert answer.status_code == 200
    return text_of(answer)


def test_the_difference_is_told_person_by_person_before_publishing(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    canary, visit = world.first.canary, due_visit(station, world)
    assert "Will be told 2 New duties 3" in review(head, draft)
    publish(head, draft)
    assert "Nothing changes for anybody." in review(head, draft)
    keep(
        station,
        world,
        draft,
        visit_task(world, visit, at(draft.starts_on, 18)),
        activity_task(station, world, lead=WORKER),
    )
    text = review(head, draft)
    assert re.search(rf"child_director {canary} Moved: visit C-000 from \w+ \d+ \w+ 17:00 to \w+ \d+ \w+ 18:00", text)
    assert re.search(rf"Dropped: \w+ \d+ \w+ 09:00, {canary}", text)
    assert re.search(rf"social_worker {canary} New: \w+ \d+ \w+ 09:00, {canary} as Lead", text)
    assert re.search(rf"volunteer {canary} Other team mates: \w+ \d+ \w+ 09:00, {canary}", text)


def test_the_head_publishes_and_lands_on_the_version(head: FlaskClient, draft: Roster, station: Session) -> None:
    answer = publish(head, draft)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/rosters/1")
    assert "Version 1 is published." in text_of(head.get("/rosters/1"))
    assert len(station.scalars(select(Duty)).all()) == 3


def test_staff_look_at_the_difference_but_do_not_publish(log_in: LogIn, draft: Roster, station: Session) -> None:
    staff = in_english(log_in(AccountRole.STATION_STAFF))
    assert "Only the station head publishes." in review(staff, draft)
    assert publish(staff, draft).status_code == 403
    assert station.scalars(select(Duty)).all() == []


def test_warnings_have_to_be_confirmed(head: FlaskClient, draft: Roster, station: Session, world: World) -> None:
    keep(station, world, draft, visit_task(world, due_visit(station, world), at(draft.starts_on, 8, 30)))
    answer = publish(head, draft)
    assert answer.status_code == 422
    assert "Mend what is listed, or confirm it where that is allowed." in answer.text
    assert publish(head, draft, confirmed="y").status_code == 303


def test_what_the_law_forbids_is_not_published_on_any_word(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    """The check of somebody on the roster turned out to be missing after it was planned."""
    station.query(Vetting).filter(Vetting.person_id == world.first.people[DIRECTOR]).delete()
    text = review(head, draft)
    assert "Law on the Protection of Minors, art. 62" in text
    assert "It cannot be published." in text
    assert publish(head, draft, confirmed="y").status_code == 422
    assert station.scalars(select(Duty)).all() == []


def test_a_visit_that_was_done_meanwhile_is_left_out(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    visit = station.get_one(Visit, (world.first.township, due_visit(station, world)))
    visit.state, visit.done_on = VisitState.DONE, today()
    assert "1 task was done or called off meanwhile and is left out." in review(head, draft)
    publish(head, draft)
    assert "Home visit" not in text_of(head.get("/rosters/1"))


def test_a_stale_publication_is_not_made(head: FlaskClient, draft: Roster, station: Session, world: World) -> None:
    seen = draft.revision
    keep(station, world, draft, visit_task(world, due_visit(station, world), at(draft.starts_on, 18)))
    answer = post(head, f"/planner/{draft.id}/publish", {"revision": seen})
    assert answer.status_code == 409
    assert "Planned anew: 1 task is served." in text_of(answer)
    assert station.scalars(select(Duty)).all() == []


# the notice board


@pytest.mark.parametrize("view", ["day", "person", "village"])
def test_a_version_shows_case_codes_and_no_pseudonym(head: FlaskClient, draft: Roster, world: World, view: str) -> None:
    publish(head, draft)
    answer = head.get(f"/rosters/1?view={view}")
    assert "Home visit C-000" in text_of(answer)
    assert f"child_director {world.first.canary}" in text_of(answer)
    assert "PSEUDONYM" not in answer.text


def test_versions_are_listed_newest_first_and_an_old_one_says_so(
    head: FlaskClient, draft: Roster, station: Session
) -> None:
    publish(head, draft)
    publish(head, draft)
    assert re.search(r"Version 2 .* Version 1 ", text_of(head.get("/rosters/")))
    assert "A later version has been published." in text_of(head.get("/rosters/1"))
    assert "A later version has been published." not in text_of(head.get("/rosters/2"))


def test_the_same_number_is_another_roster_in_another_township(
    head: FlaskClient, log_in: LogIn, draft: Roster, world: World
) -> None:
    publish(head, draft)
    neighbour = log_in(world.second.usernames[AccountRole.STATION_HEAD])
    assert neighbour.get("/rosters/1").status_code == 404
    assert world.first.canary not in neighbour.get("/rosters/").text


def test_social_workers_read_versions_and_others_do_not(log_in: LogIn, head: FlaskClient, draft: Roster) -> None:
    publish(head, draft)
    assert log_in(AccountRole.SOCIAL_WORKER).get("/rosters/1").status_code == 200
    for role in (AccountRole.VOLUNTEER, AccountRole.CHILD_DIRECTOR, AccountRole.COUNTY_OFFICER):
        assert log_in(role).get("/rosters/1").status_code == 403


def test_a_version_that_is_not_there_is_not_found(head: FlaskClient) -> None:
    assert head.get("/rosters/9").status_code == 404
    assert "Nothing has been published yet" in text_of(head.get("/rosters/"))


def test_a_later_version_drops_what_it_no_longer_has(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    publish(head, draft)
    keep(station, world, draft, activity_task(station, world))
    publish(head, draft)
    dropped = station.scalars(select(Duty).where(Duty.state == DutyState.CANCELLED)).all()
    assert [duty.person_id for duty in dropped] == [world.first.people[DIRECTOR]]
    assert dropped[0].starts_at == at(draft.starts_on, 17)
    assert dropped[0].ends_at - dropped[0].starts_at == timedelta(minutes=40)
