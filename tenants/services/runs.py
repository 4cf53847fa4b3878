"""Solver runs: ask for one, claim it, tell its progress, end it. A run whose worker died is queued again."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import RunState
from tenants.errors import ConflictError, InvalidError, NotFoundError
from tenants.models import Roster, SolveRun, utc_now
from tenants.services import audit_log

ACTIVE = (RunState.QUEUED, RunState.RUNNING)
LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 3
MAX_POINTS = 400
NO_PLAN = "no plan keeps the pins of these tasks:"
"""Begins the error of a run that pins made impossible; ids of the tasks follow."""


def active_run(session: Session, roster: Roster) -> SolveRun | None:
    """The run that is waiting or at work on a draft."""
    return session.scalar(select(SolveRun).where(SolveRun.roster_id == roster.id, SolveRun.state.in_(ACTIVE)))


def last_weights(session: Session, roster: Roster) -> dict[str, int] | None:
    """The weights of a draft's last run; None where it had none."""
    query = select(SolveRun.weights).where(SolveRun.roster_id == roster.id)
    return session.scalars(query.order_by(SolveRun.created_at.desc()).limit(1)).first()


def refuse_while_planning(session: Session, roster: Roster) -> None:
    """Raise ConflictError while a run is on the draft, since its result would overwrite the change."""
    if active_run(session, roster) is not None:
        raise ConflictError("the draft is being planned: wait for the plan, or stop it")


def ask(
    session: Session,
    actor: Actor,
    roster: Roster,
    *,
    seconds: int,
    seed: int,
    weights: dict[str, int],
    calm: bool = False,
) -> SolveRun:
    """Queue a run on a draft; with ``calm`` it also looks for plans that disturb fewer people.

    Raises:
        ConflictError: one is on it already.
        InvalidError: ``seconds`` lies outside 1 to 3600.

    """
    refuse_while_planning(session, roster)
    if not 1 <= seconds <= 3600:
        raise InvalidError("must be 1 to 3600 seconds", field="seconds")
    run = SolveRun(
        township_id=roster.township_id,
        roster_id=roster.id,
        roster_revision=roster.revision,
        seconds=seconds,
        seed=seed,
        weights=dict(weights),
        calm=calm,
        requested_by=actor.account_id or "",
    )
    session.add(run)
    session.flush()
    audit_log.record(session, actor, "run.ask", "solve_run", run.id, details={"seconds": seconds, "seed": seed})
    return run


def run_of(session: Session, run_id: str) -> SolveRun:
    """The run of that id.

    Raises:
        NotFoundError: there is none in the session's scope.

    """
    run = session.scalar(select(SolveRun).where(SolveRun.id == run_id))
    if run is None:
        raise NotFoundError("no such run")
    return run


def ask_to_stop(session: Session, actor: Actor, run: SolveRun) -> None:
    """Have the worker stop and keep the best; a run that still waits ends at once."""
    if run.state is RunState.QUEUED:
        _end(run, RunState.STOPPED)
    run.stop_requested = True
    audit_log.record(session, actor, "run.stop", "solve_run", run.id)


def claim(session: Session) -> SolveRun | None:
    """Take the oldest waiting run, or one whose worker has given no sign for 30 s; for a system session."""
    now = utc_now()
    dead = (SolveRun.state == RunState.RUNNING) & (SolveRun.heartbeat_at < now - LEASE)
    query = select(SolveRun).where((SolveRun.state == RunState.QUEUED) | dead).order_by(SolveRun.created_at).limit(1)
    run = session.scalar(query.with_for_update(skip_locked=True))
    if run is None:
        return None
    if run.attempts >= MAX_ATTEMPTS:
        fail(run, "the worker died three times on this plan")
        return None
    run.state, run.attempts = RunState.RUNNING, run.attempts + 1
    run.started_at = run.heartbeat_at = now
    run.progress = []
    return run


def tell(run: SolveRun, point: dict[str, Any] | None) -> bool:
    """Renew the lease and keep a point of progress; returns whether the planner has asked to stop."""
    run.heartbeat_at = utc_now()
    if point is not None:
        run.progress = [*run.progress, point][-MAX_POINTS:]
    return run.stop_requested


def finish(run: SolveRun) -> None:
    """End a run whose plan is kept."""
    _end(run, RunState.STOPPED if run.stop_requested else RunState.DONE)


def fail(run: SolveRun, error: str) -> None:
    """End a run that gave no plan."""
    run.error = error[:500]
    _end(run, RunState.FAILED)


def _end(run: SolveRun, state: RunState) -> None:
    run.state = state
    run.finished_at = utc_now()
