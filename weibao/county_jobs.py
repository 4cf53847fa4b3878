"""The county's long work in the worker: proposals to be worked out, and postings whose day has come."""

import logging
from typing import Any

from flask import Flask

from scheduling.allocation import AllocationProblem, audit, frontier_to_json
from scheduling.errors import ProblemError
from tenants.scope import Scope
from tenants.services import allocations, lending_upkeep, postings
from weibao.allocating import of_json, unmet
from weibao.db import session_for

log = logging.getLogger("weibao.jobs")
NOT_HELD = "Somebody who is held by hand would not stand there: let go of somebody, or hold them elsewhere."


def work_once(app: Flask) -> bool:
    """Work one proposal out, if one waits; returns whether there was one."""
    with app.app_context():
        with session_for(Scope.of_system(reason="claim a proposal")) as session:
            row = allocations.claim(session)
            if row is None:
                return False
            key, problem, seconds, attempt = (row.county_id, row.id), row.problem, row.seconds, row.attempts
            pins = dict(row.settings["pins"])
        answer = _answer(app, problem, seconds, pins)
        with session_for(Scope.of_system(reason="keep a proposal")) as session:
            kept = session.get(type(row), key, with_for_update=True)
            if kept is None or kept.attempts != attempt:
                log.warning("proposal %s: discarded, or taken over by another worker", key[1])
            elif isinstance(answer, str):
                allocations.fail(kept, answer)
            else:
                allocations.keep(kept, answer)
        return True


def _answer(app: Flask, problem: dict[str, Any], seconds: int, pins: dict[str, str]) -> dict[str, Any] | str:
    """The frontier in its JSON form, or what went wrong in plain words."""
    try:
        found = _frontier(of_json(problem), seconds, app.config["WEIBAO"].solver_workers)
    except ProblemError as error:
        return "; ".join(str(fault) for fault in error.faults[:5])
    except Exception:
        log.exception("a proposal failed")
        return "a fault in the program; the operator finds it in the log"
    return NOT_HELD if any(unmet(pins, point["posts"]) for point in found["points"]) else found


def _frontier(problem: AllocationProblem, seconds: int, workers: int) -> dict[str, Any]:
    from scheduling.allocation.frontier import frontier  # noqa: PLC0415 -- OR-Tools loads in the worker alone

    found = frontier(problem, seconds=seconds, workers=workers)
    broken = [breach for point in found.points for breach in audit(problem, point)]
    if broken:
        raise RuntimeError(f"an allocation fails its audit: {broken[:3]}")
    return frontier_to_json(found) | {"complete": found.complete}


def settle(app: Flask) -> int:
    """Postings whose day has come are told and begun, loans end and follow; returns how many were touched."""
    with app.app_context(), session_for(Scope.of_system(reason="postings and loans")) as session:
        return postings.settle(session) + lending_upkeep.settle(session)
