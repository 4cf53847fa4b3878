"""Proposals who serves which township: ask, work out, choose a point, propose, and have another officer decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AccountRole, AllocationState, MessageKind
from tenants.errors import ConflictError, ForbiddenError, InvalidError
from tenants.models import Account, CategoryWeights, Message, StaffAllocation, StaffMember, StaffPosting, utc_now
from tenants.queries import staffing as queries
from tenants.services import audit_log, messages, notices, two_people

MAX_ATTEMPTS = 3
SLACK = timedelta(seconds=90)
"""A run that is not back so long after its time is taken for dead."""
SECONDS = 60
TITLE_LENGTH, REASON_LENGTH = 80, 500


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the county asks of an allocation beyond the children's numbers; None: no limit.

    ``skills`` are asked of one worker of every township; ``pins`` say where a worker must stand, ``bars`` where not.
    """

    min_staff: int = 1
    max_staff: int | None = None
    max_commute: int | None = None
    max_moves: int | None = None
    skills: tuple[str, ...] = ()
    pins: Mapping[str, str] = field(default_factory=dict)
    bars: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Guard the numbers.

        Raises:
            InvalidError: one is out of range.

        """
        if not 0 <= self.min_staff <= 100:
            raise InvalidError("The fewest workers of a township are 0 to 100.", field="min_staff")
        if self.max_staff is not None and not max(1, self.min_staff) <= self.max_staff <= 100:
            raise InvalidError("The most is at least 1, at least the fewest, and at most 100.", field="max_staff")
        for name in ("max_commute", "max_moves"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise InvalidError("A limit cannot be negative; leave it empty for none.", field=name)

    def as_settings(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "min_staff": self.min_staff,
            "max_staff": self.max_staff,
            "max_commute": self.max_commute,
            "max_moves": self.max_moves,
            "skills": list(self.skills),
            "pins": dict(self.pins),
            "bars": {staff: sorted(places) for staff, places in self.bars.items()},
        }

    @classmethod
    def of_settings(cls, held: Mapping[str, Any]) -> "Wishes":
        """From what is stored."""
        bars = {staff: frozenset(places) for staff, places in held["bars"].items()}
        return cls(**{**held, "skills": tuple(held["skills"]), "bars": bars})


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read of the live data for a proposal: the problem in its JSON form, and who is not in it and why."""

    problem: dict[str, Any]
    excluded: Sequence[Mapping[str, str]]
    weights: CategoryWeights
    uncategorised: int = 0
    """Open files of the county that no category holds on that day: they weigh nothing."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """One worker's change of post, and the numbers that it is decided on."""

    staff_id: str
    from_township_id: str | None
    to_township_id: str | None
    facts: Mapping[str, Any]


def ask(
    session: Session, actor: Actor, *, title: str, moves_on: date, today: date, wishes: Wishes, reading: Reading
) -> StaffAllocation:
    """Queue a proposal to be worked out.

    Raises:
        InvalidError: no title, or a day in the past.
        ForbiddenError: the actor is no county officer.

    """
    _need_officer(actor)
    if not title.strip():
        raise InvalidError("Give the proposal a name.", field="title")
    if moves_on < today:
        raise InvalidError("The day lies in the past.", field="moves_on")
    row = StaffAllocation(
        county_id=actor.county_id,
        title=title.strip()[:TITLE_LENGTH],
        moves_on=moves_on,
        settings=wishes.as_settings(),
        problem=reading.problem,
        excluded=[dict(one) for one in reading.excluded],
        uncategorised=reading.uncategorised,
        weights_source=reading.weights.source,
        weights_from=reading.weights.from_day,
        seconds=SECONDS,
        created_by=actor.account_id,
    )
    session.add(row)
    session.flush()
    facts = {"staff": len(reading.problem["staff"]), "townships": len(reading.problem["townships"])}
    audit_log.record(session, actor, "allocation.ask", "staff_allocation", row.id, details=facts)
    return row


def discard(session: Session, actor: Actor, row: StaffAllocation) -> None:
    """Throw a proposal away that is neither proposed nor decided.

    Raises:
        ConflictError: it is.

    """
    _need_officer(actor)
    if row.state in {AllocationState.PROPOSED, AllocationState.APPROVED, AllocationState.REJECTED}:
        raise ConflictError("What was proposed or decided is kept.")
    session.delete(row)
    session.flush()
    audit_log.record(session, actor, "allocation.discard", "staff_allocation", row.id)


def claim(session: Session) -> StaffAllocation | None:
    """Take the oldest proposal that waits, or one whose worker has not come back; for a system session."""
    now = utc_now()
    dead = (StaffAllocation.state == AllocationState.RUNNING) & (StaffAllocation.claimed_until < now)
    query = select(StaffAllocation).where((StaffAllocation.state == AllocationState.QUEUED) | dead)
    row = session.scalar(query.order_by(StaffAllocation.created_at).limit(1).with_for_update(skip_locked=True))
    if row is None:
        return None
    if row.attempts >= MAX_ATTEMPTS:
        fail(row, "the worker died three times on this plan")
        return None
    row.state, row.attempts = AllocationState.RUNNING, row.attempts + 1
    row.claimed_until = now + timedelta(seconds=row.seconds) + SLACK
    return row


def keep(row: StaffAllocation, frontier: dict[str, Any]) -> None:
    """Keep what the solver found; the point that serves best is meant until an officer chooses another."""
    row.frontier, row.chosen = frontier, len(frontier["points"]) - 1
    row.state, row.claimed_until = AllocationState.READY, None


def fail(row: StaffAllocation, error: str) -> None:
    """End a run that gave nothing."""
    row.state, row.error, row.claimed_until = AllocationState.FAILED, error[:500], None


def choose(session: Session, actor: Actor, row: StaffAllocation, place: int) -> None:
    """Mean another point of the frontier.

    Raises:
        ConflictError: it is not worked out, or proposed already.
        InvalidError: there is no such point.

    """
    _need_officer(actor)
    _need_state(row, AllocationState.READY)
    if not 0 <= place < len((row.frontier or {}).get("points", ())):
        raise InvalidError("There is no such point.", field="chosen")
    row.chosen = place
    session.flush()
    audit_log.record(session, actor, "allocation.choose", "staff_allocation", row.id, details={"point": place})


def propose(session: Session, actor: Actor, row: StaffAllocation, reason: str, today: date) -> None:
    """Put the chosen point before a second officer, with the reason that is to stand on paper.

    Raises:
        ConflictError: it is not worked out, or its day has passed.
        InvalidError: no reason is given.

    """
    _need_officer(actor)
    _need_state(row, AllocationState.READY)
    if row.moves_on < today:
        raise ConflictError("The day of the moves has passed; make a copy with a new day.")
    if not reason.strip():
        raise InvalidError("Give the reason: it stands on the decision.", field="reason")
    row.reason, row.state = reason.strip()[:REASON_LENGTH], AllocationState.PROPOSED
    row.proposed_by, row.proposed_at = actor.account_id, utc_now()
    session.flush()
    audit_log.record(session, actor, "allocation.propose", "staff_allocation", row.id, details={"point": row.chosen})
    others = [one for one in notices.officers(session, row.county_id) if one.id != actor.account_id]
    facts = {"title": row.title, "by": _name(session, actor), "day": row.moves_on.isoformat()}
    notices.tell(session, others, MessageKind.PROPOSAL_WAITS, facts, subject_id=row.id)


def withdraw(session: Session, actor: Actor, row: StaffAllocation) -> None:
    """Take a proposal back before it is decided."""
    _need_officer(actor)
    _need_state(row, AllocationState.PROPOSED)
    row.state, row.proposed_by, row.proposed_at = AllocationState.READY, None, None
    session.flush()
    audit_log.record(session, actor, "allocation.withdraw", "staff_allocation", row.id)
    _waits_no_longer(session, row)


def approve(
    session: Session, actor: Actor, row: StaffAllocation, moves: Sequence[Move], today: date
) -> list[StaffPosting]:
    """Decide that the proposal holds: each move becomes a posting.

    Raises:
        ForbiddenError: the actor proposed it: two people decide.
        ConflictError: it is not proposed, its day has passed, one of the two let the other in of late, or a worker,
            moved by it or not, stands otherwise than it was worked out from.

    """
    _need_second(session, actor, row)
    if row.moves_on < today:
        raise ConflictError("The day of the moves has passed; make a copy with a new day.")
    staff = {one.id: one for one in session.scalars(select(StaffMember))}
    pending = set(session.scalars(select(StaffPosting.staff_id).where(*queries.AHEAD)))
    if queries.displaced(session, row) or any(_is_taken(staff.get(one.staff_id), one, pending) for one in moves):
        raise ConflictError("A worker has been posted otherwise since this was worked out; make a copy of it.")
    row.state, row.decided_by, row.decided_at = AllocationState.APPROVED, actor.account_id, utc_now()
    postings = [_posting(row, move, staff[move.staff_id]) for move in moves]
    session.add_all(postings)
    session.flush()
    facts = {"moves": len(postings), "proposed_by": row.proposed_by}
    audit_log.record(session, actor, "allocation.approve", "staff_allocation", row.id, details=facts)
    _tell_decision(session, actor, row)
    return postings


def reject(session: Session, actor: Actor, row: StaffAllocation, because: str) -> None:
    """Decide that the proposal does not hold, with the reason that whoever proposed it reads.

    Raises:
        ForbiddenError: the actor proposed it: two people decide.
        ConflictError: it is not proposed, or one of the two let the other in of late.
        InvalidError: no reason is given.

    """
    _need_second(session, actor, row)
    if not because.strip():
        raise InvalidError("Give the reason: whoever put it forward reads it.", field="reason")
    row.decided_because = because.strip()[:REASON_LENGTH]
    row.state, row.decided_by, row.decided_at = AllocationState.REJECTED, actor.account_id, utc_now()
    session.flush()
    facts = {"proposed_by": row.proposed_by}
    audit_log.record(session, actor, "allocation.reject", "staff_allocation", row.id, details=facts)
    _tell_decision(session, actor, row)


def _tell_decision(session: Session, actor: Actor, row: StaffAllocation) -> None:
    """Tell whoever proposed it; the reasons stand on the proposal alone, and leave the program in no message."""
    _waits_no_longer(session, row)
    proposer = [one for one in notices.officers(session, row.county_id) if one.id == row.proposed_by]
    approved = row.state is AllocationState.APPROVED
    facts = {"title": row.title, "by": _name(session, actor), "approved": approved}
    notices.tell(session, proposer, MessageKind.PROPOSAL_DECIDED, facts, subject_id=row.id)


def _waits_no_longer(session: Session, row: StaffAllocation) -> None:
    """What asked the other officers to decide is read: there is nothing to decide any more."""
    asked = select(Message).where(Message.kind == MessageKind.PROPOSAL_WAITS, Message.subject_id == row.id)
    for message in session.scalars(asked):
        messages.opened(message)


def _name(session: Session, actor: Actor) -> str:
    return session.scalar(select(Account.display_name).where(Account.id == actor.account_id)) or ""


def _is_taken(staff: StaffMember | None, move: Move, pending: set[str]) -> bool:
    """Whether a worker cannot be moved: gone, elsewhere, or another move of theirs has not begun."""
    return staff is None or staff.left or staff.township_id != move.from_township_id or staff.id in pending


def _posting(row: StaffAllocation, move: Move, staff: StaffMember) -> StaffPosting:
    return StaffPosting(
        county_id=row.county_id,
        staff_id=staff.id,
        allocation_id=row.id,
        from_township_id=staff.township_id,
        from_person_id=staff.person_id,
        to_township_id=move.to_township_id,
        from_day=row.moves_on,
        facts=dict(move.facts),
    )


def _need_officer(actor: Actor) -> None:
    if actor.role is not AccountRole.COUNTY_OFFICER:
        raise ForbiddenError("Only the county moves purchased-service staff (notice 3.2).")


def _need_second(session: Session, actor: Actor, row: StaffAllocation) -> None:
    _need_officer(actor)
    _need_state(row, AllocationState.PROPOSED)
    if actor.account_id is None or actor.account_id == row.proposed_by:
        raise ForbiddenError("Two people decide: whoever proposed it cannot approve or reject it.")
    two_people.need_apart(session, actor, row.proposed_by)


def _need_state(row: StaffAllocation, wanted: AllocationState) -> None:
    if row.state is not wanted:
        raise ConflictError("The proposal is at another step meanwhile; load the page again.")
