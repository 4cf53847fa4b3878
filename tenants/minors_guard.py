"""Nobody under 18 is the adult of a team, whatever way they are put on a task (Civil Code, art. 17).

The solver keeps the rule, and so do the pages; this guard stands behind both, as that of the checks does. What has
begun is history and is left alone.
"""

from datetime import date
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session, UOWTransaction

from tenants.ages import is_minor
from tenants.errors import InvalidError
from tenants.models import Activity, Person, Visit, utc_now
from tenants.roles import adults_only
from tenants.vetting_guard import Held, about_to_hold, zone_of

UNDER_AGE = "somebody under 18 may not fill this place: it is for an adult"


def guard(session_class: type[Session]) -> None:
    """Hold every session of a class to the rule."""
    event.listen(session_class, "before_flush", _refuse_minors)


def _refuse_minors(session: Session, context: UOWTransaction, instances: Any) -> None:
    """Refuse what is about to be written.

    Raises:
        InvalidError: somebody would be the adult of a team and is under 18 on the day.

    """
    now = utc_now()
    with session.no_autoflush:
        held = [one for one in about_to_hold(session) if one.starts_at > now]
        born = _born(session, {one.person_id for one in held}) if held else {}
        for one in held:
            day = one.starts_at.astimezone(zone_of(session, one.township_id)).date() if one.person_id in born else None
            if day and is_minor(born[one.person_id], day) and one.role in _adults_only(session, one):
                raise InvalidError(UNDER_AGE, field="person")


def _born(session: Session, people: set[str]) -> dict[str, date]:
    query = select(Person.id, Person.birth_date).where(Person.id.in_(people), Person.birth_date.is_not(None))
    return {who: born for who, born in session.execute(query) if born is not None}


def _adults_only(session: Session, held: Held) -> frozenset[str]:
    if held.activity_id is not None:
        activity = session.get(Activity, (held.township_id, held.activity_id))
        return adults_only([(role.role, role.minimum) for role in activity.roles] if activity else [])
    visit = session.get(Visit, (held.township_id, held.visit_id or ""))
    return adults_only([(role["id"], role["min"]) for role in visit.roles] if visit else [])
