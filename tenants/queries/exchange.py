"""What somebody could take, has asked for, or is asked for; and what waits for the station's word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from tenants.enums import ActivityState, AskState, DutyAnswer, DutyState, SignUpState, SwapState
from tenants.models import Activity, ActivityRole, Duty, Home, SignUp, SwapAsk, SwapRequest
from tenants.queries import duties
from tenants.queries.duties import HeldDuty


@dataclass(frozen=True, kw_only=True)
class Call:
    """Somebody is asked to step in; a visit is told without its case code, which is for the team alone."""

    swap_id: str
    duty: HeldDuty


def calls_to(session: Session, person_id: str, now: datetime) -> list[Call]:
    """The open questions to a person, by the time of the duty."""
    query = (
        select(SwapRequest.id, SwapRequest.duty_id)
        .join(SwapAsk, and_(SwapAsk.township_id == SwapRequest.township_id, SwapAsk.swap_id == SwapRequest.id))
        .join(Duty, and_(Duty.township_id == SwapRequest.township_id, Duty.id == SwapRequest.duty_id))
        .where(SwapAsk.person_id == person_id, SwapAsk.state == AskState.ASKED, SwapRequest.state == SwapState.OPEN)
        .where(Duty.state == DutyState.CONFIRMED, Duty.starts_at > now)
        .order_by(Duty.starts_at, Duty.id)
    )
    return [
        Call(swap_id=swap, duty=duties.without_case(duties.one(session, duty))) for swap, duty in session.execute(query)
    ]


def search_for(session: Session, duty_id: str) -> SwapRequest | None:
    """The open search for a substitute of a duty."""
    query = select(SwapRequest).where(SwapRequest.duty_id == duty_id, SwapRequest.state == SwapState.OPEN)
    return session.scalar(query.options(selectinload(SwapRequest.asks)))


def declined(session: Session, duties_of: Iterable[Duty]) -> dict[str, set[str]]:
    """By the task of each of some duties: ids of those who have declined it; they are not asked for it again."""
    found = {duty.task_id: set[str]() for duty in duties_of}
    query = select(Duty).where(or_(Duty.visit_id.in_(found), Duty.activity_id.in_(found)))
    for duty in session.scalars(query.where(Duty.answer == DutyAnswer.DECLINED)):
        found[duty.task_id].add(duty.person_id)
    return found


def wishes_of(session: Session, person_id: str, now: datetime) -> Sequence[SignUp]:
    """A person's wishes for coming activities that wait for an answer or a place."""
    query = (
        select(SignUp)
        .join(Activity, and_(Activity.township_id == SignUp.township_id, Activity.id == SignUp.activity_id))
        .where(SignUp.person_id == person_id, Activity.starts_at > now, Activity.state == ActivityState.PLANNED)
        .where(SignUp.state.in_((SignUpState.REQUESTED, SignUpState.WAITING)))
        .options(selectinload(SignUp.activity).selectinload(Activity.home).selectinload(Home.village))
    )
    return session.scalars(query.order_by(Activity.starts_at, SignUp.id)).all()


def places_in_queue(session: Session, wishes: Iterable[SignUp]) -> dict[str, int]:
    """By the id of each of some wishes on a waiting list: its place in it, from 1."""
    mine = [wish for wish in wishes if wish.state is SignUpState.WAITING]
    query = select(SignUp.id, SignUp.activity_id, SignUp.role).where(
        SignUp.activity_id.in_({wish.activity_id for wish in mine}), SignUp.state == SignUpState.WAITING
    )
    queues: dict[tuple[str, str], list[str]] = {}
    for key, activity, role in session.execute(query.order_by(SignUp.created_at, SignUp.id)):
        queues.setdefault((activity, role), []).append(key)
    return {wish.id: queues[wish.activity_id, wish.role].index(wish.id) + 1 for wish in mine}


def queues_with_room(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Township and id of each coming activity that somebody waits for, though a place may be free for them.

    Free is what neither a duty holds nor a wish that the station is to decide asks for.
    """
    duty = _of_role(Duty, Duty.state == DutyState.CONFIRMED)
    asked = _of_role(SignUp, SignUp.state == SignUpState.REQUESTED)
    waits = _of_role(SignUp, SignUp.state == SignUpState.WAITING)
    query = (
        select(Activity.township_id, Activity.id)
        .join(
            ActivityRole,
            and_(ActivityRole.township_id == Activity.township_id, ActivityRole.activity_id == Activity.id),
        )
        .where(Activity.state == ActivityState.PLANNED, Activity.starts_at > now)
        .where(waits > 0, duty + asked < ActivityRole.maximum)
        .distinct()
        .order_by(Activity.township_id, Activity.id)
    )
    return [(township, activity) for township, activity in session.execute(query)]


def _of_role(rows: type[Duty] | type[SignUp], state: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many rows in a state there are for a role of an activity, of the query around."""
    query = select(func.count(rows.id)).where(
        rows.township_id == ActivityRole.township_id,
        rows.activity_id == ActivityRole.activity_id,
        rows.role == ActivityRole.role,
        state,
    )
    return query.correlate(ActivityRole).scalar_subquery()


def overdue_searches(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Township and id of each search whose next people are to be asked by now."""
    query = (
        select(SwapRequest.township_id, SwapRequest.id)
        .join(Duty, and_(Duty.township_id == SwapRequest.township_id, Duty.id == SwapRequest.duty_id))
        .where(SwapRequest.state == SwapState.OPEN, Duty.state == DutyState.CONFIRMED, Duty.starts_at > now)
        .where(or_(SwapRequest.next_at.is_(None), SwapRequest.next_at <= now))
        .order_by(SwapRequest.township_id, SwapRequest.id)
    )
    return [(township, swap) for township, swap in session.execute(query)]


def to_decide(session: Session, now: datetime) -> Sequence[SignUp]:
    """Wishes that wait for the station, and those on a waiting list, the activity that comes first before."""
    query = (
        select(SignUp)
        .join(Activity, and_(Activity.township_id == SignUp.township_id, Activity.id == SignUp.activity_id))
        .where(or_(SignUp.state == SignUpState.REQUESTED, SignUp.state == SignUpState.WAITING))
        .where(Activity.starts_at > now, Activity.state == ActivityState.PLANNED)
        .options(
            selectinload(SignUp.person),
            selectinload(SignUp.activity).selectinload(Activity.home).selectinload(Home.village),
        )
    )
    return session.scalars(query.order_by(Activity.starts_at, SignUp.created_at, SignUp.id)).all()


@dataclass(frozen=True, kw_only=True)
class Search:
    """A search that is on, as the station sees it."""

    swap: SwapRequest
    duty: HeldDuty
    asked: int
    refused: int

    @property
    def is_exhausted(self) -> bool:
        """Whether nobody else can be asked."""
        return self.swap.nobody_at is not None or self.asked == self.refused


def searches(session: Session, now: datetime) -> list[Search]:
    """Searches for a substitute that are on, the duty that comes first before."""
    query = (
        select(SwapRequest)
        .join(Duty, and_(Duty.township_id == SwapRequest.township_id, Duty.id == SwapRequest.duty_id))
        .where(SwapRequest.state == SwapState.OPEN, Duty.starts_at > now, Duty.state == DutyState.CONFIRMED)
        .options(selectinload(SwapRequest.asks), selectinload(SwapRequest.person), selectinload(SwapRequest.duty))
        .order_by(Duty.starts_at, Duty.id)
    )
    found = session.scalars(query).all()
    held = {duty.id: duty for duty in duties.of_ids(session, {swap.duty_id for swap in found})}
    return [
        Search(
            swap=swap,
            duty=held[swap.duty_id],
            asked=len(swap.asks),
            refused=sum(ask.state is AskState.REFUSED for ask in swap.asks),
        )
        for swap in found
    ]
