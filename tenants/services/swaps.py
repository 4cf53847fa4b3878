"""Search for a substitute: people who fit are asked, the least recently asked first; the first to accept gets it.

Asked are those whom a message can reach: people with an open account. The next ones are asked when all have refused,
and by the worker when nobody has accepted for some time (``next_at``).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import AskState, DeclineReason, DutyState, MessageKind, SwapState
from tenants.errors import ConflictError, NotFoundError
from tenants.models import Duty, Person, SwapAsk, SwapRequest, utc_now
from tenants.services import audit_log, bookings, notices
from tenants.services.following import follow

WAVE = 5
"""People asked at a time."""
SOONEST, LATEST = timedelta(minutes=30), timedelta(hours=24)
"""The next people are asked after a quarter of the time that is left until the duty, within these bounds."""
GONE = "Somebody else has taken this duty, or it is no longer looked for."
SEARCHED = "A substitute is being looked for already."


def begin(session: Session, actor: Actor, duty: Duty, reason: DeclineReason, fitting: Sequence[str]) -> SwapRequest:
    """Begin to look for somebody, ask the first of those who fit, and tell the station where nobody can be asked.

    The holder keeps the duty until somebody takes it.

    Raises:
        ConflictError: a search is on.

    """
    on = select(SwapRequest.id).where(SwapRequest.duty_id == duty.id, SwapRequest.state == SwapState.OPEN)
    if session.scalar(on) is not None:
        raise ConflictError(SEARCHED)
    swap = SwapRequest(township_id=duty.township_id, duty_id=duty.id, person_id=duty.person_id, reason=reason)
    session.add(swap)
    session.flush()
    asked = ask_more(session, swap, duty, fitting)
    audit_log.record(session, actor, "swap.begin", "swap_request", swap.id, details={"asked": asked})
    return swap


def ask_more(session: Session, swap: SwapRequest, duty: Duty, fitting: Sequence[str]) -> int:
    """Ask the next of those who fit, can be reached and were not asked yet; returns how many.

    Nobody left: the station is told, once until somebody can be asked again.
    """
    before = {ask.person_id for ask in swap.asks}
    reached = with_account(session, fitting) - before
    wave = by_least_asked(session, [person for person in fitting if person in reached])[:WAVE]
    now = utc_now()
    swap.next_at = now + patience(duty.starts_at - now)
    for person in wave:
        swap.asks.append(SwapAsk(township_id=swap.township_id, person_id=person))
    session.flush()
    if wave:
        swap.nobody_at = None
        facts, told = notices.facts_of(session, duty), notices.accounts_of(session, wave)
        notices.tell(session, told, MessageKind.SWAP_ASKED, facts, subject_id=swap.id, begins=duty.starts_at)
    elif swap.nobody_at is None:
        swap.nobody_at = now
        _tell_concerned(session, swap, duty, MessageKind.SWAP_NOBODY, swap.person_id)
    return len(wave)


def with_account(session: Session, people: Iterable[str]) -> set[str]:
    """Those of some people whom a message can reach: they have an open account."""
    return {account.person_id or "" for account in notices.accounts_of(session, people)}


def patience(left: timedelta) -> timedelta:
    """How long those who were asked have, before the next ones are asked too; by the time left until the duty."""
    return min(max(left / 4, SOONEST), LATEST)


def ask_next(session: Session, actor: Actor, swap: SwapRequest, duty: Duty, fitting: Sequence[str]) -> int:
    """Ask the next ones, since nobody has accepted for long enough; returns how many."""
    asked = ask_more(session, swap, duty, fitting)
    if asked:
        audit_log.record(session, actor, "swap.ask", "swap_request", swap.id, details={"asked": asked})
    return asked


def by_least_asked(session: Session, people: Sequence[str]) -> list[str]:
    """People in the order in which to ask them: never asked first, then those whose last time lies longest back."""
    query = select(SwapAsk.person_id, func.max(SwapAsk.asked_at)).where(SwapAsk.person_id.in_(people))
    last = dict(session.execute(query.group_by(SwapAsk.person_id)).all())
    return sorted(people, key=lambda person: (last[person].isoformat() if person in last else "", person))


def locked(session: Session, swap_id: str, person_id: str) -> tuple[SwapRequest, SwapAsk]:
    """A search and the question to somebody, held until the transaction ends, so that one of two accepts first.

    Raises:
        NotFoundError: this person was not asked.

    """
    query = select(SwapRequest).where(SwapRequest.id == swap_id)
    swap = session.scalar(query.with_for_update(), execution_options={"populate_existing": True})
    ask = next((ask for ask in swap.asks if ask.person_id == person_id), None) if swap else None
    if swap is None or ask is None:
        raise NotFoundError("no such search")
    return swap, ask


def locked_overdue(session: Session, swap_id: str, now: datetime) -> SwapRequest | None:
    """An open search whose next people are to be asked by now, held until the transaction ends; else None.

    Of two workers that come for it, the second finds its next time put off by the first.
    """
    query = select(SwapRequest).where(SwapRequest.id == swap_id, SwapRequest.state == SwapState.OPEN)
    swap = session.scalar(query.with_for_update(), execution_options={"populate_existing": True})
    return swap if swap is not None and (swap.next_at is None or swap.next_at <= now) else None


def need_open(session: Session, swap: SwapRequest) -> Duty:
    """The duty that is still to be had.

    Raises:
        ConflictError: somebody has it, the search has ended, or the duty has begun.

    """
    duty = session.get_one(Duty, (swap.township_id, swap.duty_id), populate_existing=True)
    held = duty.state is DutyState.CONFIRMED and duty.starts_at > utc_now()
    if swap.state is not SwapState.OPEN or not held:
        raise ConflictError(GONE)
    return duty


def take(session: Session, actor: Actor, swap: SwapRequest, ask: SwapAsk, duty: Duty) -> Duty:
    """The one who was asked takes the duty; its holder is free of it, and both and the station are told.

    Raises:
        ConflictError: they hold another duty at the time.

    """
    swap.state, swap.taken_by, swap.closed_at = SwapState.TAKEN, ask.person_id, utc_now()
    ask.state, ask.answered_at = AskState.ACCEPTED, utc_now()
    bookings.release(session, duty)
    taken = bookings.book(session, ask.person_id, bookings.Place.of(duty))
    follow(session, actor, duty, leaves=duty.person_id, joins=ask.person_id)
    audit_log.record(session, actor, "swap.take", "swap_request", swap.id, details={"duty": taken.id})
    _tell_concerned(session, swap, duty, MessageKind.SWAP_TAKEN, ask.person_id)
    return taken


def _tell_concerned(session: Session, swap: SwapRequest, duty: Duty, kind: MessageKind, person_id: str) -> None:
    """Tell the station and the holder of somebody by name, each once: the holder may be of the station."""
    told = [*notices.station_accounts(session, swap.township_id), *notices.accounts_of(session, [swap.person_id])]
    person = session.get_one(Person, (swap.township_id, person_id))
    facts = {**notices.facts_of(session, duty), **notices.name_of(person)}
    each = {account.id: account for account in told}.values()
    notices.tell(session, each, kind, facts, subject_id=duty.id, begins=duty.starts_at)


def refuse(session: Session, actor: Actor, swap: SwapRequest, ask: SwapAsk) -> bool:
    """Whoever was asked cannot; returns whether nobody who was asked is left, so that the next ones are to be."""
    if ask.state is AskState.ASKED:
        ask.state, ask.answered_at = AskState.REFUSED, utc_now()
        session.flush()
        audit_log.record(session, actor, "swap.refuse", "swap_request", swap.id)
    return swap.state is SwapState.OPEN and not any(one.state is AskState.ASKED for one in swap.asks)


def end(session: Session, duty: Duty) -> SwapRequest | None:
    """End the search for a substitute of a duty, if one is on, and return it."""
    query = select(SwapRequest).where(SwapRequest.duty_id == duty.id, SwapRequest.state == SwapState.OPEN)
    swap = session.scalar(query.with_for_update())
    if swap is not None:
        swap.state, swap.closed_at = SwapState.WITHDRAWN, utc_now()
    return swap


def withdraw(session: Session, actor: Actor, duty: Duty) -> None:
    """The holder comes after all.

    Raises:
        ConflictError: nobody is being looked for any more.

    """
    swap = end(session, duty)
    if swap is None:
        raise ConflictError(GONE)
    session.flush()
    audit_log.record(session, actor, "swap.withdraw", "swap_request", swap.id)
