"""Take an open place of an activity: at once, or when the station approves; or wait for one to come free."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ActivityState, MessageKind, SignUpMode, SignUpState
from tenants.errors import ConflictError, ForbiddenError, NotFoundError
from tenants.models import Activity, Duty, Person, SignUp, utc_now
from tenants.services import audit_log, bookings, notices
from tenants.services.following import follow

LIVE = (SignUpState.REQUESTED, SignUpState.WAITING)
CLOSED = "The station gives the places itself. Ask there."
ASKED = "You have asked for this activity already."
DECIDED = "This is decided already."
FULL = "There is no free place any more."
OVER = "This activity is called off or has begun."


def locked_activity(session: Session, activity_id: str) -> Activity:
    """A coming activity, held until the transaction ends, so that its last place is given once.

    Raises:
        NotFoundError: there is none in this township.
        ConflictError: it is called off or has begun.

    """
    query = select(Activity).where(Activity.id == activity_id)
    activity = session.scalar(query.with_for_update(key_share=True), execution_options={"populate_existing": True})
    if activity is None:
        raise NotFoundError("no such activity")
    if activity.state is not ActivityState.PLANNED or activity.starts_at <= utc_now():
        raise ConflictError(OVER)
    return activity


def ask(
    session: Session, actor: Actor, person_id: str, activity: Activity, role: str, *, mode: SignUpMode, free: bool
) -> SignUp:
    """Ask for a place of a role that the person could fill: they have it, wait for the station, or for a place.

    Raises:
        ForbiddenError: the station takes no sign-ups.
        ConflictError: they have asked already, or hold another duty at the time.

    """
    if mode is SignUpMode.OFF:
        raise ForbiddenError(CLOSED)
    mine = select(SignUp.id).where(
        SignUp.activity_id == activity.id, SignUp.person_id == person_id, SignUp.state.in_(LIVE)
    )
    if session.scalar(mine) is not None:
        raise ConflictError(ASKED)
    wish = SignUp(township_id=activity.township_id, activity_id=activity.id, person_id=person_id, role=role)
    wish.state = SignUpState.REQUESTED if free else SignUpState.WAITING
    session.add(wish)
    session.flush()
    audit_log.record(session, actor, "sign_up.ask", "sign_up", wish.id, details={"waiting": not free})
    if free:
        come_up(session, actor, wish, activity, mode=mode)
    return wish


def come_up(session: Session, actor: Actor, wish: SignUp, activity: Activity, *, mode: SignUpMode) -> None:
    """A place is free for a wish: it is given at once, or the station is asked; who has waited for it is told."""
    if mode is SignUpMode.AT_ONCE:
        _give(session, actor, wish, activity)
        return
    if wish.state is SignUpState.WAITING:
        wish.state = SignUpState.REQUESTED
        session.flush()
        audit_log.record(session, actor, "sign_up.come_up", "sign_up", wish.id)
        _answer(session, wish, activity, MessageKind.SIGN_UP_CAME_UP, None)
    person = session.get_one(Person, (wish.township_id, wish.person_id))
    facts = {**facts_of(activity, wish.role), **notices.name_of(person)}
    station = notices.station_accounts(session, wish.township_id)
    notices.tell(session, station, MessageKind.SIGN_UP_REQUESTED, facts, subject_id=wish.id, begins=activity.starts_at)


def _give(session: Session, actor: Actor, wish: SignUp, activity: Activity) -> Duty:
    duty = bookings.book(session, wish.person_id, _place(activity, wish.role))
    wish.state, wish.decided_at, wish.decided_by = SignUpState.ACCEPTED, utc_now(), actor.account_id
    session.flush()
    follow(session, actor, duty, joins=wish.person_id)
    audit_log.record(session, actor, "sign_up.give", "sign_up", wish.id, details={"duty": duty.id})
    _answer(session, wish, activity, MessageKind.SIGN_UP_ACCEPTED, duty.id)
    return duty


def _place(activity: Activity, role: str) -> bookings.Place:
    return bookings.Place(
        visit_id=None, activity_id=activity.id, role=role, starts_at=activity.starts_at, ends_at=activity.ends_at
    )


def _answer(session: Session, wish: SignUp, activity: Activity, kind: MessageKind, subject: str | None) -> None:
    accounts = notices.accounts_of(session, [wish.person_id])
    facts = facts_of(activity, wish.role)
    notices.tell(session, accounts, kind, facts, subject_id=subject, begins=activity.starts_at)


def facts_of(activity: Activity, role: str) -> dict[str, str]:
    """What may be said of an activity in a message."""
    village = activity.home.village
    return {
        "starts_at": activity.starts_at.isoformat(),
        "ends_at": activity.ends_at.isoformat(),
        "village": village.name,
        "village_en": village.name_en,
        "title": activity.title,
        "title_en": activity.title_en,
        "role": role,
    }


def locked(session: Session, wish_id: str) -> SignUp:
    """A wish that is not decided, held until the transaction ends.

    Raises:
        NotFoundError: there is none in this township.
        ConflictError: it is decided.

    """
    query = select(SignUp).where(SignUp.id == wish_id)
    wish = session.scalar(query.with_for_update(), execution_options={"populate_existing": True})
    if wish is None:
        raise NotFoundError("no such wish")
    if wish.state not in LIVE:
        raise ConflictError(DECIDED)
    return wish


def activity_of(session: Session, wish_id: str) -> str:
    """Id of the activity that a wish is for.

    Raises:
        NotFoundError: there is no such wish in this township.

    """
    activity = session.scalar(select(SignUp.activity_id).where(SignUp.id == wish_id))
    if activity is None:
        raise NotFoundError("no such wish")
    return activity


def approve(session: Session, actor: Actor, wish: SignUp, activity: Activity, *, free: bool) -> Duty:
    """The station gives the place.

    Raises:
        ConflictError: no place is free, or the person holds another duty at the time.

    """
    if not free:
        raise ConflictError(FULL)
    return _give(session, actor, wish, activity)


def refuse(session: Session, actor: Actor, wish: SignUp) -> None:
    """The station does not give the place."""
    wish.state, wish.decided_at, wish.decided_by = SignUpState.REFUSED, utc_now(), actor.account_id
    session.flush()
    audit_log.record(session, actor, "sign_up.refuse", "sign_up", wish.id)
    _answer(session, wish, wish.activity, MessageKind.SIGN_UP_REFUSED, None)


def withdraw(session: Session, actor: Actor, person_id: str, wish_id: str) -> None:
    """The person no longer wants the place.

    Raises:
        NotFoundError: it is not their wish.
        ConflictError: it is decided.

    """
    wish = locked(session, wish_id)
    if wish.person_id != person_id:
        raise NotFoundError("no such wish")
    end(wish)
    session.flush()
    audit_log.record(session, actor, "sign_up.withdraw", "sign_up", wish.id)


def end(wish: SignUp) -> None:
    """A wish that nobody has any more."""
    wish.state, wish.decided_at = SignUpState.WITHDRAWN, utc_now()


def live(session: Session, activity_id: str) -> Sequence[SignUp]:
    """The wishes for an activity that are not decided, held until the transaction ends; the oldest first."""
    query = select(SignUp).where(SignUp.activity_id == activity_id, SignUp.state.in_(LIVE))
    query = query.order_by(SignUp.created_at, SignUp.id).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).all()
