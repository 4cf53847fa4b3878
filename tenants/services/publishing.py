"""Publish: freeze a draft as a numbered version, and let people's duties follow, in one transaction."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ActivityState, DiversionWay, DutyAnswer, DutyState, MessageKind, RosterState, VisitState
from tenants.errors import ConflictError, InvalidError, Named
from tenants.models import (
    Activity,
    Assignment,
    County,
    Duty,
    Person,
    Roster,
    Seat,
    Township,
    UnservedTask,
    Visit,
    utc_now,
)
from tenants.services import audit_log, diversions, notices, runs
from tenants.services.bookings import kept_apart
from tenants.services.rosters import NOTICE

Key = tuple[str, str]  # person, task
HELD_ELSEWHERE = "%(name)s has another duty at the same time; it may lie in another township."
TWO_PLACES = "The draft puts somebody in two places at once. Look at the overlaps listed above and mend them."


@dataclass(frozen=True, kw_only=True)
class Changes:
    """How many duties a publication gave, changed and took away."""

    given: int
    changed: int
    dropped: int


@dataclass(frozen=True, kw_only=True)
class Delta:
    """What publishing a draft would change.

    ``standing`` are the rows that would be published, ``gone`` how many are left out because their task was done or
    called off. ``changed`` has the duty as it is held, the row and seat that it becomes, and whether its team differs.
    """

    standing: tuple[Assignment, ...]
    gone: int
    given: tuple[tuple[Assignment, Seat], ...]
    changed: tuple[tuple[Duty, Assignment, Seat, bool], ...]
    dropped: tuple[Duty, ...]

    @property
    def told(self) -> set[str]:
        """Ids of the people who will be told of something."""
        people = {seat.person_id for _, seat in self.given} | {duty.person_id for duty in self.dropped}
        return people | {duty.person_id for duty, *_ in self.changed}


def period_of(session: Session, roster: Roster) -> tuple[datetime, datetime]:
    """First and last moment (exclusive) of a roster, aware."""
    township = session.get_one(Township, roster.township_id)
    zone = ZoneInfo(session.scalars(select(County.timezone).where(County.id == township.county_id)).one())
    begin = datetime.combine(roster.starts_on, time(), tzinfo=zone)
    return begin, datetime.combine(roster.starts_on + timedelta(days=roster.days), time(), tzinfo=zone)


def publish(session: Session, actor: Actor, draft: Roster) -> tuple[Roster, Changes]:
    """Freeze the draft as the township's next version; duties in its period become exactly what it says.

    Tasks that were done or called off since the draft was planned are left out.

    Raises:
        InvalidError: the draft is empty, or puts somebody in two places at once.
        ConflictError: it is being planned.
        DiversionError: it would give purchased-service staff other work.

    """
    runs.refuse_while_planning(session, draft)
    delta = compare(session, draft)
    seats = [(row.task_id, seat.person_id) for row in delta.standing for seat in row.seats]
    diversions.refuse(session, seats, DiversionWay.ROSTER)
    if not delta.standing:
        raise InvalidError("there is nothing to publish: plan the draft first")
    _refuse_two_places(session, delta)
    version = _next_version(session)
    published = _frozen(draft, delta.standing, actor, version)
    session.add(published)
    session.flush()
    news = _news(delta)
    changes = _apply(session, delta, version)
    facts = {"version": version, "given": changes.given, "changed": changes.changed, "dropped": changes.dropped}
    audit_log.record(session, actor, "roster.publish", "roster", published.id, details=facts)
    _tell(session, news, published)
    return published, changes


def _news(delta: Delta) -> dict[str, list[tuple[str, datetime]]]:
    """By person: what befalls each of their duties and when it begins; of one that is moved, the earlier time.

    To be asked before the delta is applied, while duties have the times that people know.
    """
    news: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    for row, seat in delta.given:
        news[seat.person_id].append(("given", row.starts_at))
    for duty, row, *_rest in delta.changed:
        known = duty.state is DutyState.CONFIRMED
        news[duty.person_id].append(("changed", min(duty.starts_at, row.starts_at) if known else row.starts_at))
    for duty in delta.dropped:
        news[duty.person_id].append(("dropped", duty.starts_at))
    return news


def _tell(session: Session, news: dict[str, list[tuple[str, datetime]]], roster: Roster) -> None:
    """Tell everybody concerned how many of their duties are new, changed and gone."""
    period = {"from": roster.starts_on.isoformat(), "to": roster.ends_on.isoformat()}
    for account in notices.accounts_of(session, news):
        mine = news[account.person_id or ""]
        counts, begins = Counter(what for what, _ in mine), notices.first(moment for _, moment in mine)
        facts = {**period, **{name: counts[name] for name in ("given", "changed", "dropped")}}
        notices.tell(session, [account], MessageKind.ROSTER_PUBLISHED, facts, subject_id=roster.id, begins=begins)


def _next_version(session: Session) -> int:
    """One more than the newest; the township's drafts are locked, so that two that publish at once queue up."""
    session.scalars(select(Roster.id).where(Roster.state == RosterState.DRAFT).with_for_update()).all()
    return 1 + (session.scalar(select(func.max(Roster.version))) or 0)


def compare(session: Session, draft: Roster) -> Delta:
    """What publishing the draft would change for people; nothing is written.

    What has begun, or begins within the hour, is history and stays as people hold it.
    """
    floor = utc_now() + NOTICE
    standing = tuple(_standing(session, draft))
    coming = [a for a in standing if a.starts_at >= floor]
    wanted = {(seat.person_id, a.task_id): (a, seat) for a in coming for seat in a.seats}
    held = _held(session, draft, floor, {a.task_id for a in coming}, wanted.keys())
    teams = _new_teams(held.values(), coming)
    given = [pair for key, pair in wanted.items() if key not in held]
    both = [(held[key], *pair, key[1] in teams) for key, pair in wanted.items() if key in held]
    return Delta(
        standing=standing,
        gone=len(draft.assignments) - len(standing),
        given=tuple(given),
        changed=tuple(change for change in both if _differs(*change)),
        dropped=tuple(d for key, d in held.items() if key not in wanted and d.state is DutyState.CONFIRMED),
    )


def _standing(session: Session, draft: Roster) -> Iterable[Assignment]:
    """The draft's rows whose visit is still due and whose activity is still planned, and those that have begun."""
    now = utc_now()
    tasks = [a.task_id for a in draft.assignments]
    visits = session.scalars(select(Visit.id).where(Visit.id.in_(tasks), Visit.state == VisitState.DUE))
    activities = select(Activity.id).where(Activity.id.in_(tasks), Activity.state == ActivityState.PLANNED)
    alive = {*visits, *session.scalars(activities)}
    return (a for a in draft.assignments if a.task_id in alive or a.starts_at < now)


def _held(
    session: Session, draft: Roster, floor: datetime, tasks: Collection[str], wanted: Collection[Key]
) -> dict[Key, Duty]:
    """Coming duties of the draft's period or its tasks; also a past one that a person is to have a second time."""
    begin, end = period_of(session, draft)
    of_tasks = Duty.visit_id.in_(tasks) | Duty.activity_id.in_(tasks)
    rows = session.scalars(select(Duty).where(of_tasks | ((Duty.starts_at < end) & (Duty.starts_at >= begin))))
    keyed = {(duty.person_id, duty.task_id): duty for duty in rows}
    return {key: duty for key, duty in keyed.items() if duty.starts_at >= floor or key in wanted}


def _new_teams(held: Iterable[Duty], coming: list[Assignment]) -> set[str]:
    """Tasks whose team differs from the one that people were told of."""
    before: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for duty in held:
        if duty.state is DutyState.CONFIRMED:
            before[duty.task_id].add((duty.person_id, duty.role))
    after = {a.task_id: {(seat.person_id, seat.role) for seat in a.seats} for a in coming}
    return {task for task, team in after.items() if before[task] != team}


def _facts(assignment: Assignment, seat: Seat) -> tuple[datetime, datetime, str, DutyState]:
    return assignment.starts_at, assignment.ends_at, seat.role, DutyState.CONFIRMED


def _differs(duty: Duty, assignment: Assignment, seat: Seat, new_team: bool) -> bool:
    return new_team or (duty.starts_at, duty.ends_at, duty.role, duty.state) != _facts(assignment, seat)


def _apply(session: Session, delta: Delta, version: int) -> Changes:
    """Give, change and drop duties; ``sequence`` rises exactly where a person would notice something.

    All that is changed is let go before any of it is held anew: two duties of one person may change places.
    """
    for duty in (*delta.dropped, *(duty for duty, *_ in delta.changed)):
        duty.state = DutyState.CANCELLED
        _touch(duty, version)
    session.flush()
    try:
        with kept_apart(session):
            _hold(session, delta, version, lambda _person: True)
    except ConflictError:
        _name_who_is_held(session, delta, version)
        raise
    return Changes(given=len(delta.given), changed=len(delta.changed), dropped=len(delta.dropped))


def _hold(session: Session, delta: Delta, version: int, whose: Callable[[str], bool]) -> None:
    for duty, assignment, seat, _ in delta.changed:
        if whose(seat.person_id):
            _take_up(duty, assignment, seat)
    for assignment, seat in delta.given:
        if whose(seat.person_id):
            _give(session, assignment, seat, version)


def _name_who_is_held(session: Session, delta: Delta, version: int) -> None:
    """The database alone sees a duty across the border, and names nobody: try person by person who it is.

    Raises:
        ConflictError: with the name of the first.

    """
    for one in sorted({seat.person_id for *_, seat in delta.given} | {seat.person_id for *_, seat, _ in delta.changed}):
        try:
            with kept_apart(session):
                _hold(session, delta, version, one.__eq__)
        except ConflictError:
            person = session.scalars(select(Person).where(Person.id == one)).one()
            name = Named(name=person.name, name_en=person.name_en)
            raise ConflictError(HELD_ELSEWHERE, facts={"name": name}) from None


def _take_up(duty: Duty, assignment: Assignment, seat: Seat) -> None:
    """The duty as it is now; what its holder had answered holds for the same time alone."""
    if (duty.starts_at, duty.ends_at) != (
        assignment.starts_at,
        assignment.ends_at,
    ) or duty.answer is DutyAnswer.DECLINED:
        duty.answer = duty.answered_at = duty.decline_reason = None
    duty.starts_at, duty.ends_at, duty.role, duty.state = _facts(assignment, seat)


def _refuse_two_places(session: Session, delta: Delta) -> None:
    """Look for overlaps before anything is written: among what is given, and with what people keep."""
    rows = [(seat.person_id, a.starts_at, a.ends_at) for a, seat in delta.given]
    rows += [(seat.person_id, a.starts_at, a.ends_at) for _duty, a, seat, _team in delta.changed]
    let_go = {duty.id for duty in delta.dropped} | {duty.id for duty, *_ in delta.changed}
    first, last = min((row[1] for row in rows), default=None), max((row[2] for row in rows), default=None)
    if first is None or last is None:
        return
    kept = select(Duty).where(Duty.state == DutyState.CONFIRMED, Duty.ends_at > first, Duty.starts_at < last)
    people = {row[0] for row in rows}
    rows += [
        (d.person_id, d.starts_at, d.ends_at)
        for d in session.scalars(kept)
        if d.person_id in people and d.id not in let_go
    ]
    if any(a[0] == b[0] and b[1] < a[2] for a, b in pairwise(sorted(rows))):
        raise InvalidError(TWO_PLACES)


def _give(session: Session, assignment: Assignment, seat: Seat, version: int) -> None:
    session.add(
        Duty(
            township_id=seat.township_id,
            person_id=seat.person_id,
            visit_id=assignment.visit_id,
            activity_id=assignment.activity_id,
            role=seat.role,
            starts_at=assignment.starts_at,
            ends_at=assignment.ends_at,
            version=version,
        )
    )


def _touch(duty: Duty, version: int) -> None:
    duty.sequence += 1
    duty.version = version
    duty.changed_at = utc_now()


def _frozen(draft: Roster, rows: Iterable[Assignment], actor: Actor, version: int) -> Roster:
    return Roster(
        township_id=draft.township_id,
        starts_on=draft.starts_on,
        days=draft.days,
        state=RosterState.PUBLISHED,
        version=version,
        draft_id=draft.id,
        published_at=utc_now(),
        published_by=actor.account_id,
        score_medium=draft.score_medium,
        score_soft=draft.score_soft,
        bound_medium=draft.bound_medium,
        bound_soft=draft.bound_soft,
        optimal=draft.optimal,
        assignments=[_copy(a) for a in rows],
        unserved=[
            UnservedTask(
                township_id=u.township_id, visit_id=u.visit_id, activity_id=u.activity_id, reasons=list(u.reasons)
            )
            for u in draft.unserved
        ],
    )


def _copy(assignment: Assignment) -> Assignment:
    return Assignment(
        township_id=assignment.township_id,
        visit_id=assignment.visit_id,
        activity_id=assignment.activity_id,
        starts_at=assignment.starts_at,
        ends_at=assignment.ends_at,
        time_pinned=assignment.time_pinned,
        by_hand=assignment.by_hand,
        seats=[
            Seat(township_id=s.township_id, person_id=s.person_id, role=s.role, pinned=s.pinned)
            for s in assignment.seats
        ],
    )
