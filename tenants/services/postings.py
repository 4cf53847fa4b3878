"""Postings that were approved: tell both townships, enter the worker in the new one, and move them on their day.

Whoever is barred meanwhile is posted nowhere: the posting stops, and who was told of it is told so.

A county officer writes no township's rows, so this runs as a chore of the program: after the approval is in, and once
a minute in the worker.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import DutyState, ExceptionKind, MessageKind, PersonKind
from tenants.models import (
    Account,
    AvailabilityException,
    Duty,
    Person,
    PersonSkill,
    PostingNotice,
    StaffMember,
    StaffPosting,
    Township,
    Vetting,
    WeeklyAvailability,
    utc_now,
)
from tenants.queries import staffing
from tenants.queries.due import county_today, county_zone
from tenants.services import audit_log, barring, duties, notices

FOR_GOOD = date(9999, 12, 31)
_COPIED = (
    "name",
    "name_en",
    "gender",
    "phone",
    "max_minutes_per_day",
    "max_minutes_per_week",
    "max_tasks_per_day",
)


def settle(session: Session) -> int:
    """Announce what is new, begin what is due, stop what may not be; for a system session.

    Returns how many postings were touched.
    """
    open_ones = select(StaffPosting).where(*staffing.AHEAD)
    touched = 0
    for posting in session.scalars(open_ones.order_by(StaffPosting.from_day).with_for_update(skip_locked=True)):
        if posting.to_township_id and barring.follow_postings(session, posting.county_id, posting.staff_id):
            _stop(session, posting)
            touched += 1
            continue
        if posting.announced_at is None:
            _announce(session, posting)
            touched += 1
        if posting.from_day <= county_today(session, posting.county_id):
            _begin(session, posting)
            touched += 1
    return touched


def _announce(session: Session, posting: StaffPosting) -> None:
    staff = session.get_one(StaffMember, (posting.county_id, posting.staff_id))
    old = _person(session, posting.from_township_id, posting.from_person_id)
    if posting.to_township_id is not None:
        new = _enter(session, posting, staff, old)
        posting.to_person_id = new.id
        _tell(session, posting, new, arrives=True)
    if old is not None:
        _away(session, old, posting.from_day, FOR_GOOD)
        _tell(session, posting, old, arrives=False)
    posting.announced_at = utc_now()
    session.flush()


def _begin(session: Session, posting: StaffPosting) -> None:
    staff = session.get_one(StaffMember, (posting.county_id, posting.staff_id))
    old = _person(session, posting.from_township_id, posting.from_person_id)
    if old is not None:
        old.active = False
        _call_off(session, old, _midnight(session, posting))
        _move_account(session, old, posting)
        _log(session, posting, old, "posting.left")
    staff.township_id, staff.person_id = posting.to_township_id, posting.to_person_id
    new = _person(session, posting.to_township_id, posting.to_person_id)
    if new is not None:
        _log(session, posting, new, "posting.arrived")
    posting.begun_at = utc_now()
    session.flush()


def _stop(session: Session, posting: StaffPosting) -> None:
    """The worker is barred: they come nowhere. Why is not said, for only who must know may know it."""
    old = _person(session, posting.from_township_id, posting.from_person_id)
    new = _person(session, posting.to_township_id, posting.to_person_id)
    if old is not None:
        _stay(session, old)
    if new is not None:
        new.active = False
    for notice in session.scalars(select(PostingNotice).where(PostingNotice.posting_id == posting.id)):
        session.delete(notice)
    for row in (old, new):
        if row is not None:
            _log(session, posting, row, "posting.stop")
    told = list(notices.officers(session, posting.county_id))
    if posting.announced_at is not None:
        places = [place for place in (posting.from_township_id, posting.to_township_id) if place]
        told += [account for place in places for account in notices.station_accounts(session, place)]
    staff = session.get_one(StaffMember, (posting.county_id, posting.staff_id))
    notices.tell(session, told, MessageKind.POSTING_STOPPED, _facts(session, posting, staff), subject_id=posting.id)
    posting.stopped_at = utc_now()
    session.flush()


def _stay(session: Session, person: Person) -> None:
    """The person does not leave for good after all."""
    for gone in [one for one in person.exceptions if one.to_day == FOR_GOOD]:
        person.exceptions.remove(gone)
    session.flush()


def _person(session: Session, township_id: str | None, person_id: str | None) -> Person | None:
    return session.get(Person, (township_id, person_id)) if township_id and person_id else None


def _enter(session: Session, posting: StaffPosting, staff: StaffMember, old: Person | None) -> Person:
    """The worker in the new township, with what the old one has entered; away until the day."""
    township = posting.to_township_id or ""
    new = _known_there(session, posting) or Person(township_id=township)
    new.kind, new.dedicated, new.active = PersonKind.SOCIAL_WORKER, True, True
    if old is None:
        new.name, new.name_en = staff.name, staff.name_en
    else:
        for fact in _COPIED:
            setattr(new, fact, getattr(old, fact))
    session.add(new)
    session.flush()
    _stay(session, new)
    _copy_rows(new, old, set(staff.skills))
    session.flush()
    today = county_today(session, posting.county_id)
    if posting.from_day > today:
        _away(session, new, today, posting.from_day - timedelta(days=1))
    _log(session, posting, new, "person.create")
    return new


def _known_there(session: Session, posting: StaffPosting) -> Person | None:
    """The person that the worker was in that township before, for whoever comes back."""
    query = select(StaffPosting).where(StaffPosting.staff_id == posting.staff_id, StaffPosting.id != posting.id)
    for past in session.scalars(query.order_by(StaffPosting.from_day.desc())):
        for township, person in (
            (past.from_township_id, past.from_person_id),
            (past.to_township_id, past.to_person_id),
        ):
            if township == posting.to_township_id and person:
                return _person(session, township, person)
    return None


def _copy_rows(new: Person, old: Person | None, skills: set[str]) -> None:
    township = new.township_id
    held = {row.skill for row in new.skills}
    wanted = skills | ({row.skill for row in old.skills} if old else set())
    new.skills += [PersonSkill(township_id=township, skill=skill) for skill in sorted(wanted - held)]
    if old is None:
        return
    known = {(check.checked_on, check.reference) for check in new.vettings}
    new.vettings += [
        Vetting(
            township_id=township,
            checked_on=check.checked_on,
            valid_through=check.valid_through,
            result=check.result,
            reference=check.reference,
            bar_id=check.bar_id,
        )
        for check in old.vettings
        if (check.checked_on, check.reference) not in known
    ]
    if not new.weekly:
        new.weekly += [
            WeeklyAvailability(
                township_id=township, weekday=row.weekday, from_minute=row.from_minute, to_minute=row.to_minute
            )
            for row in old.weekly
        ]


def _away(session: Session, person: Person, first: date, last: date) -> None:
    session.add(
        AvailabilityException(
            township_id=person.township_id,
            person_id=person.id,
            kind=ExceptionKind.AWAY,
            from_day=first,
            to_day=last,
            note="调派" if last == FOR_GOOD else staffing.BEFORE_POST,
        )
    )


def _tell(session: Session, posting: StaffPosting, person: Person, *, arrives: bool) -> None:
    other = posting.from_township_id if arrives else posting.to_township_id
    township = session.get(Township, other) if other else None
    session.add(
        PostingNotice(
            township_id=person.township_id,
            posting_id=posting.id,
            person_id=person.id,
            arrives=arrives,
            other_township=township.name if township else "",
            other_township_en=township.name_en if township else "",
            from_day=posting.from_day,
        )
    )
    session.flush()
    _log(session, posting, person, "posting.announce")
    _send(session, posting, person, arrives=arrives)


def _facts(session: Session, posting: StaffPosting, who: Person | StaffMember) -> dict[str, str]:
    """What a message says of a posting."""
    facts = {**notices.name_of(who), "day": posting.from_day.isoformat()}
    for key, place in (("old", posting.from_township_id), ("new", posting.to_township_id)):
        township = session.get(Township, place) if place else None
        facts |= {key: township.name if township else "", f"{key}_en": township.name_en if township else ""}
    return facts


def _send(session: Session, posting: StaffPosting, person: Person, *, arrives: bool) -> None:
    """A message to the station, and from the old township to the worker and to whoever shares a coming team."""
    facts, begins = _facts(session, posting, person), _midnight(session, posting)
    notices.tell(
        session, notices.station_accounts(session, person.township_id), MessageKind.POSTING, facts, begins=begins
    )
    if not arrives:
        told = {person.id, *_colleagues(session, posting, person)}
        notices.tell(session, notices.accounts_of(session, told), MessageKind.POSTING, facts, begins=begins)


def _colleagues(session: Session, posting: StaffPosting, person: Person) -> set[str]:
    """Volunteers and others who stand on a team with the worker on the day or later."""
    held = select(Duty).where(Duty.township_id == person.township_id, Duty.state == DutyState.CONFIRMED)
    held = held.where(Duty.starts_at >= _midnight(session, posting))
    coming = session.scalars(held).all()
    tasks = {duty.task_id for duty in coming if duty.person_id == person.id}
    return {duty.person_id for duty in coming if duty.task_id in tasks}


def _midnight(session: Session, posting: StaffPosting) -> datetime:
    return datetime.combine(posting.from_day, time(), tzinfo=county_zone(session, posting.county_id))


def _call_off(session: Session, old: Person, moment: datetime) -> None:
    """Cancel what the worker still holds after leaving; the next roster gives it to somebody else."""
    held = select(Duty).where(Duty.township_id == old.township_id, Duty.person_id == old.id)
    for duty in session.scalars(held.where(Duty.state == DutyState.CONFIRMED, Duty.starts_at >= moment)):
        duties.cancel(duty)


def _move_account(session: Session, old: Person, posting: StaffPosting) -> None:
    """The worker's log-in goes with them; without a new post it is closed."""
    query = select(Account).where(Account.township_id == old.township_id, Account.person_id == old.id)
    for account in session.scalars(query):
        if posting.to_township_id is None:
            account.disabled = True
        else:
            account.township_id, account.person_id = posting.to_township_id, posting.to_person_id


def _log(session: Session, posting: StaffPosting, person: Person, action: str) -> None:
    actor = Actor(county_id=posting.county_id, township_id=person.township_id)
    audit_log.record(session, actor, action, "person", person.id, details={"posting": posting.id})
