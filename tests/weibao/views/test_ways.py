"""Plans that disturb fewer people: shown with what they cost, and taken."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.problem import Weights
from tenants.enums import AccountRole, RunState
from tenants.models import Assignment, Roster, SolveRun, utc_now
from tenants.services import runs
from tests.conftest import LogIn, post
from tests.drafts import DIRECTOR, WORKER, at, begin, due_visit, keep, visit_task
from tests.weibao.views.conftest import stepping_aside
from tests.world import World

HTMX = {"HX-Request": "true"}


@pytest.fixture
def station(station: Session, app: Flask) -> Iterator[Session]:
    """A session that steps aside."""
    with stepping_aside(station, app) as aside:
        yield aside


@pytest.fixture
def head(log_in: LogIn) -> FlaskClient:
    return log_in(AccountRole.STATION_HEAD)


@pytest.fixture
def draft(station: Session, world: World) -> Roster:
    """A planned draft; its run left two ways: the director visits as before, or the worker does, which costs less."""
    roster = begin(station, world)
    visit = due_visit(station, world)
    keep(station, world, roster, visit_task(world, visit, at(roster.starts_on, 17)))
    people, start = world.first.people, 17 * 60
    run = runs.ask(station, world.head, roster, seconds=10, seed=1, weights=vars(Weights()), calm=True)
    run.ways = [
        way(visit, start, people[DIRECTOR], people=[], soft=90),
        way(visit, start, people[WORKER], people=[people[DIRECTOR], people[WORKER]], soft=40),
    ]
    run.state, run.finished_at = RunState.DONE, utc_now()
    station.commit()
    return roster


def way(visit: str, start: int, who: str, *, people: list[str], soft: int) -> dict[str, Any]:
    rows = [{"task": visit, "start": start, "people": [{"person": who, "role": "lead"}]}]
    return {"people": people, "medium": 0, "soft": soft, "rows": rows}


def url(roster: Roster, *more: str) -> str:
    return "/".join(("/planner", roster.id, *more))


def test_draft_shows_a_slider_over_the_plans_and_a_table_with_their_numbers(head: FlaskClient, draft: Roster) -> None:
    page = head.get(url(draft)).text
    assert 'type="range"' in page
    assert 'min="0" max="2" step="1" value="2"' in page
    assert "2 people disturbed" in page
    assert ">90</td>" in page


def test_slider_asks_for_the_best_plan_that_disturbs_no_more(head: FlaskClient, draft: Roster) -> None:
    calm = head.get(url(draft, "ways?people=1"), headers=HTMX).text
    assert "0 people disturbed" in calm
    assert "(+50)" in calm
    assert "Nobody has to be told anything new." in calm


def test_taken_plan_is_what_the_draft_holds(head: FlaskClient, draft: Roster, station: Session, world: World) -> None:
    answer = post(head, url(draft, "ways"), {"revision": draft.revision, "people": 2})
    assert (answer.status_code, answer.headers["Location"]) == (303, url(draft))
    rows = station.scalars(select(Assignment).where(Assignment.roster_id == draft.id)).all()
    assert [seat.person_id for row in rows for seat in row.seats] == [world.first.people[WORKER]]


def test_plan_that_breaks_a_rule_by_now_is_not_taken(head: FlaskClient, draft: Roster, station: Session) -> None:
    run = station.scalars(select(SolveRun)).one()
    run.ways = [{**kept, "rows": [{**kept["rows"][0], "start": 3 * 60}]} for kept in run.ways]  # at night
    before = draft.revision
    answer = post(head, url(draft, "ways"), {"revision": before, "people": 2})
    assert answer.status_code == 409
    assert "plan again" in answer.text
    assert station.get_one(Roster, (draft.township_id, draft.id)).revision == before


def test_without_a_choice_there_is_no_slider(head: FlaskClient, draft: Roster, station: Session) -> None:
    station.scalars(select(SolveRun)).one().ways = []
    assert 'type="range"' not in head.get(url(draft)).text
    assert post(head, url(draft, "ways"), {"revision": draft.revision, "people": 0}).status_code == 404
