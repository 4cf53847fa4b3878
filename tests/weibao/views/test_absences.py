"""Somebody cannot come, by the pages: look first, one step, the draft; and the way back."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AccountRole, DutyState
from tenants.models import Absence, AvailabilityException, Duty, Roster, SolveRun
from tenants.services import publishing
from tests import drafts
from tests.conftest import LogIn, post
from tests.drafts import DIRECTOR, VOLUNTEER, activity_task, at, due_visit, keep, visit_task
from tests.pages import in_english
from tests.weibao.views.conftest import stepping_aside
from tests.world import World

TODAY = drafts.today()


@pytest.fixture
def station(station: Session, app: Flask) -> Iterator[Session]:
    """A session that steps aside."""
    with stepping_aside(station, app) as aside:
        yield aside


@pytest.fixture
def staff(log_in: LogIn) -> FlaskClient:
    return log_in(AccountRole.STATION_STAFF)


@pytest.fixture
def published(station: Session, world: World) -> Roster:
    draft = drafts.begin(station, world)
    keep(station, world, draft, visit_task(world, due_visit(station, world), at(draft.starts_on, 17)),
         activity_task(station, world))  # fmt: skip
    version, _changes = publishing.publish(station, world.head, draft)
    station.delete(draft)
    station.commit()
    return version


def days(last: int = 13, first: int = 0) -> dict[str, object]:
    return {"from_day": TODAY + timedelta(days=first), "to_day": TODAY + timedelta(days=last)}


def path(world: World) -> str:
    return f"/people/{world.first.people[DIRECTOR]}/absence"


def text_of(page: str) -> str:
    body = page.split("<main", 1)[-1].split("</main>", maxsplit=1)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_page_shows_what_falls_open_and_changes_nothing(
    staff: FlaskClient, station: Session, world: World, published: Roster
) -> None:
    first, last = (str(value) for value in days().values())
    text = text_of(staff.get(f"{path(world)}?from_day={first}&to_day={last}").text)
    assert "2 published duties are cancelled" in text
    assert "C-000" in text
    assert "Nobody goes" in text
    assert "1 below the minimum" in text
    assert "planned anew" in text
    assert station.scalars(select(Absence)).all() == []
    assert "No published duty lies in these days" in text_of(staff.get(path(world)).text)


def test_sent_it_leads_to_the_draft_that_is_being_planned(
    staff: FlaskClient, station: Session, world: World, published: Roster
) -> None:
    answer = post(staff, path(world), days())
    run = station.scalars(select(SolveRun)).one()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/planner/{run.roster_id}")
    page = staff.get(f"/planner/{run.roster_id}").text
    assert "2 duties are free again, and those concerned are told." in page
    person = staff.get(f"/people/{world.first.people[DIRECTOR]}").text
    assert "2 duties freed" in person
    back = post(staff, f"/absences/{station.scalars(select(Absence.id)).one()}/take-back")
    assert back.headers["Location"] == f"/people/{world.first.people[DIRECTOR]}"
    assert "2 duties are theirs again" in staff.get(back.headers["Location"]).text
    assert {duty.state for duty in station.scalars(select(Duty))} == {DutyState.CONFIRMED}


def test_draft_with_changes_by_hand_is_left_and_offers_the_calm_plan_as_the_next_button(
    staff: FlaskClient, station: Session, world: World
) -> None:
    draft = drafts.begin(station, world)
    keep(station, world, draft, visit_task(world, due_visit(station, world), at(draft.starts_on, 17)),
         activity_task(station, world))  # fmt: skip
    publishing.publish(station, world.head, draft)
    pages, where = in_english(staff), f"/planner/{draft.id}"
    first, last = (str(value) for value in days().values())
    look = f"{path(world)}?from_day={first}&to_day={last}"
    assert "are planned anew" in text_of(pages.get(look).text)
    change = {"revision": draft.revision, "kind": "remove", "person": world.first.people[VOLUNTEER], "anyway": "y"}
    assert post(pages, f"{where}/task/{world.first.activity}/change", change).status_code == 303
    assert "It stays as it is" in text_of(pages.get(look).text)

    assert post(pages, path(world), days()).headers["Location"] == where
    page = pages.get(where).text
    assert "A draft holds changes that are not published and stays as it is" in page
    assert "2 duties of these days fell open after the last plan: somebody cannot come." in text_of(page)
    assert station.scalars(select(SolveRun)).all() == []
    form = page[page.index("2 duties of these days") :].split("</form>", maxsplit=1)[0]
    sent = dict(re.findall(r'name="(?!csrf)(\w+)" value="([^"]*)"', form))
    assert post(pages, f"{where}/plan", sent).status_code == 303
    assert station.scalars(select(SolveRun)).one().calm
    assert "fell open after the last plan" not in pages.get(where).text


def test_wrong_days_are_refused_beside_the_field_and_stay_typed(
    staff: FlaskClient, station: Session, world: World
) -> None:
    for sent, field in (
        (days(-1, 0), "to_day"),
        (days(0, -2), "from_day"),
        ({"from_day": "x", "to_day": ""}, "to_day"),
    ):
        answer = post(staff, path(world), sent)
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert f'value="{sent["from_day"]}"' in answer.text
    assert staff.get(f"{path(world)}?from_day=9999-12-31&to_day=9999-12-31").status_code == 422
    assert station.scalars(select(AvailabilityException)).all() == []


def test_absence_is_the_stations_matter(log_in: LogIn, world: World) -> None:
    for role in (AccountRole.VOLUNTEER, AccountRole.SOCIAL_WORKER, AccountRole.COUNTY_OFFICER):
        assert post(log_in(role), path(world), days()).status_code == 403
    foreign = f"/people/{world.second.people[DIRECTOR]}/absence"
    assert log_in(AccountRole.STATION_HEAD).get(foreign).status_code == 404


def test_head_withdraws_a_version_after_reading_what_happens(
    log_in: LogIn, staff: FlaskClient, station: Session, world: World, published: Roster
) -> None:
    head, where = log_in(AccountRole.STATION_HEAD), f"/rosters/{published.version}/withdraw"
    text = text_of(head.get(where).text)
    assert "3 coming duties are cancelled." in text
    assert "2 people are told at once." in text
    assert "stay empty until you publish a new draft" in text
    short = post(head, where, {"reason": "no"})
    assert short.status_code == 422
    assert 'value="no"' in short.text
    assert post(staff, where, {"reason": "wrong week"}).status_code == 403
    assert post(head, where, {"reason": "wrong week"}).status_code == 303
    assert {duty.state for duty in station.scalars(select(Duty))} == {DutyState.CANCELLED}
    assert "Reason: wrong week" in head.get(f"/rosters/{published.version}").text
    assert "Withdrawn version" in head.get("/rosters/").text
    assert "Withdraw this version" not in head.get(where).text
    assert "Reason" not in text_of(log_in(AccountRole.SOCIAL_WORKER).get(f"/rosters/{published.version}").text)
