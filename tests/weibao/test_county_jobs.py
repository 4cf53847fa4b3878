"""The worker works proposals out, and a web process never loads the solver for it."""

import subprocess
import sys
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.enums import AllocationState, PersonKind
from tenants.models import StaffAllocation, StaffMember
from tenants.queries.due import county_today
from tenants.scope import Scope
from tenants.services import allocations
from tenants.services.allocations import Wishes
from tests.staff import contract, newcomer, officer, register
from tests.world import World
from weibao import allocating, county_jobs, jobs
from weibao.db import session_for


@pytest.fixture
def asked(session: Session, world: World) -> str:
    """The id of a proposal that waits: two workers in one township, a newcomer, and two townships of 16 each."""
    register(session, world.county, world.first)
    two = session.get_one(StaffMember, (world.county, register(session, world.county, world.second)))
    two.township_id, two.person_id = world.first.township, world.first.people[PersonKind.VOLUNTEER]
    newcomer(session, world.county, contract(session, world.county))
    who = officer(session, world)
    day = county_today(session, world.county) + timedelta(days=3)
    session.commit()
    scope = Scope.of_county(world.county, frozenset({world.first.township, world.second.township}), reason="test")
    with session_for(scope) as own:
        reading = allocating.read(own, world.county, day=day, wishes=Wishes(), name="p")
        row = allocations.ask(own, who, title="x", moves_on=day, today=day, wishes=Wishes(), reading=reading)
    return row.id


def look(proposal: str) -> StaffAllocation:
    with session_for(Scope.of_system(reason="test"), reading=True) as session:
        return session.scalars(select(StaffAllocation).where(StaffAllocation.id == proposal)).one()


def test_proposal_is_worked_out_proven_and_kept(app: Flask, asked: str) -> None:
    """The newcomer fills the empty township: no move; a move could not make 16 and 16 by three workers more even."""
    assert jobs.work_once(app) is True
    row = look(asked)
    assert (row.state, row.error, row.chosen) == (AllocationState.READY, "", 0)
    (point,) = row.frontier["points"]
    assert (point["score"]["short"], point["score"]["peak"], point["score"]["moves"]) == (0, 1600, 0)
    assert (point["status"], row.frontier["complete"]) == ("optimal", True)
    assert jobs.work_once(app) is False


def test_fault_is_told_plainly(app: Flask, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(county_jobs, "_frontier", burst)
    assert county_jobs.work_once(app) is True
    row = look(asked)
    assert (row.state, row.error) == (
        AllocationState.FAILED,
        "a fault in the program; the operator finds it in the log",
    )


def test_proposal_that_lets_a_held_worker_go_has_failed(app: Flask, session: Session, asked: str) -> None:
    """As it was asked nobody is held; then somebody is, whom the solver does not know to be."""
    row = session.scalars(select(StaffAllocation)).one()
    new = next(worker["id"] for worker in row.problem["staff"] if worker["current"] is None)
    held = next(worker["current"] for worker in row.problem["staff"] if worker["current"])
    row.settings = {**row.settings, "pins": {new: held}}
    session.commit()
    assert county_jobs.work_once(app) is True
    row = look(asked)
    assert (row.state, row.error) == (AllocationState.FAILED, county_jobs.NOT_HELD)


def test_result_of_a_proposal_that_was_thrown_away_is_dropped(
    app: Flask, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    frontier = county_jobs._frontier

    def slow(*args: object) -> object:
        with session_for(Scope.of_system(reason="test")) as other:
            other.delete(other.scalars(select(StaffAllocation)).one())
        return frontier(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(county_jobs, "_frontier", slow)
    assert county_jobs.work_once(app) is True


def test_web_process_loads_no_solver() -> None:
    code = "import sys, weibao.app, weibao.county_jobs; print('ortools' in sys.modules, 'numba' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == ["False", "False"]
