"""Keep a refused diversion: the request that tried it is rolled back, so it is written by a session of its own."""

from tenants.errors import DiversionError
from tenants.services import diversions
from weibao.access import me
from weibao.db import db, session_for


def keep(error: DiversionError) -> None:
    """Roll the request back, and let the county see that it was tried."""
    user = me()
    db.session.rollback()
    if user.township_id is None:
        return
    with session_for(user.scope) as session:
        diversions.record(session, user.actor, error)
