"""The worker: it plans, it stops when asked, and a death or a fault leaves a plain word behind."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from scheduling.problem import DAY, Weights
from scheduling.roster import Progress, Score
from tenants.actor import Actor
from tenants.enums import PersonKind, RunState
from tenants.models import Person, Roster, SolveRun, VolunteerApplication, utc_now
from tenants.scope import Scope
from tenants.services import publishing, rosters, runs
from tenants.services.applications import KEPT_WAITING
from tests.drafts import CHINA, DIRECTOR, WORKER, at, begin, due_visit, keep, today, visit_task
from tests.world import World
from weibao import jobs
from weibao.db import session_for
from weibao.planning import build_problem, clock_of, open_draft
from weibao.planning.facts import mark_of
from weibao.planning.months import months_of

WEIGHTS = {name: getattr(Weights(), name) for name in Weights.__dataclass_fields__}


@pytest.fixture
def waiting(app: Flask, station: Session, world: World) -> str:
    """The id of a run of two seconds that waits on a draft of a week."""
    run = runs.ask(station, world.head, begin(station, world, days=7), seconds=2, seed=1, weights=WEIGHTS)
    station.commit()
    return run.id


def look(app: Flask, run_id: str) -> SolveRun:
    with session_for(Scope.of_system(reason="test"), reading=True) as session:
        run = session.scalars(select(SolveRun).where(SolveRun.id == run_id)).one()
        assert run.roster.assignments is not None
        return run


def test_a_run_is_planned_audited_and_kept(app: Flask, waiting: str, station: Session) -> None:
    assert jobs.work_once(app) is True
    run = look(app, waiting)
    assert (run.state, run.error, run.attempts) == (RunState.DONE, "", 1)
    assert len(run.roster.assignments) == run.progress[-1]["served"] == run.progress[-1]["tasks"] > 3
    assert (run.roster.score_medium, run.roster.revision) == (0, 2)
    assert jobs.work_once(app) is False
    draft = open_draft(station, station.scalars(select(Roster).execution_options(populate_existing=True)).one())
    assert run.progress[-1]["facts"] == mark_of(draft.problem)
    assert draft.cost[0] == Score(medium=0, soft=run.progress[-1]["soft"])


def test_a_worker_that_is_killed_leaves_its_run_to_the_next_one(app: Flask, waiting: str, session: Session) -> None:
    """A real worker process is killed in the middle of a long run; after its lease another one sees it through."""
    session.scalars(select(SolveRun).where(SolveRun.id == waiting)).one().seconds = 60
    session.commit()
    environment = app.config["WEIBAO"].to_environment()
    worker = subprocess.Popen([sys.executable, "-m", "weibao", "worker"], env=environment)
    try:
        wait_for(lambda: look(app, waiting).state is RunState.RUNNING)
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert jobs.work_once(app) is False  # the lease still holds
    run = session.scalars(select(SolveRun).where(SolveRun.id == waiting)).one()
    session.refresh(run)
    run.heartbeat_at, run.seconds = utc_now() - timedelta(minutes=1), 1
    session.commit()
    assert jobs.work_once(app) is True
    found = look(app, waiting)
    assert (found.state, found.attempts) == (RunState.DONE, 2)
    assert found.roster.assignments


def wait_for(holds: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def test_stop_keeps_the_best_plan_so_far(app: Flask, waiting: str, session: Session) -> None:
    run = session.scalars(select(SolveRun).where(SolveRun.id == waiting)).one()
    run.seconds, run.stop_requested = 600, True
    session.commit()
    began = time.monotonic()
    assert jobs.work_once(app) is True
    assert time.monotonic() - began < 60  # the first compilation counts in
    found = look(app, waiting)
    assert found.state is RunState.STOPPED
    assert found.roster.assignments


def test_a_fault_is_told_plainly_and_leaves_the_draft_as_it_was(
    app: Flask, waiting: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def burst(*_args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(jobs, "_solve", burst)
    assert jobs.work_once(app) is True
    run = look(app, waiting)
    assert (run.state, run.error) == (RunState.FAILED, "a fault in the program; the operator finds it in the log")
    assert run.roster.score_medium is None
    assert "secret detail" in caplog.text


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often the database still answers that it is locked, while a run gives its signs of life."""
    left, tell = [0], runs.tell

    def told(run: SolveRun, point: object) -> bool:
        if left[0]:
            left[0] -= 1
            raise OperationalError("UPDATE", {"secret": "detail"}, sqlite3.OperationalError("database is locked"))
        return tell(run, point)  # type: ignore[arg-type]  # as it is called

    monkeypatch.setattr(runs, "tell", told)
    return left


def test_a_heart_beats_on_after_the_database_was_locked(
    app: Flask, waiting: str, locked: list[int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(jobs, "BEAT_SECONDS", 0.02)
    with app.app_context():
        claim = jobs._claim()
        assert claim is not None
        begun, locked[0] = look(app, waiting).heartbeat_at, 2
        with jobs._heart(app, claim):
            wait_for(lambda: look(app, waiting).heartbeat_at > begun)
    assert caplog.text.count("no sign of life could be written: OperationalError") == 2
    assert "secret" not in caplog.text


def test_a_plan_survives_a_locked_database_and_tells_its_points_later(
    app: Flask, waiting: str, locked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "TELL_SECONDS", 0.0)
    with app.app_context():
        claim = jobs._claim()
        assert claim is not None
        reporter, locked[0] = jobs.Reporter(app, claim), 1
        zero = Score(medium=0, soft=0)
        reporter.news(Progress(elapsed=1.0, score=zero, bound=None, served=3, tasks=4))
        assert look(app, waiting).progress == []
        assert reporter.stopped() is False
    assert [point["served"] for point in look(app, waiting).progress] == [3]


def test_pins_that_no_plan_keeps_are_named_by_their_tasks(app: Flask, station: Session, world: World) -> None:
    """One person cannot be with two families at once, each by itself could be pinned."""
    roster = begin(station, world, days=7)
    one, two = due_visit(station, world, 0), due_visit(station, world, 1)
    start = at(roster.ends_on, 17)
    keep(station, world, roster, *(visit_task(world, visit, start, DIRECTOR) for visit in (one, two)))
    rosters.pin_everything(station, world.head, roster, pinned=True)
    run = runs.ask(station, world.head, roster, seconds=2, seed=1, weights=WEIGHTS)
    station.commit()
    assert jobs.work_once(app) is True
    found = look(app, run.id)
    assert found.state is RunState.FAILED
    assert found.error.startswith(runs.NO_PLAN)
    assert set(found.error.removeprefix(runs.NO_PLAN).split()) & {one, two}


def test_a_worker_that_was_taken_for_dead_drops_what_it_found(
    app: Flask, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it plans, its lease runs out and another worker claims the run: one plan is kept, the second one's."""
    solve, deaths = jobs._solve, []

    def slow(*args: object) -> object:
        if not deaths:
            deaths.append(1)
            with session_for(Scope.of_system(reason="test")) as other:
                run = other.scalars(select(SolveRun)).one()
                run.heartbeat_at = utc_now() - timedelta(minutes=1)
                other.flush()
                assert runs.claim(other) is run
        return solve(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "_solve", slow)
    assert jobs.work_once(app) is True
    run = look(app, waiting)
    assert (run.state, run.attempts) == (RunState.RUNNING, 2)
    assert run.roster.score_medium is None


def test_a_draft_that_was_changed_meanwhile_is_not_overwritten(
    app: Flask, waiting: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve = jobs._solve

    def changed(*args: object) -> object:
        session.scalars(select(Roster)).one().revision += 1
        session.commit()
        return solve(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "_solve", changed)
    assert jobs.work_once(app) is True
    run = look(app, waiting)
    assert (run.state, run.error) == (RunState.FAILED, "the draft has been changed meanwhile")


def test_calm_run_keeps_the_cheapest_plan_and_all_ways_to_it(app: Flask, waiting: str, session: Session) -> None:
    run = session.scalars(select(SolveRun).where(SolveRun.id == waiting)).one()
    run.calm = True
    session.commit()
    assert jobs.work_once(app) is True
    found = look(app, waiting)
    assert found.state is RunState.DONE
    assert (found.ways[-1]["medium"], found.ways[-1]["soft"]) == (found.roster.score_medium, found.roster.score_soft)


def limit(session: Session, world: World, kind: PersonKind, **limits: int) -> str:
    """Give somebody of the cast limits of their own."""
    person = session.get_one(Person, (world.first.township, world.first.people[kind]))
    for name, value in limits.items():
        setattr(person, name, value)
    session.commit()
    return person.id


def given(app: Flask, run_id: str) -> Counter[tuple[str, int]]:
    """Seats by person and month."""
    with session_for(Scope.of_system(reason="test"), reading=True) as session:
        run = session.scalars(select(SolveRun).where(SolveRun.id == run_id)).one()
        rows = [(seat.person_id, row.starts_at) for row in run.roster.assignments for seat in row.seats]
    return Counter((person, starts_at.astimezone(CHINA).month) for person, starts_at in rows)


def test_plan_keeps_everybodys_greatest_number_of_duties_a_month(
    app: Flask, waiting: str, session: Session, station: Session, world: World
) -> None:
    assert jobs.work_once(app) is True
    assert max(given(app, waiting).values()) > 1
    limited = {limit(session, world, kind, month_most=1) for kind in (DIRECTOR, WORKER)}
    roster = station.scalars(select(Roster).execution_options(populate_existing=True)).one()
    run = runs.ask(station, world.head, roster, seconds=4, seed=1, weights=WEIGHTS)
    station.commit()
    assert jobs.work_once(app) is True
    seats = given(app, run.id)
    assert {number for (person, _month), number in seats.items() if person in limited} == {1}
    assert (look(app, run.id).state, look(app, run.id).roster.optimal) == (RunState.DONE, False)
    draft = open_draft(station, station.scalars(select(Roster).execution_options(populate_existing=True)).one())
    assert draft.open_tasks
    offered = {(seat.person, draft.months.month(row.start)) for row in draft.free_rows.values() for seat in row.people}
    assert {one for one in offered if one[0] in limited} & set(draft.months.counts(draft.rows)) == set()


def test_plan_asks_nobody_on_less_notice_than_they_need(
    app: Flask, waiting: str, session: Session, world: World
) -> None:
    director = limit(session, world, DIRECTOR, notice_days=60)
    assert jobs.work_once(app) is True
    seats = given(app, waiting)
    assert seats
    assert director not in {person for person, _month in seats}


def test_notice_takes_away_nothing_that_somebody_holds(app: Flask, station: Session, world: World) -> None:
    roster, visit = begin(station, world, days=7), due_visit(station, world)
    keep(station, world, roster, visit_task(world, visit, at(roster.starts_on, 17)))
    publishing.publish(station, world.head, roster)
    director = station.get_one(Person, (world.first.township, world.first.people[DIRECTOR]))
    director.notice_days = 60
    problem, clock = build_problem(station, roster), clock_of(station, roster)
    months = months_of(station, clock, [task.id for task in problem.tasks])
    before, after = (p.person_of[director.id] for p in (problem, months.with_notice(problem, today())))
    assert {span[0] // DAY for span in after.availability} == {0}
    assert len(before.availability) == 7
    others = {task.id for task in problem.tasks if any(opens < DAY for opens, _closes in task.windows)} - {visit}
    assert after.barred_tasks == others


def test_worker_erases_applications_whose_time_is_over(app: Flask, session: Session, world: World) -> None:
    old, fresh = (
        VolunteerApplication(
            township_id=place.township, name="somebody", phone="0", birth_date=today(), from_day=today(), skills=[]
        )
        for place in (world.first, world.second)
    )
    old.created_at = utc_now() - KEPT_WAITING - timedelta(days=1)
    session.add_all([old, fresh])
    session.commit()
    assert jobs.erase_applications(app) == 1
    assert session.scalars(select(VolunteerApplication.id)).all() == [fresh.id]


def test_a_chore_that_fails_holds_up_neither_the_others_nor_the_runs(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop, done = threading.Event(), list[str]()

    def broken(_app: Flask) -> int:
        done.append("broken")
        raise ValueError("no such row")

    def sound(_app: Flask) -> int:
        done.append("sound")
        return 0

    def run(_app: Flask) -> bool:
        done.append("run")
        if done.count("run") == 1:
            raise OperationalError("claim", {}, Exception("locked"))
        stop.set()
        return True

    monkeypatch.setattr(jobs, "CHORES", {broken: 60.0, sound: 60.0})
    monkeypatch.setattr(jobs, "work_once", run)
    monkeypatch.setattr(jobs, "POLL_SECONDS", 0.01)

    jobs.work_forever(app, stop)

    assert done == ["broken", "sound", "run", "run"]
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "tests.weibao.test_jobs.broken: failed",
        "tests.weibao.test_jobs.run: failed",
    ]


def test_a_fault_in_one_township_keeps_no_other_waiting(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = list[str | None]()

    def erase(_session: Session, actor: Actor) -> int:
        reached.append(actor.township_id)
        if actor.township_id == world.first.township:
            raise ValueError("no such row")
        return 1

    monkeypatch.setattr("tenants.services.applications.erase_old", erase)

    assert jobs.erase_applications(app) == 2
    assert set(reached) == {world.first.township, world.second.township, world.foreign.township}
