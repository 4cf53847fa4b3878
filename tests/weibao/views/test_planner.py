"""The planner's way through the pages: from a period to a draft that was corrected by hand."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from scheduling.io import read_problem
from scheduling.problem import Weights
from tenants.actor import Actor
from tenants.calendar import Subject, library_table
from tenants.enums import AccountRole, RunState
from tenants.models import Activity, Assignment, Person, Roster, SolveRun, Vetting, Visit, utc_now
from tenants.services import calendar as county_calendar
from tenants.services import rosters, runs
from tenants.services.calendar import TableFacts
from tests.conftest import LogIn, post
from tests.drafts import (
    DIRECTOR,
    STAFF,
    VOLUNTEER,
    WORKER,
    activity_task,
    at,
    begin,
    due_visit,
    keep,
    today,
    visit_task,
)
from tests.duties import add_visit
from tests.pages import in_english, text_of
from tests.weibao.views.conftest import stepping_aside
from tests.world import World
from weibao import jobs
from weibao.planning import open_draft
from weibao.planning.facts import mark_of

HTMX = {"HX-Request": "true"}
POINT = {"elapsed": 1.0, "medium": 20, "soft": 50, "bound_medium": 0, "bound_soft": 0, "served": 2, "tasks": 5}
WEIGHTS = {f"weight_{name}": getattr(Weights(), name) for name in Weights.__dataclass_fields__}


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
    """A draft of two weeks in which child 0 is visited on the first day at 17:00, and the activity is held."""
    roster = begin(station, world)
    tasks = visit_task(world, due_visit(station, world), at(roster.starts_on, 17)), activity_task(station, world)
    keep(station, world, roster, *tasks)
    station.commit()
    return roster


def page(client: FlaskClient, path: str, **kwargs: object) -> str:
    answer = client.get(path, **kwargs)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return text_of(answer)


def url(roster: Roster, *more: str) -> str:
    return "/".join(("/planner", roster.id, *more))


# the period


def test_the_start_page_suggests_a_period_and_lists_what_there_is(head: FlaskClient, draft: Roster) -> None:
    answer = head.get("/planner/")
    assert f'href="{url(draft)}"' in answer.text
    assert 'value="14"' in answer.text
    assert "Nothing has been published yet." in answer.text


def test_a_draft_is_begun_with_the_visits_that_fall_due_in_it(
    head: FlaskClient, station: Session, world: World
) -> None:
    first = today() + timedelta(days=3)
    answer = post(head, "/planner/", {"starts_on": first.isoformat(), "days": 7})
    roster = station.scalars(select(Roster)).one()
    assert (answer.status_code, answer.headers["Location"]) == (303, url(roster))
    assert (roster.starts_on, roster.days) == (first, 7)
    due = station.scalars(select(Visit.child_id).where(Visit.due_on <= roster.ends_on)).all()
    assert set(due) == set(world.first.children)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"starts_on": "2020-02-29", "days": "5"}, "must not lie in the past"),
        ({"starts_on": "soon", "days": "5"}, "Not a valid date value."),
        ({"starts_on": "2999-01-01", "days": "44"}, "must be 1 to 31 days"),
    ],
)
def test_a_period_that_cannot_be_is_refused_and_stays_as_typed(
    head: FlaskClient, typed: dict[str, object], said: str
) -> None:
    answer = post(head, "/planner/", typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert all(f'value="{value}"' in answer.text for value in typed.values())


def test_a_period_that_another_draft_covers_is_refused(head: FlaskClient, draft: Roster) -> None:
    answer = post(head, "/planner/", {"starts_on": draft.ends_on.isoformat(), "days": 3})
    assert answer.status_code == 422
    assert "another draft covers a part of this period" in answer.text


# before the first plan


def test_need_and_capacity_stand_before_the_first_plan(head: FlaskClient, station: Session, world: World) -> None:
    roster = begin(station, world)
    visit = station.get_one(Visit, (world.first.township, due_visit(station, world, 1)))
    visit.due_on = roster.starts_on - timedelta(days=2)
    station.query(Vetting).filter(Vetting.person_id == world.first.people[VOLUNTEER]).delete()
    text = page(head, url(roster))
    assert "Not planned yet." in text
    assert "Home visit C-001 PSEUDONYM-1" in text
    assert "overdue since" in text
    assert f"volunteer {world.first.canary} : none that is valid" in text
    answer = head.get(url(roster))
    assert answer.text.count("<svg") > 3
    assert 'data-label="Lead"' in answer.text


def test_a_year_without_an_official_calendar_is_called_provisional(
    head: FlaskClient, station: Session, session: Session, world: World
) -> None:
    roster = begin(station, world)
    year = roster.starts_on.year
    station.commit()
    new = replace(library_table(year), provisional=True)
    facts = TableFacts(since=new.since, provisional=True, source=new.source, spans=new.spans)
    county_calendar.decide(session, Actor(county_id=world.county), Subject.HOLIDAYS, year, facts)
    session.commit()
    assert f"The make-up working days of {year} are not announced yet." in page(head, url(roster))


def test_an_empty_period_says_what_to_do(head: FlaskClient, station: Session, world: World) -> None:
    station.query(Person).update({"active": False})
    roster = rosters.begin_draft(station, world.head, starts_on=today() + timedelta(days=40), days=1, today=today())
    assert "There is nothing to plan" in page(head, url(roster))


# planning


def ask(client: FlaskClient, roster: Roster, **facts: object) -> TestResponse:
    return post(client, url(roster, "plan"), {"revision": roster.revision, "seconds": 10, **WEIGHTS, **facts})


def test_a_draft_is_planned_in_the_background_and_shown(
    app: Flask, head: FlaskClient, station: Session, world: World
) -> None:
    roster = begin(station, world, days=7)
    assert ask(head, roster).status_code == 303
    assert "Stop and keep the best" in page(head, url(roster))
    station.scalars(select(SolveRun)).one().seconds = 1
    station.commit()
    assert jobs.work_once(app) is True
    text = page(head, url(roster) + "?tab=day")
    assert "Served 5 of 5 tasks" in text
    assert "Home visit C-000 PSEUDONYM-0" in text
    answer = head.get(url(roster, "progress"), headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, url(roster))


def test_weights_out_of_range_are_refused_and_stay_as_typed(head: FlaskClient, station: Session, world: World) -> None:
    roster = begin(station, world)
    answer = ask(head, roster, weight_travel="-3", weight_late="61")
    assert answer.status_code == 422
    assert 'value="-3"' in answer.text
    assert 'value="61"' in answer.text
    assert "must be a whole number from 0 to 10000" in answer.text
    assert station.scalars(select(SolveRun)).all() == []


def run_of(station: Session, world: World, roster: Roster) -> SolveRun:
    weights = {name: getattr(Weights(), name) for name in Weights.__dataclass_fields__}
    return runs.ask(station, world.head, roster, seconds=60, seed=0, weights=weights)


def test_progress_shows_coverage_cost_bound_and_time(
    head: FlaskClient, station: Session, world: World, draft: Roster
) -> None:
    run = run_of(station, world, draft)
    run.state, run.started_at = RunState.RUNNING, utc_now() - timedelta(seconds=20)
    first = POINT
    second = {**first, "elapsed": 9.0, "medium": 10, "soft": 400, "bound_medium": 10, "bound_soft": 300, "served": 4}
    run.progress = [first, second]
    answer = head.get(url(draft, "progress"), headers=HTMX)
    text = text_of(answer)
    assert "4 of 5 tasks" in text
    assert re.search(r"2\d of 60 seconds", text)
    assert "Cost 400" in text
    assert "at most 25 % of the cost could still be saved" in text
    assert answer.text.count('<path class="line') == 4  # cost and bound, and their two samples in the legend
    assert "The last 2 steps of this run" in text
    assert "1.0 2 20 50 none yet 9.0 4 10 400 300" in text


def test_the_course_of_a_run_stays_on_the_drafts_page_with_its_table(
    head: FlaskClient, station: Session, world: World, draft: Roster
) -> None:
    run = run_of(station, world, draft)
    run.state, run.finished_at = RunState.DONE, utc_now()
    better = {**POINT, "elapsed": 2.5, "soft": 40}
    run.progress = [POINT, better, {**better, "elapsed": 60.0, "facts": "0"}]
    text = page(head, url(draft))
    assert "How the last run went" in text
    assert (
        "Every step of the run Second Served Weight left open Cost Proven bound 1.0 2 20 50 none yet 2.5 2 20 40"
        in text
    )
    assert "60.0" not in text


@pytest.mark.parametrize(("age", "said"), [(2, "Waiting for a worker"), (11, "No worker answers.")])
def test_a_run_that_nobody_takes_says_so(
    head: FlaskClient, station: Session, world: World, draft: Roster, age: int, said: str
) -> None:
    run_of(station, world, draft).created_at = utc_now() - timedelta(seconds=age)
    assert said in text_of(head.get(url(draft, "progress"), headers=HTMX))


def test_a_second_planner_stops_the_run(log_in: LogIn, station: Session, world: World, draft: Roster) -> None:
    run = run_of(station, world, draft)
    run.state, run.started_at, run.heartbeat_at = RunState.RUNNING, utc_now(), utc_now()
    staff = in_english(log_in(AccountRole.STATION_STAFF))
    assert "Stop and keep the best" in page(staff, url(draft))
    assert post(staff, url(draft, "stop")).status_code == 303
    assert station.scalars(select(SolveRun.stop_requested)).one() is True


def test_a_failed_run_is_told_with_the_tasks_whose_pins_are_at_fault(
    head: FlaskClient, station: Session, world: World, draft: Roster
) -> None:
    run = run_of(station, world, draft)
    runs.fail(run, f"{runs.NO_PLAN} {due_visit(station, world)}")
    assert "No plan keeps the pins of these tasks: visit C-000. Unpin some of them." in page(head, url(draft))


def test_pins_that_break_a_rule_are_named_before_a_run_is_asked_for(
    head: FlaskClient, station: Session, world: World, draft: Roster
) -> None:
    visit = due_visit(station, world)
    keep(station, world, draft, visit_task(world, visit, at(draft.starts_on, 8, 10)))
    rosters.pin_time(station, world.head, draft, visit, pinned=True)
    station.commit()
    answer = ask(head, draft)
    assert answer.status_code == 422
    assert "No plan can keep these pins: Visit C-000: not possible at that time" in text_of(answer)
    free = {"revision": draft.revision, "what": "tasks", "pinned": "", "task": visit}
    assert post(head, url(draft, "pins"), free).status_code == 303
    assert ask(head, draft).status_code == 303


# the draft's tabs


def test_the_roster_stands_by_day_by_village_and_by_person(head: FlaskClient, draft: Roster, world: World) -> None:
    canary = world.first.canary
    assert f"17:00–17:40 Home visit C-000 PSEUDONYM-0 {canary}" in page(head, url(draft) + "?tab=day")
    assert "2 tasks" in page(head, url(draft) + "?tab=village")
    text = page(head, url(draft) + "?tab=person")
    assert f"child_director {canary} Child director 2 2.2" in text
    assert "Free in the period, without a duty" in text


def test_open_tasks_come_with_reason_candidates_and_ways_out(
    head: FlaskClient, station: Session, world: World, draft: Roster
) -> None:
    """Both leads are away all along: only the third-nearest people are left, who hold no post for it."""
    station.query(Vetting).filter(Vetting.person_id.in_([world.first.people[k] for k in (DIRECTOR, WORKER)])).delete()
    visit = due_visit(station, world)
    keep(station, world, draft)
    text = page(head, url(draft) + "?tab=open")
    assert (
        "Lead: no social worker or child director with case work is free and has a valid check on any day on which the "
        "family can be visited." in text
    )
    assert "Renew the criminal-record check of" in text
    assert "has no valid criminal-record check" in text
    assert url(draft, "task", visit) in head.get(url(draft) + "?tab=open").text


def test_what_differs_from_the_published_roster_is_marked(
    head: FlaskClient, station: Session, world: World, draft: Roster
) -> None:
    post(head, url(draft, "publish"), {"revision": draft.revision})
    moved = visit_task(world, due_visit(station, world), at(draft.starts_on, 18), WORKER)
    keep(station, world, draft, moved)
    text = page(head, url(draft) + "?tab=day")
    assert "New here" in text
    assert re.search(r"Moved from \w+ \d+ \w+ 17:00", text)
    assert f"No longer: child_director {world.first.canary}" in text


def test_what_was_proven_counts_no_more_once_facts_have_changed(
    head: FlaskClient, station: Session, world: World, draft: Roster
) -> None:
    """Nothing that the plan costs changes by a limit on somebody's duties; a visit that falls due leaves more open."""
    found = open_draft(station, draft)
    score = found.cost[0]
    draft.score_medium, draft.score_soft = draft.bound_medium, draft.bound_soft = score.medium, score.soft
    run = run_of(station, world, draft)
    run.state, run.finished_at = RunState.DONE, utc_now()
    run.progress = [{**POINT, "facts": mark_of(found.problem)}]
    station.commit()
    assert "Proven: there is no better plan." in page(head, url(draft))
    worker = station.get_one(Person, (world.first.township, world.first.people[WORKER]))
    worker.max_tasks_per_day = 1
    station.commit()
    assert "How much better a plan could be is not known yet." in page(head, url(draft))
    worker.max_tasks_per_day = None
    add_visit(station, world.first)
    station.commit()
    text = page(head, url(draft))
    assert "How much better a plan could be is not known yet." in text
    assert "Nothing stands in its way" in text
    assert "No single change would serve it." not in text


def test_the_problem_is_a_file_of_ids_alone(head: FlaskClient, draft: Roster, world: World) -> None:
    answer = head.get(url(draft, "problem.json"))
    assert answer.mimetype == "application/json"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert read_problem(answer.text).id == f"{draft.id}-{draft.revision}"
    for secret in (world.first.canary, "PSEUDONYM", "C-00"):
        assert secret not in json.dumps(answer.json, ensure_ascii=False)


def test_a_draft_says_how_many_of_its_visits_another_draft_holds(
    head: FlaskClient, station: Session, world: World, draft: Roster
) -> None:
    assert "another draft too" not in page(head, url(draft))
    later = begin(station, world, starts_in=15, days=7)
    keep(station, world, later, visit_task(world, due_visit(station, world), at(later.starts_on, 17)))
    station.commit()
    for here, there in ((draft, later), (later, draft)):
        assert "1 visit of these days stands in another draft too:" in page(head, url(here))
        assert f'href="{url(there)}"' in head.get(url(here)).text


# one task, and changes by hand


@pytest.fixture
def visit(station: Session, world: World) -> str:
    return due_visit(station, world)


def change(client: FlaskClient, roster: Roster, visit: str, step: str = "change", **facts: object) -> TestResponse:
    return post(client, url(roster, "task", visit, step), {"revision": roster.revision, **facts})


def row_of(station: Session, visit: str) -> Assignment | None:
    return station.scalars(select(Assignment).where(Assignment.visit_id == visit)).one_or_none()


def test_a_seat_has_ranked_alternatives_with_what_each_would_cost(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    visit, director = due_visit(station, world), world.first.people[DIRECTOR]
    text = text_of(head.get(url(draft, "task", visit) + f"?seat={director}", headers=HTMX))
    assert "Who else could be Lead" in text
    assert "Asked for: social worker or child director with case work." in text
    assert f"social_worker {world.first.canary} Social worker +45 can do it Visits without a familiar face +45" in text


def test_a_change_is_weighed_before_it_is_kept(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    visit, people = due_visit(station, world), world.first.people
    facts = {"kind": "replace", "person": people[DIRECTOR], "by": people[WORKER]}
    text = text_of(change(head, draft, visit, "consider", **facts))
    canary = world.first.canary
    assert f"Social_worker {canary} takes the place of child_director {canary} on visit C-000." in text
    assert "The plan costs 45 more." in text
    row = row_of(station, visit)
    assert row is not None
    assert row.by_hand is False
    assert change(head, draft, visit, **facts).status_code == 303
    row = row_of(station, visit)
    assert row is not None
    assert (row.by_hand, [seat.person_id for seat in row.seats]) == (True, [people[WORKER]])


def test_a_change_against_the_law_is_refused_with_the_article(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    visit, people = due_visit(station, world), world.first.people
    station.query(Vetting).filter(Vetting.person_id == people[WORKER]).delete()
    facts = {"kind": "replace", "person": people[DIRECTOR], "by": people[WORKER], "anyway": "y"}
    answer = change(head, draft, visit, **facts)
    assert answer.status_code == 422
    assert "Law on the Protection of Minors, art. 62" in text_of(answer)
    assert "Keep this change" not in answer.text
    row = row_of(station, visit)
    assert row is not None
    assert [seat.person_id for seat in row.seats] == [people[DIRECTOR]]


def test_purchased_service_staff_are_not_diverted(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    activity = station.get_one(Activity, (world.first.township, world.first.activity))
    activity.service = "other"  # type: ignore[assignment]
    facts = {"kind": "replace", "person": world.first.people[DIRECTOR], "by": world.first.people[WORKER], "anyway": "y"}
    answer = change(head, draft, activity.id, **facts)
    assert answer.status_code == 422
    assert "County notice, section 3.2" in text_of(answer)


def test_another_rule_is_broken_only_on_the_planners_word(
    head: FlaskClient, draft: Roster, station: Session, visit: str
) -> None:
    facts = {"kind": "move", "day": draft.starts_on.isoformat(), "time": "06:30"}
    answer = change(head, draft, visit, **facts)
    assert answer.status_code == 422
    assert "Tick this to keep a change that breaks a rule." in answer.text
    assert 'value="06:30"' in answer.text
    assert change(head, draft, visit, **facts, anyway="y").status_code == 303
    row = row_of(station, visit)
    assert row is not None
    assert (row.starts_at, row.time_pinned) == (at(draft.starts_on, 6, 30), True)
    assert "This draft breaks rules: Visit C-000 does not fit at" in page(head, url(draft))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"kind": "move", "day": "2026-13-01", "time": "17:00"}, "Not a valid date value."),
        ({"kind": "move", "day": "", "time": ""}, "a time is needed"),
        ({"kind": "fly"}, "Invalid value, must be one of"),
    ],
)
def test_a_change_that_cannot_be_read_is_refused(
    head: FlaskClient, draft: Roster, visit: str, facts: dict[str, object], said: str
) -> None:
    answer = change(head, draft, visit, "consider", **facts)
    assert answer.status_code == 422
    assert said in text_of(answer)


@pytest.mark.parametrize(("days", "said"), [(14, "must be a day of this draft"), (-2, "must not lie in the past")])
def test_a_task_is_not_moved_or_put_in_on_a_day_that_the_draft_does_not_plan(
    head: FlaskClient, draft: Roster, station: Session, world: World, visit: str, days: int, said: str
) -> None:
    day = (draft.starts_on + timedelta(days=days)).isoformat()
    other, seat = due_visit(station, world, 2), f"lead:{world.first.people[WORKER]}"
    facts = {"day": day, "time": "17:00", "anyway": "y"}
    for answer in (
        change(head, draft, visit, kind="move", **facts),
        change(head, draft, other, kind="assign", seat=seat, **facts),
    ):
        assert answer.status_code == 422
        assert f'<a href="#day">Day</a>: {said}' in answer.text
        assert f'<div class="invalid-feedback">{said}</div>' in answer.text
    row = row_of(station, visit)
    assert row is not None
    assert (row.starts_at, row_of(station, other)) == (at(draft.starts_on, 17), None)


def test_a_choice_on_an_older_page_is_told_who_changed_the_seat_and_what(
    head: FlaskClient, log_in: LogIn, draft: Roster, station: Session, world: World, visit: str
) -> None:
    seen, people = draft.revision, world.first.people
    staff = in_english(log_in(AccountRole.STATION_STAFF))
    change(staff, draft, visit, kind="replace", person=people[DIRECTOR], by=people[WORKER])
    facts = {"revision": seen, "kind": "replace", "person": people[DIRECTOR], "by": people[WORKER]}
    consider = url(draft, "task", visit, "consider")
    for headers, status in (({}, 409), (HTMX, 422)):
        answer = post(head, consider, facts, headers=headers)
        assert answer.status_code == status
        text = text_of(answer)
        assert "Your step was not done." in text
        assert re.search(r"· station_staff-alpha[^:]*: Social_worker \S+ takes the place of child_director", text)
        assert f'action="{consider}"' in answer.text
        assert f'name="by" value="{people[WORKER]}"' in answer.text
        assert ("<html" in answer.text) is (not headers)
    again = change(head, draft, visit, "consider", **{k: v for k, v in facts.items() if k != "revision"})
    assert again.status_code == 422
    assert "this person is not on the team any more" in text_of(again)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"kind": "move", "time": "18:00"}, "the draft does not serve this any more"),
        ({"kind": "unassign"}, "the draft does not serve this any more"),
    ],
)
def test_a_step_on_a_task_that_the_other_has_taken_out_says_so(
    head: FlaskClient, draft: Roster, visit: str, facts: dict[str, object], said: str
) -> None:
    change(head, draft, visit, kind="unassign")
    answer = change(head, draft, visit, "consider", day=draft.starts_on.isoformat(), **facts)
    assert (answer.status_code, said in text_of(answer)) == (422, True)


def test_a_task_that_the_other_has_put_in_is_not_put_in_twice(
    head: FlaskClient, draft: Roster, world: World, visit: str
) -> None:
    facts = {"day": draft.starts_on.isoformat(), "time": "17:00", "seat": f"lead:{world.first.people[WORKER]}"}
    answer = change(head, draft, visit, "consider", kind="assign", **facts)
    assert (answer.status_code, "it is in the draft by now" in text_of(answer)) == (422, True)


def test_a_stale_change_is_answered_with_what_changed_and_keeps_what_was_typed(
    head: FlaskClient, log_in: LogIn, draft: Roster, station: Session, world: World, visit: str
) -> None:
    seen = draft.revision
    people = world.first.people
    staff = in_english(log_in(AccountRole.STATION_STAFF))
    change(staff, draft, visit, kind="replace", person=people[DIRECTOR], by=people[WORKER])
    facts = {"revision": seen, "kind": "move", "day": draft.starts_on.isoformat(), "time": "18:15"}
    answer = post(head, url(draft, "task", visit, "change"), facts)
    assert answer.status_code == 409
    text = text_of(answer)
    assert re.search(r"· station_staff-alpha[^:]*: Social_worker \S+ takes the place of child_director", text)
    assert 'name="time" value="18:15"' in answer.text
    station.expire_all()
    assert f'name="revision" value="{draft.revision}"' in answer.text
    assert f'action="{url(draft, "task", visit, "consider")}"' in answer.text
    again = change(head, draft, visit, "consider", kind="move", day=facts["day"], time="18:15")
    assert "is moved to" in text_of(again)


def test_an_open_task_is_put_in_with_a_team(head: FlaskClient, draft: Roster, station: Session, world: World) -> None:
    visit, worker = due_visit(station, world, 2), world.first.people[WORKER]
    text = page(head, url(draft, "task", visit))
    assert "Why it is unfilled" in text
    assert "Nothing stands in its way" in text
    facts = {"kind": "assign", "day": draft.starts_on.isoformat(), "time": "17:00"}
    refused = change(head, draft, visit, "consider", **facts, seat="lead:")
    assert (refused.status_code, "at least one person is needed" in refused.text) == (422, True)
    answer = change(head, draft, visit, "consider", **facts, seat=f"lead:{worker}")
    assert "More is served." in text_of(answer)
    assert change(head, draft, visit, **facts, seat=f"lead:{worker}", anyway="y").status_code == 303
    row = row_of(station, visit)
    assert row is not None
    assert [(seat.person_id, seat.role, seat.pinned) for seat in row.seats] == [(worker, "lead", True)]


def test_somebody_joins_a_role_with_room_and_is_taken_off_again(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    activity, staff = world.first.activity, world.first.people[STAFF]
    assert "Add: Helper" in page(head, url(draft, "task", activity))
    text = text_of(head.get(url(draft, "task", activity) + "?role=helper", headers=HTMX))
    assert f"station_staff {world.first.canary}" in text
    assert change(head, draft, activity, kind="assign", role="helper", person=staff).status_code == 303
    station.expire_all()
    assert change(head, draft, activity, kind="remove", person=staff).status_code == 303
    row = station.scalars(select(Assignment).where(Assignment.activity_id == activity)).one()
    assert len(row.seats) == 2


def test_a_task_is_taken_out_and_the_change_taken_back(
    head: FlaskClient, draft: Roster, station: Session, visit: str
) -> None:
    assert change(head, draft, visit, kind="unassign").status_code == 303
    assert row_of(station, visit) is None
    answer = post(head, url(draft, "undo"), {"revision": draft.revision})
    assert answer.status_code == 303
    assert row_of(station, visit) is not None
    assert "Taken back: Visit C-000 is taken out of the roster." in page(head, url(draft))


def test_a_time_and_a_person_are_pinned_on_the_tasks_page(
    head: FlaskClient, draft: Roster, station: Session, world: World, visit: str
) -> None:
    for facts in ({"what": "time"}, {"what": "seat", "person": world.first.people[DIRECTOR]}):
        answer = post(head, url(draft, "pins"), {"revision": draft.revision, "task": visit, "pinned": "1", **facts})
        assert answer.headers["Location"] == url(draft, "task", visit)
        station.expire_all()
    row = row_of(station, visit)
    assert row is not None
    assert (row.time_pinned, row.seats[0].pinned) == (True, True)
    assert "Plan again around 1 pinned task" in page(head, url(draft))
    post(head, url(draft, "pins"), {"revision": draft.revision, "what": "everything", "pinned": ""})
    assert "pinned task" not in page(head, url(draft))


def test_nothing_is_changed_while_it_is_being_planned(
    head: FlaskClient, draft: Roster, station: Session, world: World, visit: str
) -> None:
    run_of(station, world, draft)
    answer = change(head, draft, visit, kind="unassign")
    assert answer.status_code == 409
    assert "the draft is being planned: wait for the plan, or stop it" in text_of(answer)


def test_a_draft_is_thrown_away(head: FlaskClient, draft: Roster, station: Session) -> None:
    assert post(head, url(draft, "discard"), {"revision": draft.revision}).status_code == 303
    assert station.scalars(select(Roster)).all() == []


# whose draft it is


@pytest.mark.parametrize("more", ["", "/progress", "/problem.json", "/review"])
def test_another_townships_draft_is_not_found(log_in: LogIn, draft: Roster, world: World, more: str) -> None:
    neighbour = log_in(world.second.usernames[AccountRole.STATION_HEAD])
    assert neighbour.get(url(draft) + more).status_code == 404


def test_another_townships_draft_is_not_changed(
    log_in: LogIn, draft: Roster, station: Session, world: World, visit: str
) -> None:
    neighbour = log_in(world.second.usernames[AccountRole.STATION_HEAD])
    for path in ("plan", "pins", "undo", "publish", "discard", f"task/{visit}/change"):
        facts = {"revision": draft.revision, "seconds": 10, "kind": "unassign", **WEIGHTS}
        assert post(neighbour, url(draft, path), facts).status_code == 404, path
    assert row_of(station, visit) is not None


@pytest.mark.parametrize(
    "role", [AccountRole.SOCIAL_WORKER, AccountRole.CHILD_DIRECTOR, AccountRole.VOLUNTEER, AccountRole.COUNTY_OFFICER]
)
def test_planning_is_for_the_station(log_in: LogIn, draft: Roster, role: AccountRole) -> None:
    client = log_in(role)
    assert client.get("/planner/").status_code == 403
    assert client.get(url(draft)).status_code == 403


def limit_worker(station: Session, world: World, **limits: int) -> None:
    worker = station.get_one(Person, (world.first.township, world.first.people[WORKER]))
    for name, value in limits.items():
        setattr(worker, name, value)
    station.commit()


def test_change_over_somebodys_greatest_number_is_refused(
    head: FlaskClient, draft: Roster, station: Session, world: World, visit: str
) -> None:
    limit_worker(station, world, month_most=0)
    people = world.first.people
    facts = {"kind": "replace", "person": people[DIRECTOR], "by": people[WORKER]}
    answer = change(head, draft, visit, **facts, anyway="y")
    assert answer.status_code == 422
    assert "has 1 duty in" in text_of(answer)
    assert "takes 0 at most" in text_of(answer)


def test_change_on_short_notice_needs_the_planners_word(
    head: FlaskClient, draft: Roster, station: Session, world: World, visit: str
) -> None:
    limit_worker(station, world, notice_days=60)
    people = world.first.people
    facts = {"kind": "replace", "person": people[DIRECTOR], "by": people[WORKER]}
    answer = change(head, draft, visit, **facts)
    assert answer.status_code == 422
    assert "asks for 60 days of notice" in text_of(answer)
    assert change(head, draft, visit, **facts, anyway="y").status_code == 303


def test_draft_says_who_has_more_than_they_wish(
    head: FlaskClient, draft: Roster, station: Session, world: World
) -> None:
    director = station.get_one(Person, (world.first.township, world.first.people[DIRECTOR]))
    director.month_wish = 0
    station.commit()
    assert "and wishes for 0." in page(head, url(draft))
