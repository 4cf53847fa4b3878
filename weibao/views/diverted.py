"""Keep a refused diversion: the request that tried it is rolled back, so it is written by a session of its own."""

from tenants.errors import DiversionError
from tenants.scope import Scope
from tenants.services import diversions
from weibao.access import me
from weibao.db import db, session_for


def keep(error: DiversionError) -> None:
    """Roll the request back, let the county see that it was tried, and tell its officers, in one transaction."""
    user = me()
    db.session.rollback()
    if user.township_id is None:
        return
    own = frozenset({user.township_id})
    scope = Scope.of_townships_and_county(user.county_id, own, reason="refused diversion")
    with session_for(scope) as session:
        diversions.record(session, user.actor, error)
