"""Checks that have ended: what was published and asks for a valid check falls open, for nobody else may do it.

Until the last day of a check its holder keeps later duties (the pages say that they will fall open); from the day after
it they are cancelled, so that nobody comes to a child without a check (art. 62); holder and station are told.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import DutyState, MessageKind
from tenants.models import Duty, Person, Township, utc_now
from tenants.queries import vetting
from tenants.queries.due import county_zone
from tenants.queries.people import VettingState
from tenants.services import audit_log, leaving, notices


def drop_lapsed(session: Session, actor: Actor) -> int:
    """Cancel the coming duties with children of the township's people without a valid check, and count them.

    The session is scoped to the actor's township.
    """
    zone = county_zone(session, actor.county_id)
    today, dropped = utc_now().astimezone(zone).date(), 0
    for row in vetting.lapsing(session, today, utc_now(), zone):
        if row.state is not VettingState.ENDING:
            dropped += _drop(session, actor, row.person, {task.task_id for task in row.tasks if task.draft_id is None})
    return dropped


def _drop(session: Session, actor: Actor, person: Person, tasks: set[str]) -> int:
    held = select(Duty).where(Duty.person_id == person.id, Duty.state == DutyState.CONFIRMED)
    lost = [duty for duty in session.scalars(held.where(Duty.starts_at > utc_now())) if duty.task_id in tasks]
    if lost:
        leaving.give_up(session, person, lost)
        leaving.tell_station(session, person, lost)
        facts, begins = {"number": len(lost)}, notices.first(duty.starts_at for duty in lost)
        told = notices.accounts_of(session, [person.id])
        notices.tell(session, told, MessageKind.CHECK_ENDED, facts, begins=begins)
        audit_log.record(session, actor, "vetting.lapse", "person", person.id, details={"duties": len(lost)})
    return len(lost)


def townships(session: Session) -> list[Actor]:
    """The program itself in each township, for a system session that goes through all of them."""
    rows = session.execute(select(Township.county_id, Township.id).order_by(Township.id))
    return [Actor(county_id=county, township_id=township) for county, township in rows]
