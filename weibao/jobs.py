"""Long work: a worker process that takes waiting solver runs, one at a time.

``weibao serve`` starts one beside itself; any number of ``weibao worker`` processes can share a PostgreSQL database. A
run is leased by its heartbeat, so that one whose worker was killed is queued again.
"""

import logging
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from scheduling.audit import audit
from scheduling.errors import ProblemError
from scheduling.problem import Problem, Weights
from scheduling.replan import Way, disturbed, ways
from scheduling.roster import Progress, Status
from scheduling.roster import Roster as Solution
from scheduling.solve import solve
from tenants.actor import Actor
from tenants.errors import DomainError, NotFoundError
from tenants.models import Township
from tenants.scope import Scope
from tenants.services import applications, lapses, rosters, runs
from weibao import county_jobs, exchange_jobs
from weibao.config import Config
from weibao.db import session_for
from weibao.planning import Clock, build_problem, clock_of, plan_of
from weibao.planning.calm import way_out
from weibao.planning.facts import mark_of
from weibao.planning.months import Months, months_of

log = logging.getLogger("weibao.jobs")
SHARES = (0.6, 0.2, 0.2)
"""Of a run's time where somebody has a greatest number of duties a month: the plan, and what is planned anew."""
POLL_SECONDS = 0.5
TELL_SECONDS = 0.4
BEAT_SECONDS = 5.0
SETTLE_SECONDS = 60.0
LAPSE_SECONDS = 3600.0
_PIN = re.compile(r"pins\[(\d+)\]")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A run that this worker has taken."""

    run_id: str
    roster_id: str
    revision: int
    seconds: int
    seed: int
    weights: dict[str, int]
    calm: bool
    attempt: int
    actor: Actor

    @property
    def scope(self) -> Scope:
        """The one township that the run may touch."""
        return Scope.of_township(self.actor.county_id, self.actor.township_id or "", reason="solver run")


def work_once(app: Flask) -> bool:
    """Take one run, or one of the county's proposals, if one waits; returns whether there was one."""
    return _plan_once(app) or county_jobs.work_once(app)


def _plan_once(app: Flask) -> bool:
    with app.app_context():
        claim = _claim()
        if claim is None:
            return False
        log.info("run %s: begun", claim.run_id)
        error = _error_of(app, claim)
        if error:
            _fail(claim, error)
        return True


def _error_of(app: Flask, claim: Claim) -> str:
    """See a run through; returns what went wrong in plain words, or with the ids of the pinned tasks at fault."""
    try:
        with _heart(app, claim):
            _see_through(app, claim)
    except _PinsError as error:
        return f"{runs.NO_PLAN} {' '.join(error.tasks)}"
    except ProblemError as error:
        return "; ".join(str(fault) for fault in error.faults[:5])
    except DomainError as error:
        return error.message
    except Exception:
        log.exception("run %s: failed", claim.run_id)
        return "a fault in the program; the operator finds it in the log"
    return ""


class _PinsError(Exception):
    """No plan keeps the pins of these tasks."""

    def __init__(self, tasks: list[str]) -> None:
        super().__init__(" ".join(tasks))
        self.tasks = tasks


@contextmanager
def _heart(app: Flask, claim: Claim) -> Iterator[None]:
    """Renew the lease while the run is on, also while the solver compiles and tells nothing."""
    ended = threading.Event()

    def beat() -> None:
        with app.app_context():
            while not ended.wait(BEAT_SECONDS):
                with suppress(NotFoundError):
                    _told(claim, None)

    thread = threading.Thread(target=beat, name="heart", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _told(claim: Claim, point: dict[str, Any] | None) -> bool | None:
    """Give a sign of life, with a point if there is one; whether to stop, or None where the database did not answer.

    One that is locked or away for a moment ends no run: the lease outlasts a few signs.

    Raises:
        NotFoundError: the run is gone.

    """
    try:
        with session_for(claim.scope) as session:
            return runs.tell(runs.run_of(session, claim.run_id), point)
    except SQLAlchemyError as error:
        log.warning("run %s: no sign of life could be written: %s", claim.run_id, type(error).__name__)
        return None


def _claim() -> Claim | None:
    with session_for(Scope.of_system(reason="claim a run")) as session:
        run = runs.claim(session)
        if run is None:
            return None
        township = session.get_one(Township, run.township_id)
        actor = Actor(county_id=township.county_id, township_id=township.id, account_id=run.requested_by or None)
        return Claim(
            run_id=run.id,
            roster_id=run.roster_id,
            revision=run.roster_revision,
            seconds=run.seconds,
            seed=run.seed,
            weights=run.weights,
            calm=run.calm,
            attempt=run.attempts,
            actor=actor,
        )


def _see_through(app: Flask, claim: Claim) -> None:
    with session_for(claim.scope, reading=True) as session:
        roster = rosters.draft(session, claim.roster_id, revision=claim.revision)
        problem, clock = build_problem(session, roster, weights=Weights(**claim.weights)), clock_of(session, roster)
        months = months_of(session, clock, [task.id for task in problem.tasks])
    try:
        found = _solve_within(app, claim, months.with_notice(problem, datetime.now(clock.zone).date()), months)
    except ProblemError as error:
        tasks = _pinned_tasks(problem, error)
        if tasks:
            raise _PinsError(tasks) from None
        raise
    _keep(claim, problem, clock, found)


def _solve_within(app: Flask, claim: Claim, problem: Problem, months: Months) -> tuple[Way, ...]:
    """The plan within everybody's duties a month: once as it comes, then without what was too much.

    The last round lets nobody who has a limit take anything else, so that it keeps all of them. What was proven of a
    round with tasks barred does not hold of the problem itself.
    """
    if not months.is_capped:
        return _solve(app, claim, problem)
    first = found = _solve(app, _hurried(claim, SHARES[0]), problem)
    narrow = problem
    for number, share in enumerate(SHARES[1:]):
        last = number == len(SHARES) - 2
        capped = months.capped(narrow, found[-1].roster.assignments, strict=last)
        if capped is None:
            break
        narrow = capped
        found = _solve(app, _hurried(claim, share), narrow)
    calmer = tuple(way for way in found[:-1] if not months.over_most(way.roster.assignments))
    plan = found[-1]
    if found is not first:
        plan = replace(plan, roster=replace(plan.roster, bound=first[-1].roster.bound, status=Status.FEASIBLE))
    return (*calmer, plan)


def _hurried(claim: Claim, share: float) -> Claim:
    return replace(claim, seconds=max(1, round(claim.seconds * share)))


def _solve(app: Flask, claim: Claim, problem: Problem) -> tuple[Way, ...]:
    """The plan as the last of some ways to do it; the only one where no calmer ones were asked for."""
    reporter = Reporter(app, claim)
    limits: dict[str, Any] = {
        "seconds": claim.seconds,
        "workers": app.config["WEIBAO"].solver_workers,
        "seed": claim.seed,
        "on_progress": reporter.news,
        "should_stop": reporter.stopped,
    }
    if claim.calm:
        found = ways(problem, **limits)
    else:
        roster = solve(problem, **limits)
        found = (Way(disturbed=disturbed(problem, roster.assignments), roster=roster),)
    for way in found:
        if broken := audit(problem, way.roster):
            raise RuntimeError(f"the roster fails its audit: {broken[:3]}")
    return found


def _pinned_tasks(problem: Problem, error: ProblemError) -> list[str]:
    """The tasks whose pins are at fault."""
    places = (_PIN.match(fault.path) for fault in error.faults)
    return sorted({problem.pins[int(place[1])].task for place in places if place})


def _keep(claim: Claim, problem: Problem, clock: Clock, found: tuple[Way, ...]) -> None:
    solution = found[-1].roster
    with session_for(claim.scope) as session:
        roster = rosters.draft(session, claim.roster_id, revision=claim.revision)
        run = runs.run_of(session, claim.run_id)
        if run.attempts != claim.attempt:
            log.warning("run %s: another worker has taken it over; this result is dropped", claim.run_id)
            return
        rosters.keep_plan(session, claim.actor, roster, plan_of(problem, solution, clock))
        run.ways = [way_out(way) for way in found] if claim.calm else []
        runs.tell(run, _point(_last(solution, problem)) | {"facts": mark_of(problem)})
        runs.finish(run)


def _last(solution: Solution, problem: Problem) -> Progress:
    return Progress(
        elapsed=solution.seconds,
        score=solution.score,
        bound=solution.bound,
        served=len(solution.assignments),
        tasks=len(problem.tasks),
    )


def _fail(claim: Claim, error: str) -> None:
    with suppress(NotFoundError), session_for(claim.scope) as session:
        run = runs.run_of(session, claim.run_id)
        if run.attempts == claim.attempt:
            runs.fail(run, error)


def _point(news: Progress) -> dict[str, Any]:
    return {
        "elapsed": round(news.elapsed, 1),
        "medium": news.score.medium,
        "soft": news.score.soft,
        "bound_medium": news.bound.medium if news.bound else None,
        "bound_soft": news.bound.soft if news.bound else None,
        "served": news.served,
        "tasks": news.tasks,
    }


class Reporter:
    """Tells a run's progress to its row, and hears whether to stop; asked often, it goes to the database rarely.

    The solver may ask from any of its threads.
    """

    def __init__(self, app: Flask, claim: Claim) -> None:
        self._app = app
        self._claim = claim
        self._stop = False
        self._point: dict[str, Any] | None = None
        self._told: dict[str, Any] = {}
        self._due = 0.0
        self._lock = threading.Lock()

    def news(self, progress: Progress) -> None:
        """Keep the latest point until it is told; one that says nothing new is passed over."""
        point = _point(progress)
        with self._lock:
            facts = {name: value for name, value in point.items() if name != "elapsed"}
            if facts != self._told:
                self._point, self._told = point, facts
        self.stopped()

    def stopped(self) -> bool:
        """Whether the planner has asked to stop; tells and asks at most every 0.4 s."""
        with self._lock:
            if time.monotonic() < self._due:
                return self._stop
            self._due = time.monotonic() + TELL_SECONDS
            point, self._point = self._point, None
            with self._app.app_context():
                stop = _told(self._claim, point)
            if stop is None:
                self._point = self._point or point  # told next time
            else:
                self._stop = stop
            return self._stop


def drop_lapsed(app: Flask) -> int:
    """Let the duties of people whose check has ended fall open, township by township; returns how many."""
    return _in_each_township(app, "ended checks", lapses.drop_lapsed)


def erase_applications(app: Flask) -> int:
    """Erase the applications of volunteers whose time is over, township by township; returns how many."""
    return _in_each_township(app, "old applications", applications.erase_old)


def _in_each_township(app: Flask, reason: str, chore: Callable[[Session, Actor], int]) -> int:
    """Do a chore in a transaction of each township's own; returns what the chores did, added up.

    A fault in one township is told in the log, and keeps no other waiting.
    """
    done = 0
    with app.app_context():
        with session_for(Scope.of_system(reason=reason), reading=True) as session:
            actors = lapses.townships(session)
        for actor in actors:
            try:
                with session_for(Scope.of_township(actor.county_id, actor.township_id or "", reason=reason)) as session:
                    done += chore(session, actor)
            except Exception:
                log.exception("%s of township %s: failed", reason, actor.township_id)
    return done


CHORES: Mapping[Callable[[Flask], int], float] = {
    drop_lapsed: LAPSE_SECONDS,
    erase_applications: LAPSE_SECONDS,
    county_jobs.settle: SETTLE_SECONDS,
    exchange_jobs.settle: SETTLE_SECONDS,
}
"""What is done by itself, and after how many seconds again."""


def work_forever(app: Flask, stop: threading.Event) -> None:
    """Take runs until told to stop, and do the chores in their time.

    Each hour it looks for checks and applications whose time is over, each minute for postings that begin, searches
    that nobody has answered and places that somebody waits for.
    """
    due = dict.fromkeys(CHORES, 0.0)
    while not stop.is_set():
        for chore, seconds in CHORES.items():
            if time.monotonic() >= due[chore]:
                _tried(app, chore)
                due[chore] = time.monotonic() + seconds
        if not _tried(app, work_once):
            stop.wait(POLL_SECONDS)


def _tried(app: Flask, work: Callable[[Flask], int]) -> bool:
    """Whether anything was done; a fault is told in the log and holds up neither the other chores nor the runs."""
    try:
        return bool(work(app))
    except Exception:
        log.exception("%s.%s: failed", work.__module__, work.__name__)
        return False


class EmbeddedWorker:
    """The worker process that ``weibao serve`` keeps beside itself, started again when it dies."""

    def __init__(self, config: Config) -> None:
        self._environment = config.to_environment()
        self._ended = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep_alive, name="worker-keeper", daemon=True)

    def start(self) -> None:
        """Start it, and watch it."""
        self._keeper.start()

    def end(self) -> None:
        """Stop it; a run that it was on is queued again when its lease ends."""
        self._ended.set()
        if self._process is not None:
            self._process.terminate()

    def _keep_alive(self) -> None:
        while not self._ended.is_set():
            command = [sys.executable, "-m", "weibao", "worker"]
            self._process = subprocess.Popen(command, env=self._environment)  # noqa: S603 -- our own program
            self._process.wait()
            if not self._ended.wait(1.0):
                log.warning("the worker ended with %s; starting it again", self._process.returncode)
