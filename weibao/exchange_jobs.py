"""What comes of itself between people, in the worker: the next are asked to step in, and who waits comes up.

A place comes free in many ways (an absence, a check that has ended, a version that is withdrawn, a greater team); none
of them needs to know of the waiting list, for it is looked at here. Each search and each activity has a transaction of
its own, in its township's scope.
"""

import logging
from collections.abc import Callable, Iterable

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.errors import DomainError
from tenants.models import Township, utc_now
from tenants.queries import exchange as queries
from tenants.scope import Scope
from weibao import exchange
from weibao.db import session_for

log = logging.getLogger("weibao.jobs")
REASON = "searches and waiting lists"
Step = Callable[[Session, Actor, str], int]


def settle(app: Flask) -> int:
    """Ask the next people where nobody has accepted in time, and let who waits come up; returns how many people."""
    with app.app_context():
        with session_for(Scope.of_system(reason=REASON), reading=True) as session:
            now = utc_now()
            searches, queues = queries.overdue_searches(session, now), queries.queues_with_room(session, now)
            counties = _counties(session, {township for township, _ in (*searches, *queues)})
        steps: list[tuple[Step, str, str]] = [(exchange.ask_next, *search) for search in searches]
        steps += [(exchange.move_up, *queue) for queue in queues]
        return sum(
            _take(Actor(county_id=counties[township], township_id=township), step, key) for step, township, key in steps
        )


def _counties(session: Session, townships: Iterable[str]) -> dict[str, str]:
    query = select(Township.id, Township.county_id).where(Township.id.in_(townships))
    return {row.id: row.county_id for row in session.execute(query)}


def _take(actor: Actor, step: Step, key: str) -> int:
    """Take one step; what has been settled meanwhile is let be, and a fault in one does not keep the others waiting."""
    try:
        with session_for(Scope.of_township(actor.county_id, actor.township_id or "", reason=REASON)) as session:
            return step(session, actor, key)
    except DomainError:
        return 0
    except Exception:
        log.exception("%s: %s failed", REASON, key)
        return 0
