"""No diversion: purchased-service staff do child protection and social work alone (notice 3.2)."""

from collections.abc import Collection, Iterable
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenants.actor import Actor
from tenants.enums import DiversionWay, DutyState, MessageKind, RosterState, Service
from tenants.errors import DiversionError
from tenants.models import (
    Account,
    Activity,
    Assignment,
    DiversionAttempt,
    Duty,
    Message,
    Person,
    PostingNotice,
    Roster,
    Seat,
    Township,
    Visit,
)
from tenants.queries.bars import phone_digits
from tenants.queries.due import county_today, county_zone
from tenants.services import audit_log, messages, notices

OTHER_WORK = "Purchased-service staff do child protection and social work alone; the county moves them (notice 3.2)."
ENTRY = "Whether somebody is purchased-service staff is the county's to decide (notice 3.2)."
LEAVES = (
    "Purchased-service staff leave by the county's act alone: tell the county, which ends the post in its register "
    "(notice 3.2)."
)
ENTERED = (
    "This name and phone are those of purchased-service staff; nobody enters them a second time as somebody else "
    "(notice 3.2)."
)
POSTED = "The county has posted this worker to another township (notice 3.2)."


def refuse(session: Session, seats: Iterable[tuple[str, str]], way: DiversionWay) -> None:
    """Refuse seats that would give purchased-service staff other work. ``seats`` are pairs of task and person.

    Raises:
        DiversionError: one does.

    """
    by_task = list(seats)
    other = _other_tasks(session, {task for task, _ in by_task})
    people = {person for task, person in by_task if task in other}
    dedicated = _dedicated(session, people)
    for task, person in by_task:
        if task in other and person in dedicated:
            raise DiversionError(OTHER_WORK, person_id=person, way=way, task_id=task)


def refuse_service(session: Session, activity_id: str, service: Service) -> None:
    """Refuse to turn an activity into other work while purchased-service staff hold it, or stand in a draft for it.

    Raises:
        DiversionError: somebody does.

    """
    if service is not Service.OTHER:
        return
    held = select(Duty.person_id).where(Duty.activity_id == activity_id, Duty.state == DutyState.CONFIRMED)
    in_drafts = (
        select(Seat.person_id)
        .join(Assignment, Assignment.id == Seat.assignment_id)
        .join(Roster, Roster.id == Assignment.roster_id)
        .where(Assignment.activity_id == activity_id, Roster.state == RosterState.DRAFT)
    )
    dedicated = _dedicated(session, {*session.scalars(held), *session.scalars(in_drafts)})
    if dedicated:
        way = DiversionWay.ACTIVITY
        raise DiversionError(OTHER_WORK, person_id=min(dedicated), way=way, task_id=activity_id)


def refuse_return(session: Session, actor: Actor, person: Person) -> None:
    """Refuse to take a worker back whom the county has posted elsewhere.

    Raises:
        DiversionError: their last notice says that they have left.

    """
    query = select(PostingNotice).where(PostingNotice.person_id == person.id)
    last = session.scalar(query.order_by(PostingNotice.from_day.desc(), PostingNotice.created_at.desc()).limit(1))
    if last is not None and not last.arrives and last.from_day <= county_today(session, actor.county_id):
        raise DiversionError(POSTED, person_id=person.id, way=DiversionWay.RETURN)


def refuse_leaving(person: Person) -> None:
    """Refuse to take purchased-service staff out of the plans: the county's register would still count them.

    A township's session does not see the register; whoever is not in it is released by the county first.

    Raises:
        DiversionError: the person is one of them.

    """
    if person.dedicated and not person.guest:
        raise DiversionError(LEAVES, person_id=person.id, way=DiversionWay.DEACTIVATE)


def refuse_reentry(session: Session, name: str, phone: str | None, way: DiversionWay) -> None:
    """Refuse to enter somebody as no purchased-service staff who is, active or not: the same name and phone.

    Raises:
        DiversionError: the township keeps such a person.

    """
    digits = phone_digits(phone)
    if not digits:
        return
    query = select(Person.id, Person.phone).where(
        Person.dedicated, Person.guest.is_(False), Person.name == name.strip()
    )
    for held, known in session.execute(query.order_by(Person.id)):
        if phone_digits(known) == digits:
            raise DiversionError(ENTERED, person_id=held, way=way)


def record(session: Session, actor: Actor, error: DiversionError) -> DiversionAttempt:
    """Keep a refused attempt and tell the county's officers of it; in a session of its own, for the refused one is
    rolled back. The session must reach the county's own rows (``Scope.of_townships_and_county``).
    """
    attempt = DiversionAttempt(
        township_id=actor.township_id,
        person_id=error.person_id,
        account_id=actor.account_id,
        way=error.way,
        task_id=error.task_id,
    )
    session.add(attempt)
    session.flush()
    facts = {"way": error.way.value, "task": error.task_id, "attempt": attempt.id}
    audit_log.record(session, actor, "diversion.refused", "person", error.person_id, details=facts)
    _tell_officers(session, actor.county_id, attempt)
    return attempt


def _tell_officers(session: Session, county_id: str, attempt: DiversionAttempt) -> None:
    """One message for each worker, township and day; further attempts stand on the county's page alone.

    The audit line before it holds the county's chain until the commit, so of two attempts at once one is the first.
    """
    midnight = datetime.combine(county_today(session, county_id), time(), tzinfo=county_zone(session, county_id))
    tried = DiversionAttempt
    earlier = select(tried.id).where(tried.township_id == attempt.township_id, tried.person_id == attempt.person_id)
    earlier = earlier.where(tried.at >= midnight, tried.id != attempt.id)
    if session.scalar(earlier.limit(1)) is not None:
        return
    person = session.get_one(Person, (attempt.township_id, attempt.person_id))
    place = session.scalars(select(Township).where(Township.id == attempt.township_id)).one()
    facts = notices.name_of(person) | {"township": place.name, "township_en": place.name_en, "way": attempt.way.value}
    officers = notices.officers(session, county_id)
    notices.tell(session, officers, MessageKind.DIVERSION_TRIED, facts, subject_id=attempt.id)


def looked_at(session: Session, account: Account, until: datetime) -> None:
    """An officer has looked at the attempts up to a moment; the messages of them are read as well."""
    account.diversions_seen_at = max(until, account.diversions_seen_at or until)
    seen = select(DiversionAttempt.id).where(DiversionAttempt.at <= until)
    mine = Message.account_id == account.id, Message.kind == MessageKind.DIVERSION_TRIED
    for message in session.scalars(select(Message).where(*mine, Message.subject_id.in_(seen))):
        messages.opened(message)


def _other_tasks(session: Session, tasks: Collection[str]) -> set[str]:
    visits = select(Visit.id).where(Visit.id.in_(tasks), Visit.service == Service.OTHER)
    activities = select(Activity.id).where(Activity.id.in_(tasks), Activity.service == Service.OTHER)
    return {*session.scalars(visits), *session.scalars(activities)} if tasks else set()


def _dedicated(session: Session, people: Collection[str]) -> set[str]:
    if not people:
        return set()
    return set(session.scalars(select(Person.id).where(Person.id.in_(people), Person.dedicated)))
