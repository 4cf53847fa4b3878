"""Somebody cannot come: an exception to their availability, freed duties, and drafts to plan the days anew.

Why is not asked. What is freed falls open at once, so that nobody waits for somebody who does not come; the drafts are
planned as every other one, and published by the head.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import ActivityState, DutyState, ExceptionKind, MessageKind, RosterState, VisitState
from tenants.errors import ConflictError, DomainError, InvalidError, NotFoundError
from tenants.models import Absence, Activity, Duty, Person, Roster, Visit, utc_now
from tenants.queries.due import county_zone
from tenants.services import audit_log, availability, bookings, edits, leaving, notices, replanning, rosters, runs
from tenants.services.leaving import Span
from tenants.services.replanning import Stretch

MAX_DAYS = 180
YEAR = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What was done: the absence, how many duties it freed, and how their days are planned anew."""

    absence: Absence
    freed: int
    stretches: tuple[Stretch, ...]

    @property
    def draft(self) -> Roster | None:
        """The draft to look at next: one that waits for the planner, else the first; None: nothing was freed."""
        waiting = (stretch for stretch in self.stretches if stretch.kept)
        first = next(waiting, self.stretches[0] if self.stretches else None)
        return first.draft if first else None


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """How many of the freed duties the person holds again, and how many not."""

    returned: int
    lost: int


def span_of(session: Session, county_id: str, from_day: date, to_day: date) -> Span:
    """The days on the county's clock."""
    zone = county_zone(session, county_id)
    begin = datetime.combine(from_day, time(), tzinfo=zone)
    return Span(begin=begin, end=datetime.combine(to_day + timedelta(days=1), time(), tzinfo=zone))


def check_days(from_day: date, to_day: date, today: date) -> None:
    """Raise InvalidError where the days cannot be those of an absence."""
    if from_day < today:
        raise InvalidError("must not lie in the past", field="from_day")
    if from_day > today + YEAR:
        raise InvalidError("must lie within a year from now", field="from_day")
    if to_day < from_day:
        raise InvalidError("The last day cannot come before the first.", field="to_day")
    if (to_day - from_day).days >= MAX_DAYS:
        raise InvalidError("An absence has 180 days at most. Whoever stays away longer is made inactive.",
                           field="to_day")  # fmt: skip


def days_of(session: Session, county_id: str, held: Sequence[Duty]) -> set[date]:
    """The days of some duties, on the county's clock: what is planned anew when they fall open."""
    zone = county_zone(session, county_id)
    return {duty.starts_at.astimezone(zone).date() for duty in held}


def begin(
    session: Session,
    actor: Actor,
    person: Person,
    *,
    from_day: date,
    to_day: date,
    today: date,
    weights: dict[str, int],
) -> Begun:
    """Enter the absence, free what the person holds in it, and have the days concerned planned anew.

    Where a draft covers a part of these days already, it is the one to go on with. It is planned anew too, unless it
    holds what a planner has changed and not published: that is theirs to finish.

    Raises:
        InvalidError: the days lie in the past, end before they begin, or are too many.

    """
    check_days(from_day, to_day, today)
    row = availability.add_exception(session, actor, person, kind=ExceptionKind.AWAY, from_day=from_day, to_day=to_day)
    span = span_of(session, actor.county_id, from_day, to_day)
    lost = leaving.leave_duties(session, person, span)
    leaving.leave_drafts(session, actor, person, span)
    stretches = replanning.plan(session, actor, days_of(session, actor.county_id, lost), today=today, weights=weights)
    new = [stretch.draft.id for stretch in stretches if stretch.draft and stretch.is_new]
    absence = Absence(
        township_id=person.township_id,
        person_id=person.id,
        from_day=from_day,
        to_day=to_day,
        exception_id=row.id,
        draft_id=new[0] if new else None,
        freed=[duty.id for duty in lost],
        created_by=actor.account_id,
    )
    session.add(absence)
    session.flush()
    facts = {"duties": len(lost), "draft": absence.draft_id}
    audit_log.record(session, actor, "absence.begin", "person", person.id, details=facts)
    _tell(session, absence, lost, MessageKind.DUTIES_FREED)
    return Begun(absence=absence, freed=len(lost), stretches=tuple(stretches))


def _tell(session: Session, absence: Absence, touched: Sequence[Duty], kind: MessageKind) -> None:
    """Tell the person and their team mates how many duties are concerned; not why."""
    news: dict[str, Counter[str]] = defaultdict(Counter)
    for duty in touched:
        news[duty.person_id]["own"] += 1
    for mate in leaving.mates_of(session, absence.township_id, [*touched]):
        if mate.person_id != absence.person_id:
            news[mate.person_id]["team"] += 1
    begins = notices.first(duty.starts_at for duty in touched)
    days = {"from": absence.from_day.isoformat(), "to": absence.to_day.isoformat()}
    for account in notices.accounts_of(session, news):
        counts = news[account.person_id or ""]
        facts = {**days, "own": counts["own"], "team": counts["team"]}
        notices.tell(session, [account], kind, facts, subject_id=absence.id, begins=begins)


def one(session: Session, absence_id: str) -> Absence:
    """An absence, locked.

    Raises:
        NotFoundError: there is none in the session's scope.

    """
    found = session.scalar(select(Absence).where(Absence.id == absence_id).with_for_update())
    if found is None:
        raise NotFoundError("no such absence")
    return found


def take_back(session: Session, actor: Actor, absence: Absence) -> TakenBack:
    """The person comes after all: the exception goes, and duties that nobody has taken since are theirs again.

    A duty stays away where a roster has been published for its day since, where its place is taken, where it has
    begun, or where the person holds something else by now. The draft that was begun goes too, unless somebody has
    worked on it.

    Raises:
        ConflictError: it is taken back already.

    """
    if absence.taken_back_at is not None:
        raise ConflictError("This absence is taken back already.")
    person = session.get_one(Person, (absence.township_id, absence.person_id))
    if any(row.id == absence.exception_id for row in person.exceptions):
        availability.remove_exception(session, actor, person, absence.exception_id)
    absence.taken_back_at = utc_now()
    freed = session.scalars(select(Duty).where(Duty.id.in_(absence.freed)).order_by(Duty.starts_at, Duty.id)).all()
    back = [duty for duty in freed if _returns(session, actor, absence, duty)]
    _drop_draft(session, actor, absence)
    facts = {"returned": len(back), "lost": len(freed) - len(back)}
    audit_log.record(session, actor, "absence.take_back", "person", person.id, details=facts)
    _tell(session, absence, back, MessageKind.DUTIES_RETURNED)
    return TakenBack(returned=len(back), lost=len(freed) - len(back))


def _returns(session: Session, actor: Actor, absence: Absence, duty: Duty) -> bool:
    """Give one freed duty back, if nothing stands against it."""
    if duty.state is not DutyState.CANCELLED or duty.starts_at <= utc_now():
        return False
    if _republished(session, actor, absence, duty) or not _has_place(session, duty):
        return False
    try:
        with session.begin_nested():
            bookings.book(session, duty.person_id, bookings.Place.of(duty))
    except DomainError:  # they hold another duty by now, have no valid check, or are active no more
        session.refresh(duty)
        return False
    return True


def _republished(session: Session, actor: Actor, absence: Absence, duty: Duty) -> bool:
    """Whether a version that covers the duty's day has been published since the absence began."""
    day = duty.starts_at.astimezone(county_zone(session, actor.county_id)).date()
    later = select(Roster).where(
        Roster.state == RosterState.PUBLISHED,
        Roster.published_at > absence.created_at,
        Roster.withdrawn_at.is_(None),
    )
    return any(roster.starts_on <= day <= roster.ends_on for roster in session.scalars(later))


def _has_place(session: Session, duty: Duty) -> bool:
    """Whether the task still takes place at its time, with room in the role."""
    if duty.visit_id:
        visit = session.get_one(Visit, (duty.township_id, duty.visit_id))
        alive = visit.state is VisitState.DUE
        most = next((role["max"] for role in visit.roles if role["id"] == duty.role), 0)
    else:
        activity = session.get_one(Activity, (duty.township_id, duty.activity_id))
        alive = activity.state is ActivityState.PLANNED and activity.starts_at == duty.starts_at
        most = next((role.maximum for role in activity.roles if role.role == duty.role), 0)
    mates = leaving.mates_of(session, duty.township_id, [duty])
    same_time = all(mate.starts_at == duty.starts_at for mate in mates)
    return alive and same_time and sum(mate.role == duty.role for mate in mates) < most


def _drop_draft(session: Session, actor: Actor, absence: Absence) -> None:
    """Throw away the draft that was begun for the absence, unless somebody has changed it by hand or it is at work."""
    wanted = Roster.id == (absence.draft_id or ""), Roster.state == RosterState.DRAFT
    draft = session.scalar(select(Roster).where(*wanted).with_for_update())
    if draft is None or any(edit.action != edits.MADE_BY_PLAN for edit in draft.edits):
        return
    run = runs.active_run(session, draft)
    if run is not None:
        runs.ask_to_stop(session, actor, run)
        session.flush()
    if runs.active_run(session, draft) is None:
        rosters.throw_away(session, actor, draft)
