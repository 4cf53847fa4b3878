"""Solver runs: one to a draft, leased by a heartbeat, given up after three deaths."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tenants.enums import RunState
from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.models import SolveRun, utc_now
from tenants.scope import Scope
from tenants.services import runs
from tests.drafts import begin
from tests.world import World
from weibao.db import session_for


def asked(session: Session, world: World, *, starts_in: int = 1) -> SolveRun:
    roster = begin(session, world, starts_in=starts_in, days=2)
    return runs.ask(session, world.head, roster, seconds=30, seed=4, weights={"travel": 2})


def test_a_draft_has_one_run_at_a_time(station: Session, world: World) -> None:
    run = asked(station, world)
    with pytest.raises(ConflictError):
        runs.ask(station, world.head, run.roster, seconds=30, seed=4, weights={})
    runs.finish(run)
    assert runs.ask(station, world.head, run.roster, seconds=30, seed=4, weights={}).state is RunState.QUEUED


@pytest.mark.parametrize("seconds", [0, 3601])
def test_a_run_lasts_from_a_second_to_an_hour(station: Session, world: World, seconds: int) -> None:
    with pytest.raises(InvalidError) as caught:
        runs.ask(station, world.head, begin(station, world), seconds=seconds, seed=0, weights={})
    assert caught.value.field == "seconds"


def test_the_oldest_waiting_run_is_claimed_first(station: Session, world: World) -> None:
    newer, older = asked(station, world, starts_in=1), asked(station, world, starts_in=5)
    older.created_at = newer.created_at - timedelta(minutes=1)
    station.flush()
    assert [runs.claim(station), runs.claim(station), runs.claim(station)] == [older, newer, None]
    assert (older.state, older.attempts) == (RunState.RUNNING, 1)


def test_a_run_whose_worker_gives_no_sign_is_claimed_again(station: Session, world: World) -> None:
    run = asked(station, world)
    runs.claim(station)
    assert runs.claim(station) is None
    run.heartbeat_at = utc_now() - runs.LEASE - timedelta(seconds=1)
    station.flush()
    assert runs.claim(station) is run
    assert (run.attempts, run.progress) == (2, [])


def test_telling_renews_the_lease_and_hears_the_wish_to_stop(station: Session, world: World) -> None:
    run = asked(station, world)
    runs.claim(station)
    run.heartbeat_at = utc_now() - timedelta(hours=1)
    assert runs.tell(run, {"medium": 1}) is False
    runs.ask_to_stop(station, world.head, run)
    assert runs.tell(run, None) is True
    assert run.progress == [{"medium": 1}]
    assert runs.claim(station) is None


def test_a_run_that_kills_three_workers_is_given_up(station: Session, world: World) -> None:
    run = asked(station, world)
    for _death in range(runs.MAX_ATTEMPTS):
        assert runs.claim(station) is run
        run.heartbeat_at = utc_now() - timedelta(hours=1)
        station.flush()
    assert runs.claim(station) is None
    assert (run.state, run.error) == (RunState.FAILED, "the worker died three times on this plan")
    assert run.finished_at is not None


def test_a_run_that_still_waits_is_stopped_at_once(station: Session, world: World) -> None:
    run = asked(station, world)
    runs.ask_to_stop(station, world.head, run)
    assert run.state is RunState.STOPPED
    assert runs.claim(station) is None


def test_another_townships_run_is_not_found(station: Session, world: World) -> None:
    run = asked(station, world)
    station.commit()
    scope = Scope.of_township(world.county, world.second.township, reason="test")
    with session_for(scope) as neighbour, pytest.raises(NotFoundError):
        runs.run_of(neighbour, run.id)
