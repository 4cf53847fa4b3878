"""Somebody leaves: what they hold from published rosters falls open, and drafts do without them.

For good after a bad check (barring.py), for some days when they cannot come (absences.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AskState, DutyState, MessageKind, RosterState
from tenants.models import (
    ActivityRole,
    Assignment,
    Duty,
    Person,
    Roster,
    Seat,
    SignUp,
    SwapAsk,
    UnservedTask,
    Visit,
    utc_now,
)
from tenants.services import duties, edits, notices, runs, sign_ups, swaps


@dataclass(frozen=True, kw_only=True)
class Span:
    """What begins after ``begin`` and, unless ``end`` is None, touches the time before it. Both are aware.

    What has begun by now is history and never part of it.
    """

    begin: datetime
    end: datetime | None = None

    @classmethod
    def from_now(cls) -> "Span":
        """All that is to come."""
        return cls(begin=utc_now())

    def covers(self, row: Duty | Assignment) -> bool:
        """Whether a duty or a draft's task lies in it, if only in part."""
        touches = row.ends_at > self.begin and (self.end is None or row.starts_at < self.end)
        return touches and row.starts_at > utc_now()


def held_in(session: Session, person: Person, span: Span) -> list[Duty]:
    """The confirmed duties of a person in a span, by time."""
    query = select(Duty).where(Duty.township_id == person.township_id, Duty.person_id == person.id)
    query = query.where(Duty.state == DutyState.CONFIRMED, Duty.ends_at > span.begin)
    return [duty for duty in session.scalars(query.order_by(Duty.starts_at, Duty.id)) if span.covers(duty)]


def leave_duties(session: Session, person: Person, span: Span) -> list[Duty]:
    """Cancel what the person holds in a span, and return it; team mates hear of it too."""
    mine = held_in(session, person, span)
    give_up(session, person, mine)
    return mine


def give_up(session: Session, person: Person, held: Sequence[Duty]) -> None:
    """Cancel some duties of a person with the searches for their substitutes; team mates hear of it too."""
    for duty in held:
        duties.cancel(duty)
        swaps.end(session, duty)
    session.flush()
    for mate in mates_of(session, person.township_id, held):
        duties.touch(mate)


def tell_station(session: Session, person: Person, lost: Sequence[Duty]) -> None:
    """Tell the station who leaves how many places; why is not said, for only who must know may know it."""
    if lost:
        facts = {**notices.name_of(person), "number": len(lost)}
        begins = notices.first(duty.starts_at for duty in lost)
        station = notices.station_accounts(session, person.township_id)
        notices.tell(session, station, MessageKind.PLACES_OPEN, facts, subject_id=person.id, begins=begins)


def leave_exchange(session: Session, person: Person) -> None:
    """Answer no to every question to the person, and end every wish of theirs; nobody is told of it."""
    mine = SwapAsk.township_id == person.township_id, SwapAsk.person_id == person.id
    for ask in session.scalars(select(SwapAsk).where(*mine, SwapAsk.state == AskState.ASKED)):
        ask.state, ask.answered_at = AskState.REFUSED, utc_now()
    wishes = select(SignUp).where(SignUp.township_id == person.township_id, SignUp.person_id == person.id)
    for wish in session.scalars(wishes.where(SignUp.state.in_(sign_ups.LIVE)).with_for_update()):
        sign_ups.end(wish)
    session.flush()


def mates_of(session: Session, township_id: str, lost: Sequence[Duty]) -> list[Duty]:
    """The confirmed duties of others for the tasks of some duties."""
    visits = [duty.visit_id for duty in lost if duty.visit_id]
    activities = [duty.activity_id for duty in lost if duty.activity_id]
    query = select(Duty).where(Duty.township_id == township_id, Duty.state == DutyState.CONFIRMED)
    return list(session.scalars(query.where(or_(Duty.visit_id.in_(visits), Duty.activity_id.in_(activities)))))


def leave_drafts(session: Session, actor: Actor, person: Person, span: Span) -> int:
    """Take the person out of the drafts' tasks in a span; a task that then lacks somebody is open."""
    query = (
        select(Assignment, Assignment.roster_id)
        .join(Seat, (Assignment.township_id == Seat.township_id) & (Assignment.id == Seat.assignment_id))
        .join(Roster, (Roster.township_id == Assignment.township_id) & (Roster.id == Assignment.roster_id))
        .where(Seat.township_id == person.township_id, Seat.person_id == person.id)
        .where(Roster.state == RosterState.DRAFT)
    )
    tasks: dict[str, set[str]] = {}
    for row, roster_id in session.execute(query):
        if span.covers(row):
            tasks.setdefault(roster_id, set()).add(row.id)
    for roster_id, ids in tasks.items():
        roster = session.get_one(Roster, (person.township_id, roster_id), with_for_update=True)
        _leave_draft(session, actor, roster, person, ids)
    return sum(len(ids) for ids in tasks.values())


def _leave_draft(session: Session, actor: Actor, roster: Roster, person: Person, ids: set[str]) -> None:
    run = runs.active_run(session, roster)
    if run is not None:
        run.stop_requested = True  # its plan would hold the person; the risen revision drops it
    for row in [row for row in roster.assignments if row.id in ids]:
        row.seats[:] = [seat for seat in row.seats if seat.person_id != person.id]
        if not _is_complete(session, row):
            roster.assignments.remove(row)
            roster.unserved.append(
                UnservedTask(
                    township_id=row.township_id, visit_id=row.visit_id, activity_id=row.activity_id, reasons=[]
                )
            )
    roster.bound_medium, roster.bound_soft, roster.optimal = None, None, False
    edits.note(session, actor, roster, edits.LEFT, {"person": person.id, "tasks": len(ids)})


def _is_complete(session: Session, row: Assignment) -> bool:
    """Whether every role still has its fewest people."""
    held = [seat.role for seat in row.seats]
    return bool(held) and all(held.count(role) >= least for role, least in roles_of(session, row))


def roles_of(session: Session, row: Assignment | Duty) -> list[tuple[str, int]]:
    """The roles of a task with their fewest people."""
    if row.visit_id:
        visit = session.get_one(Visit, (row.township_id, row.visit_id))
        return [(role["id"], role["min"]) for role in visit.roles]
    query = select(ActivityRole.role, ActivityRole.minimum)
    mine = query.where(ActivityRole.township_id == row.township_id, ActivityRole.activity_id == row.activity_id)
    return [(role, least) for role, least in session.execute(mine)]
