"""Who may take what: the way from a question to the scheduler's rules, and to the one service that writes.

Everything here runs in the request's own session, or in one of the worker's (exchange_jobs.py): what is asked for is
locked first, then the rules are asked, then the change is written, so that what was found still holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenants.actor import Actor
from tenants.enums import ActivityState, DeclineReason, SignUpMode, SignUpState
from tenants.errors import ConflictError, DomainError
from tenants.models import Activity, Duty, Home, Person, SignUp, SwapRequest, utc_now
from tenants.queries.arrangements import arrangements_of
from tenants.queries.exchange import declined
from tenants.services import answers, bookings, sign_ups, swaps
from weibao.planning import Standing, standing_of_weeks

AHEAD = timedelta(days=28)
"""How far ahead open places are offered."""
NO_LONGER_FITS = "You cannot take this any more: another duty, the way, your free time or the check stands against it."
UNFIT = "This person cannot take it any more: another duty, the way, their free time or the check stands against it."


@dataclass(frozen=True, kw_only=True)
class OpenPlace:
    """A place that somebody could take: a role of a coming activity.

    ``free`` are the places beyond those that somebody on the waiting list could take; 0: there is a waiting list.
    """

    activity: Activity
    role: str
    free: int
    waiting: int


def open_places(session: Session, person_id: str, township_id: str) -> list[OpenPlace]:
    """The places of the next four weeks that a person could take: eligible, vetted, free, with the way.

    One role of each activity is offered, one with room before one without; what the person has asked for is left out.
    """
    now = utc_now()
    if arrangements_of(session, township_id).sign_up is SignUpMode.OFF:
        return []
    standing = standing_of_weeks(session, township_id, now, now + AHEAD)
    asked, queues = _asked(session)
    found = []
    for activity in _coming(session, now):
        if (activity.id, person_id) in asked or activity.id not in standing.problem.task_of:
            continue
        wishes = {role: queues.get((activity.id, role), []) for role in standing.free_places(activity.id)}
        free = {
            role: _unclaimed(standing, activity.id, role, wishes[role])
            for role in wishes
            if standing.may_join(activity.id, role, person_id)
        }
        if free:
            role = max(free, key=lambda one: min(free[one], 1))
            found.append(OpenPlace(activity=activity, role=role, free=free[role], waiting=len(wishes[role])))
    return found


def _coming(session: Session, now: datetime) -> Sequence[Activity]:
    query = select(Activity).where(
        Activity.state == ActivityState.PLANNED, Activity.starts_at > now, Activity.starts_at < now + AHEAD
    )
    query = query.options(selectinload(Activity.home).selectinload(Home.village))
    return session.scalars(query.order_by(Activity.starts_at, Activity.id)).all()


def _asked(session: Session) -> tuple[set[tuple[str, str]], dict[tuple[str, str], list[SignUp]]]:
    """Who has a live wish for what, and the live wishes for each role."""
    asked, queues = set(), dict[tuple[str, str], list[SignUp]]()
    for wish in session.scalars(select(SignUp).where(SignUp.state.in_(sign_ups.LIVE))):
        asked.add((wish.activity_id, wish.person_id))
        queues.setdefault((wish.activity_id, wish.role), []).append(wish)
    return asked, queues


def _unclaimed(standing: Standing, activity_id: str, role: str, wishes: Iterable[SignUp]) -> int:
    """The free places of a role beyond those that somebody who waits could take."""
    free = standing.free_places(activity_id)[role]
    if free <= 0:
        return 0
    queue = (wish for wish in wishes if wish.state is SignUpState.WAITING and wish.role == role)
    return max(0, free - sum(standing.may_join(activity_id, role, wish.person_id) for wish in queue))


def sign_up(session: Session, actor: Actor, person_id: str, activity_id: str, role: str) -> SignUp:
    """Ask for a place; one that somebody who waits could take is theirs, and the new wish waits behind them.

    Raises:
        NotFoundError: no such activity.
        ConflictError: the person does not fit, or no longer, or has asked already.
        ForbiddenError: the station takes no sign-ups.

    """
    activity = sign_ups.locked_activity(session, activity_id)
    bookings.lock_person(session, person_id)
    standing = _around(session, activity.township_id, activity.starts_at)
    if activity.id not in standing.problem.task_of or not standing.may_join(activity.id, role, person_id):
        raise ConflictError(NO_LONGER_FITS)
    mode = arrangements_of(session, activity.township_id).sign_up
    free = _unclaimed(standing, activity.id, role, sign_ups.live(session, activity.id)) > 0
    return sign_ups.ask(session, actor, person_id, activity, role, mode=mode, free=free)


def approve(session: Session, actor: Actor, wish_id: str) -> None:
    """The station gives a place, if it is still free and the person still fits.

    Raises:
        ConflictError: not so, or it is decided already.

    """
    activity = sign_ups.locked_activity(session, sign_ups.activity_of(session, wish_id))  # before the wish, as all do
    wish = sign_ups.locked(session, wish_id)
    bookings.lock_person(session, wish.person_id)
    standing = _around(session, wish.township_id, activity.starts_at)
    if not standing.may_join(activity.id, wish.role, wish.person_id):
        raise ConflictError(UNFIT)
    free = standing.free_places(activity.id)[wish.role] > 0
    sign_ups.approve(session, actor, wish, activity, free=free)


def decline(session: Session, actor: Actor, duty: Duty, reason: DeclineReason) -> None:
    """The holder declines; the first on the waiting list who fits comes up."""
    answers.decline(session, actor, duty, reason)
    if duty.activity_id is not None:
        move_up(session, actor, duty.activity_id)


def move_up(session: Session, actor: Actor, activity_id: str) -> int:
    """Whoever waits longest and fits comes up for each place that is free; returns how many did.

    However a place came free, this finds it: the worker asks for it once a minute. A wish that the station is to decide
    keeps a place until it is decided.

    Raises:
        NotFoundError: there is no such activity in this township.
        ConflictError: it is called off or has begun.

    """
    activity = sign_ups.locked_activity(session, activity_id)
    wishes = sign_ups.live(session, activity_id)
    queues: dict[str, list[SignUp]] = {}
    for wish in wishes:
        if wish.state is SignUpState.WAITING:
            queues.setdefault(wish.role, []).append(wish)
    asked = [wish.role for wish in wishes if wish.state is SignUpState.REQUESTED]
    return sum(_move_up(session, actor, activity, queue, asked.count(role)) for role, queue in queues.items())


def _move_up(session: Session, actor: Actor, activity: Activity, queue: Sequence[SignUp], asked: int) -> int:
    """Let the first of one role's queue come up, who fit; ``asked`` of its free places are kept for others."""
    mode = arrangements_of(session, activity.township_id).sign_up
    standing = _around(session, activity.township_id, activity.starts_at)
    if activity.id not in standing.problem.task_of:
        return 0
    came = 0
    for wish in queue:
        if standing.free_places(activity.id).get(wish.role, 0) <= asked:
            break
        if standing.may_join(activity.id, wish.role, wish.person_id) and _comes_up(
            session, actor, wish, activity, mode
        ):
            came += 1
            asked += wish.state is SignUpState.REQUESTED
            standing = _around(session, activity.township_id, activity.starts_at)
    return came


def _comes_up(session: Session, actor: Actor, wish: SignUp, activity: Activity, mode: SignUpMode) -> bool:
    """Let one wish come up, unless something stands against it that was not there a moment ago."""
    try:
        with session.begin_nested():
            bookings.lock_person(session, wish.person_id)
            sign_ups.come_up(session, actor, wish, activity, mode=mode)
    except DomainError:  # they hold another duty by now, have no valid check, or are active no more
        return False
    return True


def look_for_substitute(session: Session, actor: Actor, duty: Duty, reason: DeclineReason) -> SwapRequest:
    """Begin a search: those who fit are asked.

    Raises:
        ConflictError: one is on.

    """
    return swaps.begin(session, actor, duty, reason, _fitting(session, duty))


def _fitting(session: Session, duty: Duty) -> list[str]:
    """Ids of those who could take the duty in its holder's place, and have not declined it."""
    return _fitting_each(session, [duty])[duty.id]


def _fitting_each(session: Session, duties: Sequence[Duty]) -> dict[str, list[str]]:
    """The same for several duties by their ids; the rows are read once for all of them."""
    first, last = min(duty.starts_at for duty in duties), max(duty.starts_at for duty in duties)
    standing = standing_of_weeks(session, duties[0].township_id, first, last)
    guests = set(session.scalars(select(Person.id).where(Person.guest)))  # their inbox lies at home
    known = [person.id for person in standing.problem.people if person.id not in guests]
    refused = declined(session, duties)
    return {
        duty.id: [
            person
            for person in known
            if person not in refused[duty.task_id] and standing.may_replace(duty.task_id, duty.person_id, person)
        ]
        for duty in duties
    }


@dataclass(frozen=True, kw_only=True)
class Left:
    """Who is left for a search: how many could still be asked, and who could only be called by telephone."""

    to_ask: int
    to_call: Sequence[Person]


def left_of(session: Session, searches: Iterable[SwapRequest]) -> dict[str, Left]:
    """By the id of each search: who else could take its duty, with an open account or without one."""
    on = list(searches)
    if not on:
        return {}
    fitting = _fitting_each(session, [swap.duty for swap in on])
    anybody = {person for people in fitting.values() for person in people}
    reached = swaps.with_account(session, anybody)
    query = select(Person).where(Person.id.in_(anybody - reached)).order_by(Person.name, Person.id)
    to_call = session.scalars(query).all()
    return {swap.id: _left(swap, set(fitting[swap.duty_id]), reached, to_call) for swap in on}


def _left(swap: SwapRequest, fitting: set[str], reached: set[str], to_call: Iterable[Person]) -> Left:
    to_ask = (fitting & reached) - {ask.person_id for ask in swap.asks}
    return Left(to_ask=len(to_ask), to_call=[person for person in to_call if person.id in fitting])


def ask_next(session: Session, actor: Actor, swap_id: str) -> int:
    """Ask the next people for a search in which nobody has accepted in time; returns how many.

    Raises:
        ConflictError: the duty has begun, or is no longer held.

    """
    swap = swaps.locked_overdue(session, swap_id, utc_now())
    if swap is None:
        return 0
    duty = swaps.need_open(session, swap)
    return swaps.ask_next(session, actor, swap, duty, _fitting(session, duty))


def step_in(session: Session, actor: Actor, person_id: str, swap_id: str) -> Duty:
    """Whoever was asked takes the duty; the first to do so has it.

    Raises:
        NotFoundError: they were not asked.
        ConflictError: somebody was quicker, or they no longer fit.

    """
    swap, ask = swaps.locked(session, swap_id, person_id)
    duty = swaps.need_open(session, swap)
    bookings.lock_person(session, person_id)
    standing = _around(session, swap.township_id, duty.starts_at)
    if not standing.may_replace(duty.task_id, duty.person_id, person_id):
        raise ConflictError(NO_LONGER_FITS)
    return swaps.take(session, actor, swap, ask, duty)


def stay_out(session: Session, actor: Actor, person_id: str, swap_id: str) -> None:
    """Whoever was asked cannot; when nobody asked is left, the next ones are asked.

    Raises:
        NotFoundError: they were not asked.

    """
    swap, ask = swaps.locked(session, swap_id, person_id)
    if swaps.refuse(session, actor, swap, ask):
        duty = swaps.need_open(session, swap)
        swaps.ask_more(session, swap, duty, _fitting(session, duty))


def _around(session: Session, township_id: str, moment: datetime) -> Standing:
    return standing_of_weeks(session, township_id, moment, moment)
