"""What purchased-service staff did: hours by kind of service, and what contracts have bought against it.

A duty is told of the worker whoever they were in a township that day, lent to a neighbour or posted elsewhere since,
and of the contract under which they served on the day.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tenants.calendar import DAY, CountyCalendar
from tenants.enums import ActivityState, DutyState, ExceptionKind, Service, VisitState
from tenants.models import (
    Activity,
    AvailabilityException,
    Duty,
    ServiceContract,
    StaffMember,
    StaffPosting,
    Visit,
)
from tenants.queries.staffing import Key, key_of

WORKDAYS = 5


@dataclass(frozen=True, kw_only=True)
class Use:
    """A worker's time over some weeks, in minutes.

    ``owed`` is a fifth of the contract's week for each working day on a post, less whole days of leave; ``rostered`` by
    service what published rosters gave and has begun; travel, papers and casework at the desk are in no roster and not
    counted.
    """

    staff: StaffMember
    owed: int
    child_protection: int
    social_work: int
    other: int

    @property
    def on_posts(self) -> int:
        """Minutes on the posts' work."""
        return self.child_protection + self.social_work

    @property
    def share(self) -> float | None:
        """Part of the owed time that the rosters show; None where nothing is owed."""
        return self.on_posts / self.owed if self.owed else None


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What a contract's workers have done since it began; ``minutes`` are those of these duties.

    ``workers`` are those who serve under it today, or on its first or last day where that is nearest.
    """

    contract: ServiceContract
    workers: int
    visits: int
    activities: int
    minutes: int
    elapsed: float
    """Part of the contract's days that has passed, 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class _Done:
    person: str
    task: str
    is_visit: bool
    service: Service
    day: date
    minutes: int
    delivered: bool


@dataclass(frozen=True, kw_only=True)
class _Posts:
    """Where and who a worker is, and was before each day on which they left; None: without a post.

    ``gone_on`` is the day of leaving the service, where it is known.
    """

    present: Key | None
    before: tuple[tuple[date, Key | None], ...]
    gone_on: date | None

    def on(self, day: date) -> Key | None:
        """Where they stood on a day."""
        return next((key for until, key in self.before if day < until), self.present)

    @property
    def keys(self) -> set[Key]:
        """Everybody that they have been in some township."""
        return {key for key in (self.present, *(key for _, key in self.before)) if key}


def use_of_time(
    session: Session, staff: Sequence[StaffMember], *, today: date, weeks: int, zone: tzinfo, calendar: CountyCalendar
) -> list[Use]:
    """Each worker's time over the weeks that end yesterday."""
    first = today - timedelta(weeks=weeks)
    days = [first + n * DAY for n in range((today - first).days)]
    days = [day for day in days if calendar.is_workday(day)]
    posts = _posts(session, staff)
    keys = [key for one in posts.values() for key in one.keys]
    done = _by_staff(posts, _done(session, keys, first, today, zone))
    leave = _leave(session, keys, first, today)
    return [_use(one, done[one.id], _owed(one, posts[one.id], leave, days)) for one in staff]


def _use(staff: StaffMember, done: Sequence[_Done], owed: int) -> Use:
    minutes: dict[Service, int] = defaultdict(int)
    for one in done:
        minutes[one.service] += one.minutes
    return Use(
        staff=staff,
        owed=owed,
        child_protection=minutes[Service.CHILD_PROTECTION],
        social_work=minutes[Service.SOCIAL_WORK],
        other=minutes[Service.OTHER],
    )


def _owed(staff: StaffMember, posts: _Posts, leave: Mapping[Key, set[date]], days: Iterable[date]) -> int:
    """A fifth of the week of the contract in force for each day, less those of leave and those without a post."""
    weeks = 0
    for day in days:
        key, contract = posts.on(day), staff.contract_on(day)
        if key and contract and day not in leave.get(key, ()):
            weeks += contract.weekly_minutes
    return weeks // WORKDAYS


def deliveries(session: Session, contracts: Sequence[ServiceContract], *, today: date, zone: tzinfo) -> list[Delivered]:
    """What each contract's workers have delivered since it began, beside what it buys."""
    if not contracts:
        return []
    staff = session.scalars(select(StaffMember)).all()
    posts = _posts(session, staff)
    first, last = min(row.from_day for row in contracts), max(row.to_day for row in contracts)
    keys = [key for one in posts.values() for key in one.keys]
    done = _by_staff(posts, _done(session, keys, first, min(today, last) + DAY, zone))
    return [_delivered(contract, staff, posts, done, today) for contract in contracts]


def _delivered(
    contract: ServiceContract,
    staff: Sequence[StaffMember],
    posts: Mapping[str, _Posts],
    done: Mapping[str, Sequence[_Done]],
    today: date,
) -> Delivered:
    own = [one for one in staff if contract in one.contracts]
    told = [(one, did) for one in own for did in done.get(one.id, ()) if did.delivered]
    over = [did for one, did in told if did.service is not Service.OTHER and one.contract_on(did.day) is contract]
    length, day = (contract.to_day - contract.from_day).days + 1, min(max(today, contract.from_day), contract.to_day)
    return Delivered(
        contract=contract,
        workers=sum(one.contract_on(day) is contract and _serves(one, posts[one.id], day) for one in own),
        visits=len({one.task for one in over if one.is_visit}),
        activities=len({one.task for one in over if not one.is_visit}),
        minutes=sum(one.minutes for one in over),
        elapsed=min(1.0, max(0.0, (today - contract.from_day).days / length)),
    )


def _serves(staff: StaffMember, posts: _Posts, day: date) -> bool:
    return not staff.left or (posts.gone_on is not None and day < posts.gone_on)


def _posts(session: Session, staff: Sequence[StaffMember]) -> dict[str, _Posts]:
    """Where each worker stands, and stood by the postings that have begun and the day of leaving."""
    moves: dict[str, list[StaffPosting]] = defaultdict(list)
    begun = select(StaffPosting).where(StaffPosting.begun_at.is_not(None))
    for move in session.scalars(begun.order_by(StaffPosting.from_day, StaffPosting.begun_at)):
        moves[move.staff_id].append(move)
    return {
        one.id: _Posts(
            present=key_of(one.township_id, one.person_id),
            before=tuple((m.from_day, key_of(m.from_township_id, m.from_person_id)) for m in moves[one.id]),
            gone_on=max((m.from_day for m in moves[one.id] if m.allocation_id is None), default=None),
        )
        for one in staff
    }


def _by_staff(posts: Mapping[str, _Posts], done: Iterable[_Done]) -> defaultdict[str, list[_Done]]:
    """By the person alone: whoever is lent has the same id in the borrower's township."""
    owner = {person: staff for staff, held in posts.items() for _township, person in held.keys}
    found: defaultdict[str, list[_Done]] = defaultdict(list)
    for one in done:
        found[owner[one.person]].append(one)
    return found


def _done(session: Session, keys: Sequence[Key], first: date, until: date, zone: tzinfo) -> list[_Done]:
    """Duties of some people that began in the days from ``first`` up to, not including, ``until`` and by now."""
    begin, end = (datetime.combine(day, time(), tzinfo=zone) for day in (first, until))
    end = min(end, datetime.now(zone))
    query = (
        select(Duty, Visit.service, Visit.state, Activity.service, Activity.state)
        .outerjoin(Visit, and_(Visit.township_id == Duty.township_id, Visit.id == Duty.visit_id))
        .outerjoin(Activity, and_(Activity.township_id == Duty.township_id, Activity.id == Duty.activity_id))
        .where(Duty.person_id.in_({person for _, person in keys}), Duty.state == DutyState.CONFIRMED)
        .where(Duty.starts_at >= begin, Duty.starts_at < end)
    )
    return [
        _Done(
            person=duty.person_id,
            task=duty.task_id,
            is_visit=duty.visit_id is not None,
            service=visit_service or activity_service,
            day=duty.starts_at.astimezone(zone).date(),
            minutes=int((duty.ends_at - duty.starts_at).total_seconds()) // 60,
            delivered=visit_state is VisitState.DONE
            if duty.visit_id
            else activity_state is not ActivityState.CANCELLED and duty.ends_at <= datetime.now(UTC),
        )
        for duty, visit_service, visit_state, activity_service, activity_state in session.execute(query)
    ]


def _leave(session: Session, keys: Sequence[Key], first: date, until: date) -> dict[Key, set[date]]:
    """Whole days on which people were away."""
    absence = AvailabilityException
    query = select(absence).where(
        absence.person_id.in_({person for _, person in keys}),
        absence.kind == ExceptionKind.AWAY,
        absence.from_day < until,
        absence.to_day >= first,
        absence.from_minute == 0,
        absence.to_minute == 1440,
    )
    found: dict[Key, set[date]] = defaultdict(set)
    for row in session.scalars(query):
        begin, end = max(row.from_day, first), min(row.to_day, until - timedelta(days=1))
        found[row.township_id, row.person_id] |= {begin + timedelta(days=n) for n in range((end - begin).days + 1)}
    return found
