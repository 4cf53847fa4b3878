"""What purchased-service staff did: hours by kind of service, and what contracts have bought against it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

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
from tenants.queries.staffing import Key

WORKDAYS = 5


@dataclass(frozen=True, kw_only=True)
class Use:
    """A worker's time over some weeks, in minutes.

    ``owed`` is the contract's week less whole days of leave; ``rostered`` by service what published rosters gave and
    has begun; travel, papers and casework at the desk are in no roster and not counted.
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
    """What a contract's workers have done since it began; ``minutes`` are those of duties that are over."""

    contract: ServiceContract
    workers: int
    visits: int
    activities: int
    minutes: int
    elapsed: float
    """Part of the contract's days that has passed, 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class _Done:
    key: Key
    task: str
    is_visit: bool
    service: Service
    starts_at: datetime
    minutes: int
    delivered: bool


def use_of_time(session: Session, staff: Sequence[StaffMember], *, today: date, weeks: int, zone: tzinfo) -> list[Use]:
    """Each worker's time over the weeks that end yesterday."""
    first = today - timedelta(weeks=weeks)
    keys = _keys(session, staff)
    done = _by_staff(keys, _done(session, [key for held in keys.values() for key in held], first, today, zone))
    leave = _leave(session, [key for held in keys.values() for key in held], first, today)
    return [_use(one, keys[one.id], done[one.id], leave, first, today) for one in staff]


def _use(
    staff: StaffMember,
    keys: Iterable[Key],
    done: Sequence[_Done],
    leave: dict[Key, set[date]],
    first: date,
    today: date,
) -> Use:
    minutes: dict[Service, int] = defaultdict(int)
    for one in done:
        minutes[one.service] += one.minutes
    return Use(
        staff=staff,
        owed=_owed(staff, keys, leave, first, today),
        child_protection=minutes[Service.CHILD_PROTECTION],
        social_work=minutes[Service.SOCIAL_WORK],
        other=minutes[Service.OTHER],
    )


def _owed(staff: StaffMember, keys: Iterable[Key], leave: dict[Key, set[date]], first: date, today: date) -> int:
    """A fifth of the week for each weekday under contract, less those of leave."""
    contract = staff.contract
    if contract is None or staff.township_id is None:
        return 0
    begin, end = max(first, contract.from_day), min(today - timedelta(days=1), contract.to_day)
    current = next((key for key in keys if key[0] == staff.township_id), None)
    away = leave.get(current, set()) if current else set()
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    worked = sum(day.weekday() < WORKDAYS and day not in away for day in days)
    return worked * contract.weekly_minutes // WORKDAYS


def deliveries(session: Session, contracts: Sequence[ServiceContract], *, today: date, zone: tzinfo) -> list[Delivered]:
    """What each contract's workers have delivered since it began, beside what it buys."""
    staff = session.scalars(select(StaffMember)).all()
    return [_delivered(session, contract, staff, today, zone) for contract in contracts]


def _delivered(
    session: Session, contract: ServiceContract, staff: Sequence[StaffMember], today: date, zone: tzinfo
) -> Delivered:
    own = [one for one in staff if one.contract_id == contract.id]
    keys = _keys(session, own)
    until = min(today + timedelta(days=1), contract.to_day + timedelta(days=1))
    done = _done(session, [key for held in keys.values() for key in held], contract.from_day, until, zone)
    over = [one for one in done if one.delivered and one.service is not Service.OTHER]
    length = (contract.to_day - contract.from_day).days + 1
    return Delivered(
        contract=contract,
        workers=sum(not one.left for one in own),
        visits=len({one.task for one in over if one.is_visit}),
        activities=len({one.task for one in over if not one.is_visit}),
        minutes=sum(one.minutes for one in over),
        elapsed=min(1.0, max(0.0, (today - contract.from_day).days / length)),
    )


def _keys(session: Session, staff: Sequence[StaffMember]) -> dict[str, set[Key]]:
    """Everybody that a worker has been in some township."""
    keys: dict[str, set[Key]] = {one.id: set() for one in staff}
    for one in staff:
        if one.township_id and one.person_id:
            keys[one.id].add((one.township_id, one.person_id))
    for posting in session.scalars(select(StaffPosting).where(StaffPosting.begun_at.is_not(None))):
        if posting.staff_id in keys and posting.from_township_id and posting.from_person_id:
            keys[posting.staff_id].add((posting.from_township_id, posting.from_person_id))
    return keys


def _by_staff(keys: dict[str, set[Key]], done: Iterable[_Done]) -> defaultdict[str, list[_Done]]:
    owner = {key: staff for staff, held in keys.items() for key in held}
    found: defaultdict[str, list[_Done]] = defaultdict(list)
    for one in done:
        found[owner[one.key]].append(one)
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
            key=(duty.township_id, duty.person_id),
            task=duty.task_id,
            is_visit=duty.visit_id is not None,
            service=visit_service or activity_service,
            starts_at=duty.starts_at,
            minutes=int((duty.ends_at - duty.starts_at).total_seconds()) // 60,
            delivered=visit_state is VisitState.DONE
            if duty.visit_id
            else activity_state is not ActivityState.CANCELLED,
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
