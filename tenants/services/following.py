"""Drafts follow what people have settled among themselves, so that the next publication does not take it back."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import RosterState
from tenants.models import Assignment, Duty, Roster, Seat
from tenants.services import edits


def follow(session: Session, actor: Actor, duty: Duty, *, leaves: str | None = None, joins: str | None = None) -> None:
    """In every draft with this task: ``leaves`` gives the seat up, ``joins`` takes one, pinned.

    The draft's revision rises, so a plan that is being made meanwhile does not overwrite it.
    """
    same = Assignment.visit_id == duty.visit_id if duty.visit_id else Assignment.activity_id == duty.activity_id
    query = select(Roster).join(Assignment, Assignment.roster_id == Roster.id)
    for roster in session.scalars(query.where(same, Roster.state == RosterState.DRAFT)).unique().all():
        row = next(a for a in roster.assignments if a.task_id == duty.task_id)
        if _reseat(row, duty.role, leaves, joins):
            if not row.seats:
                roster.assignments.remove(row)
            facts = {"task": duty.task_id, "person": leaves, "by": joins}
            edits.note(session, actor, roster, edits.FOLLOWED, facts)


def _reseat(row: Assignment, role: str, leaves: str | None, joins: str | None) -> bool:
    """Whether the row has changed by it."""
    before = {seat.person_id for seat in row.seats}
    if leaves in before:
        row.seats[:] = [seat for seat in row.seats if seat.person_id != leaves]
    if joins is not None and joins not in before and (leaves is None or leaves in before):
        row.seats.append(Seat(township_id=row.township_id, person_id=joins, role=role, pinned=True))
    return before != {seat.person_id for seat in row.seats}
